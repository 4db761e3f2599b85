import {readSecurity, type UserDependency} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const expected = 'a typed user from verified claims, taken by a route'

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const targets = security.users.map((user) => targetOf(user))
    const good = targets.filter(({verdict}) => verdict === 'held')
    const [application] = security.applications
    const none = targets.length === 0 && application !== undefined ? [missed(application, expected, 'no dependency gives a user')] : []
    // One that works is what is asked for, whatever else lies about.
    const unread = good.length > 0 ? [] : security.unread.map((one) => unreadable(one, 'Python that can be read'))
    return concludeTargets([...(good.length > 0 ? good : targets), ...none, ...unread], {
      pass: 'CURRENT_USER_INJECTED',
      fail: 'NO_CURRENT_USER',
    })
  },
})

const targetOf = (user: UserDependency): Target => {
  if (user.verified === 'no') return missed(user, expected, `${user.name} verifies no token`)
  if (user.routes === 0) return missed(user, expected, `no route takes ${user.name}`)
  if (user.type === '') return missed(user, expected, `${user.name} gives no class of its own`)
  if (user.verified === 'perhaps') return undecided(user, expected, `whether ${user.name} verifies cannot be read`)
  return held(user, expected, `${user.name} gives ${user.type} to ${user.routes} ${user.routes === 1 ? 'route' : 'routes'}`)
}
