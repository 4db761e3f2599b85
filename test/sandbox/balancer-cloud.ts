import {at} from './cloud.ts'
import {cloudWithNetwork, region, root} from './network-cloud.ts'

/** Where the load balancer's global resources live. */
export const global = `${root}/global`
/** A global resource as bodies name it. */
export const named = (collection: string, name: string) => `projects/abcdef/global/${collection}/${name}`

/** A cloud with an address `ip`, a serverless group `neg`, a backend service `bs`, a URL map `map` and a certificate `cert`. */
export const cloudWithBalancer = async () => {
  const cloud = await cloudWithNetwork()
  const {change} = cloud
  const wrong: unknown[] = []
  const make = async (path: string, body: object) => {
    const done = await change('POST', path, body)
    if (at(done, 'status') !== 'DONE') wrong.push(done)
  }
  await make(`${global}/addresses`, {name: 'ip', addressType: 'EXTERNAL'})
  await make(`${region}/networkEndpointGroups`, {name: 'neg', networkEndpointType: 'SERVERLESS', cloudRun: {service: 'api'}})
  await make(`${global}/backendServices`, {
    name: 'bs',
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    backends: [{group: 'projects/abcdef/regions/us-central1/networkEndpointGroups/neg'}],
  })
  await make(`${global}/urlMaps`, {name: 'map', defaultService: named('backendServices', 'bs')})
  await make(`${global}/sslCertificates`, {name: 'cert', type: 'MANAGED', managed: {domains: ['app.acme.example']}})
  if (wrong.length > 0) throw new Error(`The load balancer was refused: ${JSON.stringify(wrong)}`)

  /** The proxy that holds the certificate, and its rule at the address. */
  const serve = async () => {
    const certificate = {urlMap: named('urlMaps', 'map'), sslCertificates: [named('sslCertificates', 'cert')]}
    await change('POST', `${global}/targetHttpsProxies`, {name: 'https', ...certificate})
    return change('POST', `${global}/forwardingRules`, rule('https'))
  }
  const rule = (name: string, more: object = {}) => ({
    name,
    IPAddress: named('addresses', 'ip'),
    portRange: '443',
    target: named('targetHttpsProxies', 'https'),
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    ...more,
  })
  const read = async (path: string) => (await cloud.call('GET', `${global}/${path}`)).body
  const ip = async () => String(at(await read('addresses/ip'), 'address'))
  const records = (...sets: {name: string; type: string; data: string[]; ttl?: number}[]) =>
    cloud.call('PUT', '/sandbox/v1/public-dns/records', {records: sets})
  return {...cloud, serve, rule, read, ip, records}
}
