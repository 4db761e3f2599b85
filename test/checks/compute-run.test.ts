import {describe, expect, test} from 'vitest'
import ingress from '../../src/checks/compute/run-ingress.ts'
import scaling from '../../src/checks/compute/run-scaling.ts'
import services from '../../src/checks/compute/run-services.ts'
import connectivity from '../../src/checks/compute/run-sql-connectivity.ts'
import {newestImage} from '../../src/checks/run-service.ts'
import type {Connector, DockerImage, ForwardingRule, RunService, RunVariable, SslCertificate} from '../../src/gcp/cloud.ts'
import {context, daysAgo, judge} from './judge.ts'
import {given, lacking, runService, variables} from './run-service.ts'
import {sqlInstance} from './sql-instance.ts'

const place = 'us-central1-docker.pkg.dev/acme-prod/qlogic'
const image = (name: string, tags: readonly string[], days: number): DockerImage => ({
  name: `projects/acme-prod/locations/us-central1/repositories/qlogic/dockerImages/${name}@sha256:${days}`,
  uri: `${place}/${name}@sha256:${days}`,
  tags,
  uploadTime: daysAgo(days),
})
const images = [image('backend', ['main-2'], 1), image('backend', ['main-1'], 2), image('frontend', ['main-2'], 1)]
const [back, front] = ['qlogic-prod-backend', 'qlogic-prod-frontend']
const frontend = runService(front, {}, [])
const both = (rest: Parameters<typeof runService>[1] = {}, env = variables) => ({backend: runService(back, rest, env), frontend})

const asked = (pair: {backend: RunService | undefined; frontend: RunService | undefined}) => ({
  pair,
  policies: {backend: {bindings: []}, frontend: {bindings: []}},
  others: [],
  images,
  instance: sqlInstance(),
})
const nothing = asked({backend: undefined, frontend: undefined})
const revision = (state: string, rest: Parameters<typeof runService>[1] = {}) =>
  asked(both({terminalCondition: {state, reason: 'CONTAINER_MISSING', message: 'Image not found.'}, ...rest}))
const publicInvoker = {bindings: [{role: 'roles/run.invoker', members: ['allUsers']}]}
const gke = {compute: 'gke-autopilot'}
const named = {domain: 'qlogic.acme.example'}

judge('compute.run-services', services, [
  {when: 'option B is chosen', observed: nothing, config: gke, is: 'not_applicable', code: 'RUN_NOT_CHOSEN'},
  {
    when: 'there is nothing yet but images and a database',
    observed: nothing,
    config: named,
    is: 'fail',
    code: 'RUN_SERVICE_MISSING',
    plans: [`create-service-${back}`, `create-service-${front}`],
  },
  {
    when: 'there is nothing yet in dev',
    observed: nothing,
    env: 'dev',
    config: named,
    is: 'fail',
    code: 'RUN_SERVICE_MISSING',
    plans: ['create-service-qlogic-dev-backend', 'create-service-qlogic-dev-frontend'],
  },
  {when: 'no image was pushed', observed: {...nothing, images: []}, is: 'manual', code: 'RUN_NO_IMAGE'},
  {
    when: 'one image was pushed',
    observed: {...nothing, images: images.slice(0, 1)},
    config: named,
    is: 'manual',
    code: 'RUN_NO_IMAGE',
    plans: [`create-service-${back}`],
  },
  {
    when: 'the domain is a placeholder, so that the origins have no value',
    observed: nothing,
    is: 'manual',
    code: 'RUN_WITHOUT_ORIGIN',
    plans: [`create-service-${front}`],
  },
  {when: 'no image has a tag', observed: {...nothing, images: [image('backend', [], 1)]}, is: 'manual', code: 'RUN_NO_IMAGE'},
  {
    when: 'the database has no address yet',
    observed: {...nothing, instance: sqlInstance({ipAddresses: []})},
    config: named,
    is: 'fail',
    code: 'RUN_WITHOUT_DATABASE',
    plans: [`create-service-${front}`],
  },
  {
    when: 'there is no database, and only the frontend is missing',
    observed: {...asked({...both(), frontend: undefined}), instance: undefined},
    is: 'fail',
    code: 'RUN_SERVICE_MISSING',
    plans: [`create-service-${front}`],
  },
  {when: 'both serve', observed: asked(both()), is: 'pass', code: 'RUN_SERVICES_READY'},
  {
    when: 'the newest revision fails and the old one serves',
    observed: revision('CONDITION_FAILED', {latestCreatedRevision: `${back}-00002-xyz`}),
    is: 'fail',
    code: 'RUN_REVISION_FAILED',
  },
  {
    when: 'the first revision failed: nothing runs that could be replaced',
    observed: revision('CONDITION_FAILED', {latestReadyRevision: undefined}),
    is: 'fail',
    code: 'RUN_REVISION_FAILED',
    plans: [`redeploy-service-${back}`],
  },
  {
    when: 'the first revision failed and callers are refused',
    observed: revision('CONDITION_FAILED', {latestReadyRevision: undefined, invokerIamDisabled: false}),
    is: 'fail',
    code: 'RUN_REVISION_FAILED',
    plans: [`redeploy-service-${back}`, `open-service-${back}`],
  },
  {when: 'a revision is rolled out', observed: revision('CONDITION_RECONCILING', {reconciling: true}), is: 'warn', code: 'RUN_RECONCILING'},
  {when: 'readiness is not known yet', observed: revision('CONDITION_PENDING'), is: 'warn', code: 'RUN_RECONCILING'},
  {
    when: 'an older revision serves',
    observed: asked(both({latestCreatedRevision: `${back}-00002-xyz`})),
    is: 'fail',
    code: 'RUN_OLD_REVISION_SERVES',
  },
  {
    when: 'the password is a literal',
    observed: asked(both({}, given({name: 'DB_PASSWORD'}))),
    is: 'fail',
    code: 'RUN_SECRET_LITERAL',
    plans: [`repair-service-${back}`],
  },
  {
    when: 'the token secret is absent',
    observed: asked(both({}, lacking('JWT_SECRET'))),
    is: 'fail',
    code: 'RUN_VARIABLES_MISSING',
    plans: [`repair-service-${back}`],
  },
  {
    when: 'the origins are absent',
    observed: asked(both({}, lacking('CORS_ORIGINS'))),
    is: 'fail',
    code: 'RUN_VARIABLES_MISSING',
    plans: [`repair-service-${back}`],
  },
  {
    when: 'the origins are plain, as they may be',
    observed: asked(both({}, given({name: 'CORS_ORIGINS'}))),
    is: 'pass',
    code: 'RUN_SERVICES_READY',
  },
  {
    when: 'the address comes from its secret',
    observed: asked(both({}, given({name: 'DB_HOST', secret: 'db-host', version: 'latest'}))),
    is: 'pass',
    code: 'RUN_SERVICES_READY',
  },
  {
    when: 'the pipeline says prod where the application wants production',
    observed: asked(both({}, given({name: 'ENVIRONMENT', value: 'prod'}))),
    is: 'warn',
    code: 'RUN_OTHER_ENVIRONMENT',
    plans: [`repair-service-${back}`],
  },
  {
    when: 'staging is told that it is production',
    observed: asked(both()),
    env: 'staging',
    is: 'warn',
    code: 'RUN_OTHER_ENVIRONMENT',
    plans: [`repair-service-${back}`],
  },
  {
    when: 'the address is the one of an instance that is gone',
    observed: asked(both({}, given({name: 'DB_HOST', value: '10.1.1.1'}))),
    is: 'warn',
    code: 'RUN_OTHER_DATABASE',
    plans: [`repair-service-${back}`],
  },
  {when: 'the image moves', observed: asked(both({image: `${place}/backend:latest`})), is: 'warn', code: 'RUN_IMAGE_LATEST'},
  {when: 'the image has no tag', observed: asked(both({image: `${place}/backend`})), is: 'warn', code: 'RUN_IMAGE_LATEST'},
  {when: 'the image is a digest', observed: asked(both({image: `${place}/backend@sha256:1`})), is: 'pass', code: 'RUN_SERVICES_READY'},
  {
    when: 'the image comes from another registry',
    observed: asked(both({image: 'docker.io/acme/backend:1'})),
    is: 'warn',
    code: 'RUN_OTHER_REGISTRY',
  },
  {
    when: 'it runs as the default account',
    observed: asked(both({template: {serviceAccount: '1234567890-compute@developer.gserviceaccount.com'}})),
    is: 'warn',
    code: 'RUN_DEFAULT_ACCOUNT',
    plans: [`repair-service-${back}`],
  },
  {
    when: 'traffic is pinned to an older revision',
    observed: asked(both({traffic: [{type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: `${back}-00000-old`, percent: 100}]})),
    is: 'warn',
    code: 'RUN_TRAFFIC_PINNED',
    plans: [`release-traffic-${back}`],
  },
  {
    when: 'callers need an identity',
    observed: asked(both({invokerIamDisabled: false})),
    is: 'warn',
    code: 'RUN_CALLERS_REFUSED',
    plans: [`open-service-${back}`],
  },
  {
    when: 'callers are let in by the policy',
    observed: {...asked(both({invokerIamDisabled: false})), policies: {backend: publicInvoker, frontend: undefined}},
    is: 'pass',
    code: 'RUN_SERVICES_READY',
  },
  {
    when: 'the services of another pipeline stand beside ours',
    observed: {...asked(both()), others: ['qlogic-backend-prod']},
    is: 'warn',
    code: 'RUN_TWO_NAMES',
  },
])

const bounds = (rest: Parameters<typeof runService>[1], env = variables, instance = sqlInstance()) => ({pair: both(rest, env), instance})
const atRevision = (minInstanceCount: number, maxInstanceCount: number | undefined) => ({
  template: {scaling: {minInstanceCount, maxInstanceCount}},
})

judge('compute.run-scaling', scaling, [
  {when: 'option B is chosen', observed: bounds({}), config: gke, is: 'not_applicable', code: 'RUN_NOT_CHOSEN'},
  {
    when: 'there is no service',
    observed: {pair: {backend: undefined, frontend: undefined}, instance: undefined},
    is: 'not_applicable',
    code: 'RUN_SERVICES_ABSENT',
  },
  {when: 'both keep their bounds', observed: bounds({}), is: 'pass', code: 'RUN_BOUNDS_HELD'},
  {
    when: 'the service level has them, the revision does not',
    observed: bounds({scaling: {minInstanceCount: 1, maxInstanceCount: 10}, ...atRevision(0, undefined)}),
    is: 'pass',
    code: 'RUN_BOUNDS_HELD',
  },
  {
    when: 'zero of the service level is not set',
    observed: bounds({scaling: {minInstanceCount: 0, maxInstanceCount: 0}}),
    is: 'pass',
    code: 'RUN_BOUNDS_HELD',
  },
  {when: 'production is cold', observed: bounds(atRevision(0, 10)), is: 'fail', code: 'RUN_MIN_TOO_LOW', plans: [`scale-service-${back}`]},
  {
    when: 'production is configured cold all the same',
    observed: bounds(atRevision(0, 10)),
    config: {runMin: 0},
    is: 'fail',
    code: 'RUN_MIN_TOO_LOW',
    plans: [`scale-service-${back}`],
  },
  {
    when: 'the maximum is unset',
    observed: bounds(atRevision(1, undefined)),
    is: 'fail',
    code: 'RUN_MAX_TOO_HIGH',
    plans: [`scale-service-${back}`],
  },
  {
    when: 'the maximum was raised',
    observed: bounds(atRevision(1, 50)),
    is: 'fail',
    code: 'RUN_MAX_TOO_HIGH',
    plans: [`scale-service-${back}`],
  },
  {
    when: 'staging has the bounds of production',
    observed: bounds({}),
    env: 'staging',
    is: 'fail',
    code: 'RUN_MAX_TOO_HIGH',
    plans: [`scale-service-${back}`, `scale-service-${front}`],
  },
  {
    when: 'dev is cold and small',
    observed: {pair: {...both(atRevision(0, 2)), frontend: undefined}, instance: undefined},
    env: 'dev',
    is: 'pass',
    code: 'RUN_BOUNDS_HELD',
  },
  {
    when: 'somebody scales by hand',
    observed: bounds({scaling: {scalingMode: 'MANUAL', manualInstanceCount: 3}}),
    is: 'warn',
    code: 'RUN_SCALING_MANUAL',
  },
  {
    when: 'the pool of the application is as it comes: 10 x 4 x 60 connections',
    observed: bounds({}, lacking('DB_POOL_SIZE', 'DB_MAX_OVERFLOW')),
    is: 'warn',
    code: 'RUN_OUTGROWS_DATABASE',
  },
  {
    when: 'one process and a pool of 39 stay below 400',
    observed: bounds(
      {},
      given({name: 'DB_POOL_SIZE', value: '39'}, {name: 'DB_MAX_OVERFLOW', value: '0'}, {name: 'WEB_CONCURRENCY', value: '1'}),
    ),
    is: 'pass',
    code: 'RUN_BOUNDS_HELD',
  },
  {
    when: 'a flag of the database lowers its limit',
    observed: bounds({}, variables, sqlInstance({}, {databaseFlags: [{name: 'max_connections', value: '200'}]})),
    is: 'warn',
    code: 'RUN_OUTGROWS_DATABASE',
  },
])

const connector = (rest: Partial<Connector> = {}): Connector => ({
  name: 'qlogic-connector',
  state: 'READY',
  subnet: 'qlogic-prod-connector',
  connectedProjects: [],
  ...rest,
})
const subnets = ['qlogic-prod-private', 'qlogic-prod-connector'].map((name) => ({
  name,
  selfLink: name,
  region: 'us-central1',
  network: 'qlogic-prod-vpc',
  ipCidrRange: '10.8.0.0/28',
  privateIpGoogleAccess: true,
  flowLogs: false,
  secondaryIpRanges: [],
}))
const nat = {name: 'router', network: 'qlogic-prod-vpc', nats: [{name: 'nat', subnetworks: []}]}
type Access = Partial<RunService['template']['vpcAccess']>
const path = (vpcAccess: Access, rest: {connector?: Connector; routers?: (typeof nat)[]; volumes?: string[]} = {}) => ({
  backend: runService(back, {template: {vpcAccess: {networkInterfaces: [], ...vpcAccess}, cloudSqlInstances: rest.volumes ?? []}}),
  instance: sqlInstance(),
  connector: rest.connector,
  subnets,
  routers: rest.routers ?? [],
})
const ours = {network: 'qlogic-prod-vpc', subnetwork: 'qlogic-prod-private'}
const throughConnector = {connector: 'projects/acme-prod/locations/us-central1/connectors/qlogic-connector', egress: 'PRIVATE_RANGES_ONLY'}
const chosen = {vpcAccess: 'connector'}
const plans = [`connect-service-${back}`]

judge('compute.run-sql-connectivity', connectivity, [
  {when: 'option B is chosen', observed: path({}), config: gke, is: 'not_applicable', code: 'RUN_NOT_CHOSEN'},
  {
    when: 'there is no backend: its first deployment brings the path',
    observed: {...path({}), backend: undefined},
    is: 'not_applicable',
    code: 'RUN_BACKEND_ABSENT',
  },
  {when: 'it reaches the subnet directly', observed: path({networkInterfaces: [ours]}), is: 'pass', code: 'RUN_PATH_PRIVATE'},
  {
    when: 'only the network is named, by its full name',
    observed: path({networkInterfaces: [{network: 'projects/acme-prod/global/networks/qlogic-prod-vpc'}]}),
    is: 'pass',
    code: 'RUN_PATH_PRIVATE',
  },
  {
    when: 'it goes through the configured connector',
    observed: path(throughConnector, {connector: connector()}),
    config: chosen,
    is: 'pass',
    code: 'RUN_PATH_PRIVATE',
  },
  {
    when: 'a connector is configured and Direct VPC egress is there',
    observed: path({networkInterfaces: [ours]}),
    config: chosen,
    is: 'pass',
    code: 'RUN_PATH_PRIVATE',
  },
  {when: 'there is no path', observed: path({}), is: 'fail', code: 'RUN_NO_PATH', plans},
  {when: 'there is no path and a connector is configured', observed: path({}), config: chosen, is: 'fail', code: 'RUN_NO_PATH', plans},
  {
    when: 'there is no database either',
    observed: {...path({}), instance: undefined},
    is: 'fail',
    code: 'RUN_NO_PATH',
    plans,
  },
  {
    when: 'there is only the volume of Cloud SQL',
    observed: path({}, {volumes: ['acme-prod:us-central1:qlogic-prod-db']}),
    is: 'fail',
    code: 'RUN_ONLY_SQL_VOLUME',
    plans,
  },
  {
    when: 'the database has a public address too',
    observed: {...path({}), instance: sqlInstance({ipAddresses: [{type: 'PRIMARY', ipAddress: '34.1.2.3'}]})},
    is: 'warn',
    code: 'RUN_PUBLIC_PATH',
    plans,
  },
  {
    when: 'the connector is gone',
    observed: path(throughConnector),
    config: chosen,
    is: 'fail',
    code: 'RUN_CONNECTOR_NOT_READY',
  },
  {
    when: 'the connector is in error',
    observed: path(throughConnector, {connector: connector({state: 'ERROR'})}),
    config: chosen,
    is: 'fail',
    code: 'RUN_CONNECTOR_NOT_READY',
  },
  {
    when: 'it goes into another network',
    observed: path({networkInterfaces: [{network: 'default', subnetwork: 'default'}]}),
    is: 'fail',
    code: 'RUN_OTHER_NETWORK',
    plans,
  },
  {
    when: 'it goes through another connector',
    observed: path({connector: 'other'}, {connector: connector({name: 'other'})}),
    config: chosen,
    is: 'fail',
    code: 'RUN_OTHER_NETWORK',
    plans,
  },
  {
    when: 'the connector leads into another network',
    observed: path(throughConnector, {connector: connector({subnet: 'elsewhere'})}),
    config: chosen,
    is: 'fail',
    code: 'RUN_OTHER_NETWORK',
  },
  {
    when: 'a connector of network and range leads into ours',
    observed: path(throughConnector, {
      connector: {name: 'qlogic-connector', state: 'READY', network: 'qlogic-prod-vpc', connectedProjects: []},
    }),
    config: chosen,
    is: 'pass',
    code: 'RUN_PATH_PRIVATE',
  },
  {
    when: 'it goes through a connector where Direct VPC egress is configured',
    observed: path(throughConnector, {connector: connector()}),
    is: 'warn',
    code: 'RUN_USES_CONNECTOR',
    plans,
  },
  {
    when: 'the address of the database is in no range that goes into the network',
    observed: {...path({networkInterfaces: [ours]}), instance: sqlInstance({ipAddresses: [{type: 'PRIVATE', ipAddress: '198.51.100.3'}]})},
    is: 'fail',
    code: 'RUN_ADDRESS_NOT_ROUTED',
  },
  {
    when: 'the address of the database is in such a range of RFC 6598',
    observed: {...path({networkInterfaces: [ours]}), instance: sqlInstance({ipAddresses: [{type: 'PRIVATE', ipAddress: '100.64.0.3'}]})},
    is: 'pass',
    code: 'RUN_PATH_PRIVATE',
  },
  {
    when: 'all traffic goes there, and to that address too',
    observed: {
      ...path({networkInterfaces: [ours], egress: 'ALL_TRAFFIC'}, {routers: [nat]}),
      instance: sqlInstance({ipAddresses: [{type: 'PRIVATE', ipAddress: '198.51.100.3'}]}),
    },
    is: 'pass',
    code: 'RUN_PATH_PRIVATE',
  },
  {
    when: 'all traffic goes into the network, which has no NAT',
    observed: path({networkInterfaces: [ours], egress: 'ALL_TRAFFIC'}),
    is: 'warn',
    code: 'RUN_EGRESS_SHUT_IN',
    plans,
  },
  {
    when: 'all traffic goes into the network, which has one',
    observed: path({networkInterfaces: [ours], egress: 'ALL_TRAFFIC'}, {routers: [nat]}),
    is: 'pass',
    code: 'RUN_PATH_PRIVATE',
  },
])

const rule: ForwardingRule = {
  name: 'qlogic-prod-https-fr',
  portRange: '443-443',
  target: {kind: 'targetHttpsProxies', name: 'qlogic-prod-https'},
  loadBalancingScheme: 'EXTERNAL_MANAGED',
}
const certificate = (status: string): SslCertificate => ({
  name: 'qlogic-cert',
  type: 'MANAGED',
  status,
  domains: ['qlogic.acme.example'],
  domainStatus: {},
  subjectAlternativeNames: [],
})
const edge = (rest: Parameters<typeof runService>[1] = {}, status = 'ACTIVE', rules = [rule]) => ({
  pair: {backend: runService(back, rest), frontend: runService(front, rest)},
  rules,
  certificates: [certificate(status)],
})
const locked = {ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', defaultUriDisabled: true}
const domain = {domain: 'qlogic.acme.example'}
const locks = [`lock-service-${back}`, `lock-service-${front}`]

judge('compute.run-ingress', ingress, [
  {when: 'option B is chosen', observed: edge(), config: gke, is: 'not_applicable', code: 'RUN_NOT_CHOSEN'},
  {
    when: 'there is no service',
    observed: {pair: {backend: undefined, frontend: undefined}, rules: [], certificates: []},
    is: 'not_applicable',
    code: 'INGRESS_SERVICES_ABSENT',
  },
  {when: 'dev is reached by its run.app address', observed: edge(), env: 'dev', is: 'pass', code: 'INGRESS_OPEN_AS_CHOSEN'},
  {when: 'only the load balancer reaches it', observed: edge(locked), config: domain, is: 'pass', code: 'INGRESS_LOCKED'},
  {
    when: 'it is open and the load balancer serves',
    observed: edge(),
    config: domain,
    is: 'warn',
    code: 'INGRESS_AROUND_BALANCER',
    plans: locks,
  },
  {
    when: 'only the address is still on',
    observed: edge({...locked, defaultUriDisabled: false}),
    config: domain,
    is: 'warn',
    code: 'INGRESS_AROUND_BALANCER',
    plans: locks,
  },
  {
    when: 'it is open and the certificate is not active: locking it would leave no way',
    observed: edge({}, 'PROVISIONING'),
    config: domain,
    is: 'warn',
    code: 'INGRESS_WAITS_FOR_BALANCER',
  },
  {
    when: 'it is open and there is no rule',
    observed: edge({}, 'ACTIVE', []),
    config: domain,
    is: 'warn',
    code: 'INGRESS_WAITS_FOR_BALANCER',
  },
  {
    when: 'the certificate is for another domain',
    observed: edge(),
    config: {domain: 'other.acme.example'},
    is: 'warn',
    code: 'INGRESS_WAITS_FOR_BALANCER',
  },
])

const planned = (observed: Parameters<NonNullable<typeof services.plan>>[0], overrides = {}, env: 'dev' | 'staging' | 'prod' = 'prod') =>
  services.plan?.(observed, context({...named, ...overrides}, env)) ?? []
const bodyOf = (changes: ReturnType<typeof planned>) => changes.map(({request}) => (request.kind === 'call' ? request.body : undefined))

describe('the first deployment', () => {
  const [backend] = bodyOf(planned(nothing))

  test('takes secrets by reference, the private address, and a pool that the database can serve', () => {
    expect(backend).toMatchObject({
      invokerIamDisabled: true,
      template: {
        serviceAccount: 'qlogic-app@acme-prod.iam.gserviceaccount.com',
        vpcAccess: {networkInterfaces: [{network: 'qlogic-prod-vpc', subnetwork: 'qlogic-prod-private'}], egress: 'PRIVATE_RANGES_ONLY'},
        containers: [
          {
            image: `${place}/backend:main-2`,
            resources: {cpuIdle: true},
            env: [
              {name: 'ENVIRONMENT', value: 'production'},
              {name: 'DB_HOST', value: '10.217.0.3'},
              {name: 'DB_NAME', value: 'qlogic'},
              {name: 'DB_USER', value: 'qlogic_app'},
              {name: 'DB_SSL_MODE', value: 'require'},
              {name: 'DB_POOL_SIZE', value: '5'},
              {name: 'DB_MAX_OVERFLOW', value: '3'},
              {name: 'DB_PASSWORD', valueSource: {secretKeyRef: {secret: 'db-password', version: 'latest'}}},
              {name: 'JWT_SECRET', valueSource: {secretKeyRef: {secret: 'jwt-secret', version: 'latest'}}},
              {name: 'CORS_ORIGINS', valueSource: {secretKeyRef: {secret: 'cors-origins', version: 'latest'}}},
            ],
          },
        ],
      },
    })
  })

  test.each([
    ['dev', 0, 2],
    ['staging', 0, 5],
    ['prod', 1, 10],
  ] as const)('has the bounds of %s: %i to %i', (env, minInstanceCount, maxInstanceCount) => {
    expect(bodyOf(planned(nothing, {}, env))).toMatchObject(Array(2).fill({template: {scaling: {minInstanceCount, maxInstanceCount}}}))
  })

  test('goes through the connector where that is configured', () => {
    expect(bodyOf(planned(nothing, chosen))[0]).toMatchObject({
      template: {vpcAccess: {connector: 'projects/acme-prod/locations/us-central1/connectors/qlogic-connector'}},
    })
  })

  test('by hand says the same', () => {
    const [line] = planned(nothing)[0]?.gcloud ?? []
    expect(line).toContain('--set-secrets=DB_PASSWORD=db-password:latest,JWT_SECRET=jwt-secret:latest,CORS_ORIGINS=cors-origins:latest')
    expect(line).toContain('DB_HOST=10.217.0.3,DB_NAME=qlogic')
  })
})

describe('a service that runs', () => {
  test('keeps its image, whatever is repaired', () => {
    const changes = planned(asked(both({image: `${place}/backend:latest`, invokerIamDisabled: false}, lacking('DB_HOST', 'JWT_SECRET'))))
    expect(changes).not.toHaveLength(0)
    expect(JSON.stringify(bodyOf(changes))).not.toContain('image')
  })

  test('is asked about by itself where a value that it works with is replaced', () => {
    const consents = (variable: RunVariable) => planned(asked(both({}, given(variable)))).map(({consent}) => consent?.each)
    expect(consents({name: 'JWT_SECRET'})).toEqual([expect.stringContaining('signed out')])
    expect(consents({name: 'DB_PASSWORD'})).toEqual([expect.stringContaining('password')])
    expect(consents({name: 'ENVIRONMENT', value: 'prod'})).toEqual([undefined])
  })
})

describe('the image of a first deployment', () => {
  test.each([
    ['the newest with a tag', [image('backend', [], 0), image('backend', ['b'], 1), image('backend', ['a'], 2)], `${place}/backend:b`],
    ['a tag that stays before latest', [image('backend', ['latest', 'v1'], 1)], `${place}/backend:v1`],
    ['the digest where there is only latest', [image('backend', ['latest'], 1)], `${place}/backend@sha256:1`],
    ['none of another name', [image('old-backend', ['a'], 1)], undefined],
  ])('is %s', (_, list, expected) => {
    expect(newestImage(list, 'backend')).toBe(expected)
  })
})
