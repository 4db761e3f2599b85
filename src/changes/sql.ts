import type {Config} from '../config/parameters.ts'
import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import type {SqlSettings} from '../gcp/cloud.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {backupsCost, databaseCost, machineCost} from './prices.ts'
import {sqlDatabaseName, sqlInstanceName} from './resource-names.ts'

/** The flag that lets IAM principals sign in. */
export const iamFlag = {name: 'cloudsql.iam_authentication', value: 'on'} as const

/**
 * How early maintenance should come: staging gets it before production does (Google's advice, catalogue.md "Environments"). In dev any
 * track will do.
 */
export const trackOf = ({env, maintenanceTrack}: Config): string =>
  env === 'prod' ? (maintenanceTrack === 'canary' ? 'stable' : maintenanceTrack) : 'canary'

const channels: Readonly<Record<string, string>> = {canary: 'preview', stable: 'production', week5: 'week5'}
const days = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']
const windowFlags = (config: Config): string =>
  `--maintenance-window-day=${days[config.maintenanceDay - 1]} --maintenance-window-hour=${config.maintenanceHour} --maintenance-release-channel=${channels[trackOf(config)]}`
const windowOf = (config: Config): JsonObject => ({
  day: config.maintenanceDay,
  hour: config.maintenanceHour,
  updateTrack: trackOf(config),
})

type Backups = Omit<SqlSettings['backupConfiguration'], 'enabled' | 'pointInTimeRecoveryEnabled'>
const backupsOf = ({startTime, location, transactionLogRetentionDays, retainedBackups}: Backups): JsonObject => ({
  enabled: true,
  pointInTimeRecoveryEnabled: true,
  startTime,
  ...(location === undefined ? {} : {location}),
  transactionLogRetentionDays,
  backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups},
})
const backupFlags = ({startTime, transactionLogRetentionDays, retainedBackups}: Backups): string =>
  `--backup-start-time=${startTime} --enable-point-in-time-recovery --retained-transaction-log-days=${transactionLogRetentionDays} --retained-backups-count=${retainedBackups}`
const wantedBackups = ({backupStartTime, pitrDays, retainedBackups}: Config): Backups => ({
  startTime: backupStartTime,
  transactionLogRetentionDays: pitrDays,
  retainedBackups,
})

const networkOf = ({projectId, network}: Config): string => `projects/${projectId}/global/networks/${network}`

/** An instance with everything that this step asks for, so that nothing has to be changed afterwards. In dev it may be deleted again. */
export const createInstance = (config: Config): Change => {
  const {projectId, sqlInstance, dbVersion, dbEdition, dbTier, region, ha, diskSizeGb, psaRange, env} = config
  const kept = env !== 'dev'
  const edition = dbEdition.toLowerCase().replace('_', '-')
  return {
    id: `create-instance-${sqlInstance}`,
    title: `Create Cloud SQL instance ${sqlInstance} (${dbVersion}, ${dbTier}, ${ha.toLowerCase()}, private address only)`,
    resource: sqlInstanceName(projectId, sqlInstance),
    request: call(
      'sql.instances.insert',
      {},
      {
        name: sqlInstance,
        databaseVersion: dbVersion,
        region,
        instanceType: 'CLOUD_SQL_INSTANCE',
        settings: {
          tier: dbTier,
          edition: dbEdition,
          availabilityType: ha,
          activationPolicy: 'ALWAYS',
          dataDiskType: 'PD_SSD',
          dataDiskSizeGb: String(diskSizeGb),
          storageAutoResize: true,
          deletionProtectionEnabled: kept,
          retainBackupsOnDelete: kept,
          ipConfiguration: {
            ipv4Enabled: false,
            privateNetwork: networkOf(config),
            allocatedIpRange: psaRange,
            sslMode: 'ENCRYPTED_ONLY',
          },
          backupConfiguration: backupsOf(wantedBackups(config)),
          maintenanceWindow: windowOf(config),
          insightsConfig: {queryInsightsEnabled: true},
          databaseFlags: [iamFlag],
          userLabels: {app: 'qlogic', environment: env},
        },
      },
    ),
    cost: databaseCost({tier: dbTier, regional: ha === 'REGIONAL', diskGb: diskSizeGb}),
    gcloud: [
      `${gcloud`beta sql instances create ${sqlInstance} --database-version=${dbVersion} --edition=${edition} --tier=${dbTier} --region=${region} --availability-type=${ha} --network=${networkOf(config)} --no-assign-ip --allocated-ip-range-name=${psaRange} --ssl-mode=ENCRYPTED_ONLY --storage-type=SSD --storage-size=${diskSizeGb} --storage-auto-increase`} ${backupFlags(wantedBackups(config))} ${windowFlags(config)} --insights-config-query-insights-enabled --database-flags=${iamFlag.name}=${iamFlag.value}${kept ? ' --deletion-protection --retain-backups-on-delete' : ''} ${gcloud`--project=${projectId}`.replace('gcloud ', '')}`,
    ],
    undo: kept
      ? gcloud`sql instances patch ${sqlInstance} --no-deletion-protection --project=${projectId} && gcloud sql instances delete ${sqlInstance} --project=${projectId}`
      : gcloud`sql instances delete ${sqlInstance} --project=${projectId}`,
    takes: '5-15 min',
  }
}

type Patch = {
  config: Config
  id: string
  title: string
  settings: JsonObject
  flags: string
  /** The flags that take it back. */
  back: string | null
  takes?: string
  cost?: Change['cost']
  why?: string
}

/** One patch of the settings; the version of the settings that it was made for is put in when it is sent. */
const patch = ({config, id, title, settings, flags, back, takes = '1-3 min', cost = free, why}: Patch): Change => {
  const {projectId, sqlInstance} = config
  const line = (words: string) => `${gcloud`sql instances patch ${sqlInstance} --project=${projectId}`} ${words}`
  return {
    id: `${id}-${sqlInstance}`,
    title,
    resource: sqlInstanceName(projectId, sqlInstance),
    request: call('sql.instances.patch', {instance: sqlInstance}, {settings}),
    cost,
    gcloud: [line(flags)],
    undo: back === null ? null : line(back),
    takes,
    ...(why === undefined ? {} : {consent: {each: why}}),
  }
}

export const startInstance = (config: Config): Change =>
  patch({
    config,
    id: 'start-instance',
    title: `Start instance ${config.sqlInstance}`,
    settings: {activationPolicy: 'ALWAYS'},
    flags: '--activation-policy=ALWAYS',
    back: '--activation-policy=NEVER',
    why: 'somebody stopped it, and a running instance is paid by the hour',
  })

export const addPrivateAddress = (config: Config): Change => ({
  ...patch({
    config,
    id: 'add-private-address',
    title: `Give instance ${config.sqlInstance} a private address on network ${config.network}`,
    settings: {ipConfiguration: {privateNetwork: networkOf(config), allocatedIpRange: config.psaRange}},
    flags: gcloud`--network=${networkOf(config)} --allocated-ip-range-name=${config.psaRange}`.replace('gcloud ', ''),
    back: null,
    takes: '5-10 min',
    why: 'the database restarts, and a private network can never be taken away from an instance again',
  }),
  gcloud: [
    gcloud`beta sql instances patch ${config.sqlInstance} --network=${networkOf(config)} --allocated-ip-range-name=${config.psaRange} --project=${config.projectId}`,
  ],
})

export const growDisk = (config: Config): Change =>
  patch({
    config,
    id: 'grow-disk',
    title: `Let the disk of instance ${config.sqlInstance} grow by itself`,
    settings: {storageAutoResize: true},
    flags: '--storage-auto-increase',
    back: '--no-storage-auto-increase',
    takes: 'under 1 min',
  })

/** `before`: the machine that it has. */
export const changeTier = (config: Config, before: string | undefined): Change =>
  patch({
    config,
    id: 'change-tier',
    title: `Move instance ${config.sqlInstance} to ${config.dbTier}`,
    settings: {tier: config.dbTier},
    flags: `--tier=${quote(config.dbTier)}`,
    back: before === undefined ? null : `--tier=${quote(before)}`,
    takes: '2-10 min',
    cost: machineCost(config.dbTier, config.ha === 'REGIONAL'),
    why: 'the database restarts, which is an outage of some minutes: best in the maintenance window',
  })

export const makeRegional = (config: Config): Change =>
  patch({
    config,
    id: 'make-regional',
    title: `Give instance ${config.sqlInstance} a standby in a second zone`,
    settings: {availabilityType: 'REGIONAL'},
    flags: '--availability-type=REGIONAL',
    back: '--availability-type=ZONAL',
    takes: '3-10 min',
    cost: databaseCost({tier: config.dbTier, regional: false, diskGb: config.diskSizeGb}),
    why: 'the database may restart, and its price doubles',
  })

/** The whole configuration: parts of it that are left out may be reset. */
export const keepBackups = (config: Config, backups: Backups): Change =>
  patch({
    config,
    id: 'keep-backups',
    title: `Back up instance ${config.sqlInstance} daily from ${backups.startTime} UTC and keep its logs for recovery to any minute`,
    settings: {backupConfiguration: backupsOf(backups)},
    flags: backupFlags(backups),
    back: null,
    takes: '1-5 min',
    cost: backupsCost,
  })

export const setMaintenanceWindow = (config: Config): Change =>
  patch({
    config,
    id: 'set-maintenance-window',
    title: `Let Google maintain instance ${config.sqlInstance} on ${days[config.maintenanceDay - 1]} from ${config.maintenanceHour}:00 UTC only`,
    settings: {maintenanceWindow: windowOf(config)},
    flags: windowFlags(config),
    back: '--maintenance-window-any',
    takes: 'under 1 min',
  })

/** `cuts`: there is a public address that somebody may use. */
export const removePublicAddress = (config: Config, cuts: boolean): Change =>
  patch({
    config,
    id: 'remove-public-address',
    title: cuts
      ? `Take the public address from instance ${config.sqlInstance}`
      : `Clear the authorized networks of instance ${config.sqlInstance}, which has no public address`,
    settings: {ipConfiguration: {ipv4Enabled: false, authorizedNetworks: []}},
    flags: '--no-assign-ip --clear-authorized-networks',
    back: null,
    ...(cuts ? {why: 'whoever connects through the public address is cut off at once'} : {}),
  })

export const requireTls = (config: Config): Change =>
  patch({
    config,
    id: 'require-tls',
    title: `Let instance ${config.sqlInstance} refuse unencrypted connections`,
    settings: {ipConfiguration: {sslMode: 'ENCRYPTED_ONLY'}},
    flags: '--ssl-mode=ENCRYPTED_ONLY',
    back: '--ssl-mode=ALLOW_UNENCRYPTED_AND_ENCRYPTED',
    takes: 'under 1 min',
    why: 'clients that connect without TLS are refused from then on',
  })

export const protectInstance = (config: Config): Change =>
  patch({
    config,
    id: 'protect-instance',
    title: `Protect instance ${config.sqlInstance} from deletion, and keep its backups should it go`,
    settings: {deletionProtectionEnabled: true, retainBackupsOnDelete: true},
    flags: '--deletion-protection --retain-backups-on-delete',
    back: '--no-deletion-protection',
    takes: 'under 1 min',
  })

/** `before`: the flags that are set; a patch replaces the list, so they go along. */
export const allowIamLogin = (config: Config, before: SqlSettings['databaseFlags']): Change => {
  const flags = [...before.filter(({name}) => name !== iamFlag.name), iamFlag]
  const words = (list: typeof flags | SqlSettings['databaseFlags']) => quote(list.map(({name, value}) => `${name}=${value}`).join(','))
  return patch({
    config,
    id: 'allow-iam-login',
    title: `Let IAM principals sign in to instance ${config.sqlInstance} (flag ${iamFlag.name})`,
    settings: {databaseFlags: flags},
    flags: `--database-flags=${words(flags)}`,
    back: before.length === 0 ? '--clear-database-flags' : `--database-flags=${words(before)}`,
    why: 'a change of flags may restart the database',
  })
}

export const createDatabase = ({projectId, sqlInstance, dbName}: Config): Change => ({
  id: `create-database-${dbName}`,
  title: `Create database ${dbName}`,
  resource: sqlDatabaseName(projectId, sqlInstance, dbName),
  request: call('sql.databases.insert', {instance: sqlInstance}, {name: dbName, charset: 'UTF8', collation: 'en_US.UTF8'}),
  cost: free,
  gcloud: [gcloud`sql databases create ${dbName} --instance=${sqlInstance} --charset=UTF8 --collation=en_US.UTF8 --project=${projectId}`],
  undo: gcloud`sql databases delete ${dbName} --instance=${sqlInstance} --project=${projectId}`,
  takes: '2-15 s',
})
