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
    const routes = routesAt(health, config.healthPath, /\/(?:health|healthz|health-?check)$/i)
    const targets =
      routes.length > 0 ? routes.flatMap((one) => judgeRoute(one, health, {timed: true})) : absentRoute(health, config.healthPath)
    return concludeTargets([...targets, ...unread], {pass: 'HEALTH_DEEP', fail: 'HEALTH_SHALLOW', partly: 'HEALTH_PARTLY_DEEP'})
  },
})
