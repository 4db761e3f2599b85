import type {JsonObject} from '../../engine/json.ts'

/** What checks read of a global load balancer. References are short names unless said otherwise. */
export type EdgeReads = {
  /** Every global one. */
  forwardingRules(): Promise<ForwardingRule[]>
  httpsProxy(name: string): Promise<HttpsProxy | undefined>
  httpProxy(name: string): Promise<HttpProxy | undefined>
  urlMap(name: string): Promise<UrlMap | undefined>
  backendServices(): Promise<BackendService[]>
  /** Of one region. */
  endpointGroups(region: string): Promise<EndpointGroup[]>
  sslCertificate(name: string): Promise<SslCertificate | undefined>
  sslPolicies(): Promise<SslPolicy[]>
  securityPolicy(name: string): Promise<SecurityPolicy | undefined>
}

/** What a rule or a proxy leads to: collection and short name, `{kind: 'targetHttpsProxies', name: 'qlogic-prod-https'}`. */
export type Reference = {kind: string; name: string}

export type ForwardingRule = {
  name: string
  IPAddress?: string | undefined
  /** `443-443` as Google answers it. */
  portRange?: string | undefined
  target?: Reference | undefined
  loadBalancingScheme?: string | undefined
}
export type HttpsProxy = {
  name: string
  urlMap: string
  /** Whole references: certificates of Certificate Manager have another form than those of Compute Engine. */
  sslCertificates: readonly string[]
  certificateMap?: string | undefined
  sslPolicy?: string | undefined
}
export type HttpProxy = {name: string; urlMap: string}
export type UrlMap = {
  name: string
  fingerprint?: string | undefined
  defaultService?: Reference | undefined
  httpsRedirect: boolean
  hostRules: readonly {hosts: readonly string[]; pathMatcher: string}[]
  pathMatchers: readonly PathMatcher[]
}
export type PathMatcher = {
  name: string
  defaultService?: Reference | undefined
  pathRules: readonly {paths: readonly string[]; service?: Reference | undefined}[]
  /** By priority; only what they match by prefix. */
  routeRules: readonly {priority: number; prefixes: readonly string[]; service?: Reference | undefined}[]
  /** As Google has it, for writing the list back. */
  raw: JsonObject
}
export type BackendService = {
  name: string
  fingerprint?: string | undefined
  loadBalancingScheme?: string | undefined
  /** The groups behind it: region (or zone) and short name. */
  groups: readonly {place: string; name: string}[]
  securityPolicy?: string | undefined
  logging: boolean
}
export type EndpointGroup = {name: string; region: string; networkEndpointType?: string | undefined; service?: string | undefined}
export type SslCertificate = {
  name: string
  type?: string | undefined
  creationTimestamp?: string | undefined
  expireTime?: string | undefined
  /** Of a managed one. */
  status?: string | undefined
  domains: readonly string[]
  domainStatus: Readonly<Record<string, string>>
  /** Of one that somebody uploaded. */
  subjectAlternativeNames: readonly string[]
}
export type SslPolicy = {name: string; profile?: string | undefined; minTlsVersion?: string | undefined; fingerprint?: string | undefined}
export type SecurityPolicy = {name: string; type?: string | undefined; rules: readonly SecurityRule[]}
export type SecurityRule = {
  priority: number
  action: string
  preview: boolean
  /** Of a rule in the language of Cloud Armor; absent where addresses are matched. */
  expression?: string | undefined
  rateLimit?: {count: number; intervalSec: number} | undefined
}
