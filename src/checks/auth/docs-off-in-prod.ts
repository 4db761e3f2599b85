import {readApiDocs, type Served} from '../../repo/application/api-docs.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({docs: await read(readApiDocs)}),
  evaluate: ({docs: {applications, unread}}) => {
    const targets = applications.flatMap((one): Target[] => {
      const openapi = targetOf(one, 'openapi_url', one.openapi)
      // Without its source no page has anything to show.
      if (one.openapi !== 'always') return [openapi]
      return [openapi, targetOf(one, 'docs_url', one.docs)]
    })
    return concludeTargets([...targets, ...unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'DOCS_OFF',
      fail: 'DOCS_ON',
      partly: 'DOCS_PARTLY_OFF',
    })
  },
})

const targetOf = (place: {file: string; line: number}, name: string, served: Served): Target => {
  const expected = `${name} None outside of development`
  if (served === 'unknown') return undecided(place, expected, `${name} is only known at run time`)
  return served === 'always'
    ? missed(place, expected, `${name} is always on`)
    : held(place, expected, served === 'never' ? 'None' : 'None with some settings')
}
