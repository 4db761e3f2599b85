import {notApplicable} from '../../engine/finding.ts'
import {readSecurity, type RouteProtection} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {roleTargets, type RouteClass} from '../route-roles.ts'
import {concludeTargets} from '../targets.ts'

const kind: RouteClass = {
  routes: ['POST /api/employees', 'GET /api/employees', 'GET /api/employees/{employee_id}'],
  isLike: (words) => people.test(words.at(-1) ?? '') || (/^\{/.test(words.at(-1) ?? '') && people.test(words.at(-2) ?? '')),
}

const people = /^(?:employees|staff|users|people|members)$/

/** A route that shows one employee: people may see themselves. */
const isOne = ({method, path = ''}: RouteProtection): boolean => method === 'GET' && path.endsWith('}')

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const targets = roleTargets(security, kind, ['admin'], isOne)
    if (targets.length === 0 && security.routes.length > 0) return notApplicable('NO_EMPLOYEE_ROUTES')
    return concludeTargets(targets, {pass: 'EMPLOYEES_ADMIN_ONLY', fail: 'EMPLOYEES_OPEN', partly: 'EMPLOYEES_PARTLY'})
  },
})
