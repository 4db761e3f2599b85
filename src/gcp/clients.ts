import type {ArtifactRegistryClient} from '@google-cloud/artifact-registry'
import type {ProjectsClient} from '@google-cloud/resource-manager'
import type {SecretManagerServiceClient} from '@google-cloud/secret-manager'
import type {ServiceUsageClient} from '@google-cloud/service-usage'
import type {
  SqlBackupRunsServiceClient,
  SqlDatabasesServiceClient,
  SqlInstancesServiceClient,
  SqlOperationsServiceClient,
  SqlTiersServiceClient,
  SqlUsersServiceClient,
} from '@google-cloud/sql'
import type {CallOptions} from 'google-gax'
import type {JsonObject} from '../engine/json.ts'
import {GcpError, gcpError} from './gcp-error.ts'
import {settle} from './recent.ts'
import {serviceOf, type Transport} from './transport.ts'
import {onWire, type Wire} from './wire.ts'

/** Google's own clients, each made (and its package loaded) on first use; all send REST through the transport's credential. */
export type Clients = {
  projects: () => Promise<ProjectsClient>
  serviceUsage: () => Promise<ServiceUsageClient>
  secretManager: () => Promise<SecretManagerServiceClient>
  artifactRegistry: () => Promise<ArtifactRegistryClient>
  sqlInstances: () => Promise<SqlInstancesServiceClient>
  sqlTiers: () => Promise<SqlTiersServiceClient>
  sqlDatabases: () => Promise<SqlDatabasesServiceClient>
  sqlUsers: () => Promise<SqlUsersServiceClient>
  sqlBackupRuns: () => Promise<SqlBackupRunsServiceClient>
  sqlOperations: () => Promise<SqlOperationsServiceClient>
}

const made = new WeakMap<Transport, Clients>()

/** The clients of a transport: the same ones whoever asks. */
export const clientsOf = (transport: Transport): Clients => {
  const known = made.get(transport)
  if (known !== undefined) return known
  // `fallback` is REST without gRPC: only so can one credential redirect every host.
  const options = async () => ({fallback: true as const, authClient: await transport.auth()})
  const clients: Clients = {
    projects: once(async () => new (await import('@google-cloud/resource-manager')).ProjectsClient(await options())),
    serviceUsage: once(async () => new (await import('@google-cloud/service-usage')).ServiceUsageClient(await options())),
    secretManager: once(async () => new (await import('@google-cloud/secret-manager')).SecretManagerServiceClient(await options())),
    artifactRegistry: once(async () => new (await import('@google-cloud/artifact-registry')).ArtifactRegistryClient(await options())),
    sqlInstances: once(async () => new (await import('@google-cloud/sql')).SqlInstancesServiceClient(await options())),
    sqlTiers: once(async () => new (await import('@google-cloud/sql')).SqlTiersServiceClient(await options())),
    sqlDatabases: once(async () => new (await import('@google-cloud/sql')).SqlDatabasesServiceClient(await options())),
    sqlUsers: once(async () => new (await import('@google-cloud/sql')).SqlUsersServiceClient(await options())),
    sqlBackupRuns: once(async () => new (await import('@google-cloud/sql')).SqlBackupRunsServiceClient(await options())),
    sqlOperations: once(async () => new (await import('@google-cloud/sql')).SqlOperationsServiceClient(await options())),
  }
  made.set(transport, clients)
  return clients
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let kept: Promise<T> | undefined
  return () => {
    kept ??= make().catch((error: unknown) => {
      kept = undefined
      throw error
    })
    return kept
  }
}

export type ClientCall = {
  /** Google's method id. */
  method: string
  permission?: string | undefined
  /** A read: it is sent again after passing errors, and waits for what this run has just changed. */
  read: boolean
  /** A write that does no harm when it is sent twice. */
  repeatable?: boolean
  /** The body that must not be lost in the client's own encoding; only where the body is JSON as the REST reference has it. */
  expect?: JsonObject | undefined
  signal?: AbortSignal | undefined
  /** Kept by the caller that wants to see the wire of a call that failed. */
  wire?: Wire
}

/** gRPC codes: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE. */
const passing = {always: [4, 8, 13, 14], refusedOnly: [8]} as const

/** Retry and timeout of one call, explicit: the packages' own defaults differ from method to method and some never end. */
const callOptions = (transport: Transport, call: ClientCall): CallOptions => ({
  timeout: transport.timeoutMs,
  retry: {
    retryCodes: [...(call.read || call.repeatable ? passing.always : passing.refusedOnly)],
    backoffSettings: {
      initialRetryDelayMillis: 200,
      retryDelayMultiplier: 2,
      // gax looks at the clock only after a pause: a long one would outlast the total.
      maxRetryDelayMillis: Math.min(10_000, transport.retryForMs / 5),
      initialRpcTimeoutMillis: transport.timeoutMs,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: transport.timeoutMs,
      totalTimeoutMillis: transport.retryForMs,
    },
  },
  ...(call.signal === undefined ? {} : {signal: call.signal}),
})

/** What came of a client call: the client's own answer, and the JSON that was on the wire. */
export type ClientReply<T> = {value: T; wire: Wire}

/**
 * Calls a generated client with explicit retry and timeout.
 * @throws GcpError
 */
export const callClient = async <T>(
  transport: Transport,
  call: ClientCall,
  send: (options: CallOptions) => Promise<T>,
): Promise<ClientReply<T>> => {
  const wire: Wire = call.wire ?? {method: call.method, expect: call.expect}
  const attempt = async (): Promise<ClientReply<T>> => {
    try {
      return {value: await onWire(wire, () => send(callOptions(transport, call))), wire}
    } catch (thrown) {
      call.signal?.throwIfAborted()
      if (wire.refused !== undefined) throw wire.refused
      throw unmasked(gcpError(thrown, {method: call.method, permission: call.permission, service: serviceOf(call.method)}), wire)
    }
  }
  if (!call.read) return attempt()
  const {recent, clock, notify} = transport
  return settle({recent, clock, notify, signal: call.signal}, () => ({path: wire.path, write: false}), attempt)
}

/** gax says "total timeout exceeded" for whatever it gave up retrying; the last reply tells what it was. */
const unmasked = (error: GcpError, wire: Wire): GcpError => {
  if (error.kind !== 'timeout' || error.status !== undefined || wire.status === undefined || wire.status < 400) return error
  const kind = wire.status === 429 ? 'quota' : 'network'
  return new GcpError({kind, method: error.method, status: wire.status, detail: `HTTP ${wire.status} until the retries ran out`})
}
