import {readHealth} from '../../repo/application/health.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {absentRoute, judgeRoute, routesAt} from '../health-routes.ts'
import {concludeTargets, dynamic} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({health: await read(readHealth)}),

  evaluate: ({health}, {config}) => {
    const unread = unreadTargets('code that can be read', health)
    if (health.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    const path = `${config.healthPath.replace(/\/$/, '')}/ready`
    const routes = routesAt(health, path, /\/(?:ready|readyz|readiness)$/i)
    const targets = routes.length > 0 ? routes.flatMap((one) => judgeRoute(one, health, {timed: false})) : absentRoute(health, path)
    return concludeTargets([...targets, ...unread], {
      pass: 'READINESS_CHECKED',
      fail: 'READINESS_MISSING',
      partly: 'READINESS_PARTLY_CHECKED',
    })
  },
})
