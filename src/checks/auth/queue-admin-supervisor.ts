import {notApplicable} from '../../engine/finding.ts'
import {readSecurity} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {roleTargets, type RouteClass} from '../route-roles.ts'
import {concludeTargets} from '../targets.ts'

const kind: RouteClass = {
  routes: ['POST /api/workspace/projects/{source_id}/enqueue', 'GET /api/workspace/projects/{source_id}/queue-stats'],
  isLike: (words) => /^(?:enqueue|queue[-_]stats)$/.test(words.at(-1) ?? '') && !words.includes('metrics'),
}

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const targets = roleTargets(security, kind, ['admin', 'supervisor'])
    if (targets.length === 0 && security.routes.length > 0) return notApplicable('NO_QUEUE_ROUTES')
    return concludeTargets(targets, {pass: 'QUEUE_GUARDED', fail: 'QUEUE_OPEN', partly: 'QUEUE_PARTLY'})
  },
})
