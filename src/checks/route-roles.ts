import {pathShape} from '../repo/application/routes.ts'
import type {RouteProtection, Security} from '../repo/application/security.ts'
import {titleOf} from './public-routes.ts'
import {held, missed, undecided, unreadable, type Target} from './targets.ts'

/** Routes of one kind: those of the plan by method and shape of the path, and by what others that do the same are called. */
export type RouteClass = {routes: readonly string[]; isLike: (words: readonly string[], route: RouteProtection) => boolean}

const bare = (path: string): string => pathShape(path).replace(/^(?:\/api)?(?:\/v\d+)?(?=\/)/, '')

/** The routes of a kind that are served: those of the plan, or where there is none of them, those that are called alike. */
export const routesOf = ({routes}: Security, kind: RouteClass): RouteProtection[] => {
  const wanted = new Set(kind.routes.map((one) => one.replace(/ .*$/, '') + bare(one.slice(one.indexOf(' ') + 1))))
  const named = routes.filter(({method, path}) => path !== undefined && wanted.has(method + bare(path)))
  if (named.length > 0) return named
  return routes.filter((route) => {
    const words = (route.path ?? '').split('/').filter((word) => word !== '')
    return route.path !== undefined && route.method !== 'OPTIONS' && kind.isLike(words, route)
  })
}

/** Whether each route lets in exactly the wanted roles. `own`: a role that is let in for what is its own only counts as none. */
export const roleTargets = (
  security: Security,
  kind: RouteClass,
  wanted: readonly string[],
  own: (route: RouteProtection) => boolean = () => false,
): Target[] => {
  const expected = (route: RouteProtection): string => `${titleOf(route)} for ${wanted.join(' and ')} only`
  const targets = routesOf(security, kind).map((route): Target => {
    const place = placeOf(route)
    if (route.verified === 'no') return missed(route, expected(route), 'for anybody: no token is verified')
    const exempt = own(route) ? route.conditional.filter((role) => !wanted.includes(role)) : []
    const allowed = route.allowed.filter((role) => !exempt.includes(role))
    const open = route.open.filter((role) => !exempt.includes(role))
    const beyond = allowed.filter((role) => !wanted.includes(role))
    const short = wanted.filter((role) => !allowed.includes(role) && !open.includes(role))
    const actual = `for ${allowed.length + open.length === 0 ? 'nobody' : [...allowed, ...open].join(' and ')}${exempt.length > 0 ? `, ${exempt.join(' and ')} for what is theirs` : ''}`
    if (beyond.length > 0 || short.length > 0) return missed(place, expected(route), actual)
    if (open.length > 0) return undecided(place, expected(route), `the guard of ${open.join(', ')} cannot be followed`)
    if (route.verified === 'perhaps') return undecided(place, expected(route), 'whether a token is verified cannot be read')
    return held(place, expected(route), actual)
  })
  return [...targets, ...unreadRoutes(security, targets)]
}

/** A file that cannot be read may hold routes or guards. */
const unreadRoutes = ({unread, routes}: Security, targets: readonly Target[]): Target[] => [
  ...unread.map((one) => unreadable(one, 'Python that can be read')),
  ...(targets.length > 0
    ? []
    : routes.flatMap((route) =>
        route.path === undefined ? [undecided(route, 'a path that can be read', 'it is only known at run time')] : [],
      )),
]

/** The guard that tells roles apart, else the route itself. */
const placeOf = (route: RouteProtection): {file: string; line: number} => ({file: route.file, line: route.line})
