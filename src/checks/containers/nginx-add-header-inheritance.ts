import {notApplicable} from '../../engine/finding.ts'
import {allIn, readNginx, type NginxScope} from '../../repo/nginx/nginx.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {headersIn, isOpen, isSecurityHeader} from '../nginx-headers.ts'
import {answerOf, isChallenge, serversOf} from '../nginx-locations.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

/** Whether each scope that adds a header still sends the security headers of the scope around it. */
const judge = (scopes: readonly NginxScope[]): Target[] =>
  scopes.flatMap((scope): Target[] => {
    const around = scope.parent === undefined ? undefined : scopes[scope.parent]
    const own = scope.own.find(({name}) => name === 'add_header')
    if (around === undefined || answerOf(scope) === 'closed' || isChallenge(scopes, scope)) return []
    const above = headersIn(around).filter(isSecurityHeader)
    const expected = `${scope.kind} ${scope.path}: the security headers around it`
    const sent = new Set(headersIn(scope).map(({name}) => name))
    const lost = above.filter(({name}) => !sent.has(name))
    if (above.length === 0) return []
    if (lost.length === 0) return [held(own ?? scope, expected, own === undefined ? 'inherited' : 'repeated')]
    if (isOpen(scopes, scope)) return [undecided(own ?? scope, expected, 'an included file that is not in the repository')]
    return [missed(own ?? scope, expected, `lost: ${lost.map(({name}) => name).join(', ')}`)]
  })

export default defineRepositoryItem({
  observe: async (read) => ({nginx: await read(readNginx)}),

  evaluate: ({nginx}) => {
    const servers = serversOf(nginx)
    const whole = servers.flatMap(({server}) => judge(server.scopes))
    const tops = servers.flatMap(({server}) =>
      server.scopes
        .slice(0, 1)
        .flatMap((scope) => allIn(scope, 'add_header'))
        .slice(0, 1),
    )
    const targets = whole.length > 0 ? whole : tops.map((header) => held(header, 'no location that loses headers', 'none'))
    if (targets.length === 0 && nginx.unread.length === 0) return notApplicable('HEADERS_NOT_DECLARED')
    const open = nginx.unread.map((place) => unreadable(place, 'an nginx configuration'))
    return concludeTargets([...targets, ...open], {pass: 'HEADERS_KEPT', fail: 'HEADERS_LOST'})
  },
})
