import {z} from 'zod'
import {callClient} from './clients.ts'
import type {Cloud, Repository} from './cloud.ts'
import {ifFound, memoised, type Reads} from './reads.ts'
import {enumName, flag, list, parseReply, policy, text, timestamp} from './replies.ts'

const location = z.object({locationId: z.string()})

/** An enum that is left at its default is absent, or its `…_UNSPECIFIED` name. */
const chosen = enumName.nullish().transform((value) => (value === null || value?.endsWith('_UNSPECIFIED') ? undefined : value))
/** int64 of a generated client: a string, a number or its own long number. */
const int64 = z
  .union([z.string(), z.number(), z.object({low: z.number(), high: z.number()}).transform(({low, high}) => high * 2 ** 32 + (low >>> 0))])
  .nullish()
  .transform((value) => (value === null || value === undefined || Number(value) === 0 ? undefined : String(value)))

/** Seconds of a generated client's duration, or REST's text. */
const duration = z
  .union([
    z.string(),
    z.object({seconds: int64, nanos: z.number().nullish()}).transform(({seconds = '0', nanos}) => `${seconds}${fraction(nanos ?? 0)}s`),
  ])
  .nullish()
  .transform((value) => value ?? undefined)
const fraction = (nanos: number): string => (nanos === 0 ? '' : `.${String(nanos).padStart(9, '0')}`)

/** Only what is set is kept: a policy is sent back as it was read. */
const words = list(z.string()).transform((items) => (items.length > 0 ? items : undefined))
const cleanupPolicy = z
  .object({
    action: enumName.nullish(),
    condition: z
      .object({
        tagState: chosen,
        olderThan: duration,
        newerThan: duration,
        tagPrefixes: words,
        versionNamePrefixes: words,
        packageNamePrefixes: words,
      })
      .nullish()
      .transform((condition) => condition ?? undefined),
    mostRecentVersions: z
      .object({keepCount: z.number().nullish(), packageNamePrefixes: words})
      .nullish()
      .transform((recent) => (recent ? {...recent, keepCount: recent.keepCount ?? undefined} : undefined)),
  })
  .transform(({action, ...rest}) => ({action: action ?? 'ACTION_UNSPECIFIED', ...rest}))

const repository = z
  .object({
    name: z.string(),
    format: enumName,
    mode: chosen,
    registryUri: text,
    sizeBytes: int64,
    dockerConfig: z.object({immutableTags: flag}).nullish(),
    cleanupPolicies: z
      .record(z.string(), cleanupPolicy)
      .nullish()
      .transform((policies) => policies ?? {}),
    cleanupPolicyDryRun: flag,
    vulnerabilityScanningConfig: z.object({enablementConfig: chosen, enablementState: chosen, enablementStateReason: text}).nullish(),
  })
  .transform(({dockerConfig, cleanupPolicies, vulnerabilityScanningConfig: scanning, ...rest}): Repository => ({
    ...rest,
    immutableTags: dockerConfig?.immutableTags ?? false,
    cleanupPolicies: Object.entries(cleanupPolicies).map(([id, policy]) => ({id, ...policy})),
    scanningConfig: scanning?.enablementConfig,
    scanningState: scanning?.enablementState,
    scanningReason: scanning?.enablementStateReason,
  }))

const image = z.object({name: z.string(), uri: z.string(), tags: list(z.string()), uploadTime: timestamp})

/** Reads of Artifact Registry v1, through @google-cloud/artifact-registry. */
export const artifactRegistry = ({transport, clients, projectId}: Reads): Cloud['artifactRegistry'] => {
  const nameOf = (place: string, name: string) => `projects/${projectId}/locations/${place}/repositories/${name}`
  return {
    locations: memoised(async () => {
      const method = 'artifactregistry.projects.locations.list'
      const client = await clients.artifactRegistry()
      const {value} = await callClient(transport, {method, read: true, permission: 'artifactregistry.locations.list'}, async (options) => {
        const found: unknown[] = []
        for await (const one of client.listLocationsAsync({name: `projects/${projectId}`}, {...options, autoPaginate: false}))
          found.push(one)
        return found
      })
      return parseReply(z.array(location), value, method).map((one) => one.locationId)
    }),
    repository: memoised(async (place: string, name: string) => {
      const method = 'artifactregistry.projects.locations.repositories.get'
      const client = await clients.artifactRegistry()
      const reply = await ifFound(
        callClient(transport, {method, read: true, permission: 'artifactregistry.repositories.get'}, (options) =>
          client.getRepository({name: nameOf(place, name)}, options),
        ),
      )
      return reply === undefined ? undefined : parseReply(repository, reply.value[0], method)
    }),
    policy: memoised(async (place: string, name: string) => {
      const method = 'artifactregistry.projects.locations.repositories.getIamPolicy'
      const client = await clients.artifactRegistry()
      const reply = await ifFound(
        callClient(transport, {method, read: true, permission: 'artifactregistry.repositories.getIamPolicy'}, (options) =>
          client.getIamPolicy({resource: nameOf(place, name), options: {requestedPolicyVersion: 3}}, options),
        ),
      )
      return reply === undefined ? undefined : parseReply(policy, reply.value[0], method)
    }),
    images: memoised(async (place: string, name: string) => {
      const method = 'artifactregistry.projects.locations.repositories.dockerImages.list'
      const client = await clients.artifactRegistry()
      const reply = await ifFound(
        callClient(transport, {method, read: true, permission: 'artifactregistry.dockerimages.list'}, (options) =>
          client.listDockerImages({parent: nameOf(place, name)}, options),
        ),
      )
      const images = reply === undefined ? [] : parseReply(z.array(image), reply.value[0], method)
      return images.toSorted((a, b) => Date.parse(b.uploadTime ?? '') - Date.parse(a.uploadTime ?? ''))
    }),
  }
}
