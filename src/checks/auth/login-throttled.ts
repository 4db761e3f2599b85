import {notApplicable} from '../../engine/finding.ts'
import {readAccounts} from '../../repo/application/accounts.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'
import {everywhere, made} from '../terraform-resources.ts'
import {textsOf, valuesAt} from '../terraform-values.ts'

export default defineRepositoryItem({
  observe: async (read) => ({accounts: await read(readAccounts), terraform: await read(readTerraform)}),
  evaluate: ({accounts: {checks, limits, unread}, terraform}) => {
    const logins = checks.filter(({routes}) => routes.length > 0)
    if (logins.length === 0 && unread.length === 0) return notApplicable('NO_LOCAL_LOGIN')
    const armor = everywhere(terraform)
      .flatMap((root) => made(root, 'google_compute_security_policy', 'google_compute_security_policy_rule'))
      .find(({body}) =>
        [...valuesAt(body, 'rule', 'action'), ...valuesAt(body, 'action')].some((one) =>
          textsOf(one).some((text) => ['throttle', 'rate_based_ban'].includes(text)),
        ),
      )
    const targets = logins.flatMap((login): Target[] => {
      const limit = limits.find(({routes}) => routes.includes('*') || routes.some((route) => login.routes.includes(route))) ?? armor
      const route = login.routes[0] ?? ''
      const limited = `a limit on ${route}`
      const alike = `${route} as slow for unknown users`
      return [
        limit === undefined
          ? missed(login, limited, 'none')
          : held(limit, limited, 'what' in limit ? limit.what : `${limit.type}.${limit.name}`),
        login.dummy || checks.some((one) => one.dummy && one.routes.includes(route))
          ? held(login, alike, 'a hash is verified for them too')
          : missed(login, alike, `${login.call} for known users only`),
      ]
    })
    return concludeTargets([...targets, ...unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'LOGIN_LIMITED',
      fail: 'LOGIN_UNLIMITED',
      partly: 'LOGIN_PARTLY_LIMITED',
    })
  },
})
