import {notApplicable} from '../../engine/finding.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {balancerHeaders} from '../balancer-headers.ts'
import {weaknessesOf} from '../content-policy.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {headersIn} from '../nginx-headers.ts'
import {contentScopes, sitesOf} from '../nginx-locations.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const expected = 'scripts without unsafe-inline and eval; frame-ancestors, base-uri, object-src, form-action'

export default defineRepositoryItem({
  observe: async (read) => ({nginx: await read(readNginx), terraform: await read(readTerraform)}),

  evaluate: ({nginx, terraform}) => {
    const scopes = sitesOf(nginx).flatMap(({server}) => contentScopes(server))
    const sent = [...scopes.flatMap(headersIn), ...balancerHeaders(terraform)].filter(({name}) => name === 'content-security-policy')
    const once = [...new Map(sent.map((header) => [`${header.file}:${header.line}`, header])).values()]
    const targets = once.map(({value, file, line}): Target => {
      const {open, weak} = weaknessesOf(value)
      if (weak.length > 0) return missed({file, line}, expected, weak.join(', '))
      return open === undefined ? held({file, line}, expected, 'all of them') : undecided({file, line}, expected, open)
    })
    const unread = nginx.unread.map((place) => unreadable(place, 'an nginx configuration'))
    // That there is a policy at all is asked by the item on nginx's headers.
    if (targets.length === 0 && unread.length === 0) return notApplicable('CSP_NONE')
    return concludeTargets([...targets, ...unread], {pass: 'CSP_STRICT', fail: 'CSP_WEAK'})
  },
})
