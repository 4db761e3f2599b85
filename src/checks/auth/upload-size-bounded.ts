import {notApplicable} from '../../engine/finding.ts'
import {readUploadRoutes, type UploadRoute} from '../../repo/application/upload-routes.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'

const how = {size: 'its size is compared first', chunks: 'it is read up to a limit', middleware: 'a middleware answers 413'} as const

export default defineRepositoryItem({
  observe: async (read) => ({uploads: await read(readUploadRoutes)}),
  evaluate: ({uploads: {routes, unread}}) => {
    if (routes.length === 0 && unread.length === 0) return notApplicable('NO_UPLOADS')
    return concludeTargets([...routes.map((one) => targetOf(one)), ...unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'UPLOADS_BOUNDED',
      fail: 'UPLOADS_UNBOUNDED',
      partly: 'UPLOADS_PARTLY_BOUNDED',
    })
  },
})

const targetOf = ({route, read, bounded, checkedAfter}: UploadRoute): Target => {
  const expected = `${route} limited before or while it reads`
  if (bounded !== '') return held(read, expected, how[bounded])
  return missed(read, expected, checkedAfter ? 'its size is compared after all of it was read' : 'no limit')
}
