import {z} from 'zod'
import {app, compute, deletes, later, p, person, type BadState} from './bad-state.ts'

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
const throughConnector = template({
  vpcAccess: {connector: `projects/${p}/locations/us-central1/connectors/qlogic-connector`, egress: 'PRIVATE_RANGES_ONLY'},
})
const after =
  (...makes: Make[]): Make =>
  async (walked) => {
    for (const make of makes) await make(walked)
  }

const run = 'compute.run-services'
const services: readonly BadState[] = [
  {item: run, when: 'nothing is deployed yet', from: 'secrets'},
  {
    item: run,
    when: 'no image was pushed',
    from: 'secrets',
    make: remove(`${packages}/backend`),
    is: 'manual',
    ends: 'manual',
    because: 'the first image comes from the pipeline or from a person',
  },
  {item: run, when: 'there is no database yet', from: 'registry', ends: 'fail', because: later},
  {item: run, when: 'the backend was deleted', from: 'compute', make: remove(backend)},
  {
    item: run,
    when: 'the first revision never started',
    from: 'secrets',
    make: create(back, `${place}/backend:gone`),
  },
  {
    item: run,
    when: 'the newest revision does not start, and the old one serves',
    from: 'compute',
    make: image(`${place}/backend:gone`),
    ends: 'fail',
    because: pipeline,
  },
  {item: run, when: 'the password is in plain text', from: 'compute', make: environment({name: 'DB_PASSWORD', value: 'x'})},
  {item: run, when: 'the token secret is in plain text', from: 'compute', make: environment({name: 'JWT_SECRET', value: 'x'})},
  {item: run, when: 'the token secret is gone', from: 'compute', make: environment({name: 'JWT_SECRET'})},
  {item: run, when: 'the address of the database is gone', from: 'compute', make: environment({name: 'DB_HOST'})},
  {
    item: run,
    when: 'the pipeline says prod',
    from: 'compute',
    make: environment({name: 'ENVIRONMENT', value: 'prod'}),
    is: 'warn',
  },
  {
    item: run,
    when: 'it asks another database',
    from: 'compute',
    make: environment({name: 'DB_HOST', value: '10.99.0.3'}),
    is: 'warn',
  },
  {
    item: run,
    when: 'the image is latest',
    from: 'compute',
    make: after(
      ({cloud}) => cloud.call('POST', '/sandbox/v1/acts/push-images', {projectId: p, region: 'us-central1', repository: 'qlogic'}),
      image('docker.io/acme/backend:latest'),
    ),
    is: 'warn',
    ends: 'warn',
    because: pipeline,
  },
  {
    item: run,
    when: 'it runs as the default account',
    from: 'compute',
    make: after(environment({name: 'DB_PASSWORD'}, {name: 'JWT_SECRET'}, {name: 'CORS_ORIGINS'}), template({serviceAccount: ''})),
    is: 'fail',
  },
  {
    item: run,
    when: 'traffic is pinned to an old revision',
    from: 'compute',
    make: after(environment({name: 'EXTRA', value: '1'}), async ({cloud}) => {
      const revisions = z.object({revisions: z.array(z.object({name: z.string()}))}).parse(await cloud.call('GET', `${backend}/revisions`))
      const [, old] = revisions.revisions
      const traffic = [{type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: old?.name.split('/').at(-1), percent: 100}]
      await cloud.call('PATCH', `${backend}?updateMask=traffic`, {traffic})
    }),
    is: 'warn',
  },
  {item: run, when: 'callers need an identity', from: 'compute', make: patch('invokerIamDisabled', {}), is: 'warn'},
  {
    item: run,
    when: 'the pipeline deployed under other names too',
    from: 'compute',
    make: create('qlogic-backend-prod', 'docker.io/acme/backend:1'),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
]

const bounds = 'compute.run-scaling'
const scaling: readonly BadState[] = [
  {item: bounds, when: 'a deployment took the minimum away', from: 'compute', make: template({scaling: {maxInstanceCount: 10}})},
  {item: bounds, when: 'the maximum was raised', from: 'compute', make: template({scaling: {minInstanceCount: 1, maxInstanceCount: 50}})},
  {item: bounds, when: 'no bound is set', from: 'compute', make: template({scaling: {}})},
  {
    item: bounds,
    when: 'somebody scales by hand',
    from: 'compute',
    make: patch('scaling.scalingMode,scaling.manualInstanceCount', {scaling: {scalingMode: 'MANUAL', manualInstanceCount: 3}}),
    is: 'warn',
    ends: 'warn',
    because: 'whoever scales by hand has a reason, and knows when it is over',
  },
  {
    item: bounds,
    when: 'the pool outgrows the database',
    from: 'compute',
    make: environment({name: 'DB_POOL_SIZE', value: '20'}, {name: 'DB_MAX_OVERFLOW', value: '40'}),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
]

const way = 'compute.run-sql-connectivity'
const connectivity: readonly BadState[] = [
  {item: way, when: 'a deployment dropped the way into the network', from: 'compute', make: template({vpcAccess: {}})},
  {
    item: way,
    when: 'only the volume of Cloud SQL is left',
    from: 'compute',
    make: template({
      vpcAccess: {},
      volumes: [{name: 'cloudsql', cloudSqlInstance: {instances: [`${p}:us-central1:qlogic-prod-db`]}}],
    }),
  },
  {
    item: way,
    when: 'it goes into another network',
    from: 'compute',
    make: after(
      ({cloud}) => cloud.call('POST', `${compute}/global/networks`, {name: 'other', autoCreateSubnetworks: true}),
      template({vpcAccess: {networkInterfaces: [{network: 'other', subnetwork: 'other'}]}}),
    ),
  },
  {
    item: way,
    when: 'all traffic goes into the network, which has no NAT',
    from: 'compute',
    make: template({
      vpcAccess: {networkInterfaces: [{network: 'qlogic-prod-vpc', subnetwork: 'qlogic-prod-private'}], egress: 'ALL_TRAFFIC'},
    }),
    is: 'warn',
  },
  {item: way, when: 'it goes through a connector instead', from: 'compute', make: after(connector, throughConnector), is: 'warn'},
  {
    item: way,
    when: 'it has no way, and a connector is configured',
    from: 'compute',
    parameters: {vpcAccess: 'connector'},
    make: after(connector, template({vpcAccess: {}})),
  },
  {
    item: way,
    when: 'the connector is gone',
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
    when: 'the load balancer does not serve yet',
    from: 'compute',
    is: 'warn',
    ends: 'warn',
    because: 'locked now, nobody would get in',
  },
  {item: 'compute.run-ingress', when: 'the run.app addresses were opened again', from: 'dns', make: open, is: 'warn'},
]

const token: readonly BadState[] = [
  {
    item: 'secrets.jwt-secret',
    when: 'the backend has a token secret in plain text',
    from: 'compute',
    make: environment({name: 'JWT_SECRET', value: 'x'}),
    is: 'warn',
    ends: 'warn',
    because: later,
  },
]

export const computeRunStates: readonly BadState[] = [...services, ...scaling, ...connectivity, ...ingress, ...token]
