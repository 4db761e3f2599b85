import type {ExecuteHooks, Receipt} from '../engine/apply.ts'
import type {Request} from '../engine/change.ts'
import {createCloud} from '../gcp/create-cloud.ts'
import {GcpError} from '../gcp/gcp-error.ts'
import {redactObject} from '../gcp/redact.ts'
import type {Transport} from '../gcp/transport.ts'
import {callCluster} from './control-plane.ts'

export type KubernetesRequest = Extract<Request, {kind: 'kubernetes'}>

/** `/api/v1/namespaces/n/serviceaccounts` → `container.serviceAccounts.create`, which is also the name of the permission. */
const methodOf = ({path, verb}: KubernetesRequest): string => {
  const kind = /\/(serviceaccounts)(\/|$)/.test(path) ? 'serviceAccounts' : 'namespaces'
  return `container.${kind}.${verb === 'create' ? 'create' : 'update'}`
}

/**
 * Sends one write to a cluster's own API. What exists already is adopted: observing again tells whether it is as wanted.
 * @throws GcpError also when the control plane is closed to this machine
 */
export const executeKubernetes = async (
  transport: Transport,
  projectId: string,
  request: KubernetesRequest,
  {signal}: Pick<ExecuteHooks, 'signal'>,
): Promise<Receipt> => {
  const {location, name} = request.cluster
  const method = methodOf(request)
  const sent = redactObject({cluster: request.cluster, verb: request.verb, path: request.path, body: request.body})
  const cluster = await createCloud(transport, projectId).container.cluster(location, name)
  if (cluster === undefined) throw new GcpError({kind: 'not_found', method, detail: `cluster ${name} in ${location} does not exist`})
  const patch = request.verb === 'patch'
  const how = patch
    ? ({http: 'PATCH', contentType: 'application/merge-patch+json'} as const)
    : ({http: 'POST', contentType: 'application/json'} as const)
  try {
    const call = {method, permission: method, path: request.path, body: request.body, repeatable: true, signal, retryForMs: 60_000}
    const answer = await callCluster(transport, projectId, cluster, {...call, ...how})
    if (!answer.reached) throw new GcpError({kind: 'network', method, detail: answer.why})
    return {sent, received: redactObject(answer.value)}
  } catch (error) {
    if (patch || !(error instanceof GcpError) || error.reason !== 'AlreadyExists') throw error
    return {sent, received: {adopted: true, detail: error.detail}}
  }
}
