import {z} from 'zod'
import type {Cluster} from '../gcp/cloud.ts'
import {GcpError} from '../gcp/gcp-error.ts'
import {memoised} from '../gcp/reads.ts'
import {labels, list, parseReply, text} from '../gcp/replies.ts'
import type {Transport} from '../gcp/transport.ts'
import {callCluster} from './control-plane.ts'
import type {Answer, Deployment, Kubernetes, KubernetesAccount, Namespace} from './kubernetes.ts'

const metadata = z.object({name: z.string(), annotations: labels})
const namespace = z
  .object({metadata, status: z.object({phase: text}).nullish()})
  .transform((found): Namespace => ({name: found.metadata.name, phase: found.status?.phase ?? 'Active'}))
const account = z.object({metadata}).transform((found): KubernetesAccount => found.metadata)

const variable = z.object({name: z.string(), value: text})
const container = z
  .object({name: z.string(), image: text, env: list(variable)})
  .transform(({name, image, env}) => ({name, image: image ?? '', environment: env}))
const podSpec = z.object({
  serviceAccountName: text,
  containers: list(container),
  initContainers: list(container),
  volumes: list(z.object({secret: z.object({secretName: text}).nullish()})),
})
const deployment = z.object({metadata, spec: z.object({template: z.object({spec: podSpec})})}).transform((found): Deployment => {
  const {serviceAccountName = 'default', containers, initContainers, volumes} = found.spec.template.spec
  // A proxy may stand among the initContainers: there it is a sidecar when it restarts always.
  const mountedSecrets = volumes.flatMap(({secret}) => secret?.secretName ?? [])
  return {name: found.metadata.name, serviceAccountName, containers: [...containers, ...initContainers], mountedSecrets}
})

const page = <T extends z.ZodType>(item: T) => z.object({metadata: z.object({continue: text}).nullish(), items: list(item)})
const namespaces = page(namespace)
const deployments = page(deployment)

/** Reads inside the clusters of one project; each thing is read at most once. Ask for a new one to observe again. */
export const openKubernetes = (transport: Transport, projectId: string): Kubernetes => {
  const read = async <T>(
    cluster: Cluster,
    call: {method: string; path: string},
    schema: z.ZodType<T>,
    query: Record<string, string> = {},
  ) => {
    const answer = await callCluster(transport, projectId, cluster, {...call, http: 'GET', permission: call.method, query})
    return answer.reached ? {reached: true as const, value: parseReply(schema, answer.value, call.method)} : answer
  }
  const readAll = async <T>(
    cluster: Cluster,
    call: {method: string; path: string},
    schema: z.ZodType<{items: T[]; metadata?: {continue?: string | undefined} | null | undefined}>,
  ): Promise<Answer<readonly T[]>> => {
    const all: T[] = []
    let next: string | undefined
    do {
      const answer = await read(cluster, call, schema, {limit: '500', ...(next === undefined ? {} : {continue: next})})
      if (!answer.reached) return answer
      all.push(...answer.value.items)
      next = answer.value.metadata?.continue
    } while (next !== undefined)
    return {reached: true, value: all}
  }
  return {
    namespaces: memoised((cluster: Cluster) =>
      readAll(cluster, {method: 'container.namespaces.list', path: '/api/v1/namespaces'}, namespaces),
    ),
    serviceAccount: memoised(async (cluster: Cluster, inside: string, name: string) => {
      const call = {method: 'container.serviceAccounts.get', path: `/api/v1/namespaces/${inside}/serviceaccounts/${name}`}
      try {
        return await read(cluster, call, account)
      } catch (error) {
        if (error instanceof GcpError && error.kind === 'not_found') return {reached: true, value: undefined}
        throw error
      }
    }),
    deployments: memoised((cluster: Cluster, inside: string) =>
      readAll(cluster, {method: 'container.deployments.list', path: `/apis/apps/v1/namespaces/${inside}/deployments`}, deployments),
    ),
  }
}
