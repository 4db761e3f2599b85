import {writeConfig} from '../../support/folder.ts'
import {editPolicy, withMember, without} from '../../support/simulator.ts'
import {app, secret, accessor, disableLatest, network, newVersion, inProject, p, person, type BadState} from './bad-state.ts'

export const secretsStates: readonly BadState[] = [
  {item: 'secrets.db-password', when: 'the latest version was disabled', make: disableLatest('db-password')},
  {item: 'secrets.db-host', when: 'there is none', from: 'database'},
  {item: 'secrets.db-host', when: 'the latest version was disabled', make: disableLatest('db-host')},
  {
    item: 'secrets.db-host',
    when: 'the instance was made again since',
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
  {item: 'secrets.jwt-secret', when: 'the latest version was disabled', make: disableLatest('jwt-secret')},
  {item: 'secrets.jwt-secret', when: 'there is no secret', from: 'project'},
  {item: 'secrets.cors-origins', when: 'the latest version was disabled', make: disableLatest('cors-origins')},
  {
    item: 'secrets.cors-origins',
    when: 'the domain changed since',
    make: ({folder}) => writeConfig(folder, {domain: 'app.acme.example'}),
    is: 'warn',
  },
  {
    item: 'secrets.cors-origins',
    when: 'the domain is a placeholder',
    make: ({folder}) => writeConfig(folder, {domain: 'qlogic.yourorg.com'}),
    is: 'manual',
    ends: 'manual',
    because: person,
  },
  {
    item: 'secrets.accessor-scope',
    when: 'the accessor was removed',
    make: ({cloud}) => editPolicy(cloud, 'secret', secret('jwt-secret'), without(accessor, `serviceAccount:${app}`)),
  },
  {
    item: 'secrets.accessor-scope',
    when: 'it reads every secret of the project',
    make: inProject(withMember(accessor, `serviceAccount:${app}`)),
    is: 'warn',
  },
  {
    item: 'secrets.rotation',
    when: 'old versions stay enabled',
    make: async (walked) => {
      await newVersion('jwt-secret')(walked)
      await newVersion('jwt-secret')(walked)
    },
    is: 'warn',
    ends: 'warn',
    because: 'whoever still uses an old version is known to people only',
  },
]
