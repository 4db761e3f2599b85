import {notApplicable} from '../../engine/finding.ts'
import {readTokenStorage} from '../../repo/frontend/token-storage.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {headersIn} from '../nginx-headers.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'

const expected = 'the access token in memory only'

export default defineRepositoryItem({
  observe: async (read) => ({storage: await read(readTokenStorage), nginx: await read(readNginx)}),
  evaluate: ({storage: {files, stored, handled, unread}, nginx}) => {
    const kept = stored.filter(({token, storage}) => token && storage === 'localStorage')
    if (files.length === 0 || stored.length + handled.length + unread.length === 0) return notApplicable('NO_TOKENS_IN_FRONTEND')
    const policies = nginx.configs
      .flatMap(({servers}) => servers.flatMap(({scopes}) => scopes.flatMap((scope) => headersIn(scope))))
      .filter(({name}) => name === 'content-security-policy')
    const inline =
      policies.length === 0
        ? ', with no Content-Security-Policy'
        : policies.some(({value}) => /script-src[^;]*'unsafe-inline'/.test(value))
          ? ", with 'unsafe-inline' scripts"
          : ''
    const [place] = [...handled, ...stored]
    const targets: Target[] =
      kept.length > 0
        ? kept.map((one) => missed(one, expected, `${one.via} of ${one.key}${inline}`))
        : place === undefined
          ? []
          : [held(place, expected, 'nothing of it in localStorage')]
    return concludeTargets([...targets, ...unread.map((one) => unreadable(one, 'TypeScript that can be read'))], {
      pass: 'TOKEN_IN_MEMORY',
      fail: 'TOKEN_IN_LOCAL_STORAGE',
    })
  },
})
