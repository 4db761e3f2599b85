import {randomBytes, randomUUID} from 'node:crypto'
import type {Api, JsonObject, SimulatedProject, Table, World} from './api.ts'
import type {Faults} from './faults.ts'
import {takeFault} from './faults.ts'
import {operator, organization} from './fresh.ts'
import {createOperations} from './operations.ts'
import {createPermissions} from './permissions.ts'
import {createPolicies} from './policies.ts'
import {namedPermissions, untestedPermissions} from './roles.ts'
import {customRoleTable} from './iam/custom-roles.ts'
import {texts} from './json.ts'
import {isObject} from './shapes.ts'
import type {State} from './state.ts'

/** What a world is made of. */
export type WorldOptions = {
  state: State
  apis: Api[]
  faults: () => Faults
  now: () => Date
  operationTimeMs: number
  onPermission?: ((checked: CheckedPermission) => void) | undefined
}

/** A permission that a request was held to: of which method (discovery id), on which resource, and whether the caller has it. */
export type CheckedPermission = {permission: string; resource: string; method: string; granted: boolean}

/** The world that handlers see, and what only the server does with it. */
export type RunningWorld = {
  world: World
  /** Names the method id that runs now, for operation faults, and the service account that is impersonated. */
  enter: (id: string, impersonated?: string) => void
  /** Makes the effects of operations that are due happen. */
  settle: () => void
  /** Enabled and noticed everywhere: what an API gate asks. */
  answers: (project: SimulatedProject, service: string) => boolean
}

const tableOf = (state: State) => {
  const rows = (name: string) => (state.document.tables[name] ??= {})
  function table<T extends JsonObject>(name: string): Table<T>
  function table(name: string): Table<JsonObject> {
    return {
      get: (key) => (Object.hasOwn(rows(name), key) ? structuredClone(rows(name)[key]) : undefined),
      set: (key, value) => {
        rows(name)[key] = structuredClone(value)
        state.changed()
      },
      delete: (key) => {
        const had = Object.hasOwn(rows(name), key)
        Reflect.deleteProperty(rows(name), key)
        if (had) state.changed()
        return had
      },
      entries: () => Object.entries(rows(name)).map(([key, value]): [string, JsonObject] => [key, structuredClone(value)]),
    }
  }
  return table
}

const projectsOf =
  (state: State) =>
  (idOrNumber: string): SimulatedProject | undefined => {
    const rows = state.document.tables['cloudresourcemanager.projects'] ?? {}
    const found = Object.hasOwn(rows, idOrNumber)
      ? rows[idOrNumber]
      : Object.values(rows).find(({projectNumber}) => projectNumber === idOrNumber)
    return typeof found?.projectId === 'string' && typeof found.projectNumber === 'string'
      ? {projectId: found.projectId, projectNumber: found.projectNumber}
      : undefined
  }

// A step coprime to the range visits every number once, so ids look random and never repeat.
const numberOf = (counter: number, digits: number): string => {
  const low = 10n ** BigInt(digits - 1)
  return String(low + ((BigInt(counter) * 7_046_029_254_386_353_087n + 3_141_592_653_589_793n) % (9n * low)))
}

const etag = () => Buffer.concat([Buffer.from([0x07, 0x06]), randomBytes(6)]).toString('base64')

const numberedAgent = /^(?:service-)?(\d+)(?:-compute)?@/

/** Whether a service account member can stand in a policy: those of other projects are taken on trust, those of simulated ones must exist. */
const createKnown =
  (state: State, project: (id: string) => SimulatedProject | undefined, now: () => Date, faults: () => Faults) =>
  (email: string): boolean => {
    const {tables} = state.document
    const account = tables['iam.serviceAccounts']?.[email]
    if (account) {
      const created = typeof account.createdAt === 'number' ? account.createdAt : 0
      return account.deletedAt === undefined && now().getTime() >= created + faults().propagationMs.serviceAccount
    }
    if (tables['iam.agents']?.[email]) return true
    const pool = /^(.+)\.svc\.id\.goog$/.exec(email)?.[1]
    // The identity pool of a project's clusters comes with the first of them.
    if (pool !== undefined) return project(pool) === undefined || tables['container.workloadPools']?.[email] !== undefined
    const number = numberedAgent.exec(email)?.[1]
    if (number !== undefined && project(number)) return false
    const home = /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1]
    return home === undefined || project(home) === undefined
  }

const enforces = (row: JsonObject | undefined): boolean | undefined => {
  const spec = isObject(row?.spec) ? row.spec : undefined
  if (!spec) return undefined
  if (spec.reset === true || !Array.isArray(spec.rules)) return false
  return spec.rules.some((rule) => isObject(rule) && rule.enforce === true && rule.condition === undefined)
}

/** Builds the world over a state. */
export const createWorld = ({state, apis, faults, now, operationTimeMs, onPermission}: WorldOptions): RunningWorld => {
  let method = ''
  let impersonated: string | undefined
  const project = projectsOf(state)
  const tested = apis.flatMap(({routes}) => routes.flatMap(({permissions}) => permissions ?? []))
  const knownPermissions = [...new Set([...tested, ...namedPermissions, ...untestedPermissions])].sort()
  const caller = () =>
    impersonated !== undefined
      ? `serviceAccount:${impersonated}`
      : `${faults().principal?.email.endsWith('.gserviceaccount.com') ? 'serviceAccount' : 'user'}:${faults().principal?.email ?? operator}`
  const nextId = (digits = 19) => {
    state.document.counter += 1
    state.changed()
    return numberOf(state.document.counter, digits)
  }
  const canonical = (resource: string) => {
    const [kind, id = '', ...rest] = resource.split('/')
    const found = kind === 'projects' ? project(id) : undefined
    return found ? ['projects', found.projectId, ...rest].join('/') : resource
  }
  const unnoticed = new Map<string, {until: number; before: JsonObject | undefined}>()
  const policyOf = (resource: string): JsonObject | undefined => {
    // A bucket's name says nothing of its project, and neither does the key of its policy.
    const key = canonical(resource).replace(/^projects\/[^/]+\/buckets\//, 'projects/_/buckets/')
    const late = unnoticed.get(key)
    return late && now().getTime() < late.until ? late.before : state.document.policies[key]
  }
  const customRole = (name: string): readonly string[] | undefined => {
    const row = state.document.tables[customRoleTable]?.[name]
    return row === undefined ? undefined : row.deletedAt === undefined ? texts(row.includedPermissions) : []
  }
  const may = createPermissions({faults, caller, policy: policyOf, impersonated: () => impersonated !== undefined, customRole})
  const known = createKnown(state, project, now, faults)
  const policies = createPolicies(state, {
    newEtag: etag,
    canonical,
    known,
    customRole,
    may: (permission, resource) => may(permission, canonical(resource)),
  })
  const service = (of: SimulatedProject, name: string) => state.document.tables['serviceusage.services']?.[`${of.projectNumber}/${name}`]
  const operations = createOperations(state, {
    now,
    operationTimeMs,
    newId: nextId,
    user: () => caller().replace(/^[^:]+:/, ''),
    failure: () => takeFault(faults().operationErrors, method),
  })
  const world: World = {
    now,
    get caller() {
      return caller()
    },
    table: tableOf(state),
    project,
    newId: nextId,
    newEtag: etag,
    uuid: () => randomUUID(),
    policies: {
      ...policies,
      set: (resource, policy) => {
        const before = state.document.policies[canonical(resource)]
        const after = policies.set(resource, policy)
        if (faults().propagationMs.grant > 0)
          unnoticed.set(canonical(resource), {until: now().getTime() + faults().propagationMs.grant, before})
        return after
      },
    },
    operations: {start: operations.start, get: operations.get},
    may: (permission, resource) => {
      const on = canonical(resource)
      const granted = may(permission, on)
      onPermission?.({permission, resource: on, method, granted})
      return granted
    },
    serviceEnabled: (id, name) => {
      const found = project(id)
      return found !== undefined && service(found, name)?.state === 'ENABLED'
    },
    enforced: (constraint, id) => {
      const number = project(id)?.projectNumber ?? id
      const rows = state.document.tables['orgpolicy.policies'] ?? {}
      return (
        enforces(rows[`projects/${number}/policies/${constraint}`]) ?? enforces(rows[`${organization}/policies/${constraint}`]) ?? false
      )
    },
    knownPermissions,
    operationTimeMs,
    get propagationMs() {
      return faults().propagationMs
    },
  }
  const fire = (id: string, services: string[]) => {
    const found = project(id)
    if (!found) return
    for (const name of services) {
      if (service(found, name)?.state === 'ENABLED') continue
      world.table('serviceusage.services').set(`${found.projectNumber}/${name}`, {state: 'ENABLED', enabledAt: now().getTime()})
      for (const api of apis) api.onServiceEnabled?.(name, found, world)
    }
  }
  return {
    world,
    enter: (id, account) => {
      method = id
      impersonated = account
    },
    settle: () => operations.settle(fire),
    answers: (of, name) => {
      const row = service(of, name)
      const noticed = (typeof row?.enabledAt === 'number' ? row.enabledAt : 0) + faults().propagationMs.api
      return row?.state === 'ENABLED' && now().getTime() >= noticed && !faults().disable.includes(name)
    },
  }
}
