import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {connectionName} from './resource-names.ts'

const service = 'services/servicenetworking.googleapis.com'

type Connection = {project: string; projectNumber: string | undefined; network: string; ranges: readonly string[]}

/** Only the project's number is understood here: with its id the connection seems to be absent. */
const networkPath = ({projectNumber = '{projectNumber}', network}: Connection): string =>
  `projects/${projectNumber}/global/networks/${network}`

const line = (verb: 'connect' | 'update', {project, network, ranges}: Connection): string =>
  gcloud`services vpc-peerings ${verb} --service=servicenetworking.googleapis.com --ranges=${ranges.join(',')} --network=${network} --project=${project}`

export const connectServices = (connection: Connection): Change => ({
  id: `connect-services-${connection.network}`,
  title: `Connect network ${connection.network} to Google's services through ${connection.ranges.join(', ')}`,
  resource: connectionName(connection.project, connection.network),
  request: call(
    'servicenetworking.services.connections.create',
    {parent: service},
    {network: networkPath(connection), reservedPeeringRanges: connection.ranges},
  ),
  cost: free,
  gcloud: [line('connect', connection)],
  undo: `${gcloud`services vpc-peerings delete --service=servicenetworking.googleapis.com --network=${connection.network} --project=${connection.project}`} (not while an instance uses it)`,
  takes: '30 s - 3 min',
})

/** A peering that was removed by hand comes back with its old ranges when none are sent (API reference, connections.create). */
export const restorePeering = (connection: Connection): Change => ({
  ...connectServices(connection),
  id: `restore-peering-${connection.network}`,
  title: `Bring back the peering of network ${connection.network} with its ranges`,
  request: call(
    'servicenetworking.services.connections.create',
    {parent: service},
    {network: networkPath(connection), reservedPeeringRanges: []},
  ),
})

/** A patch replaces the list, so `ranges` holds what is connected already as well; without `force` nothing in use can be dropped. */
export const extendConnection = (connection: Connection): Change => ({
  id: `extend-connection-${connection.network}`,
  title: `Connect network ${connection.network} through ${connection.ranges.join(', ')}`,
  resource: connectionName(connection.project, connection.network),
  request: call(
    'servicenetworking.services.connections.patch',
    {name: `${service}/connections/servicenetworking-googleapis-com`, updateMask: 'reservedPeeringRanges'},
    {network: networkPath(connection), reservedPeeringRanges: connection.ranges},
  ),
  cost: free,
  gcloud: [line('update', connection)],
  undo: null,
  takes: '30 s - 3 min',
})
