import {z} from 'zod'
import {editPolicy, without} from '../../support/simulator.ts'
import type {Walked} from '../../support/walked-cloud.ts'
import {
  act,
  all,
  app,
  asEnvironment,
  compute,
  deletes,
  disableLatest,
  later,
  network,
  newVersion,
  numbered,
  p,
  person,
  secret,
  type BadState,
} from './bad-state.ts'

const [dev, staging] = [asEnvironment('dev'), asEnvironment('staging')]
const sql = `/sqladmin/v1/projects/${p}/instances`
const instance = `${sql}/qlogic-prod-db`
const runs = z.object({items: z.array(z.object({id: z.string()}))})
const settled = z.object({settings: z.object({settingsVersion: z.string()})})

/** As it was possible before step 1 enforced the constraints. */
const allowPublic = async ({cloud}: Walked) => {
  for (const constraint of ['sql.restrictPublicIp', 'sql.restrictAuthorizedNetworks'])
    await cloud.call('DELETE', `/orgpolicy/v2/projects/${p}/policies/${constraint}`).catch(() => undefined)
}
const made = {
  name: 'qlogic-prod-db',
  region: 'us-central1',
  databaseVersion: 'POSTGRES_16',
  settings: {
    tier: 'db-custom-2-7680',
    edition: 'ENTERPRISE',
    ipConfiguration: {ipv4Enabled: false, privateNetwork: network, allocatedIpRange: 'qlogic-prod-private-ip'},
  },
}
/** An instance that somebody else made, differing from ours. */
const create =
  (rest: object = {}) =>
  ({cloud}: Walked) =>
    cloud.call('POST', sql, {...made, ...rest})

/** As anybody with the console could. */
const patch =
  (settings: object, rest: object = {}) =>
  async ({cloud}: Walked) => {
    const {settingsVersion} = settled.parse(await cloud.call('GET', instance)).settings
    await cloud.call('PATCH', instance, {...rest, settings: {...settings, settingsVersion}})
  }
const address = (ipConfiguration: object) => async (walked: Walked) => {
  await allowPublic(walked)
  await patch({ipConfiguration})(walked)
}
const backups = (backupConfiguration: object) =>
  patch({
    backupConfiguration: {
      enabled: true,
      pointInTimeRecoveryEnabled: true,
      startTime: '01:00',
      transactionLogRetentionDays: 7,
      backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups: 14},
      ...backupConfiguration,
    },
  })

export const databaseStates: readonly BadState[] = [
  {item: 'database.instance-exists', when: 'there is none', code: 'INSTANCE_MISSING', from: 'network'},
  {
    item: 'database.instance-exists',
    when: 'there is no connection to give it an address',
    code: 'INSTANCE_WITHOUT_NETWORK',
    from: 'project',
    ends: 'fail',
    because: later,
  },
  {
    item: 'database.instance-exists',
    when: 'it has a public address only',
    code: 'INSTANCE_NO_PRIVATE_ADDRESS',
    from: 'network',
    make: async (walked) => {
      await allowPublic(walked)
      await create({settings: {...made.settings, ipConfiguration: {ipv4Enabled: true}}})(walked)
    },
  },
  {
    item: 'database.instance-exists',
    when: 'its version is older than configured',
    code: 'INSTANCE_OLD_VERSION',
    from: 'network',
    make: create({databaseVersion: 'POSTGRES_15', settings: {...made.settings, storageAutoResize: true}}),
    is: 'warn',
    ends: 'warn',
    because: 'an upgrade is an outage that a person plans',
  },
  {
    item: 'database.instance-exists',
    when: 'it is elsewhere',
    code: 'INSTANCE_OTHER_REGION',
    from: 'network',
    make: create({region: 'europe-west1'}),
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'database.instance-exists',
    when: 'its creation has failed',
    code: 'INSTANCE_FAILED',
    from: 'network',
    make: async (walked) => {
      walked.cloud.setFaults({
        operationErrors: [{match: 'sql.instances.insert', code: 'ERROR_INTERNAL', message: 'No capacity.', times: 1}],
      })
      await create()(walked)
    },
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'database.instance-exists',
    when: 'it was stopped',
    code: 'INSTANCE_STOPPED',
    from: 'database',
    make: patch({activationPolicy: 'NEVER'}),
  },
  {
    item: 'database.instance-exists',
    when: 'its disk cannot grow',
    code: 'INSTANCE_DISK_FIXED',
    from: 'database',
    make: patch({storageAutoResize: false}),
    is: 'warn',
  },
  {
    item: 'database.instance-tier',
    when: 'it was moved to a shared core',
    code: 'TIER_SHARED_CORE',
    from: 'database',
    make: patch({tier: 'db-g1-small'}),
  },
  {
    item: 'database.instance-tier',
    when: 'it was shrunk',
    code: 'TIER_TOO_SMALL',
    from: 'database',
    make: patch({tier: 'db-custom-1-3840'}),
  },
  {
    item: 'database.instance-tier',
    when: 'it is of Enterprise Plus',
    code: 'TIER_ENTERPRISE_PLUS',
    from: 'database',
    make: patch({tier: 'db-perf-optimized-N-2', edition: 'ENTERPRISE_PLUS'}),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
  {
    item: 'database.availability',
    when: 'the standby was given up',
    code: 'AVAILABILITY_NO_STANDBY',
    from: 'database',
    make: patch({availabilityType: 'ZONAL'}),
  },
  {
    item: 'database.backups-pitr',
    when: 'recovery to a minute was turned off',
    code: 'RECOVERY_TO_A_MINUTE_OFF',
    from: 'database',
    make: async (walked) => {
      await patch({availabilityType: 'ZONAL'})(walked)
      await backups({pointInTimeRecoveryEnabled: false})(walked)
    },
  },
  {
    item: 'database.backups-pitr',
    when: 'backups were turned off',
    code: 'BACKUPS_OFF',
    from: 'database',
    make: async (walked) => {
      await patch({availabilityType: 'ZONAL'})(walked)
      await backups({enabled: false, pointInTimeRecoveryEnabled: false})(walked)
    },
  },
  {
    item: 'database.backups-pitr',
    when: 'fewer are kept',
    code: 'BACKUP_LOGS_SHORT',
    from: 'database',
    make: backups({transactionLogRetentionDays: 2, backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups: 5}}),
    is: 'warn',
  },
  {
    item: 'database.backups-pitr',
    when: 'they start in the maintenance hour',
    code: 'BACKUP_IN_MAINTENANCE_HOUR',
    from: 'database',
    make: backups({startTime: '03:00'}),
    is: 'warn',
  },
  {
    item: 'database.backups-pitr',
    when: 'the last one failed',
    code: 'BACKUP_FAILED',
    from: 'database',
    make: async ({cloud}) => {
      cloud.setFaults({operationErrors: [{match: 'sql.backupRuns.insert', code: 'INTERNAL_ERROR', message: 'No space.', times: 1}]})
      await cloud.call('POST', `${instance}/backupRuns`, {})
    },
    is: 'warn',
    ends: 'warn',
    because: 'why it failed is for a person to find out',
  },
  {
    item: 'database.backups-pitr',
    when: 'there has been none for days',
    code: 'BACKUP_OVERDUE',
    from: 'database',
    make: async ({cloud}) => {
      const {items} = runs.parse(await cloud.call('GET', `${instance}/backupRuns`))
      for (const {id} of items) await cloud.call('DELETE', `${instance}/backupRuns/${id}`)
    },
    is: 'warn',
    ends: 'warn',
    because: 'Google makes the next one, and why it did not is for a person to find out',
  },
  {
    item: 'database.maintenance-window',
    when: 'it was moved',
    code: 'MAINTENANCE_WINDOW_MOVED',
    from: 'database',
    make: patch({maintenanceWindow: {day: 1, hour: 9, updateTrack: 'stable'}}),
    is: 'warn',
  },
  {
    item: 'database.maintenance-window',
    when: 'updates come early',
    code: 'MAINTENANCE_TOO_EARLY',
    from: 'database',
    make: patch({maintenanceWindow: {day: 7, hour: 3, updateTrack: 'canary'}}),
    is: 'warn',
  },
  {
    item: 'database.maintenance-window',
    when: 'it was cleared',
    code: 'MAINTENANCE_WINDOW_MISSING',
    from: 'database',
    make: patch({maintenanceWindow: {day: 0, hour: 0}}),
  },
  {item: 'database.db-password-secret', when: 'there is none', code: 'PASSWORD_MISSING', from: 'network'},
  {
    item: 'database.db-password-secret',
    when: 'its version was disabled',
    code: 'PASSWORD_DISABLED',
    from: 'database',
    make: disableLatest('db-password'),
  },
  {
    item: 'database.db-password-secret',
    when: 'its version was destroyed',
    code: 'PASSWORD_DESTROYED',
    from: 'database',
    make: ({cloud}) => cloud.call('POST', `/secretmanager/v1/${secret('db-password')}/versions/latest:destroy`, {}),
  },
  {
    item: 'database.db-password-secret',
    when: 'it is older than allowed',
    code: 'PASSWORD_OLD',
    from: 'database',
    parameters: {secretMaxAgeDays: 90},
    is: 'warn',
    ends: 'warn',
    because: 'a new password reaches the application only when somebody restarts it',
  },
  {
    item: 'database.db-password-secret',
    when: 'an older version stays enabled',
    code: 'PASSWORD_OLDER_ENABLED',
    from: 'database',
    make: newVersion('db-password'),
    is: 'warn',
    ends: 'warn',
    because: 'the user still has the older one, and database.app-user gives it a new one',
  },
  {
    item: 'database.database',
    when: 'it was dropped',
    code: 'DATABASE_MISSING',
    from: 'database',
    make: ({cloud}) => cloud.call('DELETE', `${instance}/databases/qlogic`),
  },
  {
    item: 'database.app-user',
    when: 'it was deleted',
    code: 'APP_USER_MISSING',
    from: 'database',
    make: ({cloud}) => cloud.call('DELETE', `${instance}/users?name=qlogic_app`),
  },
  {
    item: 'database.app-user',
    when: 'the secret has a newer password',
    code: 'APP_USER_OTHER_PASSWORD',
    from: 'database',
    make: newVersion('db-password'),
  },
  {
    item: 'database.app-user',
    when: 'the application signs in as postgres',
    code: 'APP_USER_NOT_USED',
    from: 'database',
    make: ({cloud}) =>
      cloud.call('POST', `/run/v2/projects/${p}/locations/us-central1/services?serviceId=qlogic-prod-backend`, {
        template: {containers: [{image: 'us-docker.pkg.dev/cloudrun/container/hello', env: [{name: 'DB_USER', value: 'postgres'}]}]},
      }),
    ends: 'fail',
    because: later,
  },
  {
    item: 'database.no-public-ip',
    when: 'it was given a public address',
    code: 'PUBLIC_ADDRESS',
    from: 'database',
    make: address({ipv4Enabled: true}),
  },
  {
    item: 'database.no-public-ip',
    when: 'everybody may connect',
    code: 'PUBLIC_TO_EVERYBODY',
    from: 'database',
    make: address({ipv4Enabled: true, authorizedNetworks: [{name: 'all', value: '0.0.0.0/0'}]}),
  },
  {
    item: 'database.ssl-encrypted-only',
    when: 'it was relaxed',
    code: 'TLS_NOT_REQUIRED',
    from: 'database',
    make: address({sslMode: 'ALLOW_UNENCRYPTED_AND_ENCRYPTED'}),
  },
  {
    item: 'database.deletion-protection',
    when: 'it was switched off',
    code: 'PROTECTION_OFF',
    from: 'database',
    make: patch({deletionProtectionEnabled: false}),
  },
  {
    item: 'database.deletion-protection',
    when: 'its backups would go with it',
    code: 'PROTECTION_BACKUPS_GO',
    from: 'database',
    make: patch({retainBackupsOnDelete: false}),
    is: 'warn',
  },
  {
    item: 'database.iam-auth',
    when: 'the flag was removed',
    code: 'IAM_LOGIN_OFF',
    from: 'database',
    make: patch({databaseFlags: [{name: 'max_connections', value: '200'}]}),
    is: 'warn',
  },
  {
    item: 'database.iam-auth',
    when: 'the user was deleted',
    code: 'IAM_LOGIN_NO_USER',
    from: 'database',
    make: ({cloud}) => cloud.call('DELETE', `${instance}/users?name=qlogic-app@${p}.iam`),
    is: 'warn',
  },
  {
    item: 'database.iam-auth',
    when: 'the account may not sign in',
    code: 'IAM_LOGIN_NO_ROLE',
    from: 'database',
    make: ({cloud}) => editPolicy(cloud, 'project', p, without('roles/cloudsql.instanceUser', `serviceAccount:${app}`)),
    is: 'warn',
  },
  {
    item: 'database.instance-exists',
    when: 'it is being created',
    from: 'network',
    make: async (walked) => {
      // Begun tomorrow, so that it runs today whatever the simulator's operations take.
      walked.setClock(-1)
      await create()(walked)
      walked.setClock(0)
    },
    is: 'warn',
    code: 'INSTANCE_BEING_CREATED',
    ends: 'warn',
    because: 'it takes its time',
  },
  {
    item: 'database.instance-exists',
    when: 'it is being maintained',
    from: 'database',
    make: act('maintain-instance', {sqlInstance: 'qlogic-prod-db'}),
    is: 'warn',
    code: 'INSTANCE_BUSY',
    ends: 'warn',
    because: 'it takes its time',
  },
  {
    item: 'database.instance-exists',
    when: 'Google suspended it',
    from: 'database',
    make: act('suspend-instance', {sqlInstance: 'qlogic-prod-db'}),
    code: 'INSTANCE_SUSPENDED',
    ends: 'fail',
    because: 'only Google lets it run again',
  },
  {
    item: 'database.instance-exists',
    when: 'it stands in another network',
    from: 'network',
    make: async (walked) => {
      const {cloud} = walked
      const other = `projects/${p}/global/networks/other`
      const {projectNumber} = numbered.parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      await cloud.call('POST', `${compute}/global/networks`, {name: 'other', autoCreateSubnetworks: false})
      const range = {name: 'other', purpose: 'VPC_PEERING', addressType: 'INTERNAL', prefixLength: 20, network: other}
      await cloud.call('POST', `${compute}/global/addresses`, range)
      await cloud.call('POST', '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections', {
        network: `projects/${projectNumber}/global/networks/other`,
        reservedPeeringRanges: ['other'],
      })
      await create({settings: {...made.settings, ipConfiguration: {ipv4Enabled: false, privateNetwork: other}}})(walked)
    },
    code: 'INSTANCE_OTHER_NETWORK',
    ends: 'fail',
    because: 'moving it is an outage that a person plans',
  },
  {
    item: 'database.instance-exists',
    when: 'nobody mends its version any more',
    from: 'network',
    parameters: {dbVersion: 'POSTGRES_14'},
    make: create({databaseVersion: 'POSTGRES_14'}),
    is: 'warn',
    code: 'INSTANCE_VERSION_ENDED',
    ends: 'warn',
    because: 'an upgrade is an outage that a person plans',
  },
  {
    item: 'database.instance-exists',
    when: 'it is not PostgreSQL',
    from: 'network',
    make: create({databaseVersion: 'MYSQL_8_0'}),
    code: 'INSTANCE_NOT_POSTGRES',
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'database.instance-tier',
    when: 'it is larger than a development database needs',
    from: 'database',
    ...dev,
    is: 'warn',
    code: 'TIER_GENEROUS',
    ends: 'warn',
    because: person,
  },
  {
    item: 'database.instance-tier',
    when: 'its edition is for developers',
    from: 'database',
    make: patch({edition: 'DEVELOPER'}),
    is: 'warn',
    code: 'TIER_DEVELOPER_EDITION',
    ends: 'warn',
    because: person,
  },
  {
    item: 'database.availability',
    when: 'production was decided to have no standby',
    from: 'database',
    parameters: {ha: 'ZONAL'},
    make: patch({availabilityType: 'ZONAL'}),
    is: 'warn',
    code: 'AVAILABILITY_ACCEPTED_ZONAL',
    ends: 'warn',
    because: person,
  },
  {
    item: 'database.availability',
    when: 'a development database pays for a standby',
    from: 'database',
    ...dev,
    is: 'warn',
    code: 'AVAILABILITY_COSTS_DOUBLE',
    ends: 'warn',
    because: person,
  },
  {
    item: 'database.backups-pitr',
    when: 'a development database is not recovered to a minute',
    from: 'database',
    ...dev,
    make: all(patch({availabilityType: 'ZONAL'}), backups({pointInTimeRecoveryEnabled: false}), dev.make),
    is: 'warn',
    code: 'RECOVERY_TO_A_MINUTE_OFF',
  },
  {
    item: 'database.backups-pitr',
    when: 'a development database has no backups',
    from: 'database',
    ...dev,
    make: all(patch({availabilityType: 'ZONAL'}), backups({enabled: false, pointInTimeRecoveryEnabled: false}), dev.make),
    is: 'warn',
    code: 'BACKUPS_OFF',
  },
  {
    item: 'database.backups-pitr',
    when: 'a staging database is not recovered to a minute',
    from: 'database',
    ...staging,
    make: all(patch({availabilityType: 'ZONAL'}), backups({pointInTimeRecoveryEnabled: false}), staging.make),
    code: 'RECOVERY_TO_A_MINUTE_OFF',
  },
  {
    item: 'database.backups-pitr',
    when: 'less than a week of backups is kept',
    from: 'database',
    make: backups({backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups: 3}}),
    is: 'warn',
    code: 'BACKUPS_FEW',
  },
  {
    item: 'database.maintenance-window',
    when: 'staging is updated no earlier than production',
    from: 'database',
    ...staging,
    is: 'warn',
    code: 'MAINTENANCE_NOT_FIRST_IN_STAGING',
  },
  {
    item: 'database.db-password-secret',
    when: 'it has no version',
    from: 'network',
    make: ({cloud}) => cloud.call('POST', `/secretmanager/v1/projects/${p}/secrets?secretId=db-password`, {replication: {automatic: {}}}),
    code: 'PASSWORD_WITHOUT_VERSION',
  },
  {
    item: 'database.app-user',
    when: 'the application does not say who it signs in as',
    from: 'database',
    make: ({cloud}) =>
      cloud.call('POST', `/run/v2/projects/${p}/locations/us-central1/services?serviceId=qlogic-prod-backend`, {
        template: {containers: [{image: 'us-docker.pkg.dev/cloudrun/container/hello'}]},
      }),
    code: 'APP_USER_NOT_USED',
    ends: 'fail',
    because: later,
  },
  {
    item: 'database.app-user',
    when: 'it is as good as the superuser',
    from: 'database',
    make: ({cloud}) => cloud.call('PUT', `${instance}/users?name=qlogic_app`, {databaseRoles: ['cloudsqlsuperuser']}),
    is: 'warn',
    code: 'APP_USER_SUPERUSER',
    ends: 'warn',
    because: person,
  },
  {
    item: 'database.no-public-ip',
    when: 'a development database has a public address',
    from: 'database',
    ...dev,
    make: all(address({ipv4Enabled: true, authorizedNetworks: [{name: 'office', value: '203.0.113.0/24'}]}), dev.make),
    is: 'warn',
    code: 'PUBLIC_ADDRESS',
  },
  {
    item: 'database.no-public-ip',
    when: 'everybody may connect to a development database',
    from: 'database',
    ...dev,
    make: all(address({ipv4Enabled: true, authorizedNetworks: [{name: 'all', value: '0.0.0.0/0'}]}), dev.make),
    code: 'PUBLIC_TO_EVERYBODY',
  },
  {
    item: 'database.no-public-ip',
    when: 'networks stay allowed without a public address',
    from: 'database',
    make: address({authorizedNetworks: [{name: 'office', value: '203.0.113.0/24'}]}),
    is: 'warn',
    code: 'PUBLIC_NETWORKS_LEFT',
  },
  {
    item: 'database.ssl-encrypted-only',
    when: 'its certificate ends in some weeks',
    from: 'network',
    make: async (walked) => {
      // Google's lasts ten years.
      walked.setClock(3600)
      for (const verb of ['disable', 'enable'])
        await walked.cloud.call('POST', `/serviceusage/v1/projects/${p}/services/sqladmin.googleapis.com:${verb}`, {})
      await create({settings: {...made.settings, ipConfiguration: {...made.settings.ipConfiguration, sslMode: 'ENCRYPTED_ONLY'}}})(walked)
      walked.setClock(0)
    },
    is: 'warn',
    code: 'TLS_CERTIFICATE_ENDS',
    ends: 'warn',
    because: 'the application has to be given the new one first',
  },
  {
    item: 'database.deletion-protection',
    when: 'it was switched off in staging',
    from: 'database',
    ...staging,
    make: all(patch({deletionProtectionEnabled: false}), staging.make),
    is: 'warn',
    code: 'PROTECTION_OFF',
  },
  {
    item: 'database.deletion-protection',
    when: 'it is off in development, as it may be',
    from: 'database',
    ...dev,
    make: all(patch({deletionProtectionEnabled: false}), dev.make),
    is: 'not_applicable',
    code: 'PROTECTION_NOT_IN_DEV',
    ends: 'not_applicable',
    because: 'development databases come and go',
  },
]
