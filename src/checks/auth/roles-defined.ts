import {readSecurity, type Security} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const planned = ['admin', 'supervisor', 'agent']
const noGuard = 'a guard that answers 403 to other roles'

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const [nearest] = security.roles
    const nowhere = security.applications[0]
    const expected = `the roles ${planned.join(', ')}`
    const roles: Target[] =
      nearest === undefined
        ? nowhere === undefined
          ? []
          : [missed(nowhere, expected, 'no enum or Literal of roles')]
        : [(isPlanned(nearest.values) ? held : missed)(nearest, expected, `${nearest.name}: ${nearest.values.join(', ')}`)]
    const unread = security.unread.map((one) => unreadable(one, 'Python that can be read'))
    return concludeTargets([...roles, ...guardTargets(security), ...unread], {
      pass: 'ROLES_DEFINED',
      fail: 'NO_ROLES',
      partly: 'ROLES_PARTLY',
    })
  },
})

const isPlanned = (values: readonly string[]): boolean => values.length === planned.length && planned.every((one) => values.includes(one))

const guardTargets = ({routes, roleGuards, applications, universe}: Security): Target[] => {
  const [first] = applications
  if (first === undefined) return []
  const wired = routes.flatMap(({guards}) => guards).filter(({allowed, open}) => open.length === 0 && allowed.length < universe.length)
  const answering = wired.find(({refusals}) => refusals.some((status) => status === 403 || status === 401))
  const refusing = roleGuards.find(({refuses, answers}) => refuses && answers.some((status) => status === 403 || status === 401))
  const good = answering ?? refusing
  if (good !== undefined) return [held(good, noGuard, good.name)]
  const wrong = [...wired.map((one) => ({...one, answers: one.refusals})), ...roleGuards.filter(({refuses}) => refuses)][0]
  if (wrong !== undefined)
    return [
      wrong.answers.length === 0
        ? undecided(wrong, noGuard, `what ${wrong.name} answers cannot be read`)
        : missed(wrong, noGuard, `${wrong.name} answers ${wrong.answers.join(', ')}`),
    ]
  const open = routes.flatMap(({guards}) => guards).find((guard) => guard.open.length > 0)
  if (open !== undefined) return [undecided(open, noGuard, `which roles ${open.name} lets through cannot be read`)]
  const [idle] = roleGuards
  return [idle === undefined ? missed(first, noGuard, 'none') : missed(idle, noGuard, `${idle.name} lets every role through`)]
}
