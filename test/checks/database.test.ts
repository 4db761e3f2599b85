import {describe, expect, test} from 'vitest'
import availability from '../../src/checks/database/availability.ts'
import backupsPitr from '../../src/checks/database/backups-pitr.ts'
import deletionProtection from '../../src/checks/database/deletion-protection.ts'
import instanceExists from '../../src/checks/database/instance-exists.ts'
import instanceTier from '../../src/checks/database/instance-tier.ts'
import maintenanceWindow from '../../src/checks/database/maintenance-window.ts'
import noPublicIp from '../../src/checks/database/no-public-ip.ts'
import sslEncryptedOnly from '../../src/checks/database/ssl-encrypted-only.ts'
import type {Environment} from '../../src/config/parameters.ts'
import type {BackupRun, SqlInstance, SqlSettings} from '../../src/gcp/cloud.ts'
import {context, daysAgo, expectWhole, freshPlan, judge} from './judge.ts'
import {inMaintenance, sqlInstance} from './sql-instance.ts'

const exists = (instance: SqlInstance | undefined) => ({instance, running: [], connected: true})
const only = (instance: SqlInstance | undefined) => ({instance})
const having = (settings: Partial<SqlSettings>) => only(sqlInstance({}, settings))
const absent = {when: 'there is no instance', observed: only(undefined), is: 'not_applicable', code: 'NO_INSTANCE'} as const
const address = (fields: Partial<SqlSettings['ipConfiguration']>, rest: Partial<SqlInstance> = {}) => {
  const base = sqlInstance(rest)
  return only({...base, settings: {...base.settings, ipConfiguration: {...base.settings.ipConfiguration, ...fields}}})
}
const withPublic = {
  ipAddresses: [
    {type: 'PRIVATE', ipAddress: '10.217.0.3'},
    {type: 'PRIMARY', ipAddress: '34.1.2.3'},
  ],
}

judge('database.instance-exists', instanceExists, [
  {
    when: 'there is none',
    observed: exists(undefined),
    is: 'fail',
    code: 'INSTANCE_MISSING',
    plans: ['create-instance-qlogic-prod-db'],
  },
  {
    when: 'there is none, and no connection to get an address from',
    observed: {...exists(undefined), connected: false},
    is: 'fail',
    code: 'INSTANCE_WITHOUT_NETWORK',
  },
  {
    when: 'it is being created',
    observed: {
      ...exists(sqlInstance({state: 'PENDING_CREATE', ipAddresses: []})),
      running: [{name: 'o', operationType: 'CREATE', status: 'RUNNING', insertTime: '2026-11-22T11:55:00Z', user: 'jane@example.com'}],
    },
    is: 'warn',
    code: 'INSTANCE_BEING_CREATED',
  },
  {when: 'it is being maintained', observed: exists(inMaintenance), is: 'warn', code: 'INSTANCE_BUSY'},
  {when: 'it is being maintained online', observed: exists(sqlInstance({state: 'ONLINE_MAINTENANCE'})), is: 'warn', code: 'INSTANCE_BUSY'},
  {when: 'it is being repaired', observed: exists(sqlInstance({state: 'REPAIRING'})), is: 'warn', code: 'INSTANCE_BUSY'},
  {
    when: 'it is stopped',
    observed: exists(sqlInstance({}, {activationPolicy: 'NEVER'})),
    is: 'fail',
    code: 'INSTANCE_STOPPED',
    plans: ['start-instance-qlogic-prod-db'],
  },
  {when: 'it has failed', observed: exists(sqlInstance({state: 'FAILED'})), is: 'fail', code: 'INSTANCE_FAILED'},
  {
    when: 'it is suspended',
    observed: exists(sqlInstance({state: 'SUSPENDED', suspensionReason: ['BILLING_ISSUE']})),
    is: 'fail',
    code: 'INSTANCE_SUSPENDED',
  },
  {when: 'it is being deleted', observed: exists(sqlInstance({state: 'PENDING_DELETE'})), is: 'fail', code: 'INSTANCE_BEING_DELETED'},
  {when: 'it is MySQL', observed: exists(sqlInstance({databaseVersion: 'MYSQL_8_0'})), is: 'fail', code: 'INSTANCE_NOT_POSTGRES'},
  {when: 'it is elsewhere', observed: exists(sqlInstance({region: 'europe-west1'})), is: 'fail', code: 'INSTANCE_OTHER_REGION'},
  {
    when: 'its address is on another network',
    observed: exists(
      address({privateNetwork: 'https://www.googleapis.com/compute/v1/projects/acme-prod/global/networks/default'}).instance,
    ),
    is: 'fail',
    code: 'INSTANCE_OTHER_NETWORK',
  },
  {
    when: 'it has a public address only',
    observed: exists(
      address({ipv4Enabled: true, privateNetwork: undefined}, {ipAddresses: [{type: 'PRIMARY', ipAddress: '34.1.2.3'}]}).instance,
    ),
    is: 'fail',
    code: 'INSTANCE_NO_PRIVATE_ADDRESS',
    plans: ['add-private-address-qlogic-prod-db'],
  },
  {
    when: 'its version is older than configured',
    observed: exists(sqlInstance({databaseVersion: 'POSTGRES_15'})),
    is: 'warn',
    code: 'INSTANCE_OLD_VERSION',
  },
  {
    when: 'its version is no longer maintained',
    observed: exists(sqlInstance({databaseVersion: 'POSTGRES_14'})),
    config: {dbVersion: 'POSTGRES_14'},
    is: 'warn',
    code: 'INSTANCE_VERSION_ENDED',
  },
  {
    when: 'its version is newer than configured',
    observed: exists(sqlInstance({databaseVersion: 'POSTGRES_18'})),
    is: 'pass',
    code: 'INSTANCE_RUNNING',
  },
  {
    when: 'its disk cannot grow',
    observed: exists(sqlInstance({}, {storageAutoResize: false})),
    is: 'warn',
    code: 'INSTANCE_DISK_FIXED',
    plans: ['grow-disk-qlogic-prod-db'],
  },
  {when: 'all is well', observed: exists(sqlInstance()), is: 'pass', code: 'INSTANCE_RUNNING'},
])

describe('an instance that is created', () => {
  test('has everything that this step asks for', () => {
    const [create] = freshPlan(instanceExists, context())
    expect(create?.request).toEqual({
      kind: 'call',
      method: 'sql.instances.insert',
      params: {},
      body: {
        name: 'qlogic-prod-db',
        databaseVersion: 'POSTGRES_16',
        region: 'us-central1',
        instanceType: 'CLOUD_SQL_INSTANCE',
        settings: {
          tier: 'db-custom-2-7680',
          edition: 'ENTERPRISE',
          availabilityType: 'REGIONAL',
          activationPolicy: 'ALWAYS',
          dataDiskType: 'PD_SSD',
          dataDiskSizeGb: '20',
          storageAutoResize: true,
          deletionProtectionEnabled: true,
          retainBackupsOnDelete: true,
          ipConfiguration: {
            ipv4Enabled: false,
            privateNetwork: 'projects/acme-prod/global/networks/qlogic-prod-vpc',
            allocatedIpRange: 'qlogic-prod-private-ip',
            sslMode: 'ENCRYPTED_ONLY',
          },
          backupConfiguration: {
            enabled: true,
            pointInTimeRecoveryEnabled: true,
            startTime: '01:00',
            transactionLogRetentionDays: 7,
            backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups: 14},
          },
          maintenanceWindow: {day: 7, hour: 3, updateTrack: 'stable'},
          insightsConfig: {queryInsightsEnabled: true},
          databaseFlags: [{name: 'cloudsql.iam_authentication', value: 'on'}],
          userLabels: {app: 'qlogic', environment: 'prod'},
        },
      },
    })
    expect(create?.consent).toBeUndefined()
  })

  test.each<[Environment, string, string, boolean, string, number]>([
    ['dev', 'db-f1-micro', 'ZONAL', false, 'canary', 12],
    ['staging', 'db-g1-small', 'ZONAL', true, 'canary', 29],
    ['prod', 'db-custom-2-7680', 'REGIONAL', true, 'stable', 203],
  ])('in %s is a %s, %s', (env, tier, availabilityType, deletionProtectionEnabled, updateTrack, usd) => {
    const [create] = freshPlan(instanceExists, context({}, env))
    expect(create?.request).toMatchObject({
      body: {settings: {tier, availabilityType, deletionProtectionEnabled, maintenanceWindow: {updateTrack}}},
    })
    expect(create?.cost.monthlyUsd).toBe(usd)
    if (create !== undefined) expectWhole(create)
  })

  test('is not made where the network still lacks its connection: that is another step', () => {
    expect(instanceExists.plan?.({...exists(undefined), connected: false}, context())).toEqual([])
  })
})

const tier = (name: string, rest: Partial<SqlSettings> = {}) => ({...having({tier: name, ...rest}), listed: []})

judge('database.instance-tier', instanceTier, [
  {...absent, observed: {...absent.observed, listed: []}},
  {when: 'it shares a core', observed: tier('db-g1-small'), is: 'fail', code: 'TIER_SHARED_CORE', plans: ['change-tier-qlogic-prod-db']},
  {when: 'it has one vCPU', observed: tier('db-custom-1-3840'), is: 'fail', code: 'TIER_TOO_SMALL', plans: ['change-tier-qlogic-prod-db']},
  {when: 'it lacks memory', observed: tier('db-custom-2-3840'), is: 'fail', code: 'TIER_TOO_SMALL', plans: ['change-tier-qlogic-prod-db']},
  {
    when: 'the configuration asks for too little as well',
    observed: tier('db-f1-micro'),
    config: {dbTier: 'db-g1-small'},
    is: 'fail',
    code: 'TIER_CONFIGURED_TOO_SMALL',
  },
  {
    when: 'it was shrunk',
    observed: tier('db-custom-2-7680'),
    config: {dbTier: 'db-custom-4-15360'},
    is: 'warn',
    code: 'TIER_BELOW_CONFIGURED',
    plans: ['change-tier-qlogic-prod-db'],
  },
  {when: 'it is of Enterprise Plus', observed: tier('db-perf-optimized-N-2'), is: 'warn', code: 'TIER_ENTERPRISE_PLUS'},
  {when: 'it is of an unknown kind', observed: tier('db-new-7'), is: 'warn', code: 'TIER_UNKNOWN'},
  {
    when: 'it is of an older kind that Google lists',
    observed: {...tier('db-n1-standard-2'), listed: [{tier: 'db-n1-standard-2', regions: [], ramMb: 7680}]},
    is: 'pass',
    code: 'TIER_FITS',
  },
  {
    when: 'it is of an older kind and too small',
    observed: {...tier('db-n1-standard-1'), listed: [{tier: 'db-n1-standard-1', regions: [], ramMb: 3840}]},
    is: 'fail',
    code: 'TIER_TOO_SMALL',
    plans: ['change-tier-qlogic-prod-db'],
  },
  {when: 'dev has more than it needs', observed: tier('db-custom-2-7680'), env: 'dev', is: 'warn', code: 'TIER_GENEROUS'},
  {when: 'staging has more than it needs', observed: tier('db-custom-2-7680'), env: 'staging', is: 'warn', code: 'TIER_GENEROUS'},
  {
    when: 'staging is of the developers’ edition',
    observed: tier('db-g1-small', {edition: 'DEVELOPER'}),
    env: 'staging',
    is: 'warn',
    code: 'TIER_DEVELOPER_EDITION',
  },
  {
    when: 'dev is of the developers’ edition',
    observed: tier('db-g1-small', {edition: 'DEVELOPER'}),
    env: 'dev',
    is: 'pass',
    code: 'TIER_FITS',
  },
  {when: 'dev is small', observed: tier('db-f1-micro'), env: 'dev', is: 'pass', code: 'TIER_FITS'},
  {when: 'staging is small', observed: tier('db-g1-small'), env: 'staging', is: 'pass', code: 'TIER_FITS'},
  {
    when: 'staging may be smaller than configured only with a word',
    observed: tier('db-f1-micro'),
    env: 'staging',
    is: 'warn',
    code: 'TIER_BELOW_CONFIGURED',
    plans: ['change-tier-qlogic-staging-db'],
  },
  {when: 'production has the least', observed: tier('db-custom-2-7680'), is: 'pass', code: 'TIER_FITS'},
  {when: 'production has more', observed: tier('db-custom-8-30720'), is: 'pass', code: 'TIER_FITS'},
])

test('another machine restarts the database and is asked for by itself', () => {
  const [change] = instanceTier.plan?.(tier('db-g1-small'), context()) ?? []
  expect(change?.request).toMatchObject({
    method: 'sql.instances.patch',
    params: {instance: 'qlogic-prod-db'},
    body: {settings: {tier: 'db-custom-2-7680'}},
  })
  expect(change?.consent?.each).toMatch(/restarts/)
  expect(change?.undo).toContain('--tier=db-g1-small')
})

const zones = (availabilityType: string) => having({availabilityType})

judge('database.availability', availability, [
  absent,
  {
    when: 'production is in one zone',
    observed: zones('ZONAL'),
    is: 'fail',
    code: 'AVAILABILITY_NO_STANDBY',
    plans: ['make-regional-qlogic-prod-db'],
  },
  {when: 'one zone was accepted', observed: zones('ZONAL'), config: {ha: 'ZONAL'}, is: 'warn', code: 'AVAILABILITY_ACCEPTED_ZONAL'},
  {when: 'production has a standby', observed: zones('REGIONAL'), is: 'pass', code: 'AVAILABILITY_AS_DECIDED'},
  {
    when: 'it has a standby against the decision',
    observed: zones('REGIONAL'),
    config: {ha: 'ZONAL'},
    is: 'warn',
    code: 'AVAILABILITY_COSTS_DOUBLE',
  },
  {when: 'staging has a standby', observed: zones('REGIONAL'), env: 'staging', is: 'warn', code: 'AVAILABILITY_COSTS_DOUBLE'},
  {
    when: 'dev has a standby as configured',
    observed: zones('REGIONAL'),
    env: 'dev',
    config: {ha: 'REGIONAL'},
    is: 'warn',
    code: 'AVAILABILITY_COSTS_DOUBLE',
  },
  {
    when: 'staging lacks the standby that was decided',
    observed: zones('ZONAL'),
    env: 'staging',
    config: {ha: 'REGIONAL'},
    is: 'warn',
    code: 'AVAILABILITY_NO_STANDBY',
    plans: ['make-regional-qlogic-staging-db'],
  },
  {when: 'staging is in one zone', observed: zones('ZONAL'), env: 'staging', is: 'pass', code: 'AVAILABILITY_AS_DECIDED'},
  {when: 'dev is in one zone', observed: zones('ZONAL'), env: 'dev', is: 'pass', code: 'AVAILABILITY_AS_DECIDED'},
])

const run = (status: string, hours: number): BackupRun => ({status, type: 'AUTOMATED', endTime: daysAgo(hours / 24)})
const backups = (fields: Partial<SqlSettings['backupConfiguration']> = {}, runs: readonly BackupRun[] = [run('SUCCESSFUL', 5)]) => {
  const base = sqlInstance()
  const backupConfiguration = {...base.settings.backupConfiguration, ...fields}
  return {instance: {...base, settings: {...base.settings, backupConfiguration}}, runs}
}
const collidingWithConfig = {
  instance: sqlInstance(
    {},
    {
      maintenanceWindow: {day: 7, hour: 4, updateTrack: 'stable'},
      backupConfiguration: {...sqlInstance().settings.backupConfiguration, startTime: '04:00'},
    },
  ),
  runs: [run('SUCCESSFUL', 5)],
}
const keep = ['keep-backups-qlogic-prod-db']

judge('database.backups-pitr', backupsPitr, [
  {...absent, observed: {...absent.observed, runs: []}},
  {when: 'they are off', observed: backups({enabled: false}), is: 'fail', code: 'BACKUPS_OFF', plans: keep},
  {
    when: 'they are off in staging',
    observed: backups({enabled: false}),
    env: 'staging',
    is: 'fail',
    code: 'BACKUPS_OFF',
    plans: ['keep-backups-qlogic-staging-db'],
  },
  {
    when: 'they are off in dev',
    observed: backups({enabled: false}),
    env: 'dev',
    is: 'warn',
    code: 'BACKUPS_OFF',
    plans: ['keep-backups-qlogic-dev-db'],
  },
  {
    when: 'logs are not kept',
    observed: backups({pointInTimeRecoveryEnabled: false}),
    is: 'fail',
    code: 'RECOVERY_TO_A_MINUTE_OFF',
    plans: keep,
  },
  {
    when: 'logs are not kept in staging',
    observed: backups({pointInTimeRecoveryEnabled: false}),
    env: 'staging',
    is: 'fail',
    code: 'RECOVERY_TO_A_MINUTE_OFF',
    plans: ['keep-backups-qlogic-staging-db'],
  },
  {
    when: 'logs are not kept in dev',
    observed: backups({pointInTimeRecoveryEnabled: false}),
    env: 'dev',
    is: 'warn',
    code: 'RECOVERY_TO_A_MINUTE_OFF',
    plans: ['keep-backups-qlogic-dev-db'],
  },
  {when: 'the last one failed', observed: backups({}, [run('FAILED', 2), run('SUCCESSFUL', 20)]), is: 'warn', code: 'BACKUP_FAILED'},
  {when: 'the last success is 26 hours old', observed: backups({}, [run('SUCCESSFUL', 26)]), is: 'warn', code: 'BACKUP_OVERDUE'},
  {
    when: 'the last success is 25 hours old',
    observed: backups({}, [run('RUNNING', 0), run('SUCCESSFUL', 25)]),
    is: 'pass',
    code: 'BACKUPS_CURRENT',
  },
  {when: 'none was ever made', observed: backups({}, []), is: 'warn', code: 'BACKUP_OVERDUE'},
  {
    when: 'the instance is too young for one',
    observed: {instance: sqlInstance({createTime: daysAgo(1)}), runs: []},
    is: 'pass',
    code: 'BACKUPS_CURRENT',
  },
  {
    when: 'logs are kept for a day',
    observed: backups({transactionLogRetentionDays: 1}),
    is: 'warn',
    code: 'BACKUP_LOGS_SHORT',
    plans: keep,
  },
  {when: 'ten are kept', observed: backups({retainedBackups: 10}), is: 'warn', code: 'BACKUPS_FEW', plans: keep},
  {
    when: 'two are kept, as configured',
    observed: backups({retainedBackups: 2}),
    config: {retainedBackups: 2},
    is: 'warn',
    code: 'BACKUPS_FEW',
    plans: keep,
  },
  {
    when: 'they start in the maintenance hour',
    observed: backups({startTime: '03:00'}),
    is: 'warn',
    code: 'BACKUP_IN_MAINTENANCE_HOUR',
    plans: keep,
  },
  {
    when: 'maintenance is moved to where the configuration starts them',
    observed: collidingWithConfig,
    config: {backupStartTime: '04:30'},
    is: 'warn',
    code: 'BACKUP_IN_MAINTENANCE_HOUR',
  },
  {when: 'they start at another time', observed: backups({startTime: '22:00'}), is: 'pass', code: 'BACKUPS_CURRENT'},
  {when: 'all is well', observed: backups(), is: 'pass', code: 'BACKUPS_CURRENT'},
])

test('the whole configuration of backups is sent, and what is kept longer stays so', () => {
  const [change] =
    backupsPitr.plan?.(backups({pointInTimeRecoveryEnabled: false, startTime: '22:00', location: 'us', retainedBackups: 30}), context()) ??
    []
  expect(change?.request).toMatchObject({
    body: {
      settings: {
        backupConfiguration: {
          enabled: true,
          pointInTimeRecoveryEnabled: true,
          startTime: '22:00',
          location: 'us',
          transactionLogRetentionDays: 7,
          backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups: 30},
        },
      },
    },
  })
})

const maintained = (day: number, hour: number, updateTrack: string) => having({maintenanceWindow: {day, hour, updateTrack}})
const noWindow = having({maintenanceWindow: undefined})
const windowOf = (env: Environment) => [`set-maintenance-window-qlogic-${env}-db`]

judge('database.maintenance-window', maintenanceWindow, [
  absent,
  {when: 'there is none', observed: noWindow, is: 'fail', code: 'MAINTENANCE_WINDOW_MISSING', plans: windowOf('prod')},
  {
    when: 'there is none in staging',
    observed: noWindow,
    env: 'staging',
    is: 'fail',
    code: 'MAINTENANCE_WINDOW_MISSING',
    plans: windowOf('staging'),
  },
  {when: 'there is none in dev', observed: noWindow, env: 'dev', is: 'pass', code: 'MAINTENANCE_ANY_TIME'},
  {
    when: 'it is on another day',
    observed: maintained(1, 3, 'stable'),
    is: 'warn',
    code: 'MAINTENANCE_WINDOW_MOVED',
    plans: windowOf('prod'),
  },
  {
    when: 'it is at another hour',
    observed: maintained(7, 0, 'stable'),
    is: 'warn',
    code: 'MAINTENANCE_WINDOW_MOVED',
    plans: windowOf('prod'),
  },
  {
    when: 'it is at midnight, as configured',
    observed: maintained(7, 0, 'stable'),
    config: {maintenanceHour: 0},
    is: 'pass',
    code: 'MAINTENANCE_WINDOW_SET',
    plans: windowOf('prod'),
  },
  {
    when: 'production gets updates first',
    observed: maintained(7, 3, 'canary'),
    is: 'warn',
    code: 'MAINTENANCE_TOO_EARLY',
    plans: windowOf('prod'),
  },
  {
    when: 'staging gets updates with production',
    observed: maintained(7, 3, 'stable'),
    env: 'staging',
    is: 'warn',
    code: 'MAINTENANCE_NOT_FIRST_IN_STAGING',
    plans: windowOf('staging'),
  },
  {
    when: 'staging gets updates first',
    observed: maintained(7, 3, 'canary'),
    env: 'staging',
    is: 'pass',
    code: 'MAINTENANCE_WINDOW_SET',
    plans: windowOf('staging'),
  },
  {
    when: 'production gets updates last',
    observed: maintained(7, 3, 'week5'),
    is: 'pass',
    code: 'MAINTENANCE_WINDOW_SET',
    plans: windowOf('prod'),
  },
])

test('the window of production never asks for early updates', () => {
  const [change] = maintenanceWindow.plan?.(noWindow, context({maintenanceTrack: 'canary'})) ?? []
  expect(change?.request).toMatchObject({body: {settings: {maintenanceWindow: {day: 7, hour: 3, updateTrack: 'stable'}}}})
  expect(change?.gcloud[0]).toContain('--maintenance-window-day=SUN --maintenance-window-hour=3 --maintenance-release-channel=production')
})

const cutOff = ['remove-public-address-qlogic-prod-db']
const world = [{value: '0.0.0.0/0'}]
const office = [{name: 'office', value: '203.0.113.0/28'}]

judge('database.no-public-ip', noPublicIp, [
  absent,
  {
    when: 'the world may connect',
    observed: address({ipv4Enabled: true, authorizedNetworks: world}, withPublic),
    is: 'fail',
    code: 'PUBLIC_TO_EVERYBODY',
    plans: cutOff,
  },
  {
    when: 'the world may connect to dev',
    observed: address({ipv4Enabled: true, authorizedNetworks: world}, withPublic),
    env: 'dev',
    is: 'fail',
    code: 'PUBLIC_TO_EVERYBODY',
    plans: ['remove-public-address-qlogic-dev-db'],
  },
  {when: 'it has a public address', observed: address({ipv4Enabled: true}, withPublic), is: 'fail', code: 'PUBLIC_ADDRESS', plans: cutOff},
  {when: 'it still has one that was switched off', observed: address({}, withPublic), is: 'fail', code: 'PUBLIC_ADDRESS', plans: cutOff},
  {
    when: 'staging has one',
    observed: address({ipv4Enabled: true, authorizedNetworks: office}, withPublic),
    env: 'staging',
    is: 'fail',
    code: 'PUBLIC_ADDRESS',
    plans: ['remove-public-address-qlogic-staging-db'],
  },
  {
    when: 'dev has one for an office',
    observed: address({ipv4Enabled: true, authorizedNetworks: office}, withPublic),
    env: 'dev',
    is: 'warn',
    code: 'PUBLIC_ADDRESS',
    plans: ['remove-public-address-qlogic-dev-db'],
  },
  {
    when: 'there is no private one yet',
    observed: address({ipv4Enabled: true}, {ipAddresses: [{type: 'PRIMARY', ipAddress: '34.1.2.3'}]}),
    is: 'fail',
    code: 'PUBLIC_ADDRESS',
  },
  {when: 'networks are left', observed: address({authorizedNetworks: office}), is: 'warn', code: 'PUBLIC_NETWORKS_LEFT', plans: cutOff},
  {when: 'all is well', observed: only(sqlInstance()), is: 'pass', code: 'NO_PUBLIC_ADDRESS', plans: cutOff},
])

test('a public address is taken away only with consent; networks that lead nowhere are cleared', () => {
  const [taken] = noPublicIp.plan?.(address({ipv4Enabled: true}, withPublic), context()) ?? []
  expect(taken?.consent?.each).toMatch(/cut off/)
  expect(taken?.request).toMatchObject({body: {settings: {ipConfiguration: {ipv4Enabled: false, authorizedNetworks: []}}}})
  const [cleared] = noPublicIp.plan?.(address({authorizedNetworks: office}), context()) ?? []
  expect(cleared?.title).toMatch(/^Clear/)
  expect(cleared?.consent).toBeUndefined()
})

const tls = (sslMode: string | undefined, requireSsl = false, days = 3650) =>
  address({sslMode, requireSsl}, {serverCaExpirationTime: daysAgo(-days)})
const require = ['require-tls-qlogic-prod-db']

judge('database.ssl-encrypted-only', sslEncryptedOnly, [
  absent,
  {when: 'it accepts both', observed: tls('ALLOW_UNENCRYPTED_AND_ENCRYPTED'), is: 'fail', code: 'TLS_NOT_REQUIRED', plans: require},
  {when: 'nothing is set', observed: tls(undefined), is: 'fail', code: 'TLS_NOT_REQUIRED', plans: require},
  {when: 'only the old switch is set', observed: tls(undefined, true), is: 'warn', code: 'TLS_OLD_SWITCH'},
  {when: 'the certificate ends in 89 days', observed: tls('ENCRYPTED_ONLY', false, 89), is: 'warn', code: 'TLS_CERTIFICATE_ENDS'},
  {when: 'the certificate ends in 90 days', observed: tls('ENCRYPTED_ONLY', false, 90), is: 'pass', code: 'TLS_REQUIRED'},
  {
    when: 'it demands certificates of clients',
    observed: tls('TRUSTED_CLIENT_CERTIFICATE_REQUIRED', true),
    is: 'pass',
    code: 'TLS_REQUIRED',
  },
  {when: 'it insists', observed: tls('ENCRYPTED_ONLY'), is: 'pass', code: 'TLS_REQUIRED'},
])

const protect = ['protect-instance-qlogic-prod-db']

judge('database.deletion-protection', deletionProtection, [
  absent,
  {when: 'it is off', observed: having({deletionProtectionEnabled: false}), is: 'fail', code: 'PROTECTION_OFF', plans: protect},
  {
    when: 'it is off in staging',
    observed: having({deletionProtectionEnabled: false}),
    env: 'staging',
    is: 'warn',
    code: 'PROTECTION_OFF',
    plans: ['protect-instance-qlogic-staging-db'],
  },
  {
    when: 'it is dev',
    observed: having({deletionProtectionEnabled: false}),
    env: 'dev',
    is: 'not_applicable',
    code: 'PROTECTION_NOT_IN_DEV',
  },
  {
    when: 'no backup would be left',
    observed: having({retainBackupsOnDelete: false}),
    is: 'warn',
    code: 'PROTECTION_BACKUPS_GO',
    plans: protect,
  },
  {
    when: 'a last backup would be left',
    observed: having({retainBackupsOnDelete: false, finalBackup: true}),
    is: 'pass',
    code: 'PROTECTION_ON',
    plans: protect,
  },
  {when: 'all is well', observed: only(sqlInstance()), is: 'pass', code: 'PROTECTION_ON', plans: protect},
])

test('nothing is planned for an instance that takes no changes', () => {
  const given = context()
  expect(instanceExists.plan?.(exists(sqlInstance({state: 'PENDING_CREATE'})), given)).toEqual([])
  for (const item of [availability, maintenanceWindow, noPublicIp, sslEncryptedOnly, deletionProtection])
    expect(item.plan?.(only(sqlInstance({state: 'MAINTENANCE', ...withPublic}, {availabilityType: 'ZONAL'})), given)).toEqual([])
  expect(instanceTier.plan?.({instance: sqlInstance({state: 'MAINTENANCE'}, {tier: 'db-f1-micro'}), listed: []}, given)).toEqual([])
  expect(backupsPitr.plan?.({instance: inMaintenance, runs: []}, given)).toEqual([])
})
