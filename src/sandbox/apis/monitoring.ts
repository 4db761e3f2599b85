import type {Api} from '../api.ts'
import {alertPolicyRoutes} from '../monitoring/alert-policies.ts'
import {channelRoutes} from '../monitoring/channels.ts'
import {metricRoutes} from '../monitoring/metrics.ts'
import {uptimeCheckRoutes} from '../monitoring/uptime-checks.ts'

/** Cloud Monitoring v3: uptime checks, alert policies, notification channels, metric descriptors. Groups, snoozes and dashboards are not simulated. */
const monitoring: Api = {
  name: 'monitoring',
  service: 'monitoring.googleapis.com',
  title: 'Cloud Monitoring API',
  errorStyle: 'status',
  routes: [...uptimeCheckRoutes, ...alertPolicyRoutes, ...channelRoutes, ...metricRoutes],
}

export default monitoring
