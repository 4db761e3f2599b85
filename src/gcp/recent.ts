import type {Clock} from '../engine/clock.ts'
import type {Waiting} from '../engine/event.ts'
import {GcpError} from './gcp-error.ts'
import {jittered} from './retry.ts'

/** What a call addressed when it failed. `path` without the query. */
export type Target = {path?: string | undefined; write: boolean}

/** Something that Google is still making known, until when it is worth asking again, and how long it usually takes. */
export type Settling = {what: string; since: Date; until: Date; usually: string}

/**
 * What this run has just changed, and which refusals therefore mean "wait", not "failed" (Google documents each as eventual consistency).
 * One record is shared by the transport, whose reads wait, and the executor, whose writes do.
 */
export type Recent = {
  enabled: (services: readonly string[]) => void
  projectCreated: () => void
  billingLinked: () => void
  /** `collection` and `name` are the last two segments of its path: `secrets`, `jwt-secret`. Names repeat between collections. */
  created: (collection: string, name: string) => void
  serviceAccountCreated: (email: string) => void
  /** What to wait for, or undefined when the error is final. */
  settling: (error: GcpError, target: Target) => Settling | undefined
}

const minutes = (count: number) => count * 60_000

const billingText = /billing account for project|billing must be enabled|billing is not enabled|UREQ_PROJECT_BILLING_NOT_FOUND/i
const serviceAccountText = /service account .*does not exist|unknown service account/i
/** Refusals for want of a permission, as against those that name another cause. */
const bare = new Set(['', 'PERMISSION_DENIED', 'IAM_PERMISSION_DENIED', 'forbidden', 'notAuthorized'])
const metricText = /Cannot find metric(\(s\))? that match(es)? type/i
const serviceAgentText = /service agent|service-\d+@|servicenetworking\.services\.addPeering|P4SA/i

/** Last two segments of a resource path, without a custom verb: `/v1/projects/p/secrets/s:getIamPolicy` → `secrets/s`. */
const tail = (path: string) => decodeURIComponent(path.split('/').slice(-2).join('/')).split(':')[0] ?? ''

/** An empty record. Times are the clock's. */
export const createRecent = (clock: Clock): Recent => {
  const enabledAt = new Map<string, Date>()
  const createdAt = new Map<string, Date>()
  const accountAt = new Map<string, Date>()
  let project: Date | undefined
  let billing: Date | undefined
  let unknownMetric: Date | undefined

  const within = (since: Date | undefined, ms: number, what: string, usually: string): Settling | undefined => {
    if (since === undefined) return undefined
    const until = new Date(since.getTime() + ms)
    return clock.now() < until ? {what, since, until, usually} : undefined
  }

  const denied = (error: GcpError, {path}: Target): Settling | undefined => {
    if (!bare.has(error.reason ?? '')) return undefined
    // A bucket or a billing account that is closed to the caller has nothing to do with how new the project is.
    const ofProject = path === undefined || path.includes('/projects/')
    return (ofProject ? within(project, minutes(1), 'the new project to accept its owner', 'up to 60 s') : undefined) ?? agent(error)
  }

  const absent = (error: GcpError, {path, write}: Target): Settling | undefined => {
    for (const [place, since] of createdAt) {
      const name = place.slice(place.indexOf('/') + 1)
      // A read below a new resource may truly find nothing (a secret without versions), so only the resource itself is waited for.
      const meant = (path !== undefined && tail(path) === place) || (write && error.detail.includes(name))
      const wait = meant ? within(since, minutes(1), `${name} to become visible`, 'up to 60 s') : undefined
      if (wait) return wait
    }
    return undefined
  }

  const account = ({detail, kind}: GcpError, {path}: Target): Settling | undefined => {
    for (const [email, since] of accountAt) {
      const meant = kind === 'not_found' ? path?.includes(email) === true : serviceAccountText.test(detail)
      const wait = meant ? within(since, minutes(2), `service account ${email} to become known`, 'up to 2 min') : undefined
      if (wait) return wait
    }
    return undefined
  }

  return {
    enabled: (services) => services.forEach((service) => enabledAt.set(service, clock.now())),
    projectCreated: () => void (project = clock.now()),
    billingLinked: () => void (billing = clock.now()),
    created: (collection, name) => void createdAt.set(`${collection}/${name}`, clock.now()),
    serviceAccountCreated: (email) => void accountAt.set(email, clock.now()),
    settling: (error, target) => {
      switch (error.kind) {
        case 'api_disabled':
          return within(enabledAt.get(error.service ?? ''), minutes(5), `${error.service ?? 'the API'} to become usable`, '1-5 min')
        case 'permission':
          return denied(error, target)
        case 'not_found':
          return metric(error) ?? account(error, target) ?? absent(error, target)
        case 'precondition':
        case 'invalid':
        case 'internal':
          if (billingText.test(error.detail) || billingText.test(error.reason ?? ''))
            return within(billing, minutes(5), 'billing to reach every service', '1-5 min')
          if (serviceAccountText.test(error.detail)) return account(error, target)
          if (error.reason === 'resourceNotReady') return absent(error, {write: true})
          return agent(error)
        default:
          return undefined
      }
    },
  }

  /** A metric of a new service: ten minutes from the first refusal, for all policies together. */
  function metric(error: GcpError): Settling | undefined {
    if (!error.method.startsWith('monitoring.projects.alertPolicies.') || !metricText.test(error.detail)) return undefined
    unknownMetric ??= clock.now()
    return within(unknownMetric, minutes(10), 'the metric of a new service to become known to Cloud Monitoring', '2-10 min')
  }

  function agent(error: GcpError): Settling | undefined {
    if (!error.method.startsWith('servicenetworking.') || !serviceAgentText.test(error.detail)) return undefined
    return within(enabledAt.get('servicenetworking.googleapis.com'), minutes(5), 'the service networking agent to be set up', '1-5 min')
  }
}

export type Patience = {recent: Recent; clock: Clock; notify: (waiting: Waiting) => void; signal?: AbortSignal | undefined}

/** Runs `attempt` again, 1 s to 10 s apart, while its error is one that `recent` explains. Throws the last error when the time is over. */
export const settle = async <T>({recent, clock, notify, signal}: Patience, target: () => Target, attempt: () => Promise<T>): Promise<T> => {
  let told: string | undefined
  for (let n = 0; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      signal?.throwIfAborted()
      const wait = error instanceof GcpError ? recent.settling(error, target()) : undefined
      if (wait === undefined) throw error
      if (told !== wait.what) notify({what: wait.what, since: wait.since, usually: wait.usually})
      told = wait.what
      await clock.sleep(jittered(n, 1000, 10_000), signal)
    }
  }
}
