import {notApplicable} from '../../engine/finding.ts'
import {readAccounts} from '../../repo/application/accounts.ts'
import {readSecurity, type Security, type Verification} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity), accounts: await read(readAccounts)}),
  evaluate: ({security, accounts: {tokens}}) => {
    const reached = security.verifications.filter((one) => one.reached)
    const read = reached.length > 0 ? reached : security.verifications
    if (read.length + tokens.length + security.unread.length === 0) return notApplicable('NO_TOKENS')
    const made = tokens.map((one): Target => {
      const missing = ['iss', 'aud', 'iat', 'jti'].filter((claim) => !one.claims.includes(claim))
      const expected = 'a token with iss, aud, iat and jti'
      if (missing.length === 0) return held(one, expected, one.claims.join(', '))
      return (one.open ? undecided : missed)(one, expected, `without ${missing.join(', ')}`)
    })
    return concludeTargets(
      [
        ...read.flatMap((one) => targetsOf(one, security)),
        ...made,
        ...security.unread.map((one) => unreadable(one, 'Python that can be read')),
      ],
      {pass: 'CLAIMS_CHECKED', fail: 'CLAIMS_UNCHECKED', partly: 'CLAIMS_PARTLY_CHECKED'},
    )
  },
})

const targetsOf = (one: Verification, {claimChecks}: Security): Target[] => {
  const looked = new Set(claimChecks.map(({claim}) => claim))
  // Google's keys for these sign nothing but ID tokens of the project that the audience names.
  const isGoogles = one.library === 'firebase-admin' || (one.call.endsWith('verify_firebase_token') && one.audience)
  const has = (claim: string): boolean => one.requires.includes(claim) || looked.has(claim)
  const isExternal = one.library === 'authlib' || one.library === 'fastapi-users'
  const rows: [string, boolean][] = [
    ['the issuer', one.issuer || isGoogles || looked.has('iss')],
    ['the audience', one.audience || looked.has('aud')],
    ['that it has not expired, and must', !one.skips.includes('exp') && has('exp')],
    ['its type', isGoogles || ['type', 'typ', 'token_type', 'token_use', 'firebase'].some((claim) => has(claim))],
  ]
  return rows.map(([what, holds]) => {
    const expected = `a token checked for ${what}`
    if (!one.verifies) return missed(one, expected, `${one.call}: ${one.why ?? ''}`)
    if (holds) return held(one, expected, one.call)
    return (isExternal ? undecided : missed)(one, expected, `${one.call} does not`)
  })
}
