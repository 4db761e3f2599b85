import {createServer} from 'node:https'
import {generate} from 'selfsigned'
import {expect, onTestFinished, test} from 'vitest'
import type {Clock} from '../../src/engine/clock.ts'
import type {Cluster} from '../../src/gcp/cloud.ts'
import {createCloud} from '../../src/gcp/create-cloud.ts'
import {GcpError} from '../../src/gcp/gcp-error.ts'
import {createTransport} from '../../src/gcp/transport.ts'
import {createTap, onWire} from '../../src/gcp/wire.ts'
import {executeKubernetes} from '../../src/kubernetes/execute.ts'
import {openKubernetes} from '../../src/kubernetes/open-kubernetes.ts'
import {openCloud, textAt} from '../sandbox/cloud.ts'

const location = '/container/v1/projects/abcdef/locations/us-central1'
const inside = '/kubernetes/projects/abcdef/locations/us-central1/clusters/q'

/** Time that passes only while somebody waits for it. */
const quickClock = (): Clock => {
  let time = Date.parse('2026-03-01T12:00:00Z')
  return {
    now: () => new Date(time),
    sleep: (ms) => {
      time += ms
      return Promise.resolve()
    },
  }
}

const openCluster = async (doors: object = {dnsEndpointConfig: {allowExternalTraffic: true}, ipEndpointsConfig: {enabled: false}}) => {
  const simulated = await openCloud()
  await simulated.project('abcdef', 'compute', 'container')
  const started = await simulated.call('POST', `${location}/clusters`, {
    cluster: {name: 'q', autopilot: {enabled: true}, controlPlaneEndpointsConfig: doors},
  })
  simulated.pass(1000)
  await simulated.call('GET', `${location}/operations/${textAt(started.body, 'name')}`)
  const transport = createTransport({endpoint: simulated.sandbox.url, timeoutMs: 5000, clock: quickClock()})
  const cluster = await createCloud(transport, 'abcdef').container.cluster('us-central1', 'q')
  if (cluster === undefined) throw new Error('there is no cluster')
  return {...simulated, transport, cluster, read: () => openKubernetes(transport, 'abcdef')}
}

const hooks = {}
const target = {location: 'us-central1', name: 'q'}
const namespace = (name: string) =>
  ({kind: 'kubernetes', cluster: target, verb: 'create', path: '/api/v1/namespaces', body: {metadata: {name}}}) as const

test('a cluster is read with the same transport as everything else', async () => {
  const {call, cluster, read} = await openCluster()
  await call('POST', `${inside}/api/v1/namespaces`, {metadata: {name: 'one'}})
  await call('POST', `${inside}/apis/apps/v1/namespaces/one/deployments`, {
    metadata: {name: 'backend'},
    spec: {
      template: {
        spec: {
          serviceAccountName: 'app',
          containers: [
            {
              name: 'app',
              image: 'app:1',
              env: [
                {name: 'A', value: 'b'},
                {name: 'C', valueFrom: {secretKeyRef: {name: 's'}}},
              ],
            },
          ],
          initContainers: [{name: 'proxy', image: 'proxy:2', restartPolicy: 'Always'}],
          volumes: [
            {name: 'v', secret: {secretName: 'key'}},
            {name: 'w', emptyDir: {}},
          ],
        },
      },
    },
  })
  const kubernetes = read()
  const namespaces = await kubernetes.namespaces(cluster)
  expect(namespaces).toMatchObject({reached: true})
  expect(namespaces.reached && namespaces.value).toContainEqual({name: 'one', phase: 'Active'})
  expect(await kubernetes.serviceAccount(cluster, 'one', 'default')).toEqual({reached: true, value: {name: 'default', annotations: {}}})
  expect(await kubernetes.serviceAccount(cluster, 'one', 'other')).toEqual({reached: true, value: undefined})
  expect(await kubernetes.deployments(cluster, 'one')).toEqual({
    reached: true,
    value: [
      {
        name: 'backend',
        serviceAccountName: 'app',
        containers: [
          {
            name: 'app',
            image: 'app:1',
            environment: [
              {name: 'A', value: 'b'},
              {name: 'C', value: undefined},
            ],
          },
          {name: 'proxy', image: 'proxy:2', environment: []},
        ],
        mountedSecrets: ['key'],
      },
    ],
  })
})

test('a write is sent once, and what is there already is adopted', async () => {
  const {transport, cluster, read} = await openCluster()
  await executeKubernetes(transport, 'abcdef', namespace('one'), hooks)
  expect((await executeKubernetes(transport, 'abcdef', namespace('one'), hooks)).received).toMatchObject({adopted: true})
  const accounts = '/api/v1/namespaces/one/serviceaccounts'
  const change = {
    kind: 'kubernetes',
    cluster: target,
    verb: 'patch',
    path: `${accounts}/default`,
    body: {metadata: {annotations: {a: 'b'}}},
  } as const
  await executeKubernetes(transport, 'abcdef', change, hooks)
  expect(await read().serviceAccount(cluster, 'one', 'default')).toMatchObject({value: {annotations: {a: 'b'}}})
})

test('closed doors are an answer, and nothing is sent', async () => {
  const {transport, cluster, read} = await openCluster({dnsEndpointConfig: {}, ipEndpointsConfig: {enabled: false}})
  const before = transport.calls
  expect(await read().namespaces(cluster)).toEqual({
    reached: false,
    why: 'its control plane has no endpoint that is open to the outside',
  })
  expect(transport.calls).toBe(before)
  await expect(executeKubernetes(transport, 'abcdef', namespace('one'), hooks)).rejects.toMatchObject({kind: 'network'})
})

test('silence is an answer after a few tries, a refusal is an error that names the permission', async () => {
  const {sandbox, cluster, read} = await openCluster()
  sandbox.setFaults({errors: [{match: 'GET /kubernetes/*', status: 503}]})
  expect(await read().namespaces(cluster)).toMatchObject({reached: false})
  sandbox.setFaults({deny: ['container.namespaces.list']})
  const refused = await read()
    .namespaces(cluster)
    .catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(GcpError)
  expect(refused).toMatchObject({kind: 'permission', permission: 'container.namespaces.list', reason: 'Forbidden'})
})

test('no credential goes to a host that is not Google’s', async () => {
  const transport = createTransport({timeoutMs: 1000, clock: quickClock()})
  const cluster: Cluster = {
    name: 'q',
    location: 'us-central1',
    status: 'RUNNING',
    conditions: [],
    autopilot: true,
    network: 'n',
    privateNodes: true,
    ranges: [],
    controlPlane: {dns: {endpoint: 'gke.goog.example.com', external: true}, ip: {publicEndpoint: 'example.com', certificate: 'x'}},
  }
  expect(await openKubernetes(transport, 'abcdef').namespaces(cluster)).toMatchObject({reached: false})
  expect(transport.calls).toBe(0)
})

test('an address is trusted on the word of its own authority only', async () => {
  const extensions = {keySize: 2048, extensions: [{name: 'subjectAltName' as const, altNames: [{type: 7 as const, ip: '127.0.0.1'}]}]}
  const [own, foreign] = await Promise.all([
    generate([{name: 'commonName', value: 'cluster'}], extensions),
    generate([{name: 'commonName', value: 'cluster'}], extensions),
  ])
  const server = createServer({key: own.private, cert: own.cert}, (_, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const {PassThroughClient} = await import('google-auth-library')
  const tap = await createTap({endpoint: undefined, inner: new PassThroughClient(), onRequest: () => undefined})
  const ask = (ca: string | undefined) =>
    onWire({method: 'test', ca}, () => tap.request({url: `https://127.0.0.1:${port}/`, retry: false})).then(
      ({status}) => status,
      () => 'refused',
    )
  expect(await Promise.all([ask(own.cert), ask(foreign.cert), ask(undefined)])).toEqual([200, 'refused', 'refused'])
})
