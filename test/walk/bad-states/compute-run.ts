import {z} from 'zod'
import {editPolicy, withMember, without} from '../../support/simulator.ts'
import {accessor, app, compute, deletes, later, network, numbered, p, person, secret, type BadState} from './bad-state.ts'

const instances = `/sqladmin/v1/projects/${p}/instances`
const all = `/run/v2/projects/${p}/locations/us-central1/services`
const [back, front] = ['qlogic-prod-backend', 'qlogic-prod-frontend']
const backend = `${all}/${back}`
const place = `us-central1-docker.pkg.dev/${p}/qlogic`
const packages = `/artifactregistry/v1/projects/${p}/locations/us-central1/repositories/qlogic/packages`
const pipeline = "images are the pipeline's: qlogic never replaces one that runs"

type Make = NonNullable<BadState['make']>

const variable = z.looseObject({name: z.string()})
const service = z.looseObject({
  template: z.looseObject({containers: z.array(z.looseObject({image: z.string(), env: z.array(variable).optional()}))}),
  latestReadyRevision: z.string().optional(),
})
type Service = z.output<typeof service>

const patch =
  (mask: string, body: object): Make =>
  ({cloud}) =>
    cloud.call('PATCH', `${backend}?updateMask=${mask}`, body)

/** Reads the backend, changes it and writes it back, as a pipeline or a person in the console does. */
const edit =
  (change: (read: Service) => Partial<Service>): Make =>
  async ({cloud}) => {
    const read = service.parse(await cloud.call('GET', backend))
    await cloud.call('PATCH', backend, {...read, ...change(read)})
  }
const template = (fields: object): Make => edit(({template: before}) => ({template: {...before, ...fields}}))
const container = (change: (one: Service['template']['containers'][number]) => object): Make =>
  edit(({template: before}) => ({template: {...before, containers: before.containers.map((one) => ({...one, ...change(one)}))}}))
const environment = (...changed: readonly {name: string; value?: string}[]): Make =>
  container(({env = []}) => ({
    env: [...env.filter(({name}) => !changed.some((one) => one.name === name)), ...changed.filter(({value}) => value !== undefined)],
  }))
const image = (name: string): Make => container(() => ({image: name}))

const remove =
  (path: string): Make =>
  ({cloud}) =>
    cloud.call('DELETE', path)

const create =
  (name: string, from: string): Make =>
  ({cloud}) =>
    cloud.call('POST', `${all}?serviceId=${name}`, {template: {serviceAccount: app, containers: [{image: from}]}})
const connector: Make = async ({cloud}) => {
  await cloud.call('POST', `/serviceusage/v1/projects/${p}/services:batchEnable`, {serviceIds: ['vpcaccess.googleapis.com']})
  await cloud.call('POST', `${compute}/regions/us-central1/subnetworks`, {
    name: 'qlogic-prod-connector',
    ipCidrRange: '10.8.0.0/28',
    network: `projects/${p}/global/networks/qlogic-prod-vpc`,
  })
  await cloud.call('POST', `/vpcaccess/v1/projects/${p}/locations/us-central1/connectors?connectorId=qlogic-connector`, {
    subnet: {name: 'qlogic-prod-connector'},
    minInstances: 2,
    maxInstances: 3,
  })
}
const connectorElsewhere: Make = async ({cloud}) => {
  await cloud.call('POST', `/serviceusage/v1/projects/${p}/services:batchEnable`, {serviceIds: ['vpcaccess.googleapis.com']})
  const body = {network: 'default', ipCidrRange: '10.9.0.0/28', minInstances: 2, maxInstances: 3}
  await cloud.call('POST', `/vpcaccess/v1/projects/${p}/locations/us-central1/connectors?connectorId=qlogic-connector`, body)
}
/** An instance in a range that is nobody's and yet not private. */
const databaseOutside: Make = async ({cloud}) => {
  const range = {name: 'outside', purpose: 'VPC_PEERING', addressType: 'INTERNAL', address: '198.51.100.0', prefixLength: 24, network}
  await cloud.call('POST', `${compute}/global/addresses`, range)
  const {projectNumber} = numbered.parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
  const connections = '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections'
  await cloud.call('PATCH', `${connections}/servicenetworking-googleapis-com?force=true`, {
    network: `projects/${projectNumber}/global/networks/qlogic-prod-vpc`,
    reservedPeeringRanges: ['qlogic-prod-private-ip', 'outside'],
  })
  await cloud.call('POST', instances, {
    name: 'outside',
    region: 'us-central1',
    databaseVersion: 'POSTGRES_16',
    settings: {
      tier: 'db-custom-2-7680',
      edition: 'ENTERPRISE',
      ipConfiguration: {ipv4Enabled: false, privateNetwork: network, allocatedIpRange: 'outside'},
    },
  })
}
const throughConnector = template({
  vpcAccess: {connector: `projects/${p}/locations/us-central1/connectors/qlogic-connector`, egress: 'PRIVATE_RANGES_ONLY'},
})
const after =
  (...makes: Make[]): Make =>
  async (walked) => {
    for (const make of makes) await make(walked)
  }

/** As it is a day from now: what is begun then has not ended today. */
const tomorrow =
  (make: Make): Make =>
  async (walked) => {
    walked.setClock(-1)
    await make(walked)
    walked.setClock(0)
  }
const secrets = ['db-password', 'jwt-secret', 'cors-origins']
/** What makes the default account work, and nobody notice. */
const defaultAccountReadsSecrets: Make = async ({cloud}) => {
  const {projectNumber} = numbered.parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
  const member = `serviceAccount:${projectNumber}-compute@developer.gserviceaccount.com`
  for (const id of secrets) await editPolicy(cloud, 'secret', secret(id), withMember(accessor, member))
}
const secretsTakenAway: Make = async ({cloud}) => {
  for (const id of secrets) await editPolicy(cloud, 'secret', secret(id), without(accessor, `serviceAccount:${app}`))
}
const notChosen = {is: 'not_applicable', ends: 'not_applicable', because: 'the configuration says otherwise'} as const
const onGke = {compute: 'gke-autopilot'}

const run = 'compute.run-services'
const services: readonly BadState[] = [
  {item: run, when: 'the other option is chosen', code: 'RUN_NOT_CHOSEN', from: 'network', parameters: onGke, ...notChosen},
  {item: run, when: 'nothing is deployed yet', code: 'RUN_SERVICE_MISSING', from: 'secrets'},
  {
    item: run,
    when: 'no image was pushed',
    code: 'RUN_NO_IMAGE',
    from: 'secrets',
    make: remove(`${packages}/backend`),
    is: 'manual',
    ends: 'manual',
    because: 'the first image comes from the pipeline or from a person',
  },
  {item: run, when: 'there is no database yet', code: 'RUN_WITHOUT_DATABASE', from: 'registry', ends: 'fail', because: later},
  {item: run, when: 'the backend was deleted', code: 'RUN_SERVICE_MISSING', from: 'compute', make: remove(backend)},
  {
    item: run,
    when: 'the first revision never started',
    code: 'RUN_REVISION_FAILED',
    from: 'compute',
    make: after(remove(backend), create(back, `${place}/backend:gone`)),
  },
  {
    item: run,
    when: 'the newest revision does not start, and the old one serves',
    code: 'RUN_REVISION_FAILED',
    from: 'compute',
    make: image(`${place}/backend:gone`),
    ends: 'fail',
    because: pipeline,
  },
  {
    item: run,
    when: 'the password is in plain text',
    code: 'RUN_SECRET_LITERAL',
    from: 'compute',
    make: environment({name: 'DB_PASSWORD', value: 'x'}),
  },
  {
    item: run,
    when: 'the token secret is in plain text',
    code: 'RUN_SECRET_LITERAL',
    from: 'compute',
    make: environment({name: 'JWT_SECRET', value: 'x'}),
  },
  {
    item: run,
    when: 'the password is gone',
    code: 'RUN_VARIABLES_MISSING',
    from: 'compute',
    make: environment({name: 'DB_PASSWORD'}),
  },
  {
    item: run,
    when: 'the origins are gone',
    code: 'RUN_VARIABLES_MISSING',
    from: 'compute',
    make: environment({name: 'CORS_ORIGINS'}),
  },
  {item: run, when: 'the token secret is gone', code: 'RUN_VARIABLES_MISSING', from: 'compute', make: environment({name: 'JWT_SECRET'})},
  {
    item: run,
    when: 'the address of the database is gone',
    code: 'RUN_VARIABLES_MISSING',
    from: 'compute',
    make: environment({name: 'DB_HOST'}),
  },
  {
    item: run,
    when: 'the pipeline says prod',
    code: 'RUN_OTHER_ENVIRONMENT',
    from: 'compute',
    make: environment({name: 'ENVIRONMENT', value: 'prod'}),
    is: 'warn',
  },
  {
    item: run,
    when: 'it asks another database',
    code: 'RUN_OTHER_DATABASE',
    from: 'compute',
    make: environment({name: 'DB_HOST', value: '10.99.0.3'}),
    is: 'warn',
  },
  {
    item: run,
    when: 'the image is latest',
    code: 'RUN_IMAGE_LATEST',
    from: 'compute',
    make: image('docker.io/acme/backend:latest'),
    is: 'warn',
    ends: 'warn',
    because: pipeline,
  },
  {
    item: run,
    when: 'the image is from another registry',
    code: 'RUN_OTHER_REGISTRY',
    from: 'compute',
    make: image('docker.io/acme/backend:1'),
    is: 'warn',
    ends: 'warn',
    because: pipeline,
  },
  {
    item: run,
    when: 'it runs as the default account',
    code: 'RUN_DEFAULT_ACCOUNT',
    from: 'compute',
    make: after(defaultAccountReadsSecrets, template({serviceAccount: ''})),
    is: 'warn',
  },
  {
    item: run,
    when: 'it may not read its secrets any more, and was deployed again',
    code: 'RUN_REVISION_FAILED',
    from: 'compute',
    make: after(secretsTakenAway, environment({name: 'EXTRA', value: '1'})),
    ends: 'fail',
    because: later,
  },
  {
    item: run,
    when: 'a new revision is being rolled out',
    code: 'RUN_RECONCILING',
    from: 'compute',
    make: tomorrow(environment({name: 'EXTRA', value: '1'})),
    is: 'warn',
    ends: 'warn',
    because: 'Google is at work',
  },
  {
    item: run,
    when: 'traffic is pinned to an old revision',
    code: 'RUN_TRAFFIC_PINNED',
    from: 'compute',
    make: after(environment({name: 'EXTRA', value: '1'}), async ({cloud}) => {
      const revisions = z.object({revisions: z.array(z.object({name: z.string()}))}).parse(await cloud.call('GET', `${backend}/revisions`))
      const [, old] = revisions.revisions
      const traffic = [{type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: old?.name.split('/').at(-1), percent: 100}]
      await cloud.call('PATCH', `${backend}?updateMask=traffic`, {traffic})
    }),
    is: 'warn',
  },
  {
    item: run,
    when: 'callers need an identity',
    code: 'RUN_CALLERS_REFUSED',
    from: 'compute',
    make: patch('invokerIamDisabled', {}),
    is: 'warn',
  },
  {
    item: run,
    when: 'the pipeline deployed under other names too',
    code: 'RUN_TWO_NAMES',
    from: 'compute',
    make: create('qlogic-backend-prod', 'docker.io/acme/backend:1'),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
]

const bounds = 'compute.run-scaling'
const scaling: readonly BadState[] = [
  {item: bounds, when: 'the other option is chosen', code: 'RUN_NOT_CHOSEN', from: 'network', parameters: onGke, ...notChosen},
  {
    item: bounds,
    when: 'a deployment took the minimum away',
    code: 'RUN_MIN_TOO_LOW',
    from: 'compute',
    make: template({scaling: {maxInstanceCount: 10}}),
  },
  {
    item: bounds,
    when: 'the maximum was raised',
    code: 'RUN_MAX_TOO_HIGH',
    from: 'compute',
    make: template({scaling: {minInstanceCount: 1, maxInstanceCount: 50}}),
  },
  {
    item: bounds,
    when: 'no maximum is set',
    code: 'RUN_MAX_TOO_HIGH',
    from: 'compute',
    make: template({scaling: {minInstanceCount: 1}}),
  },
  {
    item: bounds,
    when: 'somebody scales by hand',
    code: 'RUN_SCALING_MANUAL',
    from: 'compute',
    make: patch('scaling.scalingMode,scaling.manualInstanceCount', {scaling: {scalingMode: 'MANUAL', manualInstanceCount: 3}}),
    is: 'warn',
    ends: 'warn',
    because: 'whoever scales by hand has a reason, and knows when it is over',
  },
  {
    item: bounds,
    when: 'the pool outgrows the database',
    code: 'RUN_OUTGROWS_DATABASE',
    from: 'compute',
    make: environment({name: 'DB_POOL_SIZE', value: '20'}, {name: 'DB_MAX_OVERFLOW', value: '40'}),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
]

const way = 'compute.run-sql-connectivity'
const connectivity: readonly BadState[] = [
  {item: way, when: 'the other option is chosen', code: 'RUN_NOT_CHOSEN', from: 'network', parameters: onGke, ...notChosen},
  {
    item: way,
    when: 'nothing is deployed yet',
    code: 'RUN_BACKEND_ABSENT',
    from: 'network',
    is: 'not_applicable',
    ends: 'not_applicable',
    because: 'the first deployment brings its way',
  },
  {
    item: way,
    when: 'it has no way, and the database is public',
    code: 'RUN_PUBLIC_PATH',
    from: 'compute',
    make: after(
      ({cloud}) => cloud.call('DELETE', `/orgpolicy/v2/projects/${p}/policies/sql.restrictPublicIp`),
      ({cloud}) =>
        cloud.call('PATCH', `${instances}/qlogic-prod-db`, {
          settings: {ipConfiguration: {ipv4Enabled: true, privateNetwork: network}},
        }),
      template({vpcAccess: {}}),
    ),
    is: 'warn',
  },
  {
    item: way,
    when: 'the database has an address that only all traffic would reach',
    code: 'RUN_ADDRESS_NOT_ROUTED',
    from: 'compute',
    parameters: {sqlInstance: 'outside'},
    make: databaseOutside,
    ends: 'fail',
    because: 'an instance that stands cannot move to another range',
  },
  {
    item: way,
    when: 'its connector leads into another network',
    code: 'RUN_OTHER_NETWORK',
    from: 'compute',
    parameters: {vpcAccess: 'connector'},
    make: after(connectorElsewhere, throughConnector),
    ends: 'fail',
    because: 'the connector is an item of its own, and cannot move',
  },
  {item: way, when: 'a deployment dropped the way into the network', code: 'RUN_NO_PATH', from: 'compute', make: template({vpcAccess: {}})},
  {
    item: way,
    when: 'only the volume of Cloud SQL is left',
    code: 'RUN_ONLY_SQL_VOLUME',
    from: 'compute',
    make: template({
      vpcAccess: {},
      volumes: [{name: 'cloudsql', cloudSqlInstance: {instances: [`${p}:us-central1:qlogic-prod-db`]}}],
    }),
  },
  {
    item: way,
    when: 'it goes into another network',
    code: 'RUN_OTHER_NETWORK',
    from: 'compute',
    make: after(
      ({cloud}) => cloud.call('POST', `${compute}/global/networks`, {name: 'other', autoCreateSubnetworks: true}),
      template({vpcAccess: {networkInterfaces: [{network: 'other', subnetwork: 'other'}]}}),
    ),
  },
  {
    item: way,
    when: 'all traffic goes into the network, which has no NAT',
    code: 'RUN_EGRESS_SHUT_IN',
    from: 'compute',
    make: template({
      vpcAccess: {networkInterfaces: [{network: 'qlogic-prod-vpc', subnetwork: 'qlogic-prod-private'}], egress: 'ALL_TRAFFIC'},
    }),
    is: 'warn',
  },
  {
    item: way,
    when: 'it goes through a connector instead',
    code: 'RUN_USES_CONNECTOR',
    from: 'compute',
    make: after(connector, throughConnector),
    is: 'warn',
  },
  {
    item: way,
    when: 'it has no way, and a connector is configured',
    code: 'RUN_NO_PATH',
    from: 'compute',
    parameters: {vpcAccess: 'connector'},
    make: after(connector, template({vpcAccess: {}})),
  },
  {
    item: way,
    when: 'the connector is gone',
    code: 'RUN_CONNECTOR_NOT_READY',
    from: 'compute',
    parameters: {vpcAccess: 'connector'},
    make: after(connector, throughConnector, remove(`/vpcaccess/v1/projects/${p}/locations/us-central1/connectors/qlogic-connector`)),
    ends: 'fail',
    because: 'the connector is an item of its own',
  },
]

const open: Make = async ({cloud}) => {
  for (const name of [back, front])
    await cloud.call('PATCH', `${all}/${name}?updateMask=ingress,defaultUriDisabled`, {ingress: 'INGRESS_TRAFFIC_ALL'})
}
const ingress: readonly BadState[] = [
  {
    item: 'compute.run-ingress',
    when: 'the other option is chosen',
    code: 'RUN_NOT_CHOSEN',
    from: 'network',
    parameters: onGke,
    ...notChosen,
  },
  {
    item: 'compute.run-ingress',
    when: 'the address of run.app still answers',
    code: 'INGRESS_AROUND_BALANCER',
    from: 'dns',
    make: async ({cloud}) => {
      const locked = {ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', defaultUriDisabled: false}
      for (const name of [back, front]) await cloud.call('PATCH', `${all}/${name}?updateMask=ingress,defaultUriDisabled`, locked)
    },
    is: 'warn',
  },
  {
    item: 'compute.run-ingress',
    when: 'the load balancer does not serve yet',
    code: 'INGRESS_WAITS_FOR_BALANCER',
    from: 'compute',
    is: 'warn',
    ends: 'warn',
    because: 'locked now, nobody would get in',
  },
  {
    item: 'compute.run-ingress',
    when: 'the run.app addresses were opened again',
    code: 'INGRESS_AROUND_BALANCER',
    from: 'dns',
    make: open,
    is: 'warn',
  },
]

const token: readonly BadState[] = [
  {
    item: 'secrets.jwt-secret',
    when: 'the backend has a token secret in plain text',
    from: 'compute',
    make: environment({name: 'JWT_SECRET', value: 'x'}),
    is: 'warn',
    code: 'JWT_SECRET_LITERAL',
    ends: 'warn',
    because: later,
  },
]

export const computeRunStates: readonly BadState[] = [...services, ...scaling, ...connectivity, ...ingress, ...token]
