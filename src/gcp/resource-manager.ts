import {z} from 'zod'
import {callClient} from './clients.ts'
import type {Cloud, Project} from './cloud.ts'
import {GcpError} from './gcp-error.ts'
import {memoised, type Reads} from './reads.ts'
import {enumName, labels, parseReply, policy, text, timestamp} from './replies.ts'

const projectSchema = z
  .object({name: z.string(), projectId: z.string(), state: enumName, parent: text, displayName: text, createTime: timestamp, labels})
  .transform((project): Project => ({...project, projectNumber: project.name.replace('projects/', '')}))

/** Reads of Cloud Resource Manager v3, through @google-cloud/resource-manager. */
export const resourceManager = ({transport, clients, projectId}: Omit<Reads, 'projectNumber'>): Cloud['resourceManager'] => {
  const find = async (denied: GcpError): Promise<Project | undefined> => {
    const method = 'cloudresourcemanager.projects.search'
    const client = await clients.projects()
    const {value} = await callClient(transport, {method, read: true, permission: 'resourcemanager.projects.get'}, (options) =>
      client.searchProjects({query: `projectId:${projectId}`}, options),
    )
    const found = parseReply(z.array(projectSchema), value[0], method)
    // The search matches prefixes too; only the very id proves that the project is there and closed to us.
    if (found.some((project) => project.projectId === projectId)) throw denied
    return undefined
  }

  return {
    project: memoised(async () => {
      const method = 'cloudresourcemanager.projects.get'
      const client = await clients.projects()
      try {
        const {value} = await callClient(transport, {method, read: true, permission: 'resourcemanager.projects.get'}, (options) =>
          client.getProject({name: `projects/${projectId}`}, options),
        )
        return parseReply(projectSchema, value[0], method)
      } catch (error) {
        if (!(error instanceof GcpError)) throw error
        if (error.kind === 'not_found') return undefined
        if (error.kind !== 'permission') throw error
        const denied = error.but({permission: 'resourcemanager.projects.get'})
        try {
          return await find(denied)
        } catch (inner) {
          throw inner instanceof GcpError && inner.kind === 'permission' ? denied : inner
        }
      }
    }),
    policy: memoised(async () => {
      const method = 'cloudresourcemanager.projects.getIamPolicy'
      const client = await clients.projects()
      const {value} = await callClient(transport, {method, read: true, permission: 'resourcemanager.projects.getIamPolicy'}, (options) =>
        client.getIamPolicy({resource: `projects/${projectId}`, options: {requestedPolicyVersion: 3}}, options),
      )
      return parseReply(policy, value[0], method)
    }),
  }
}
