import {notApplicable} from '../../engine/finding.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {balancerHeaders} from '../balancer-headers.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {headersIn, isOpen} from '../nginx-headers.ts'
import {contentScopes, sitesOf} from '../nginx-locations.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const expected = 'Strict-Transport-Security for a year, no X-XSS-Protection'
const year = 31_536_000

const ageOf = (value: string): number => Number(/(?:^|[;\s])max-age="?(\d{1,12})/i.exec(value)?.[1] ?? 0)

export default defineRepositoryItem({
  observe: async (read) => ({nginx: await read(readNginx), terraform: await read(readTerraform)}),

  evaluate: ({nginx, terraform}) => {
    const balanced = balancerHeaders(terraform)
    const targets = sitesOf(nginx).flatMap(({server}) =>
      contentScopes(server).flatMap((scope): Target[] => {
        const sent = headersIn(scope)
        const obsolete = sent.filter(({name, value}) => name === 'x-xss-protection' && value.trim().startsWith('1'))
        const own = [...sent, ...balanced].filter(({name}) => name === 'strict-transport-security')
        const best = own.toSorted((one, other) => ageOf(other.value) - ageOf(one.value))[0]
        return [
          ...obsolete.map((header) => missed(header, expected, `X-XSS-Protection ${header.value}`)),
          best === undefined
            ? isOpen(server.scopes, scope)
              ? undecided(scope, expected, 'an included file that is not in the repository')
              : missed(scope, expected, 'no Strict-Transport-Security')
            : best.value.includes('$')
              ? undecided(best, expected, withoutBraces(best.value))
              : ageOf(best.value) >= year
                ? held(best, expected, best.value)
                : missed(best, expected, best.value),
        ]
      }),
    )
    const unread = nginx.unread.map((place) => unreadable(place, 'an nginx configuration'))
    if (targets.length === 0 && unread.length === 0) return notApplicable('HSTS_NO_SITE')
    return concludeTargets([...targets, ...unread], {pass: 'HSTS', fail: 'HSTS_MISSING', partly: 'HSTS_PARTLY'})
  },
})
