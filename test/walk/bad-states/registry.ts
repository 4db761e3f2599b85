import {mkdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {deletes, p, person, type BadState} from './bad-state.ts'

const locations = `/artifactregistry/v1/projects/${p}/locations`
const all = `${locations}/us-central1/repositories`
const one = `${all}/qlogic`
const host = 'us-central1-docker.pkg.dev'

const dockerFolder = () => process.env['DOCKER_CONFIG'] ?? ''
const dockerFile = async (content: string) => {
  await mkdir(dockerFolder(), {recursive: true})
  await writeFile(join(dockerFolder(), 'config.json'), content)
}
const key = Buffer.from('_json_key:{}').toString('base64')

export const registryStates: readonly BadState[] = [
  {item: 'registry.docker-repo', when: 'there is no repository', from: 'network'},
  {
    item: 'registry.docker-repo',
    when: 'it was deleted',
    make: ({cloud}) => cloud.call('DELETE', one),
  },
  {
    item: 'registry.docker-repo',
    when: 'the name is taken by Python packages',
    from: 'network',
    make: ({cloud}) => cloud.call('POST', `${all}?repositoryId=qlogic`, {format: 'PYTHON'}),
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'registry.docker-repo',
    when: 'the name is taken by a mirror of Docker Hub',
    from: 'network',
    make: ({cloud}) =>
      cloud.call('POST', `${all}?repositoryId=qlogic`, {
        format: 'DOCKER',
        mode: 'REMOTE_REPOSITORY',
        remoteRepositoryConfig: {dockerRepository: {publicRepository: 'DOCKER_HUB'}},
      }),
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'registry.docker-repo',
    when: 'it was made in a multi-region',
    from: 'network',
    make: ({cloud}) => cloud.call('POST', `${locations}/us/repositories?repositoryId=qlogic`, {format: 'DOCKER'}),
    is: 'warn',
  },
  {
    item: 'registry.docker-repo',
    when: 'everybody may read it',
    from: 'registry',
    make: ({cloud}) =>
      cloud.call('POST', `${one}:setIamPolicy`, {
        policy: {
          bindings: [{role: 'roles/artifactregistry.reader', members: ['allUsers', 'allAuthenticatedUsers', 'user:jane@example.com']}],
        },
      }),
  },
  {
    item: 'registry.hardening',
    when: 'nothing is ever tidied',
    from: 'registry',
    make: ({cloud}) => cloud.call('PATCH', `${one}?updateMask=cleanupPolicies`, {}),
    is: 'warn',
  },
  {
    item: 'registry.hardening',
    when: 'policies only keep, as an earlier Terraform of the app has it',
    from: 'registry',
    make: ({cloud}) =>
      cloud.call('PATCH', `${one}?updateMask=cleanupPolicies`, {
        cleanupPolicies: {minimum: {id: 'minimum', action: 'KEEP', mostRecentVersions: {keepCount: 5, packageNamePrefixes: ['backend']}}},
      }),
    is: 'warn',
  },
  {
    item: 'registry.hardening',
    when: 'the dry run was turned on',
    from: 'registry',
    make: ({cloud}) => cloud.call('PATCH', `${one}?updateMask=cleanupPolicyDryRun`, {cleanupPolicyDryRun: true}),
    is: 'warn',
  },
  {
    item: 'registry.docker-auth',
    when: 'Docker was never configured',
    from: 'registry',
    make: () => rm(dockerFolder(), {recursive: true, force: true}),
    is: 'warn',
  },
  {
    item: 'registry.docker-auth',
    when: 'another helper is named that is not on this machine',
    from: 'registry',
    make: () => dockerFile(JSON.stringify({credHelpers: {[host]: 'gone'}})),
    is: 'warn',
  },
  {
    item: 'registry.docker-auth',
    when: 'a key is stored in its file',
    from: 'registry',
    make: () => dockerFile(JSON.stringify({auths: {[`https://${host}`]: {auth: key}}})),
    is: 'warn',
    ends: 'warn',
    because: 'Docker signs in with gcloud now, and whether the key is used elsewhere only a person knows',
  },
  {
    item: 'registry.docker-auth',
    when: 'its file is broken',
    from: 'registry',
    make: () => dockerFile('{"auths": '),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
]
