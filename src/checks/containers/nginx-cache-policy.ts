import {notApplicable} from '../../engine/finding.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {cachingOf} from '../nginx-caching.ts'
import {sitesOf, type Served} from '../nginx-locations.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

/** Names that never change with their content. Only Angular keeps such files under assets/; Vite hashes those. */
const unhashed = ['/favicon.ico', '/logo.png', '/robots.txt', '/env.js', '/theme.css']
const inAngular = ['/assets/logo.png', '/assets/config.json', '/assets/icons/menu.svg', '/assets/theme.css']
const year = 31_536_000

const judge = (served: Served, angular: boolean): Target[] => {
  const index = cachingOf(served, '/index.html')
  const expected = 'index.html: no-cache'
  const frozen = [...unhashed, ...(angular ? inAngular : [])].map((uri): Target => {
    const {immutable, seconds = 0, known, text, ...place} = cachingOf(served, uri)
    const wanted = `${uri}, without a hash: not for ever`
    if (!known) return undecided(place, wanted, text)
    return immutable || seconds >= year ? missed(place, wanted, text) : held(place, wanted, text)
  })
  const first = !index.known
    ? undecided(index, expected, index.text)
    : index.fresh
      ? held(index, expected, index.text)
      : missed(index, expected, index.text)
  return [first, ...frozen]
}

export default defineRepositoryItem({
  observe: async (read) => ({nginx: await read(readNginx), landmarks: await read(readLandmarks)}),

  evaluate: ({nginx, landmarks}) => {
    const targets = sitesOf(nginx).flatMap((site) => judge(site, landmarks.angular))
    const unread = nginx.unread.map((place) => unreadable(place, 'an nginx configuration'))
    if (targets.length === 0 && unread.length === 0) return notApplicable('CACHE_NO_SITE')
    return concludeTargets([...targets, ...unread], {pass: 'CACHE_POLICY', fail: 'CACHE_POLICY_WRONG'})
  },
})
