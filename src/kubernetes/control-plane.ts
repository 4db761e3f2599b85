import {GcpError} from '../gcp/gcp-error.ts'
import type {Cluster} from '../gcp/cloud.ts'
import type {Call, Transport} from '../gcp/transport.ts'
import type {Answer} from './kubernetes.ts'

/** One door of a control plane, as a call is addressed to it. */
type Door = {host: string; prefix: string; ca?: string | undefined}

/** A credential is sent to nothing else. */
const isGoogles = (host: string): boolean => /^[a-z0-9.-]+\.gke\.goog$/.test(host)
const isAddress = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host)

/**
 * The doors that this machine may knock at, best first: the DNS endpoint, which IAM guards and which has a public certificate, then the
 * public address with the cluster's own authority. With an endpoint there is one: the simulator's, while any real door is open.
 */
const doorsOf = ({controlPlane, location, name}: Cluster, transport: Transport, projectId: string): Door[] => {
  const {dns, ip} = controlPlane
  const doors: Door[] = []
  if (dns.external && dns.endpoint !== undefined && isGoogles(dns.endpoint)) doors.push({host: dns.endpoint, prefix: ''})
  if (ip.publicEndpoint !== undefined && ip.certificate !== undefined && isAddress(ip.publicEndpoint))
    doors.push({host: ip.publicEndpoint, prefix: '', ca: ip.certificate})
  if (transport.endpoint === undefined) return doors
  const prefix = `/projects/${projectId}/locations/${location}/clusters/${name}`
  return doors.length === 0 ? [] : [{host: 'kubernetes.googleapis.com', prefix}]
}

export type ClusterCall = Omit<Call, 'host' | 'ca' | 'api'>

/** A closed address answers nothing at all: that is not worth a minute. */
const patience = {timeoutMs: 10_000, retryForMs: 3000}

const isSilence = (error: unknown): error is GcpError => error instanceof GcpError && (error.kind === 'network' || error.kind === 'timeout')

/**
 * One call of a cluster's own API, with the credential that every other call is sent with: no kubeconfig, plugin or program is needed, and
 * nothing on this machine is changed.
 * @throws GcpError what the cluster refused; silence at every door is an answer (`reached: false`), not an error
 */
export const callCluster = async (
  transport: Transport,
  projectId: string,
  cluster: Cluster,
  {path, ...call}: ClusterCall,
): Promise<Answer<unknown>> => {
  const doors = doorsOf(cluster, transport, projectId)
  let why = 'its control plane has no endpoint that is open to the outside'
  for (const {host, prefix, ca} of doors) {
    try {
      return {reached: true, value: await transport.request({...patience, ...call, api: 'container', host, ca, path: `${prefix}${path}`})}
    } catch (error) {
      call.signal?.throwIfAborted()
      if (!isSilence(error)) throw error
      why = `its control plane did not answer at ${host} (${error.detail})`
    }
  }
  return {reached: false, why}
}
