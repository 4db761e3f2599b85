import {notApplicable} from '../../engine/finding.ts'
import {readOwnership} from '../../repo/application/ownership.ts'
import {readSecurity} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({ownership: await read(readOwnership), security: await read(readSecurity)}),
  evaluate: ({ownership: {claims, unread}, security}) => {
    const [read] = security.verifications
    if (read === undefined && claims.length + unread.length === 0) return notApplicable('NO_TOKENS')
    const none =
      claims.length === 0 && read !== undefined ? [held(read, 'claims that cannot fail to be read', 'nothing is made of them')] : []
    const targets = claims.map((one) =>
      (one.caught ? held : missed)(one, `an error of ${one.what} answered with 401`, one.caught ? 'it is caught' : 'nothing catches it'),
    )
    return concludeTargets([...targets, ...none, ...unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'MALFORMED_CLAIMS_REFUSED',
      fail: 'MALFORMED_CLAIMS_CRASH',
    })
  },
})
