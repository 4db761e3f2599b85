import {notApplicable} from '../../engine/finding.ts'
import {readSecurity} from '../../repo/application/security.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {roleTargets, type RouteClass} from '../route-roles.ts'
import {concludeTargets} from '../targets.ts'

const kind: RouteClass = {
  routes: ['POST /api/schema/infer', 'POST /api/schema/provision', 'POST /api/schema/{source_id}/load'],
  isLike: (words, {method}) => method !== 'GET' && words.some((word) => /^(?:schemas?|schemata|provision(?:ing)?)$/.test(word)),
}

export default defineRepositoryItem({
  observe: async (read) => ({security: await read(readSecurity)}),
  evaluate: ({security}) => {
    const targets = roleTargets(security, kind, ['admin'])
    if (targets.length === 0 && security.routes.length > 0) return notApplicable('NO_SCHEMA_ROUTES')
    return concludeTargets(targets, {pass: 'SCHEMA_ADMIN_ONLY', fail: 'SCHEMA_OPEN', partly: 'SCHEMA_PARTLY'})
  },
})
