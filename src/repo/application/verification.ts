import {flow} from '../python/flow.ts'
import type {Names, Scope} from '../python/resolve.ts'
import {argument, expressionsIn, type Call} from '../python/syntax.ts'
import {entryOf, constant, truth, type Value} from './guard-values.ts'

/** A call that verifies a token, or only reads it, and what it looks at. */
export type Verification = {
  file: string
  line: number
  library: 'pyjwt' | 'python-jose' | 'authlib' | 'joserfc' | 'firebase-admin' | 'google-auth' | 'fastapi-users' | 'other'
  call: string
  /** The function that it stands in. */
  inside: string
  /** True when a token with a wrong signature does not get through. */
  verifies: boolean
  /** Why it does not. */
  why?: string
  algorithms: readonly string[]
  issuer: boolean
  audience: boolean
  /** Claims without which a token is refused. */
  requires: readonly string[]
  /** Claims that are not looked at though the library would. */
  skips: readonly string[]
  /** Every text that issuer, audience and key are made of, names of settings included. */
  texts: readonly string[]
}

const known: readonly (readonly [RegExp, Verification['library']])[] = [
  [/^jose\.(?:jwt\.decode|jws\.verify)$/, 'python-jose'],
  [/^(?:jwt|jwt\.api_jwt|jwt\.PyJWT|jwt\.api_jwt\.PyJWT)\.(?:decode|decode_complete)$/, 'pyjwt'],
  [/^authlib\.jose\..*\bdecode$|^authlib\.jose\.JsonWebToken\.decode$/, 'authlib'],
  [/^joserfc\.jwt\.decode$/, 'joserfc'],
  [/^firebase_admin\.auth\.(?:Client\.)?(?:verify_id_token|verify_session_cookie)$/, 'firebase-admin'],
  [/^google\.oauth2\.id_token\.(?:verify_token|verify_firebase_token|verify_oauth2_token)$/, 'google-auth'],
  [/^google\.auth\.jwt\.decode$/, 'google-auth'],
  [/^fastapi_users\.(?:fastapi_users\.)?FastAPIUsers\.(?:current_user|authenticator\.current_user)\(\)$/, 'fastapi-users'],
]

/** True for the name of a function that, by that name, verifies a token; what it does is not known. */
export const hasVerifyingName = (name: string): boolean =>
  /(?:verify|validate|decode|introspect|authenticate|check)_?\w*(?:token|jwt|bearer|session_cookie|credentials|signature)|(?:token|jwt)_?(?:verif|valid|introspect|decod)|^authenticate\w*$|get_current_?\w*user|^current_?\w*user$|^(?:get_user|user_from)_?\w*token$|userinfo|^require_(?:auth|login|user)\w*$/i.test(
    name,
  )

/** What a call of another's library says of a token; undefined for any other call. */
export const verificationOf = (
  names: Names,
  name: string,
  args: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
  {expr, scope}: {expr: Call; scope: Scope},
): Verification | undefined => {
  const library = known.find(([pattern]) => pattern.test(name))?.[1]
  if (library === undefined) {
    if (!/^jose\.jwt\.get_unverified_claims$|^jwt\.(?:get_unverified_header)$/.test(name)) return undefined
    if (name.startsWith('jwt.')) return undefined
  }
  const options = keywords.get('options') ?? (library === 'pyjwt' ? args[3] : undefined)
  const option = (key: string): Value | undefined => (options?.is === 'dict' ? entryOf(options, constant(key)) : keywords.get(key))
  const isOff = (key: string): boolean => {
    const value = option(key)
    return value !== undefined && truth(value) === false
  }
  const key = keywords.get('key') ?? keywords.get('certs') ?? args[1]
  const algorithms = keywords.get('algorithms') ?? args[2]
  const listed =
    algorithms?.is === 'list'
      ? algorithms.items.flatMap((item) => (item.is === 'constant' ? [String(item.value)] : ['…']))
      : algorithms?.is === 'constant' && typeof algorithms.value === 'string'
        ? [algorithms.value]
        : algorithms === undefined || (algorithms.is === 'constant' && algorithms.value === null)
          ? []
          : ['…']
  const why = whyNot(library, {isOff, key, listed, keywords})
  const required = option('require')
  const requires = required?.is === 'list' ? required.items.flatMap((item) => (item.is === 'constant' ? [String(item.value)] : [])) : []
  const byFlag = ['exp', 'iat', 'nbf', 'sub', 'jti', 'iss', 'aud'].filter((claim) => {
    const flag = option(`require_${claim}`)
    return flag !== undefined && truth(flag) === true
  })
  const given = (word: string): boolean => {
    const value = keywords.get(word)
    return value !== undefined && !(value.is === 'constant' && (value.value === null || value.value === ''))
  }
  const isGoogle = library === 'google-auth' || library === 'firebase-admin'
  return {
    file: scope.module.path,
    line: expr.line,
    library: library ?? 'python-jose',
    call: name.replace(/\(\)$/, ''),
    inside: scope.within.find((one) => one.kind === 'function')?.name ?? '',
    verifies: why === undefined,
    ...(why === undefined ? {} : {why}),
    algorithms: listed,
    issuer: (given('issuer') && !isOff('verify_iss')) || library === 'firebase-admin' || name.endsWith('verify_oauth2_token'),
    audience: (given('audience') && !isOff('verify_aud')) || library === 'firebase-admin' || (isGoogle && args[2] !== undefined),
    requires: [...requires, ...byFlag, ...(isGoogle ? ['exp', 'iat'] : [])],
    skips: ['exp', 'aud', 'iss', 'nbf', 'iat'].filter((claim) => isOff(`verify_${claim}`)),
    texts: textsIn(names, expr, scope),
  }
}

const whyNot = (
  library: Verification['library'] | undefined,
  {
    isOff,
    key,
    listed,
    keywords,
  }: {isOff: (key: string) => boolean; key: Value | undefined; listed: readonly string[]; keywords: ReadonlyMap<string, Value>},
): string | undefined => {
  if (library === undefined) return 'it reads the claims without verifying them'
  if (library === 'firebase-admin' || library === 'fastapi-users') return undefined
  const verify = keywords.get('verify')
  if (isOff('verify_signature') || (verify !== undefined && truth(verify) === false)) return 'verify_signature is off'
  if (library === 'google-auth') return undefined
  if (key === undefined || (key.is === 'constant' && (key.value === null || key.value === ''))) return 'it has no key'
  if (listed.some((one) => one.toLowerCase() === 'none')) return 'the algorithm none is allowed'
  if (listed.length === 0 && library !== 'authlib' && library !== 'joserfc') return 'it does not say which algorithms are allowed'
  return undefined
}

/** The texts and names that the issuer, the audience and the key are made of. */
const textsIn = (names: Names, expr: Call, scope: Scope): string[] => {
  const found = new Set<string>()
  const given = [
    argument(expr, 'issuer'),
    argument(expr, 'audience', 2),
    argument(expr, 'key', 1),
    argument(expr, 'certs', 1),
    argument(expr, 'certs_url'),
  ]
  // What a method is called on contributes too: `keys` in `keys.get_signing_key_from_jwt(token).key`.
  const parts = given.flatMap((one) => (one === undefined ? [] : [one, ...[...expressionsIn(one)].filter(({kind}) => kind === 'name')]))
  for (const one of parts)
    for (const {expr: part, resolved} of flow(names, {expr: one, scope})) {
      if (part.kind === 'string') found.add(part.value)
      if (part.kind === 'fstring') found.add(part.parts.map((piece) => (typeof piece === 'string' ? piece : '{}')).join(''))
      if (part.kind === 'attribute') found.add(part.name)
      if (resolved?.kind === 'external') found.add(resolved.name)
    }
  return [...found].slice(0, 60)
}
