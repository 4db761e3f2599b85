import {describe, expect, it} from 'vitest'
import {at, like} from './cloud.ts'
import {cloudWithBalancer, global, named} from './balancer-cloud.ts'
import {base, region} from './network-cloud.ts'

const message = (body: unknown) => at(body, 'error.message')

describe('a load balancer', () => {
  it('links its parts, expands the port and shows the address in use', async () => {
    const {serve, read, ip} = await cloudWithBalancer()
    expect(await serve()).toMatchObject({status: 'DONE', operationType: 'insert'})
    expect(await read('forwardingRules/https')).toMatchObject({
      IPAddress: await ip(),
      IPProtocol: 'TCP',
      portRange: '443-443',
      networkTier: 'PREMIUM',
      target: `${base}/global/targetHttpsProxies/https`,
      fingerprint: like(/=$/),
    })
    expect(await read('addresses/ip')).toMatchObject({status: 'IN_USE', users: [`${base}/global/forwardingRules/https`]})
    expect(await read('targetHttpsProxies/https')).toMatchObject({
      quicOverride: 'NONE',
      tlsEarlyData: 'DISABLED',
      urlMap: `${base}/global/urlMaps/map`,
      sslCertificates: [`${base}/global/sslCertificates/cert`],
    })
  })

  it('gives the address back with its last rule', async () => {
    const {serve, read, change} = await cloudWithBalancer()
    await serve()
    await change('DELETE', `${global}/forwardingRules/https`)
    const address = await read('addresses/ip')
    expect(address).toMatchObject({status: 'RESERVED'})
    expect(at(address, 'users')).toBeUndefined()
  })

  it('has the defaults of recorded backend services and of serverless groups', async () => {
    const {read, call} = await cloudWithBalancer()
    const service = await read('backendServices/bs')
    expect(service).toMatchObject({
      affinityCookieTtlSec: 0,
      description: '',
      port: 80,
      portName: 'http',
      protocol: 'HTTP',
      sessionAffinity: 'NONE',
      timeoutSec: 30,
      backends: [{balancingMode: 'UTILIZATION', capacityScaler: 1, group: `${base}/regions/us-central1/networkEndpointGroups/neg`}],
    })
    expect(at(service, 'healthChecks')).toBeUndefined()
    const {body} = await call('GET', `${region}/networkEndpointGroups/neg`)
    expect(body).toMatchObject({networkEndpointType: 'SERVERLESS', cloudRun: {service: 'api'}, size: 0})
  })

  it.each([
    [
      'targetHttpsProxies',
      {name: 'x', urlMap: named('urlMaps', 'none'), sslCertificates: [named('sslCertificates', 'cert')]},
      'urlMaps/none',
    ],
    [
      'targetHttpsProxies',
      {name: 'x', urlMap: named('urlMaps', 'map'), sslCertificates: [named('sslCertificates', 'no')]},
      'sslCertificates/no',
    ],
    ['targetHttpProxies', {name: 'x', urlMap: named('urlMaps', 'none')}, 'urlMaps/none'],
    ['urlMaps', {name: 'x', defaultService: named('backendServices', 'no')}, 'backendServices/no'],
    ['forwardingRules', {name: 'x', portRange: '443', target: named('targetHttpsProxies', 'no')}, 'targetHttpsProxies/no'],
  ])('refuses %s with a reference to what is not there', async (collection, body, missing) => {
    const {call} = await cloudWithBalancer()
    const answer = await call('POST', `${global}/${collection}`, body)
    expect(answer.status).toBe(404)
    expect(message(answer.body)).toBe(`The resource 'projects/abcdef/global/${missing}' was not found`)
  })

  it.each([
    ['sslCertificates/cert', 'ssl_certificate', 'targetHttpsProxies/https'],
    ['urlMaps/map', 'url_map', 'targetHttpsProxies/https'],
    ['backendServices/bs', 'backend_service', 'urlMaps/map'],
    ['targetHttpsProxies/https', 'target_https_proxy', 'forwardingRules/https'],
  ])('does not let %s go while it is used', async (path, noun, user) => {
    const {serve, call} = await cloudWithBalancer()
    await serve()
    const answer = await call('DELETE', `${global}/${path}`)
    expect(answer.status).toBe(400)
    expect(at(answer.body, 'error.errors.0.reason')).toBe('resourceInUseByAnotherResource')
    expect(message(answer.body)).toBe(
      `The ${noun} resource 'projects/abcdef/global/${path}' is already being used by 'projects/abcdef/global/${user}'`,
    )
  })

  it.each([
    [{healthChecks: [named('healthChecks', 'probe')]}, /healthcheck with Serverless/],
    [{portName: 'web'}, /'resource.portName': 'web'. Port name is not supported/],
    [{timeoutSec: 120}, /'resource.timeoutSec': '120'. Timeout sec is not supported/],
  ])('refuses %j where the backend is serverless', async (more, why) => {
    const {change, call} = await cloudWithBalancer()
    await change('POST', `${global}/healthChecks`, {name: 'probe', type: 'HTTP'})
    const backends = [{group: 'regions/us-central1/networkEndpointGroups/neg'}]
    const answer = await call('POST', `${global}/backendServices`, {name: 'x', backends, ...more})
    expect(answer.status).toBe(400)
    expect(message(answer.body)).toMatch(why)
  })

  it.each([
    [
      'another scheme',
      {loadBalancingScheme: 'EXTERNAL', portRange: '8443'},
      /EXTERNAL does not match the backend service load balancing scheme/,
    ],
    ['the same port', {}, /Specified IP address is in-use and would result in a conflict/],
    ['an address that is not reserved', {IPAddress: '192.0.2.1', portRange: '80'}, /not reserved/],
    ['two ports', {portRange: '80-81'}, /only one port/],
  ])('refuses a second rule with %s', async (_, more, why) => {
    const {serve, call, rule} = await cloudWithBalancer()
    await serve()
    const answer = await call('POST', `${global}/forwardingRules`, rule('second', more))
    expect(answer.status).toBe(400)
    expect(message(answer.body)).toMatch(why)
  })

  it('wants the fingerprint that is current', async () => {
    const {call, change, read} = await cloudWithBalancer()
    const before = at(await read('backendServices/bs'), 'fingerprint')
    const patch = {description: 'new', fingerprint: before}
    expect(await change('PATCH', `${global}/backendServices/bs`, patch)).toMatchObject({status: 'DONE', operationType: 'patch'})
    expect((await call('PATCH', `${global}/backendServices/bs`, patch)).status).toBe(412)
    expect((await call('PATCH', `${global}/backendServices/bs`, {description: 'x'})).status).toBe(400)
    expect(await read('backendServices/bs')).toMatchObject({description: 'new', backends: [{capacityScaler: 1}]})
  })

  it('redirects with the defaults filled in, and refuses a matcher that is not there', async () => {
    const {change, call, read} = await cloudWithBalancer()
    await change('POST', `${global}/urlMaps`, {name: 'redirect', defaultUrlRedirect: {httpsRedirect: true}})
    expect(await read('urlMaps/redirect')).toMatchObject({
      defaultUrlRedirect: {httpsRedirect: true, redirectResponseCode: 'MOVED_PERMANENTLY_DEFAULT', stripQuery: false},
    })
    const hostRules = [{hosts: ['a.example'], pathMatcher: 'none'}]
    const answer = await call('POST', `${global}/urlMaps`, {name: 'x', defaultService: named('backendServices', 'bs'), hostRules})
    expect(message(answer.body)).toMatch(/'resource.hostRules\[0\].pathMatcher': 'none'/)
    expect((await call('POST', `${global}/urlMaps`, {name: 'x'})).status).toBe(400)
    // As gcloud's import does it: without a fingerprint, with null and [] for what is to go.
    const patch = {description: 'd', hostRules: [], defaultService: null, defaultUrlRedirect: {httpsRedirect: true, stripQuery: null}}
    expect(await change('PATCH', `${global}/urlMaps/redirect`, patch)).toMatchObject({status: 'DONE'})
    expect(at(await read('urlMaps/redirect'), 'hostRules')).toBeUndefined()
    expect((await call('PUT', `${global}/urlMaps/redirect`, {name: 'redirect', ...patch})).status).toBe(400)
  })

  it('sets and detaches what hangs on proxies and services', async () => {
    const {serve, change, read, call} = await cloudWithBalancer()
    await serve()
    await change('POST', `${global}/sslPolicies`, {name: 'tls', profile: 'MODERN', minTlsVersion: 'TLS_1_2'})
    await change('POST', `${global}/targetHttpsProxies/https/setSslPolicy`, {sslPolicy: named('sslPolicies', 'tls')})
    expect(await read('targetHttpsProxies/https')).toMatchObject({sslPolicy: `${base}/global/sslPolicies/tls`})
    expect((await call('DELETE', `${global}/sslPolicies/tls`)).status).toBe(400)
    await change('POST', `${global}/targetHttpsProxies/https/setSslPolicy`, {})
    expect(at(await read('targetHttpsProxies/https'), 'sslPolicy')).toBeUndefined()
    await change('POST', `${global}/securityPolicies`, {name: 'armor'})
    await change('POST', `${global}/backendServices/bs/setSecurityPolicy`, {securityPolicy: named('securityPolicies', 'armor')})
    expect(await read('backendServices/bs')).toMatchObject({securityPolicy: `${base}/global/securityPolicies/armor`})
    await change('POST', `${global}/backendServices/bs/setSecurityPolicy`, {})
    expect(at(await read('backendServices/bs'), 'securityPolicy')).toBeUndefined()
  })

  it('asks for the right to use what is referred to', async () => {
    const cloud = await cloudWithBalancer()
    const permissions = ['compute.targetHttpProxies.create']
    cloud.sandbox.setFaults({principal: {email: 'someone@example.com', permissions}})
    const answer = await cloud.call('POST', `${global}/targetHttpProxies`, {name: 'x', urlMap: named('urlMaps', 'map')})
    expect(answer.status).toBe(403)
    expect(message(answer.body)).toBe("Required 'compute.urlMaps.use' permission for 'projects/abcdef/global/urlMaps/map'")
  })
})

describe('a security policy', () => {
  const rule = {priority: 1000, action: 'deny(403)', match: {versionedExpr: 'SRC_IPS_V1', config: {srcIpRanges: ['192.0.2.0/24']}}}

  it('gets the default rule, keeps rules in order and finds one by its priority', async () => {
    const {change, read, call} = await cloudWithBalancer()
    await change('POST', `${global}/securityPolicies`, {name: 'armor'})
    await change('POST', `${global}/securityPolicies/armor/addRule`, rule)
    await change('POST', `${global}/securityPolicies/armor/patchRule?priority=1000`, {preview: true})
    expect(await read('securityPolicies/armor')).toMatchObject({
      type: 'CLOUD_ARMOR',
      rules: [
        {kind: 'compute#securityPolicyRule', priority: 1000, preview: true, action: 'deny(403)'},
        {priority: 2147483647, action: 'allow', preview: false},
      ],
    })
    expect(await read('securityPolicies/armor/getRule?priority=1000')).toMatchObject({action: 'deny(403)'})
    expect((await call('GET', `${global}/securityPolicies/armor/getRule?priority=7`)).status).toBe(400)
    const twice = await call('POST', `${global}/securityPolicies/armor/addRule`, rule)
    expect(message(twice.body)).toMatch(/Cannot have rules with the same priorities/)
  })

  it.each([
    [{rules: [rule]}, /default rule/],
    [{rules: [{...rule, priority: 2147483647, action: 'throttle'}]}, /rateLimitOptions/],
    [{rules: [{...rule, priority: 2147483647, action: 'refuse'}]}, /resource.rules\[0\].action/],
  ])('refuses %j', async (body, why) => {
    const {call} = await cloudWithBalancer()
    const answer = await call('POST', `${global}/securityPolicies`, {name: 'armor', ...body})
    expect(answer.status).toBe(400)
    expect(message(answer.body)).toMatch(why)
  })
})

describe('a managed certificate', () => {
  const app = 'app.acme.example'
  const status = async (read: (path: string) => Promise<unknown>) => {
    const certificate = await read('sslCertificates/cert')
    return [at(certificate, 'managed.status'), at(certificate, 'managed.domainStatus')]
  }
  const served = async () => {
    const cloud = await cloudWithBalancer()
    await cloud.serve()
    return {...cloud, address: await cloud.ip()}
  }

  it('waits for a rule, then for DNS, then is active for 90 days', async () => {
    const {serve, read, ip, records} = await cloudWithBalancer()
    await records({name: app, type: 'A', data: [await ip()]})
    expect(await status(read)).toEqual(['PROVISIONING', {[app]: 'PROVISIONING'}])
    await records({name: app, type: 'A', data: []})
    await serve()
    expect(await status(read)).toEqual(['PROVISIONING', {[app]: 'FAILED_NOT_VISIBLE'}])
    expect(at(await read('sslCertificates/cert'), 'expireTime')).toBeUndefined()
    await records({name: app, type: 'A', data: [await ip()]})
    expect(await status(read)).toEqual(['ACTIVE', {[app]: 'ACTIVE'}])
    expect(await read('sslCertificates/cert')).toMatchObject({expireTime: like(/^2026-05-30T/), subjectAlternativeNames: [app]})
  })

  it.each([
    ['a stale AAAA', {name: app, type: 'AAAA', data: ['2001:db8::1']}, 'PROVISIONING', 'FAILED_NOT_VISIBLE'],
    [
      'CAA of another authority',
      {name: app, type: 'CAA', data: ['0 issue "letsencrypt.org"']},
      'PROVISIONING_FAILED',
      'FAILED_CAA_FORBIDDEN',
    ],
    ['CAA at the parent', {name: 'acme.example', type: 'CAA', data: ['0 issue ";"']}, 'PROVISIONING_FAILED', 'FAILED_CAA_FORBIDDEN'],
    ['CAA that permits Google', {name: app, type: 'CAA', data: ['0 issue "pki.goog"', '0 iodef "mailto:a@b"']}, 'ACTIVE', 'ACTIVE'],
    ['CAA without issuers', {name: app, type: 'CAA', data: ['0 iodef "mailto:a@b"']}, 'ACTIVE', 'ACTIVE'],
  ])('with %s', async (_, record, expected, domain) => {
    const {read, records, address} = await served()
    await records({name: app, type: 'A', data: [address]}, record)
    expect(await status(read)).toEqual([expected, {[app]: domain}])
  })

  it('stays active when DNS goes wrong until it must be renewed', async () => {
    const {read, records, address, call, pass} = await served()
    await records({name: app, type: 'A', data: [address]})
    await read('sslCertificates/cert')
    await records({name: app, type: 'A', data: ['192.0.2.1']})
    expect(await status(read)).toEqual(['ACTIVE', {[app]: 'ACTIVE'}])
    pass(61 * 86_400_000)
    expect(await status(read)).toEqual(['RENEWAL_FAILED', {[app]: 'FAILED_NOT_VISIBLE'}])
    await records({name: app, type: 'A', data: [address]})
    expect(await status(read)).toEqual(['ACTIVE', {[app]: 'ACTIVE'}])
    await records({name: app, type: 'A', data: []})
    await call('POST', '/sandbox/v1/projects/abcdef/managed-certificates/cert', {days: 61})
    expect((await status(read))[0]).toBe('RENEWAL_FAILED')
  })

  it('can be aged and given another status by the simulator itself', async () => {
    const {read, call} = await served()
    const knob = '/sandbox/v1/projects/abcdef/managed-certificates/cert'
    await call('POST', knob, {days: 2, status: 'PROVISIONING_FAILED_PERMANENTLY'})
    expect(await read('sslCertificates/cert')).toMatchObject({
      creationTimestamp: like(/^2026-02-27T/),
      managed: {status: 'PROVISIONING_FAILED_PERMANENTLY'},
    })
    await call('POST', knob, {status: ''})
    expect((await status(read))[0]).toBe('PROVISIONING')
    expect((await call('POST', `${knob}x`, {days: 1})).status).toBe(404)
  })

  it('takes no wildcard and no other change than deletion', async () => {
    const {call} = await cloudWithBalancer()
    const managed = {domains: ['*.acme.example']}
    expect((await call('POST', `${global}/sslCertificates`, {name: 'x', type: 'MANAGED', managed})).status).toBe(400)
    expect((await call('PATCH', `${global}/sslCertificates/cert`, {})).status).toBe(405)
    expect((await call('DELETE', `${global}/sslCertificates/cert`)).status).toBe(200)
  })
})
