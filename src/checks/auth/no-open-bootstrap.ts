import {readAccounts} from '../../repo/application/accounts.ts'
import {readSecurity} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {titleOf} from '../public-routes.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const expected = 'privileged users written behind a verified token only'

export default defineRepositoryItem({
  observe: async (read) => ({accounts: await read(readAccounts), security: await read(readSecurity)}),
  evaluate: ({accounts, security}) => {
    const targets = accounts.privileged.flatMap((one) =>
      security.routes
        .filter((route) => one.routes.includes(`${route.method} ${route.path ?? route.handler}`))
        .map((route): Target => {
          const actual = `${titleOf(route)} writes ${one.what}`
          if (route.verified === 'yes') return held(one, expected, actual)
          return route.verified === 'no' ? missed(one, expected, `${actual} for anybody`) : undecided(one, expected, actual)
        }),
    )
    const [place] = security.applications
    const none = targets.length === 0 && place !== undefined ? [held(place, expected, 'no route writes one')] : []
    return concludeTargets([...targets, ...none, ...security.unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'NO_OPEN_BOOTSTRAP',
      fail: 'OPEN_BOOTSTRAP',
    })
  },
})
