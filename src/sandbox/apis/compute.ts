import type {Api} from '../api.ts'
import {addressRoutes} from '../compute/addresses.ts'
import {balancerRoutes} from '../compute/balancer/routes.ts'
import {makeDefaultNetwork} from '../compute/default-network.ts'
import {firewallRoutes} from '../compute/firewalls.ts'
import {networkRoutes} from '../compute/networks.ts'
import {operationRoutes} from '../compute/operations.ts'
import {regionRoutes} from '../compute/regions.ts'
import {routerRoutes} from '../compute/routers.ts'
import {subnetworkRoutes} from '../compute/subnetworks.ts'

/** Compute Engine v1: networks and load balancers. */
const compute: Api = {
  name: 'compute',
  service: 'compute.googleapis.com',
  title: 'Compute Engine API',
  errorStyle: 'legacy',
  routes: [
    ...regionRoutes,
    ...networkRoutes,
    ...subnetworkRoutes,
    ...addressRoutes,
    ...firewallRoutes,
    ...routerRoutes,
    ...balancerRoutes,
    ...operationRoutes,
  ],
  onServiceEnabled: makeDefaultNetwork,
}

export default compute
