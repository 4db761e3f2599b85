import {z} from 'zod'
import {callClient} from './clients.ts'
import type {Cloud} from './cloud.ts'
import {ifFound, memoised, type Reads} from './reads.ts'
import {enumName, labels, parseReply, policy, timestamp} from './replies.ts'

const secret = z
  .object({
    name: z.string(),
    createTime: timestamp,
    labels,
    annotations: labels,
    rotation: z.object({nextRotationTime: timestamp}).nullish(),
  })
  .transform(({rotation, ...rest}) => ({...rest, nextRotationTime: rotation?.nextRotationTime}))
const version = z.object({name: z.string(), state: enumName, createTime: timestamp})

/** Reads of Secret Manager v1, through @google-cloud/secret-manager. Payloads are never read. */
export const secretManager = ({transport, clients, projectId}: Reads): Cloud['secretManager'] => {
  const nameOf = (id: string) => `projects/${projectId}/secrets/${id}`
  return {
    secret: memoised(async (id: string) => {
      const method = 'secretmanager.projects.secrets.get'
      const client = await clients.secretManager()
      const reply = await ifFound(
        callClient(transport, {method, read: true, permission: 'secretmanager.secrets.get'}, (options) =>
          client.getSecret({name: nameOf(id)}, options),
        ),
      )
      return reply === undefined ? undefined : parseReply(secret, reply.value[0], method)
    }),
    latestVersion: memoised(async (id: string) => {
      const method = 'secretmanager.projects.secrets.versions.get'
      const client = await clients.secretManager()
      const reply = await ifFound(
        callClient(transport, {method, read: true, permission: 'secretmanager.versions.get'}, (options) =>
          client.getSecretVersion({name: `${nameOf(id)}/versions/latest`}, options),
        ),
      )
      return reply === undefined ? undefined : parseReply(version, reply.value[0], method)
    }),
    enabledVersions: memoised(async (id: string) => {
      const method = 'secretmanager.projects.secrets.versions.list'
      const client = await clients.secretManager()
      const reply = await ifFound(
        callClient(transport, {method, read: true, permission: 'secretmanager.versions.list'}, (options) =>
          client.listSecretVersions({parent: nameOf(id)}, options),
        ),
      )
      const versions = reply === undefined ? [] : parseReply(z.array(version), reply.value[0], method)
      return versions.filter((found) => found.state === 'ENABLED')
    }),
    policy: memoised(async (id: string) => {
      const method = 'secretmanager.projects.secrets.getIamPolicy'
      const client = await clients.secretManager()
      const reply = await ifFound(
        callClient(transport, {method, read: true, permission: 'secretmanager.secrets.getIamPolicy'}, (options) =>
          client.getIamPolicy({resource: nameOf(id), options: {requestedPolicyVersion: 3}}, options),
        ),
      )
      return reply === undefined ? undefined : parseReply(policy, reply.value[0], method)
    }),
  }
}
