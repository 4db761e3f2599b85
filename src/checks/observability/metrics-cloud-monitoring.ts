import {readTelemetry} from '../../repo/application/telemetry.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {exporters, grants} from '../metrics-export.ts'
import {observeRunning} from '../running-environments.ts'
import {concludeTargets, dynamic} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({telemetry: await read(readTelemetry), running: await observeRunning(read)}),

  evaluate: ({telemetry, running}) => {
    const unread = unreadTargets('code that can be read', telemetry)
    if (telemetry.applications.length === 0 && unread.length === 0) return dynamic('no application of FastAPI was found')
    return concludeTargets([...exporters(telemetry, running), ...grants(running, telemetry.applications), ...unread], {
      pass: 'METRICS_EXPORTED',
      fail: 'METRICS_NOT_EXPORTED',
      partly: 'METRICS_PARTLY_EXPORTED',
    })
  },
})
