import {mkdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {fakePrograms} from '../../support/programs.ts'
import {deletes, later, p, person, type BadState} from './bad-state.ts'

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
  {item: 'registry.docker-repo', when: 'there is no repository', code: 'REPOSITORY_MISSING', from: 'network'},
  {
    item: 'registry.docker-repo',
    when: 'it was deleted',
    code: 'REPOSITORY_MISSING',
    make: ({cloud}) => cloud.call('DELETE', one),
  },
  {
    item: 'registry.docker-repo',
    when: 'the name is taken by Python packages',
    code: 'REPOSITORY_OTHER_FORMAT',
    from: 'network',
    make: ({cloud}) => cloud.call('POST', `${all}?repositoryId=qlogic`, {format: 'PYTHON'}),
    ends: 'fail',
    because: deletes,
  },
  {
    item: 'registry.docker-repo',
    when: 'the name is taken by a mirror of Docker Hub',
    code: 'REPOSITORY_OTHER_MODE',
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
    code: 'REPOSITORY_ELSEWHERE',
    from: 'network',
    make: ({cloud}) => cloud.call('POST', `${locations}/us/repositories?repositoryId=qlogic`, {format: 'DOCKER'}),
    is: 'warn',
  },
  {
    item: 'registry.docker-repo',
    when: 'everybody may read it',
    code: 'REPOSITORY_PUBLIC',
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
    code: 'REGISTRY_NEVER_TIDIED',
    from: 'registry',
    make: ({cloud}) => cloud.call('PATCH', `${one}?updateMask=cleanupPolicies`, {}),
    is: 'warn',
  },
  {
    item: 'registry.hardening',
    when: 'policies only keep, as an earlier Terraform of the app has it',
    code: 'REGISTRY_ONLY_KEEPS',
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
    code: 'REGISTRY_TIDIES_IN_THEORY',
    from: 'registry',
    make: ({cloud}) => cloud.call('PATCH', `${one}?updateMask=cleanupPolicyDryRun`, {cleanupPolicyDryRun: true}),
    is: 'warn',
  },
  {
    item: 'registry.docker-auth',
    when: 'Docker was never configured',
    code: 'DOCKER_NOT_CONFIGURED',
    from: 'registry',
    make: () => rm(dockerFolder(), {recursive: true, force: true}),
    is: 'warn',
  },
  {
    item: 'registry.docker-auth',
    when: 'another helper is named that is not on this machine',
    code: 'DOCKER_HELPER_GONE',
    from: 'registry',
    make: () => dockerFile(JSON.stringify({credHelpers: {[host]: 'gone'}})),
    is: 'warn',
  },
  {
    item: 'registry.docker-auth',
    when: 'a key is stored in its file',
    code: 'DOCKER_KEY_STORED',
    from: 'registry',
    make: () => dockerFile(JSON.stringify({auths: {[`https://${host}`]: {auth: key}}})),
    is: 'warn',
    ends: 'warn',
    because: 'Docker signs in with gcloud now, and whether the key is used elsewhere only a person knows',
  },
  {
    item: 'registry.docker-auth',
    when: 'its file is broken',
    code: 'DOCKER_CONFIG_BROKEN',
    from: 'registry',
    make: () => dockerFile('{"auths": '),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
  {
    item: 'registry.hardening',
    when: 'tags can be moved, and should not',
    from: 'registry',
    parameters: {allowMutableTags: false},
    is: 'warn',
    code: 'REGISTRY_TAGS_MOVE',
  },
  {
    item: 'registry.hardening',
    when: 'scanning was turned off for it',
    from: 'registry',
    parameters: {scanning: true},
    make: async ({cloud}) => {
      await cloud.call('POST', `/serviceusage/v1/projects/${p}/services/containerscanning.googleapis.com:enable`, {})
      await cloud.call('PATCH', `${one}?updateMask=vulnerabilityScanningConfig`, {
        vulnerabilityScanningConfig: {enablementConfig: 'DISABLED'},
      })
    },
    is: 'warn',
    code: 'REGISTRY_SCANNING_OFF',
  },
  {
    item: 'registry.hardening',
    when: 'the project does not scan',
    from: 'registry',
    parameters: {scanning: true},
    is: 'warn',
    code: 'REGISTRY_NOT_SCANNED',
    ends: 'warn',
    because: later,
  },
  {
    item: 'registry.docker-auth',
    when: 'gcloud is not on this machine',
    from: 'registry',
    make: async ({folder}) => {
      await rm(dockerFolder(), {recursive: true, force: true})
      const before = process.env['PATH']
      onTestFinished(() => {
        process.env['PATH'] = before
      })
      process.env['PATH'] = await fakePrograms(folder, ['docker'])
    },
    is: 'warn',
    code: 'DOCKER_WITHOUT_GCLOUD',
    ends: 'warn',
    because: person,
  },
  {
    item: 'registry.docker-auth',
    when: 'Docker is not on this machine',
    from: 'registry',
    make: async ({folder}) => {
      const before = process.env['PATH']
      onTestFinished(() => {
        process.env['PATH'] = before
      })
      process.env['PATH'] = await fakePrograms(folder, [])
    },
    is: 'not_applicable',
    code: 'DOCKER_NOT_INSTALLED',
    ends: 'not_applicable',
    because: 'images are pushed from elsewhere',
  },
]
