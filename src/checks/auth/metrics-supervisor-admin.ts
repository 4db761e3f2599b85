import {notApplicable} from '../../engine/finding.ts'
import {readSecurity} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {roleTargets, type RouteClass} from '../route-roles.ts'
import {concludeTargets} from '../targets.ts'

const kind: RouteClass = {
  routes: [
    'GET /api/metrics/team-aht',
    'GET /api/metrics/agent-states',
    'GET /api/metrics/leaderboard',
    'GET /api/metrics/queue-stats',
    'GET /api/employees/{employee_id}/metrics/aht',
  ],
  isLike: (words) => words.slice(0, -1).some((word) => /^(?:metrics|analytics|reports?|stat(?:istic)?s)$/.test(word)),
}

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const targets = roleTargets(security, kind, ['supervisor', 'admin'])
    if (targets.length === 0 && security.routes.length > 0) return notApplicable('NO_METRICS_ROUTES')
    return concludeTargets(targets, {pass: 'METRICS_GUARDED', fail: 'METRICS_OPEN', partly: 'METRICS_PARTLY'})
  },
})
