import {notApplicable} from '../../engine/finding.ts'
import {readAccounts} from '../../repo/application/accounts.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable} from '../targets.ts'

const expected = 'the first row, or whether there is one'

export default defineRepositoryItem({
  observe: async (read) => ({accounts: await read(readAccounts)}),
  evaluate: ({accounts: {roleQueries, unread}}) => {
    if (roleQueries.length === 0 && unread.length === 0) return notApplicable('NO_ROLE_QUERY')
    const targets = roleQueries.map((one) => (one.atMostOne ? missed : held)(one, expected, `${one.by}()`))
    return concludeTargets([...targets, ...unread.map((place) => unreadable(place, 'Python that can be read'))], {
      pass: 'SECOND_ADMIN_FITS',
      fail: 'SECOND_ADMIN_BREAKS',
    })
  },
})
