import {readAccounts} from '../../repo/application/accounts.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable} from '../targets.ts'

const expected = 'no password in the source'

export default defineRepositoryItem({
  observe: async (read) => ({accounts: await read(readAccounts), routes: await read(readRoutes)}),
  evaluate: ({accounts: {hashes, literals, unread}, routes}) => {
    const known = hashes.flatMap((one) => (one.literal === undefined ? [] : [missed(one, expected, `${one.call}(${one.literal})`)]))
    const written = literals.map((one) => missed(one, expected, `${one.what} ${one.literal}`))
    const place = hashes[0] ?? routes.applications[0]
    const none = known.length + written.length === 0 && place !== undefined ? [held(place, expected, 'none')] : []
    return concludeTargets([...known, ...written, ...none, ...unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'NO_KNOWN_PASSWORD',
      fail: 'KNOWN_PASSWORD',
    })
  },
})
