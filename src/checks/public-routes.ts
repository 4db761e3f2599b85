import type {RouteProtection} from '../repo/application/security.ts'

/**
 * True for a route that anybody may reach: health, readiness and liveness, what leads to a token (log-in, refresh, a forgotten password, the
 * way back from a provider), the API's own docs, and a front page that says the same to everybody.
 */
export const isPublic = ({method, path, constant}: Pick<RouteProtection, 'method' | 'path' | 'constant'>): boolean => {
  if (path === undefined) return false
  if (method === 'OPTIONS') return true
  const words = path
    .toLowerCase()
    .split('/')
    .filter((word) => word !== '' && !word.startsWith('{'))
  const last = words.at(-1) ?? ''
  if (words.length === 0 || ['favicon.ico', 'robots.txt', 'version', 'ping'].includes(last)) return constant
  const isHealth = (word: string | undefined): boolean =>
    word !== undefined && /^_?(?:health|healthz|healthcheck|health-check|health_check)$/.test(word)
  if (isHealth(last) || (isHealth(words.at(-2)) && /^(?:ready|live|startup|liveness|readiness|db|database|deep|full)$/.test(last)))
    return true
  if (/^_?(?:ready|readyz|readiness|live|livez|liveness|startup|startupz|docs|redoc|openapi\.json|swagger)$/.test(last)) return true
  return (
    /^(?:log-?in|log_in|sign-?in|sign_in|login_access_token|access[-_]token|token|tokens|refresh|refresh[-_]token|callback|password-recovery|forgot-password|forgot_password|reset-password|reset_password)$/.test(
      last,
    ) ||
    words.includes('login') ||
    words.includes('password-recovery')
  )
}

/** A route as evidence names it. */
export const titleOf = ({method, path, handler}: Pick<RouteProtection, 'method' | 'path' | 'handler'>): string =>
  `${method} ${path ?? `… (${handler})`}`
