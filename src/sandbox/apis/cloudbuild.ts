import type {Api} from '../api.ts'
import {connectionRoutes} from '../cloudbuild/connections.ts'
import {triggerRoutes} from '../cloudbuild/triggers.ts'

/** Cloud Build: what starts a build. Nothing is built here. */
const cloudbuild: Api = {
  name: 'cloudbuild',
  service: 'cloudbuild.googleapis.com',
  title: 'Cloud Build API',
  errorStyle: 'status',
  routes: [...connectionRoutes, ...triggerRoutes],
}

export default cloudbuild
