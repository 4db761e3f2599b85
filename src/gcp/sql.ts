import {z} from 'zod'
import {callClient} from './clients.ts'
import type {Cloud, SqlInstance} from './cloud.ts'
import {ifFound, memoised, type Reads} from './reads.ts'
import {enumName, list, parseReply, text, timestamp} from './replies.ts'

/** The client wraps what may be absent (`{value: true}`); REST does not. */
const wrapped = <T>(inner: z.ZodType<T>) => z.union([inner, z.object({value: inner}).transform(({value}) => value)])
/** Absent booleans mean false. */
const switched = wrapped(z.boolean())
  .nullish()
  .transform((value) => value ?? false)
/** Absent numbers mean 0; int64 come as text. */
const count = wrapped(z.union([z.number(), z.string().transform(Number)]))
  .nullish()
  .transform((value) => value ?? 0)
/** What the client calls …_UNSPECIFIED is absent. */
const choice = enumName
  .nullish()
  .transform((value) => (value === undefined || value === null || value.endsWith('_UNSPECIFIED') ? undefined : value))

const tier = z
  .object({tier: z.string(), region: list(z.string()), RAM: count})
  .transform(({tier, region, RAM}) => ({tier, regions: region, ramMb: RAM === 0 ? undefined : RAM / 1024 / 1024}))
const tiers = z.object({items: list(tier)})

const window = z.object({day: count, hour: count, updateTrack: choice})
const backups = z
  .object({
    enabled: switched,
    pointInTimeRecoveryEnabled: switched,
    startTime: text,
    location: text,
    transactionLogRetentionDays: count,
    backupRetentionSettings: z.object({retainedBackups: count}).nullish(),
  })
  .transform(({backupRetentionSettings, ...rest}) => ({...rest, retainedBackups: backupRetentionSettings?.retainedBackups ?? 0}))
const addresses = z.object({
  ipv4Enabled: switched,
  privateNetwork: text,
  allocatedIpRange: text,
  authorizedNetworks: list(z.object({name: text, value: z.string()})),
  requireSsl: switched,
  sslMode: choice,
})
const settings = z
  .object({
    tier: text,
    edition: choice,
    activationPolicy: choice,
    availabilityType: choice,
    storageAutoResize: switched,
    deletionProtectionEnabled: switched,
    retainBackupsOnDelete: switched,
    finalBackupConfig: z.object({enabled: switched}).nullish(),
    databaseFlags: list(z.object({name: z.string(), value: z.string()})),
    maintenanceWindow: window.nullish(),
    backupConfiguration: backups.nullish(),
    ipConfiguration: addresses.nullish(),
  })
  .transform(({finalBackupConfig, maintenanceWindow, backupConfiguration, ipConfiguration, ...rest}) => ({
    ...rest,
    finalBackup: finalBackupConfig?.enabled ?? false,
    // A window without a day is none: maintenance comes at any time.
    maintenanceWindow: (maintenanceWindow?.day ?? 0) === 0 ? undefined : (maintenanceWindow ?? undefined),
    backupConfiguration: backupConfiguration ?? backups.parse({}),
    ipConfiguration: ipConfiguration ?? addresses.parse({}),
  }))
const instance = z
  .object({
    name: z.string(),
    connectionName: text.transform((name) => name ?? ''),
    createTime: timestamp,
    region: text,
    state: choice,
    databaseVersion: choice,
    suspensionReason: list(enumName),
    gceZone: text,
    secondaryGceZone: text,
    ipAddresses: list(z.object({type: enumName, ipAddress: z.string()})),
    serverCaCert: z.object({expirationTime: timestamp}).nullish(),
    scheduledMaintenance: z.object({startTime: timestamp}).nullish(),
    settings: settings.nullish(),
  })
  .transform(({serverCaCert, scheduledMaintenance, settings: given, ...rest}): SqlInstance => ({
    ...rest,
    serverCaExpirationTime: serverCaCert?.expirationTime,
    scheduledMaintenanceTime: scheduledMaintenance?.startTime,
    settings: given ?? settings.parse({}),
  }))

const database = z.object({name: z.string(), charset: text, collation: text})
const users = z.object({
  items: list(z.object({name: z.string(), type: choice.transform((type) => type ?? 'BUILT_IN'), databaseRoles: list(z.string())})),
})
const runs = z.object({
  items: list(
    z
      .object({status: choice, type: choice, endTime: timestamp, error: z.object({message: text}).nullish()})
      .transform(({error, ...rest}) => ({...rest, error: error?.message})),
  ),
})
const operations = z.object({
  items: list(z.object({name: z.string(), operationType: enumName, status: enumName, insertTime: timestamp, user: text})),
})

const newest = 10

/** Reads of Cloud SQL Admin v1, through @google-cloud/sql. 403 notAuthorized is a permission problem, never "absent". */
export const sql = ({transport, clients, projectId: project}: Reads): Cloud['sql'] => ({
  tiers: memoised(async () => {
    const method = 'sql.tiers.list'
    const client = await clients.sqlTiers()
    const {value} = await callClient(transport, {method, read: true, permission: 'cloudsql.instances.list'}, (options) =>
      client.list({project}, options),
    )
    return parseReply(tiers, value[0], method).items
  }),
  instance: memoised(async (name: string) => {
    const method = 'sql.instances.get'
    const client = await clients.sqlInstances()
    const reply = await ifFound(
      callClient(transport, {method, read: true, permission: 'cloudsql.instances.get'}, (options) =>
        client.get({project, instance: name}, options),
      ),
    )
    return reply === undefined ? undefined : parseReply(instance, reply.value[0], method)
  }),
  database: memoised(async (of: string, name: string) => {
    const method = 'sql.databases.get'
    const client = await clients.sqlDatabases()
    const reply = await ifFound(
      callClient(transport, {method, read: true, permission: 'cloudsql.databases.get'}, (options) =>
        client.get({project, instance: of, database: name}, options),
      ),
    )
    return reply === undefined ? undefined : parseReply(database, reply.value[0], method)
  }),
  users: memoised(async (of: string) => {
    const method = 'sql.users.list'
    const client = await clients.sqlUsers()
    const reply = await ifFound(
      callClient(transport, {method, read: true, permission: 'cloudsql.users.list'}, (options) =>
        client.list({project, instance: of}, options),
      ),
    )
    return reply === undefined ? [] : parseReply(users, reply.value[0], method).items
  }),
  backupRuns: memoised(async (of: string) => {
    const method = 'sql.backupRuns.list'
    const client = await clients.sqlBackupRuns()
    const reply = await ifFound(
      callClient(transport, {method, read: true, permission: 'cloudsql.backupRuns.list'}, (options) =>
        client.list({project, instance: of, maxResults: newest}, options),
      ),
    )
    return reply === undefined ? [] : parseReply(runs, reply.value[0], method).items
  }),
  runningOperations: memoised(async (of: string) => {
    const method = 'sql.operations.list'
    const client = await clients.sqlOperations()
    const {value} = await callClient(transport, {method, read: true, permission: 'cloudsql.instances.get'}, (options) =>
      client.list({project, instance: of, maxResults: newest}, options),
    )
    return parseReply(operations, value[0], method).items.filter(({status}) => status !== 'DONE')
  }),
})
