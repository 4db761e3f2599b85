import {z} from 'zod'
import {editPolicy, without} from '../../support/simulator.ts'
import type {Walked} from '../../support/walked-cloud.ts'
import {app, deletes, disableLatest, later, network, newVersion, p, person, secret, type BadState} from './bad-state.ts'

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
  {item: 'database.instance-exists', when: 'there is none', from: 'network'},
  {
    item: 'database.instance-exists',
    when: 'there is no connection to give it an address',
    from: 'project',
    ends: 'fail',
    because: later,
  },
  {
    item: 'database.instance-exists',
    when: 'it has a public address only',
    from: 'network',
    make: async (walked) => {
      await allowPublic(walked)
      await create({settings: {...made.settings, ipConfiguration: {ipv4Enabled: true}}})(walked)
    },
  },
  {
    item: 'database.instance-exists',
    when: 'its version is older than configured',
    from: 'network',
    make: create({databaseVersion: 'POSTGRES_15', settings: {...made.settings, storageAutoResize: true}}),
    is: 'warn',
    ends: 'warn',
    because: 'an upgrade is an outage that a person plans',
  },
  {
    item: 'database.instance-exists',
    when: 'it is elsewhere',
    from: 'network',
    make: create({region: 'europe-west1'}),
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'database.instance-exists',
    when: 'its creation has failed',
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
  {item: 'database.instance-exists', when: 'it was stopped', from: 'database', make: patch({activationPolicy: 'NEVER'})},
  {item: 'database.instance-exists', when: 'its disk cannot grow', from: 'database', make: patch({storageAutoResize: false}), is: 'warn'},
  {
    item: 'database.instance-tier',
    when: 'it was moved to a shared core',
    from: 'database',
    make: patch({tier: 'db-g1-small'}),
  },
  {item: 'database.instance-tier', when: 'it was shrunk', from: 'database', make: patch({tier: 'db-custom-1-3840'})},
  {
    item: 'database.instance-tier',
    when: 'it is of Enterprise Plus',
    from: 'database',
    make: patch({tier: 'db-perf-optimized-N-2', edition: 'ENTERPRISE_PLUS'}),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
  {
    item: 'database.availability',
    when: 'the standby was given up',
    from: 'database',
    make: patch({availabilityType: 'ZONAL'}),
  },
  {
    item: 'database.backups-pitr',
    when: 'recovery to a minute was turned off',
    from: 'database',
    make: async (walked) => {
      await patch({availabilityType: 'ZONAL'})(walked)
      await backups({pointInTimeRecoveryEnabled: false})(walked)
    },
  },
  {
    item: 'database.backups-pitr',
    when: 'backups were turned off',
    from: 'database',
    make: async (walked) => {
      await patch({availabilityType: 'ZONAL'})(walked)
      await backups({enabled: false, pointInTimeRecoveryEnabled: false})(walked)
    },
  },
  {
    item: 'database.backups-pitr',
    when: 'fewer are kept',
    from: 'database',
    make: backups({transactionLogRetentionDays: 2, backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups: 5}}),
    is: 'warn',
  },
  {
    item: 'database.backups-pitr',
    when: 'they start in the maintenance hour',
    from: 'database',
    make: backups({startTime: '03:00'}),
    is: 'warn',
  },
  {
    item: 'database.backups-pitr',
    when: 'the last one failed',
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
    from: 'database',
    make: patch({maintenanceWindow: {day: 1, hour: 9, updateTrack: 'stable'}}),
    is: 'warn',
  },
  {
    item: 'database.maintenance-window',
    when: 'updates come early',
    from: 'database',
    make: patch({maintenanceWindow: {day: 7, hour: 3, updateTrack: 'canary'}}),
    is: 'warn',
  },
  {item: 'database.maintenance-window', when: 'it was cleared', from: 'database', make: patch({maintenanceWindow: {day: 0, hour: 0}})},
  {item: 'database.db-password-secret', when: 'there is none', from: 'network'},
  {item: 'database.db-password-secret', when: 'its version was disabled', from: 'database', make: disableLatest('db-password')},
  {
    item: 'database.db-password-secret',
    when: 'its version was destroyed',
    from: 'database',
    make: ({cloud}) => cloud.call('POST', `/secretmanager/v1/${secret('db-password')}/versions/latest:destroy`, {}),
  },
  {
    item: 'database.db-password-secret',
    when: 'it is older than allowed',
    from: 'database',
    parameters: {secretMaxAgeDays: 90},
    is: 'warn',
    ends: 'warn',
    because: 'a new password reaches the application only when somebody restarts it',
  },
  {
    item: 'database.db-password-secret',
    when: 'an older version stays enabled',
    from: 'database',
    make: newVersion('db-password'),
    is: 'warn',
    ends: 'warn',
    because: 'the user still has the older one, and database.app-user gives it a new one',
  },
  {
    item: 'database.database',
    when: 'it was dropped',
    from: 'database',
    make: ({cloud}) => cloud.call('DELETE', `${instance}/databases/qlogic`),
  },
  {
    item: 'database.app-user',
    when: 'it was deleted',
    from: 'database',
    make: ({cloud}) => cloud.call('DELETE', `${instance}/users?name=qlogic_app`),
  },
  {item: 'database.app-user', when: 'the secret has a newer password', from: 'database', make: newVersion('db-password')},
  {
    item: 'database.app-user',
    when: 'the application signs in as postgres',
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
    from: 'database',
    make: address({ipv4Enabled: true}),
  },
  {
    item: 'database.no-public-ip',
    when: 'everybody may connect',
    from: 'database',
    make: address({ipv4Enabled: true, authorizedNetworks: [{name: 'all', value: '0.0.0.0/0'}]}),
  },
  {
    item: 'database.ssl-encrypted-only',
    when: 'it was relaxed',
    from: 'database',
    make: address({sslMode: 'ALLOW_UNENCRYPTED_AND_ENCRYPTED'}),
  },
  {item: 'database.deletion-protection', when: 'it was switched off', from: 'database', make: patch({deletionProtectionEnabled: false})},
  {
    item: 'database.deletion-protection',
    when: 'its backups would go with it',
    from: 'database',
    make: patch({retainBackupsOnDelete: false}),
    is: 'warn',
  },
  {
    item: 'database.iam-auth',
    when: 'the flag was removed',
    from: 'database',
    make: patch({databaseFlags: [{name: 'max_connections', value: '200'}]}),
    is: 'warn',
  },
  {
    item: 'database.iam-auth',
    when: 'the user was deleted',
    from: 'database',
    make: ({cloud}) => cloud.call('DELETE', `${instance}/users?name=qlogic-app@${p}.iam`),
    is: 'warn',
  },
  {
    item: 'database.iam-auth',
    when: 'the account may not sign in',
    from: 'database',
    make: ({cloud}) => editPolicy(cloud, 'project', p, without('roles/cloudsql.instanceUser', `serviceAccount:${app}`)),
    is: 'warn',
  },
]
