import {notApplicable} from '../../engine/finding.ts'
import {readSecurity} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {roleTargets, type RouteClass} from '../route-roles.ts'
import {concludeTargets} from '../targets.ts'

const kind: RouteClass = {
  routes: [
    'POST /api/workspace/projects/{source_id}/next',
    'POST /api/workspace/queue/{queue_id}/complete',
    'POST /api/workspace/queue/{queue_id}/skip',
  ],
  isLike: (words) =>
    /^(?:next|skip)$/.test(words.at(-1) ?? '') || (words.at(-1) === 'complete' && words.some((word) => /queue|entr/.test(word))),
}

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const targets = roleTargets(security, kind, ['agent', 'supervisor'])
    if (targets.length === 0 && security.routes.length > 0) return notApplicable('NO_WORKSPACE_ROUTES')
    return concludeTargets(targets, {pass: 'WORKSPACE_GUARDED', fail: 'WORKSPACE_OPEN', partly: 'WORKSPACE_PARTLY'})
  },
})
