import type {Api} from '../api.ts'
import {changeRoutes} from '../dns/changes.ts'
import {recordSetRoutes} from '../dns/record-sets.ts'
import {zoneRoutes} from '../dns/zones.ts'

/** Cloud DNS v1. What a zone holds is public only once it is delegated: see ../public-dns. */
const dns: Api = {
  name: 'dns',
  service: 'dns.googleapis.com',
  title: 'Cloud DNS API',
  errorStyle: 'both',
  routes: [...zoneRoutes, ...recordSetRoutes, ...changeRoutes],
}

export default dns
