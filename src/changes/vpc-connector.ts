import type {Change} from '../engine/change.ts'
import {call, gcloud} from './gcloud.ts'
import {connectorCost} from './prices.ts'
import {connectorName} from './resource-names.ts'

export type ConnectorRef = {project: string; region: string; connector: string}
export type Size = {min: number; max: number}

/** The subnet by its bare name: a path is refused. */
export const createConnector = ({project, region, connector}: ConnectorRef, subnet: string, {min, max}: Size): Change => ({
  id: `create-connector-${connector}`,
  title: `Create VPC Access connector ${connector} on subnet ${subnet} (${min} to ${max} machines)`,
  resource: connectorName(project, region, connector),
  request: call(
    'vpcaccess.projects.locations.connectors.create',
    {parent: `projects/${project}/locations/${region}`, connectorId: connector},
    {subnet: {name: subnet}, minInstances: min, maxInstances: max, machineType: 'e2-micro'},
  ),
  cost: connectorCost(min),
  gcloud: [
    gcloud`compute networks vpc-access connectors create ${connector} --region=${region} --subnet=${subnet} --min-instances=${min} --max-instances=${max} --machine-type=e2-micro --project=${project}`,
  ],
  undo: gcloud`compute networks vpc-access connectors delete ${connector} --region=${region} --project=${project}`,
  takes: '2-5 min',
})

export const resizeConnector = ({project, region, connector}: ConnectorRef, {min, max}: Size, before: Size): Change => ({
  id: `resize-connector-${connector}`,
  title: `Let connector ${connector} run ${min} to ${max} machines instead of ${before.min} to ${before.max}`,
  resource: connectorName(project, region, connector),
  request: call(
    'vpcaccess.projects.locations.connectors.patch',
    {name: `projects/${project}/locations/${region}/connectors/${connector}`, updateMask: 'minInstances,maxInstances'},
    {minInstances: min, maxInstances: max},
  ),
  cost: connectorCost(min),
  gcloud: [
    gcloud`compute networks vpc-access connectors update ${connector} --region=${region} --min-instances=${min} --max-instances=${max} --project=${project}`,
  ],
  undo: gcloud`compute networks vpc-access connectors update ${connector} --region=${region} --min-instances=${before.min} --max-instances=${before.max} --project=${project}`,
  takes: '1-3 min',
  consent: {each: 'connections to the database that run through the connector can be cut while its machines change'},
})
