import {on, send} from './step.ts'
import type {Step} from './step.ts'

const compute = '/compute/compute/v1/projects/walk-one'
const consumer = 'projects/${projectNumber}/global/networks/sql'

/** A network with a private connection to Google's services. */
const network: Step[] = [
  on('GET /cloudresourcemanager/v1/projects/walk-one', {projectNumber: 'projectNumber'}),
  send(`POST ${compute}/global/networks`, {name: 'sql', autoCreateSubnetworks: false}),
  send(`POST ${compute}/global/addresses`, {
    name: 'sql-range',
    addressType: 'INTERNAL',
    purpose: 'VPC_PEERING',
    prefixLength: 16,
    network: 'projects/walk-one/global/networks/sql',
  }),
  send('POST /servicenetworking/v1/services/servicenetworking.googleapis.com/connections', {
    network: consumer,
    reservedPeeringRanges: ['sql-range'],
  }),
]

const instance = (name: string) => ({
  name,
  databaseVersion: 'POSTGRES_16',
  region: 'europe-west1',
  settings: {
    tier: 'db-custom-2-7680',
    edition: 'ENTERPRISE',
    availabilityType: 'REGIONAL',
    databaseFlags: [{name: 'max_connections', value: '200'}],
    userLabels: {type: 'AUTOMATED'},
    insightsConfig: {queryInsightsEnabled: true},
    maintenanceWindow: {day: 7, hour: 3, updateTrack: 'stable'},
    ipConfiguration: {
      ipv4Enabled: true,
      privateNetwork: 'projects/walk-one/global/networks/sql',
      authorizedNetworks: [{name: 'office', value: '203.0.113.0/24'}],
    },
    backupConfiguration: {enabled: true, pointInTimeRecoveryEnabled: true},
  },
})

const walk = (root: string, name: string): Step[] => {
  const project = `${root}/projects/walk-one`
  const one = `${project}/instances/${name}`
  const change = (step: Step): Step[] => [{...step, keep: {operation: 'name'}}, on(`GET ${project}/operations/\${operation}`)]
  return [
    on(`GET ${project}/tiers`),
    on(`GET ${root}/flags?databaseVersion=POSTGRES_16`),
    on(`GET ${project}/instances`),
    {call: `GET ${one}`, status: 404},
    send(`POST ${project}/instances`, instance(name), {operation: 'name'}),
    on(`GET ${one}`),
    on(`GET ${project}/operations/\${operation}`),
    on(`GET ${one}`),
    on(`GET ${one}?$alt=json;enum-encoding=int`),
    on(`GET ${project}/instances?filter=state:RUNNABLE`),
    {call: `POST ${project}/instances`, body: instance(name), status: 409},
    ...change(send(`PATCH ${one}`, {settings: {tier: 'db-custom-4-15360'}})),
    ...change(
      send(`PUT ${one}`, {
        settings: {...instance(name).settings, settingsVersion: '2', availabilityType: 'ZONAL', tier: 'db-custom-2-7680'},
      }),
    ),
    ...change(on(`POST ${one}/restart`)),
    {call: `POST ${one}/failover`, body: {}, status: 400},
    ...change(on(`POST ${one}/addServerCa`)),
    on(`GET ${one}/listServerCas`, {version: 'certs.0.sha1Fingerprint'}),
    ...change(send(`POST ${one}/rotateServerCa`, {rotateServerCaContext: {nextVersion: '${version}'}})),
    on(`GET ${one}/getLatestRecoveryTime`),
    on(`GET ${one}/connectSettings`),
    send(`POST ${one}/databases`, {name: 'qlogic', charset: 'UTF8'}),
    on(`GET ${one}/databases`),
    on(`GET ${one}/databases/qlogic`),
    {call: `GET ${one}/databases/none`, status: 404},
    ...change(send(`PATCH ${one}/databases/qlogic`, {charset: 'UTF8'})),
    ...change(send(`PUT ${one}/databases/qlogic`, {name: 'qlogic', charset: 'UTF8', collation: 'en_US.UTF8'})),
    ...change(on(`DELETE ${one}/databases/qlogic`)),
    send(`POST ${one}/users`, {name: 'app', password: 'secret'}),
    send(`POST ${one}/users`, {name: 'app@walk-one.iam', type: 'CLOUD_IAM_SERVICE_ACCOUNT'}),
    on(`GET ${one}/users?$alt=json;enum-encoding=int`),
    on(`GET ${one}/users`),
    on(`GET ${one}/users/app`),
    send(`PUT ${one}/users?name=app`, {name: 'app', password: 'other'}),
    on(`DELETE ${one}/users?name=app`),
    {call: `GET ${one}/users/app`, status: 404},
    send(`POST ${one}/backupRuns`, {description: 'before the change'}, {operation: 'name', run: 'backupContext.backupId'}),
    on(`GET ${one}/backupRuns`),
    on(`GET ${one}/backupRuns/\${run}`),
    ...change(on(`DELETE ${one}/backupRuns/\${run}`)),
    on(`GET ${project}/operations?instance=${name}`),
    ...change(on(`DELETE ${one}`)),
  ]
}

/** Cloud SQL, by both of its paths. */
export const sqlWalk: Step[] = [...network, ...walk('/sqladmin/v1', 'walk'), ...walk('/sqladmin/sql/v1beta4', 'walk-again')]
