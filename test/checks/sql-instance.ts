import type {SqlInstance, SqlSettings} from '../../src/gcp/cloud.ts'
import {daysAgo} from './judge.ts'

/** An instance of production as qlogic makes it, ten days old. */
export const sqlInstance = (rest: Partial<SqlInstance> = {}, settings: Partial<SqlSettings> = {}): SqlInstance => ({
  name: 'qlogic-prod-db',
  connectionName: 'acme-prod:us-central1:qlogic-prod-db',
  createTime: daysAgo(10),
  region: 'us-central1',
  state: 'RUNNABLE',
  databaseVersion: 'POSTGRES_16',
  suspensionReason: [],
  gceZone: 'us-central1-a',
  secondaryGceZone: 'us-central1-c',
  ipAddresses: [{type: 'PRIVATE', ipAddress: '10.217.0.3'}],
  serverCaExpirationTime: daysAgo(-3650),
  settings: {
    tier: 'db-custom-2-7680',
    edition: 'ENTERPRISE',
    activationPolicy: 'ALWAYS',
    availabilityType: 'REGIONAL',
    storageAutoResize: true,
    deletionProtectionEnabled: true,
    retainBackupsOnDelete: true,
    finalBackup: false,
    databaseFlags: [{name: 'cloudsql.iam_authentication', value: 'on'}],
    maintenanceWindow: {day: 7, hour: 3, updateTrack: 'stable'},
    backupConfiguration: {
      enabled: true,
      pointInTimeRecoveryEnabled: true,
      startTime: '01:00',
      transactionLogRetentionDays: 7,
      retainedBackups: 14,
    },
    ipConfiguration: {
      ipv4Enabled: false,
      privateNetwork: 'projects/acme-prod/global/networks/qlogic-prod-vpc',
      allocatedIpRange: 'qlogic-prod-private-ip',
      authorizedNetworks: [],
      requireSsl: false,
      sslMode: 'ENCRYPTED_ONLY',
    },
    ...settings,
  },
  ...rest,
})

/** The same, while it takes no changes. */
export const inMaintenance = sqlInstance({state: 'MAINTENANCE'})
