import type {Api} from '../api.ts'
import {knativeRoutes} from '../run/knative-routes.ts'
import {operationRoutes} from '../run/operations.ts'
import {policyRoutes} from '../run/policies.ts'
import {serviceRoutes} from '../run/services.ts'

/** Cloud Run Admin API: v2, and what gcloud asks by v1 (the Knative API). Containers never run: a revision whose parts are all there is ready. */
const run: Api = {
  name: 'run',
  service: 'run.googleapis.com',
  title: 'Cloud Run Admin API',
  errorStyle: 'status',
  routes: [...serviceRoutes, ...policyRoutes('v2'), ...operationRoutes, ...knativeRoutes, ...policyRoutes('v1')],
}

export default run
