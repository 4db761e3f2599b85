import {z} from 'zod'
import type {CallOptions} from 'google-gax'
import type {Json, JsonObject} from '../engine/json.ts'
import type {Clients} from './clients.ts'

/** What a generated client is asked to write: parameters and body as the REST reference has them. */
export type ClientWrite = {clients: Clients; params: Readonly<Record<string, string>>; body: JsonObject; options: CallOptions}

const need = (params: Readonly<Record<string, string>>, name: string): string => {
  const value = params[name]
  if (value === undefined) throw new Error(`the parameter ${name} is missing`)
  return value
}

const maskOf = (params: Readonly<Record<string, string>>) => ({paths: need(params, 'updateMask').split(',')})

/** Maps of the user's own keys: nothing in them is a time, whatever it is called. */
const maps = new Set(['labels', 'annotations', 'tags', 'versionAliases'])

const seconds = (whole: number, nanos: number) => ({seconds: whole, nanos})

/** JSON times (`2027-01-01T00:00:00Z`, `86400s`) as the generated clients take them. */
export const protoTimes = (value: Json | undefined, field = ''): Json | undefined => {
  if (typeof value === 'string') {
    if (/Time$/.test(field)) {
      const ms = Date.parse(value)
      return seconds(Math.floor(ms / 1000), (((ms % 1000) + 1000) % 1000) * 1e6)
    }
    const duration = /(^ttl|Ttl|Period|^olderThan|^newerThan)$/.test(field) ? /^(\d+)(\.\d{1,9})?s$/.exec(value) : null
    return duration === null ? value : seconds(Number(duration[1]), Math.round(Number(duration[2] ?? 0) * 1e9))
  }
  if (value === null || typeof value !== 'object' || maps.has(field)) return value
  if (isList(value)) return value.map((item) => protoTimes(item, field) ?? null)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, protoTimes(item, name)]))
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const fields = (body: JsonObject): JsonObject => {
  const converted = protoTimes(body)
  return converted !== null && typeof converted === 'object' && !isList(converted) ? converted : {}
}

type Message<M> = {fromObject: (object: Record<string, unknown>) => M; toObject: (message: M) => Record<string, unknown>}

/** Checked against the client's own types, as a plain object: a message instance would send every field that is not set, empty. */
const plain = <M>(type: Message<M>, object: JsonObject): Record<string, unknown> => type.toObject(type.fromObject(object))

const servicesIn = (body: JsonObject): string[] => z.object({serviceIds: z.array(z.string())}).parse(body).serviceIds

/** By method id: the writes that go through a generated client. Long-running ones answer their first envelope and are polled elsewhere. */
export const clientWrites: Readonly<Record<string, (write: ClientWrite) => Promise<unknown>>> = {
  'cloudresourcemanager.projects.create': async ({clients, body, options}) => {
    const {protos} = await import('@google-cloud/resource-manager')
    const project = plain(protos.google.cloud.resourcemanager.v3.Project, fields(body))
    return (await clients.projects()).createProject({project}, options)
  },
  'cloudresourcemanager.projects.undelete': async ({clients, params, options}) =>
    (await clients.projects()).undeleteProject({name: need(params, 'name')}, options),
  'cloudresourcemanager.projects.patch': async ({clients, params, body, options}) => {
    const {protos} = await import('@google-cloud/resource-manager')
    const project = plain(protos.google.cloud.resourcemanager.v3.Project, {...fields(body), name: need(params, 'name')})
    return (await clients.projects()).updateProject({project, updateMask: maskOf(params)}, options)
  },
  'serviceusage.services.batchEnable': async ({clients, params, body, options}) =>
    (await clients.serviceUsage()).batchEnableServices({parent: need(params, 'parent'), serviceIds: servicesIn(body)}, options),
  'serviceusage.services.enable': async ({clients, params, options}) =>
    (await clients.serviceUsage()).enableService({name: need(params, 'name')}, options),
  'artifactregistry.projects.locations.repositories.create': async ({clients, params, body, options}) => {
    const {protos} = await import('@google-cloud/artifact-registry')
    const repository = plain(protos.google.devtools.artifactregistry.v1.Repository, fields(body))
    const request = {parent: need(params, 'parent'), repositoryId: need(params, 'repositoryId'), repository}
    return (await clients.artifactRegistry()).createRepository(request, options)
  },
  'artifactregistry.projects.locations.repositories.patch': async ({clients, params, body, options}) => {
    const {protos} = await import('@google-cloud/artifact-registry')
    const repository = plain(protos.google.devtools.artifactregistry.v1.Repository, {...fields(body), name: need(params, 'name')})
    return (await clients.artifactRegistry()).updateRepository({repository, updateMask: maskOf(params)}, options)
  },
  'secretmanager.projects.secrets.create': async ({clients, params, body, options}) => {
    const {protos} = await import('@google-cloud/secret-manager')
    const secret = plain(protos.google.cloud.secretmanager.v1.Secret, fields(body))
    return (await clients.secretManager()).createSecret(
      {parent: need(params, 'parent'), secretId: need(params, 'secretId'), secret},
      options,
    )
  },
  'secretmanager.projects.secrets.patch': async ({clients, params, body, options}) => {
    const {protos} = await import('@google-cloud/secret-manager')
    const secret = plain(protos.google.cloud.secretmanager.v1.Secret, {...fields(body), name: need(params, 'name')})
    return (await clients.secretManager()).updateSecret({secret, updateMask: maskOf(params)}, options)
  },
  'secretmanager.projects.secrets.versions.enable': async ({clients, params, options}) =>
    (await clients.secretManager()).enableSecretVersion({name: need(params, 'name')}, options),
  'secretmanager.projects.secrets.versions.disable': async ({clients, params, options}) =>
    (await clients.secretManager()).disableSecretVersion({name: need(params, 'name')}, options),
}
