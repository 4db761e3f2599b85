import {notApplicable} from '../../engine/finding.ts'
import {readOwnership} from '../../repo/application/ownership.ts'
import {readSecurity} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'

/** Roles that act for others by their nature. */
const leading = ['admin', 'supervisor']

export default defineRepositoryItem({
  observe: async (read) => ({ownership: await read(readOwnership), security: await read(readSecurity)}),
  evaluate: ({ownership: {routes, unread}, security}) => {
    const targets = routes.map((route): Target => {
      const expected = `${route.route}: the owner of ${route.subject} compared with who asks`
      if (route.compared !== undefined) return held(route.compared, expected, 'it is compared')
      const known = security.routes.find(({file, line, method}) => file === route.file && line === route.line && method === route.method)
      if (
        known !== undefined &&
        known.verified === 'yes' &&
        known.open.length === 0 &&
        known.allowed.every((role) => leading.includes(role))
      )
        return held(route, expected, `only ${known.allowed.join(' and ')} may call it`)
      return missed(route, expected, `${route.subject} is taken as it was sent`)
    })
    if (targets.length === 0 && unread.length === 0) return notApplicable('NO_ACTING_ROUTES')
    return concludeTargets([...targets, ...unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'OWNERS_COMPARED',
      fail: 'OWNERS_IGNORED',
      partly: 'OWNERS_PARTLY_COMPARED',
    })
  },
})
