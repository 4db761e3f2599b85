import {notApplicable} from '../../engine/finding.ts'
import {readAccounts} from '../../repo/application/accounts.ts'
import {readOwnership} from '../../repo/application/ownership.ts'
import {readSecurity, type Verification} from '../../repo/application/security.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const expected = 'a user checked again, or tokens of 60 minutes at most'

export default defineRepositoryItem({
  observe: async (read) => ({
    security: await read(readSecurity),
    accounts: await read(readAccounts),
    ownership: await read(readOwnership),
    settings: await read(readSettings),
  }),
  evaluate: ({security, accounts: {tokens}, ownership: {rechecks}, settings}) => {
    const used = security.verifications.filter(({verifies, reached}) => verifies && reached)
    const unread = security.unread.map((one) => unreadable(one, 'Python that can be read'))
    if (used.length + tokens.length + unread.length === 0) return notApplicable('NO_TOKENS')
    const checked = rechecks.map((one) => held(one, expected, `${one.function}: ${one.what}`))
    const lifetimes = tokens.map((one): Target => {
      const field = settings.fields.find(({path}) => path.split('.').at(-1) === one.setting)
      const usual = field?.default.kind === 'literal' && typeof field.default.value === 'number' ? field.default.value : undefined
      const minutes = one.minutes ?? usual
      if (minutes === undefined)
        return (one.claims.includes('exp') || one.open ? undecided : missed)(
          one,
          expected,
          one.claims.includes('exp') ? 'a lifetime that cannot be read' : 'tokens that never expire',
        )
      return (minutes <= 60 ? held : missed)(one, expected, `tokens of ${Math.round(minutes)} minutes`)
    })
    const others =
      tokens.length > 0
        ? []
        : used.map((one) =>
            isGoogles(one)
              ? held(one, expected, 'ID tokens, which live for an hour')
              : undecided(one, expected, 'tokens of others, with a lifetime of theirs'),
          )
    // One that is checked again is out, however long its token lives.
    return concludeTargets(checked.length > 0 ? checked : [...lifetimes, ...others, ...unread], {pass: 'REVOCABLE', fail: 'IRREVOCABLE'})
  },
})

/** https://firebase.google.com/docs/auth/admin/manage-sessions: ID tokens live for an hour. */
const isGoogles = ({library, texts}: Verification): boolean =>
  library === 'firebase-admin' || library === 'google-auth' || texts.some((text) => text.includes('securetoken'))
