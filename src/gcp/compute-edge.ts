import {z} from 'zod'
import type {JsonObject} from '../engine/json.ts'
import type {BackendService, EdgeReads, ForwardingRule, PathMatcher, Reference, SecurityRule, SslCertificate, UrlMap} from './cloud.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, list, shortName, text} from './replies.ts'

const short = z.string().transform(shortName)
const shortText = text.transform((value) => (value === undefined ? undefined : shortName(value)))
const reference = text.transform((value): Reference | undefined =>
  value === undefined ? undefined : {kind: value.split('/').at(-2) ?? '', name: shortName(value)},
)
const json: z.ZodType<JsonObject> = z.record(z.string(), z.json())

const forwardingRule: z.ZodType<ForwardingRule> = z.object({
  name: z.string(),
  IPAddress: text,
  portRange: text,
  target: reference,
  loadBalancingScheme: text,
})
const httpsProxy = z.object({
  name: z.string(),
  urlMap: short,
  sslCertificates: list(z.string()),
  certificateMap: text,
  sslPolicy: shortText,
})
const httpProxy = z.object({name: z.string(), urlMap: short})

const pathMatcher = json.transform((raw, context): PathMatcher => {
  const read = z
    .object({
      name: z.string(),
      defaultService: reference,
      pathRules: list(z.object({paths: list(z.string()), service: reference})),
      routeRules: list(
        z
          .object({priority: z.number().default(0), matchRules: list(z.object({prefixMatch: text})), service: reference})
          .transform(({matchRules, ...rest}) => ({...rest, prefixes: matchRules.flatMap(({prefixMatch}) => prefixMatch ?? [])})),
      ),
    })
    .safeParse(raw)
  if (read.success) return {...read.data, raw}
  context.addIssue({code: 'custom', message: read.error.issues[0]?.message ?? 'invalid'})
  return z.NEVER
})
const urlMap = z
  .object({
    name: z.string(),
    fingerprint: text,
    defaultService: reference,
    defaultUrlRedirect: z.object({httpsRedirect: flag}).nullish(),
    hostRules: list(z.object({hosts: list(z.string()), pathMatcher: z.string()})),
    pathMatchers: list(pathMatcher),
  })
  .transform(({defaultUrlRedirect, ...rest}): UrlMap => ({...rest, httpsRedirect: defaultUrlRedirect?.httpsRedirect ?? false}))

const backendService = z
  .object({
    name: z.string(),
    fingerprint: text,
    loadBalancingScheme: text,
    backends: list(z.object({group: z.string()})),
    securityPolicy: shortText,
    logConfig: z.object({enable: flag}).nullish(),
  })
  .transform(({backends, logConfig, ...rest}): BackendService => ({
    ...rest,
    groups: backends.map(({group}) => ({place: group.split('/').at(-3) ?? '', name: shortName(group)})),
    logging: logConfig?.enable ?? false,
  }))
const endpointGroup = z
  .object({
    name: z.string(),
    region: text,
    networkEndpointType: text,
    cloudRun: z.object({service: text}).nullish(),
  })
  .transform(({cloudRun, region, ...rest}) => ({
    ...rest,
    region: region === undefined ? '' : shortName(region),
    service: cloudRun?.service,
  }))
const sslCertificate = z
  .object({
    name: z.string(),
    type: text,
    creationTimestamp: text,
    expireTime: text,
    managed: z
      .object({
        status: text,
        domains: list(z.string()),
        domainStatus: z
          .record(z.string(), z.string())
          .nullish()
          .transform((found) => found ?? {}),
      })
      .nullish(),
    subjectAlternativeNames: list(z.string()),
  })
  .transform(({managed, ...rest}): SslCertificate => ({
    ...rest,
    status: managed?.status,
    domains: (managed?.domains ?? []).map((domain) => domain.replace(/\.$/, '')),
    domainStatus: managed?.domainStatus ?? {},
  }))
const sslPolicy = z.object({name: z.string(), profile: text, minTlsVersion: text, fingerprint: text})
const securityRule = z
  .object({
    priority: z.number().default(0),
    action: text.transform((action) => action ?? ''),
    preview: flag,
    match: z.object({expr: z.object({expression: text}).nullish()}).nullish(),
    rateLimitOptions: z
      .object({rateLimitThreshold: z.object({count: z.number().default(0), intervalSec: z.number().default(0)}).nullish()})
      .nullish(),
  })
  .transform(({match, rateLimitOptions, ...rest}): SecurityRule => ({
    ...rest,
    expression: match?.expr?.expression,
    rateLimit: rateLimitOptions?.rateLimitThreshold ?? undefined,
  }))
const securityPolicy = z.object({name: z.string(), type: text, rules: list(securityRule)})

const rules = z.object({items: list(forwardingRule)})
const services = z.object({items: list(backendService)})
const groups = z.object({items: list(endpointGroup)})
const policies = z.object({items: list(sslPolicy)})

/** Reads of the parts of a global load balancer, Compute Engine v1. */
export const computeEdge = ({transport, projectId}: Reads): EdgeReads => {
  const base = `/compute/v1/projects/${projectId}`
  const query = {maxResults: '500'}
  const one = <T>(collection: string, schema: z.ZodType<T>) =>
    memoised((name: string) =>
      ifFound(
        get(
          transport,
          {method: `compute.${collection}.get`, path: `${base}/global/${collection}/${name}`, permission: `compute.${collection}.get`},
          schema,
        ),
      ),
    )
  const all = <P, T>(collection: string, permission: string, schema: z.ZodType<P>, items: (page: P) => readonly T[]) =>
    memoised(() =>
      getAll(
        transport,
        {method: `compute.${permission}.list`, path: `${base}/${collection}`, permission: `compute.${permission}.list`, query},
        schema,
        items,
      ),
    )
  return {
    forwardingRules: all('global/forwardingRules', 'globalForwardingRules', rules, (page) => page.items),
    httpsProxy: one('targetHttpsProxies', httpsProxy),
    httpProxy: one('targetHttpProxies', httpProxy),
    urlMap: one('urlMaps', urlMap),
    backendServices: all('global/backendServices', 'backendServices', services, (page) => page.items),
    endpointGroups: memoised((region: string) => {
      const permission = 'compute.regionNetworkEndpointGroups.list'
      const path = `${base}/regions/${region}/networkEndpointGroups`
      return getAll(transport, {method: permission, path, permission, query}, groups, (page) => page.items)
    }),
    sslCertificate: one('sslCertificates', sslCertificate),
    sslPolicies: all('global/sslPolicies', 'sslPolicies', policies, (page) => page.items),
    securityPolicy: one('securityPolicies', securityPolicy),
  }
}
