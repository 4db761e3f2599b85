import type {Json, JsonObject} from '../api.ts'
import {object, objects, pick, text} from '../json.ts'
import {without} from './changes.ts'
import {invalid} from './refusals.ts'
import {isPostgres} from './versions.ts'

const given = (value: Json | undefined, otherwise: Json): Json => (value === undefined || value === null ? otherwise : value)

/** What Google fills in for backups that the caller left open; the hour of the window is Google's own choice. */
const backups = (asked: JsonObject, plus: boolean): JsonObject => {
  const pitr = asked.pointInTimeRecoveryEnabled === true || asked.binaryLogEnabled === true
  const retention = object(asked.backupRetentionSettings)
  return {
    ...asked,
    kind: 'sql#backupConfiguration',
    enabled: asked.enabled === true,
    startTime: given(asked.startTime, '12:00'),
    transactionLogRetentionDays: given(asked.transactionLogRetentionDays, plus ? 14 : 7),
    backupRetentionSettings: {
      retentionUnit: given(retention.retentionUnit, 'COUNT'),
      retainedBackups: given(retention.retainedBackups, plus ? 15 : 7),
    },
    ...(asked.pointInTimeRecoveryEnabled === undefined ? {} : {replicationLogArchivingEnabled: asked.pointInTimeRecoveryEnabled}),
    ...(plus ? {backupTier: 'STANDARD'} : {}),
    transactionalLogStorageState: pitr ? 'CLOUD_STORAGE' : 'TRANSACTIONAL_LOG_STORAGE_STATE_UNSPECIFIED',
  }
}

/** sslMode wins over requireSsl, which follows it; requireSsl alone asks for client certificates. */
const ip = (asked: JsonObject): JsonObject => {
  const sslMode =
    text(asked.sslMode).replace('SSL_MODE_UNSPECIFIED', '') ||
    (asked.requireSsl === true ? 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED' : 'ALLOW_UNENCRYPTED_AND_ENCRYPTED')
  return {
    ...asked,
    authorizedNetworks: objects(asked.authorizedNetworks).map((network) => ({...network, kind: 'sql#aclEntry'})),
    ipv4Enabled: given(asked.ipv4Enabled, true),
    requireSsl: sslMode === 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED',
    serverCaMode: given(asked.serverCaMode, 'GOOGLE_MANAGED_INTERNAL_CA'),
    sslMode,
  }
}

/** What another edition brings: its own retention and data cache, unless they are asked for. */
export const inEdition = (settings: JsonObject, before: JsonObject, asked: JsonObject): JsonObject => {
  if (settings.edition === undefined || settings.edition === before.edition) return settings
  const backup = object(settings.backupConfiguration)
  const {transactionLogRetentionDays, backupRetentionSettings} = object(asked.backupConfiguration)
  const backupConfiguration = {
    ...without(backup, 'transactionLogRetentionDays', 'backupRetentionSettings', 'backupTier'),
    ...(transactionLogRetentionDays === undefined ? {} : {transactionLogRetentionDays}),
    ...(backupRetentionSettings === undefined ? {} : {backupRetentionSettings}),
  }
  return {...without(settings, 'dataCacheConfig'), ...pick(asked, ['dataCacheConfig']), backupConfiguration}
}

/** The settings of an instance with everything that Google fills in; `zone` is where it runs, `edition` the default of its version. */
export const settled = (asked: JsonObject, zone: string, edition: string): JsonObject => {
  const plus = given(asked.edition, edition) === 'ENTERPRISE_PLUS'
  const window = object(asked.maintenanceWindow)
  return {
    ...without(asked, 'dataCacheConfig'),
    ...(plus ? {dataCacheConfig: {dataCacheEnabled: given(object(asked.dataCacheConfig).dataCacheEnabled, true)}} : {}),
    kind: 'sql#settings',
    activationPolicy: given(asked.activationPolicy, 'ALWAYS'),
    authorizedGaeApplications: [],
    availabilityType: given(asked.availabilityType, 'ZONAL'),
    backupConfiguration: backups(object(asked.backupConfiguration), plus),
    connectorEnforcement: given(asked.connectorEnforcement, 'NOT_REQUIRED'),
    dataDiskSizeGb: given(asked.dataDiskSizeGb, '10'),
    dataDiskType: given(asked.dataDiskType, 'PD_SSD'),
    deletionProtectionEnabled: given(asked.deletionProtectionEnabled, false),
    edition: given(asked.edition, edition),
    ipConfiguration: ip(object(asked.ipConfiguration)),
    locationPreference: {...object(asked.locationPreference), kind: 'sql#locationPreference', zone},
    ...(Object.keys(window).length === 0 ? {} : {maintenanceWindow: {...window, kind: 'sql#maintenanceWindow'}}),
    pricingPlan: given(asked.pricingPlan, 'PER_USE'),
    replicationType: given(asked.replicationType, 'SYNCHRONOUS'),
    storageAutoResize: given(asked.storageAutoResize, true),
    storageAutoResizeLimit: given(asked.storageAutoResizeLimit, '0'),
  }
}

const between = (value: Json | undefined, low: number, high: number) =>
  value === undefined || (typeof value === 'number' && value >= low && value <= high)

const checkBackups = (settings: JsonObject, postgres: boolean): void => {
  const {enabled, startTime, pointInTimeRecoveryEnabled, binaryLogEnabled, transactionLogRetentionDays, ...more} = object(
    settings.backupConfiguration,
  )
  const pitr = pointInTimeRecoveryEnabled === true || binaryLogEnabled === true
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text(startTime)))
    throw invalid(`Backup start time '${text(startTime)}' must be in the format HH:MM`)
  if (postgres && binaryLogEnabled === true) throw invalid('Binary log can only be enabled for MySQL instances')
  if (!postgres && pointInTimeRecoveryEnabled === true) throw invalid('Point-in-time recovery can only be enabled for Postgres instances')
  if (pitr && enabled !== true) throw invalid('Point-in-time recovery cannot be enabled while automated backups are disabled')
  const days = settings.edition === 'ENTERPRISE_PLUS' ? 35 : 7
  if (!between(transactionLogRetentionDays, 1, days))
    throw invalid(`Transaction log retention days must be between 1 and ${days} for (${text(settings.edition)}) Edition`)
  if (!between(object(more.backupRetentionSettings).retainedBackups, 1, 365)) throw invalid('Retained backups must be between 1 and 365')
  if (settings.availabilityType === 'REGIONAL' && !pitr)
    throw invalid(
      `Automated backups and ${postgres ? 'point-in-time recovery' : 'binary logging'} must be enabled for a highly available (REGIONAL) instance`,
    )
}

const cidr = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/

const checkIp = (settings: JsonObject): void => {
  const {authorizedNetworks, ipv4Enabled, privateNetwork, pscConfig} = object(settings.ipConfiguration)
  if (ipv4Enabled !== true && text(privateNetwork) === '' && object(pscConfig).pscEnabled !== true)
    throw invalid('At least one of Public IP or Private IP connectivity must be enabled.')
  for (const network of objects(authorizedNetworks))
    if (!cidr.test(text(network.value))) throw invalid(`Invalid authorized network: ${text(network.value)}`)
}

/** Refuses settings whose values do not go together. */
export const checkSettings = (settings: JsonObject, version: Json | undefined): void => {
  if (settings.activationPolicy === 'ON_DEMAND')
    throw invalid("Invalid flag for instance role: GCE instances do not support 'ON_DEMAND' activation policy")
  checkBackups(settings, isPostgres(version))
  checkIp(settings)
  const window = object(settings.maintenanceWindow)
  if (!between(window.day, 0, 7) || !between(window.hour, 0, 23)) throw invalid('Maintenance window day must be 1 to 7 and hour 0 to 23')
  const size = Number(text(settings.dataDiskSizeGb))
  if (size < 10 || size > 65_536) throw invalid(`Disk size ${size} GB must be between 10 GB and 65536 GB`)
  const names = objects(settings.databaseFlags).map((flag) => text(flag.name))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw invalid(`Database flag '${twice}' is given twice`)
}
