import type {Api} from '../api.ts'
import {bucketRoutes} from '../logging/buckets.ts'
import {entryRoutes} from '../logging/entries.ts'
import {metricRoutes} from '../logging/metrics.ts'
import {projectOf} from '../logging/places.ts'
import {sinkRoutes} from '../logging/sinks.ts'

/** Cloud Logging v2: sinks with their exclusions, buckets, log-based metrics, settings, and the entries that services write. */
const logging: Api = {
  name: 'logging',
  service: 'logging.googleapis.com',
  title: 'Cloud Logging API',
  errorStyle: 'status',
  routes: [
    ...sinkRoutes,
    ...bucketRoutes,
    ...metricRoutes,
    ...entryRoutes,
    {
      id: 'logging.projects.getSettings',
      method: 'GET',
      path: '/v2/projects/{project}/settings',
      permissions: ['logging.settings.get'],
      handle: (request, world) => {
        const number = world.project(request.params.project ?? '')?.projectNumber ?? ''
        return {
          name: `projects/${projectOf(request, world)}/settings`,
          loggingServiceAccountId: `service-${number}@gcp-sa-logging.iam.gserviceaccount.com`,
        }
      },
    },
  ],
}

export default logging
