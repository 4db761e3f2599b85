import {z} from 'zod'
import type {RunReads} from './cloud.ts'
import {get, getAll, ifFound, memoised, type Reads} from './reads.ts'
import {flag, labels, list, policy, shortName, text} from './replies.ts'

/** Variables of the application that hold no secret: what they say may be read and shown. */
const plainVariables = new Set([
  'ENVIRONMENT',
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_SSL_MODE',
  'DB_POOL_SIZE',
  'DB_MAX_OVERFLOW',
  'WEB_CONCURRENCY',
])

const count = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined)
const shortText = text.transform((value) => (value === undefined ? undefined : shortName(value)))
const bounds = z.object({minInstanceCount: count, maxInstanceCount: count})
const none = {minInstanceCount: undefined, maxInstanceCount: undefined}
const variable = z
  .object({
    name: z.string(),
    value: text,
    valueSource: z.object({secretKeyRef: z.object({secret: z.string(), version: text}).nullish()}).nullish(),
  })
  .transform(({name, value, valueSource}) => {
    const reference = valueSource?.secretKeyRef
    if (reference !== null && reference !== undefined) return {name, secret: shortName(reference.secret), version: reference.version}
    return plainVariables.has(name) ? {name, value} : {name}
  })
const container = z
  .object({
    name: text,
    image: z.string(),
    ports: list(z.object({containerPort: count})),
    env: list(variable),
    startupProbe: z.object({httpGet: z.object({path: text}).nullish()}).nullish(),
    resources: z.object({cpuIdle: flag}).nullish(),
  })
  .transform(({ports, startupProbe, resources, ...rest}) => ({
    ...rest,
    containerPort: ports[0]?.containerPort,
    startupProbePath: startupProbe?.httpGet?.path,
    cpuIdle: resources?.cpuIdle ?? false,
  }))
const vpcAccess = z.object({connector: text, egress: text, networkInterfaces: list(z.object({network: text, subnetwork: text}))})
const template = z
  .object({
    serviceAccount: text,
    scaling: bounds.nullish(),
    maxInstanceRequestConcurrency: count,
    vpcAccess: vpcAccess.nullish(),
    volumes: list(z.object({cloudSqlInstance: z.object({instances: list(z.string())}).nullish()})),
    containers: list(container),
  })
  .transform(({volumes, scaling, vpcAccess: access, ...rest}) => ({
    ...rest,
    scaling: scaling ?? none,
    vpcAccess: access ?? {networkInterfaces: []},
    cloudSqlInstances: volumes.flatMap(({cloudSqlInstance}) => cloudSqlInstance?.instances ?? []),
  }))
const service = z
  .object({
    name: z.string().transform(shortName),
    uri: text,
    urls: list(z.string()),
    etag: text,
    generation: text,
    labels,
    ingress: text,
    defaultUriDisabled: flag,
    invokerIamDisabled: flag,
    iapEnabled: flag,
    reconciling: flag,
    terminalCondition: z.object({state: text, reason: text, message: text}).nullish(),
    latestReadyRevision: shortText,
    latestCreatedRevision: shortText,
    traffic: list(z.object({type: text, revision: shortText, percent: z.number().default(0)})),
    scaling: bounds.extend({scalingMode: text, manualInstanceCount: count}).nullish(),
    template,
  })
  .transform(({terminalCondition, scaling, ...rest}) => ({...rest, terminalCondition: terminalCondition ?? {}, scaling: scaling ?? none}))
const services = z.object({services: list(service)})

/** Reads of Cloud Run Admin v2. */
export const run = ({transport, projectId}: Reads): RunReads => {
  const parentOf = (location: string) => `/v2/projects/${projectId}/locations/${location}/services`
  return {
    service: memoised((location: string, name: string) =>
      ifFound(
        get(
          transport,
          {method: 'run.projects.locations.services.get', path: `${parentOf(location)}/${name}`, permission: 'run.services.get'},
          service,
        ),
      ),
    ),
    services: memoised(async (location: string) => {
      const call = {method: 'run.projects.locations.services.list', path: parentOf(location), permission: 'run.services.list'}
      const found = await getAll(transport, call, services, (page) => page.services)
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    }),
    policy: memoised((location: string, name: string) =>
      ifFound(
        get(
          transport,
          {
            method: 'run.projects.locations.services.getIamPolicy',
            path: `${parentOf(location)}/${name}:getIamPolicy`,
            query: {'options.requestedPolicyVersion': '3'},
            permission: 'run.services.getIamPolicy',
          },
          policy,
        ),
      ),
    ),
  }
}
