import {notApplicable} from '../../engine/finding.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {readNginx, settingIn} from '../../repo/nginx/nginx.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {answerOf, serversOf} from '../nginx-locations.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'
import {uploadLimits} from '../upload-limits.ts'

/** nginx's own limit where nothing is said: https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size */
const usual = 1024 * 1024

const bytesOf = (text: string): number | undefined => {
  const [, amount, unit = ''] = /^(\d{1,12})([kKmMgG]?)$/.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
}

export default defineRepositoryItem({
  observe: async (read) => ({nginx: await read(readNginx), settings: await read(readSettings)}),

  evaluate: ({nginx, settings}) => {
    const passing = serversOf(nginx).flatMap(({server}) => server.scopes.filter((scope) => answerOf(scope) === 'upstream'))
    if (passing.length === 0 && nginx.unread.length === 0) return notApplicable('BODY_SIZE_NO_PROXY')
    const limits = uploadLimits(settings)
    const [largest] = [...limits].sort((one, other) => (other.bytes ?? Infinity) - (one.bytes ?? Infinity))
    if (largest === undefined && settings.unread.length === 0) return notApplicable('BODY_SIZE_NO_UPLOAD')
    const targets = passing.map((scope): Target => {
      const said = settingIn(scope, 'client_max_body_size')
      const expected = largest === undefined ? 'a limit as large as the upload’s' : `at least ${largest.variable}`
      const place = said ?? scope
      const text = said?.args[0] ?? '1m, as nothing is said'
      const bytes = said === undefined ? usual : bytesOf(said.args[0] ?? '')
      if (bytes === 0) return held(place, expected, 'unlimited')
      if (largest?.bytes === undefined || bytes === undefined) return undecided(place, expected, withoutBraces(text))
      return bytes >= largest.bytes ? held(place, expected, text) : missed(place, `${expected}, ${largest.text}`, text)
    })
    const open = nginx.unread.map((place) => unreadable(place, 'an nginx configuration'))
    return concludeTargets([...targets, ...open], {pass: 'BODY_SIZE', fail: 'BODY_SIZE_SMALL'})
  },
})
