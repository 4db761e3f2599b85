import type {Api} from '../api.ts'
import {secretRoutes} from '../secretmanager/secrets.ts'
import {versionRoutes} from '../secretmanager/versions.ts'

/** Secret Manager v1. Payloads stay in memory: see secretmanager/payloads.ts. */
const secretmanager: Api = {
  name: 'secretmanager',
  service: 'secretmanager.googleapis.com',
  title: 'Secret Manager API',
  errorStyle: 'status',
  routes: [...secretRoutes, ...versionRoutes],
}

export default secretmanager
