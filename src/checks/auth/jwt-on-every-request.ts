import {readSecurity, type RouteProtection, type Verification} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {isPublic, titleOf} from '../public-routes.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const {routes, verifications, unread} = security
    const closed = routes.filter((route) => !isPublic(route))
    return concludeTargets(
      [...closed.map((route) => targetOf(route, verifications)), ...unread.map((one) => unreadable(one, 'Python that can be read'))],
      {pass: 'EVERY_ROUTE_VERIFIES', fail: 'NO_ROUTE_VERIFIES', partly: 'SOME_ROUTES_OPEN'},
      {routes: closed.length, open: closed.filter(({verified}) => verified === 'no').length},
    )
  },
})

const targetOf = (route: RouteProtection, verifications: readonly Verification[]): Target => {
  const expected = `${titleOf(route)} behind a verified token`
  const by = route.guards.find(({verified}) => verified === route.verified)
  if (route.verified === 'yes') return held(route, expected, by === undefined ? 'a verified token' : `${by.name} (${by.via})`)
  if (route.verified === 'perhaps')
    return undecided(route, expected, by === undefined ? 'its handler cannot be followed' : `whether ${by.name} verifies cannot be read`)
  if (route.path === undefined) return undecided(route, expected, 'its path is only known at run time')
  const without = route.guards.filter(({via}) => via !== 'handler')
  const broken = verifications.find(({verifies}) => !verifies)
  if (without.length === 0) return missed(route, expected, 'NONE')
  const why = broken === undefined ? 'verifies no token' : `does not verify: ${broken.why ?? ''} (${broken.file}:${broken.line})`
  return missed(route, expected, `${without.map(({name}) => name).join(', ')} ${why}`)
}
