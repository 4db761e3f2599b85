import {writeConfig} from '../../support/folder.ts'
import {editPolicy, withMember, without} from '../../support/simulator.ts'
import type {Walked} from '../../support/walked-cloud.ts'
import {
  accessor,
  app,
  disableLatest,
  inProject,
  later,
  network,
  newVersion,
  numbered,
  p,
  person,
  secret,
  type BadState,
} from './bad-state.ts'

const empty =
  (id: string) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/secretmanager/v1/projects/${p}/secrets?secretId=${id}`, {replication: {automatic: {}}})
/** As somebody else made it, with a value that qlogic did not write. */
const filled = (id: string) => async (walked: Walked) => {
  await empty(id)(walked)
  await newVersion(id)(walked)
}
const destroyLatest =
  (id: string) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/secretmanager/v1/${secret(id)}/versions/latest:destroy`, {})
/** Deploys the backend again with these variables alone. */
const backendWith =
  (env: readonly object[]) =>
  ({cloud}: Walked) =>
    cloud.call('PATCH', `/run/v2/projects/${p}/locations/us-central1/services/qlogic-prod-backend`, {
      template: {containers: [{image: 'us-docker.pkg.dev/cloudrun/container/hello', env}]},
    })

export const secretsStates: readonly BadState[] = [
  {item: 'secrets.db-password', when: 'the latest version was disabled', code: 'DB_PASSWORD_DISABLED', make: disableLatest('db-password')},
  {item: 'secrets.db-host', when: 'there is none', code: 'DB_HOST_MISSING', from: 'database'},
  {item: 'secrets.db-host', when: 'the latest version was disabled', code: 'DB_HOST_DISABLED', make: disableLatest('db-host')},
  {
    item: 'secrets.db-host',
    when: 'the instance was made again since',
    code: 'DB_HOST_STALE',
    make: async ({cloud}) => {
      const instances = `/sqladmin/v1/projects/${p}/instances`
      await cloud.call('PATCH', `${instances}/qlogic-prod-db`, {settings: {deletionProtectionEnabled: false}})
      await cloud.call('DELETE', `${instances}/qlogic-prod-db`)
      await cloud.call('POST', instances, {
        name: 'qlogic-prod-db',
        region: 'us-central1',
        databaseVersion: 'POSTGRES_16',
        settings: {
          tier: 'db-custom-2-7680',
          edition: 'ENTERPRISE',
          ipConfiguration: {ipv4Enabled: false, privateNetwork: network, allocatedIpRange: 'qlogic-prod-private-ip'},
        },
      })
    },
    is: 'warn',
  },
  {item: 'secrets.jwt-secret', when: 'the latest version was disabled', code: 'JWT_SECRET_DISABLED', make: disableLatest('jwt-secret')},
  {item: 'secrets.jwt-secret', when: 'there is no secret', code: 'JWT_SECRET_MISSING', from: 'project'},
  {
    item: 'secrets.cors-origins',
    when: 'the latest version was disabled',
    code: 'CORS_ORIGINS_DISABLED',
    make: disableLatest('cors-origins'),
  },
  {
    item: 'secrets.cors-origins',
    when: 'the domain changed since',
    code: 'CORS_ORIGINS_STALE',
    make: ({folder}) => writeConfig(folder, {domain: 'app.acme.example'}),
    is: 'warn',
  },
  {
    item: 'secrets.cors-origins',
    when: 'the domain is a placeholder',
    code: 'CORS_ORIGINS_DOMAIN_UNSET',
    make: ({folder}) => writeConfig(folder, {domain: 'qlogic.yourorg.com'}),
    is: 'manual',
    ends: 'manual',
    because: person,
  },
  {
    item: 'secrets.accessor-scope',
    when: 'the accessor was removed',
    code: 'ACCESSOR_MISSING',
    make: ({cloud}) => editPolicy(cloud, 'secret', secret('jwt-secret'), without(accessor, `serviceAccount:${app}`)),
  },
  {
    item: 'secrets.accessor-scope',
    when: 'it reads every secret of the project',
    code: 'ACCESSOR_WHOLE_PROJECT',
    make: inProject(withMember(accessor, `serviceAccount:${app}`)),
    is: 'warn',
  },
  {
    item: 'secrets.rotation',
    when: 'old versions stay enabled',
    code: 'ROTATION_MANY_VERSIONS',
    make: async (walked) => {
      await newVersion('jwt-secret')(walked)
      await newVersion('jwt-secret')(walked)
    },
    is: 'warn',
    ends: 'warn',
    because: 'whoever still uses an old version is known to people only',
  },
  {
    item: 'secrets.db-password',
    when: 'there is none',
    from: 'project',
    code: 'DB_PASSWORD_MISSING',
    ends: 'warn',
    because: 'secrets.accessor-scope lets the application read it',
  },
  {
    item: 'secrets.db-password',
    when: 'the application may not read it',
    make: ({cloud}) => editPolicy(cloud, 'secret', secret('db-password'), without(accessor, `serviceAccount:${app}`)),
    is: 'warn',
    code: 'DB_PASSWORD_CLOSED',
    ends: 'warn',
    because: 'secrets.accessor-scope grants it',
  },
  {
    item: 'secrets.db-password',
    when: 'everybody may read it',
    make: ({cloud}) => editPolicy(cloud, 'secret', secret('db-password'), withMember(accessor, 'allAuthenticatedUsers')),
    is: 'warn',
    code: 'DB_PASSWORD_PUBLIC',
    ends: 'warn',
    because: person,
  },
  {
    item: 'secrets.db-password',
    when: 'the default compute account may read it',
    make: async ({cloud}) => {
      const {projectNumber} = numbered.parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      const member = `serviceAccount:${projectNumber}-compute@developer.gserviceaccount.com`
      await editPolicy(cloud, 'secret', secret('db-password'), withMember(accessor, member))
    },
    is: 'warn',
    code: 'DB_PASSWORD_DEFAULT_ACCOUNT',
    ends: 'warn',
    because: person,
  },
  {
    item: 'secrets.db-host',
    when: 'somebody else wrote it',
    from: 'database',
    make: filled('db-host'),
    is: 'warn',
    code: 'DB_HOST_UNPROVEN',
    ends: 'warn',
    because: 'its value is never read, and stays theirs',
  },
  {
    item: 'secrets.db-host',
    when: 'the application neither reads it nor knows the address',
    make: backendWith([{name: 'DB_HOST', value: '10.9.9.9'}]),
    is: 'warn',
    code: 'DB_HOST_NOT_USED',
    ends: 'warn',
    because: later,
  },
  {item: 'secrets.jwt-secret', when: 'it has no version', from: 'project', make: empty('jwt-secret'), code: 'JWT_SECRET_WITHOUT_VERSION'},
  {item: 'secrets.jwt-secret', when: 'its version was destroyed', make: destroyLatest('jwt-secret'), code: 'JWT_SECRET_DESTROYED'},
  {
    item: 'secrets.jwt-secret',
    when: 'it is older than allowed',
    parameters: {secretMaxAgeDays: 90},
    is: 'warn',
    code: 'JWT_SECRET_OLD',
    ends: 'warn',
    because: 'with a new value everybody is signed out once',
  },
  {
    item: 'secrets.jwt-secret',
    when: 'the application has the value in plain words',
    make: backendWith([{name: 'JWT_SECRET', value: 'not a secret'}]),
    is: 'warn',
    code: 'JWT_SECRET_LITERAL',
    ends: 'warn',
    because: later,
  },
  {
    item: 'secrets.jwt-secret',
    when: 'the application is not given it, and signs with a default',
    make: backendWith([]),
    is: 'warn',
    code: 'JWT_SECRET_NOT_USED',
    ends: 'warn',
    because: later,
  },
  {item: 'secrets.cors-origins', when: 'there is none', from: 'project', code: 'CORS_ORIGINS_MISSING'},
  {
    item: 'secrets.cors-origins',
    when: 'somebody else wrote it',
    from: 'project',
    make: filled('cors-origins'),
    is: 'warn',
    code: 'CORS_ORIGINS_UNPROVEN',
    ends: 'warn',
    because: 'its value is never read, and stays theirs',
  },
  {
    item: 'secrets.accessor-scope',
    when: 'there is no account to read them',
    make: ({cloud}) => cloud.call('DELETE', `/iam/v1/projects/${p}/serviceAccounts/${app}`),
    code: 'ACCESSOR_NO_ACCOUNT',
    ends: 'fail',
    because: later,
  },
  {
    item: 'secrets.rotation',
    when: 'they are older than allowed',
    parameters: {secretMaxAgeDays: 90},
    is: 'warn',
    code: 'ROTATION_OVERDUE',
    ends: 'warn',
    because: 'a new value has to reach whoever uses it',
  },
]
