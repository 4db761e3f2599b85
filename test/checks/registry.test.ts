import {describe, expect, test} from 'vitest'
import dockerAuth from '../../src/checks/registry/docker-auth.ts'
import dockerRepo from '../../src/checks/registry/docker-repo.ts'
import hardening from '../../src/checks/registry/hardening.ts'
import type {CleanupPolicy, Repository} from '../../src/gcp/cloud.ts'
import type {DockerConfig} from '../../src/machine/machine.ts'
import {context, freshPlan, judge} from './judge.ts'

const whole: Repository = {
  name: 'projects/acme-prod/locations/us-central1/repositories/qlogic',
  format: 'DOCKER',
  mode: 'STANDARD_REPOSITORY',
  immutableTags: false,
  cleanupPolicies: [],
  cleanupPolicyDryRun: false,
}
const open = (...members: string[]) => ({bindings: [{role: 'roles/artifactregistry.reader', members}]})
const there = {repository: whole, policy: {bindings: []}, elsewhere: []}

judge('registry.docker-repo', dockerRepo, [
  {
    when: 'there is none',
    observed: {repository: undefined, policy: undefined, elsewhere: []},
    is: 'fail',
    code: 'REPOSITORY_MISSING',
    plans: ['create-repository-qlogic'],
  },
  {
    when: 'one of that name is in a multi-region',
    observed: {repository: undefined, policy: undefined, elsewhere: ['us']},
    is: 'warn',
    code: 'REPOSITORY_ELSEWHERE',
    plans: ['create-repository-qlogic'],
  },
  {
    when: 'it holds Python packages',
    observed: {...there, repository: {...whole, format: 'PYTHON'}},
    is: 'fail',
    code: 'REPOSITORY_OTHER_FORMAT',
  },
  {
    when: 'it mirrors Docker Hub',
    observed: {...there, repository: {...whole, mode: 'REMOTE_REPOSITORY'}},
    is: 'fail',
    code: 'REPOSITORY_OTHER_MODE',
  },
  {
    when: 'everybody may read it',
    observed: {...there, policy: open('allUsers', 'user:jane@acme.example')},
    is: 'fail',
    code: 'REPOSITORY_PUBLIC',
    plans: ['revoke-allUsers-on-repository-us-central1/qlogic'],
  },
  {
    when: 'everybody with a Google account may read it',
    observed: {...there, policy: open('allAuthenticatedUsers')},
    is: 'fail',
    code: 'REPOSITORY_PUBLIC',
    plans: ['revoke-allAuthenticatedUsers-on-repository-us-central1/qlogic'],
  },
  {
    when: 'it is public and of another format',
    observed: {...there, repository: {...whole, format: 'NPM'}, policy: open('allUsers')},
    is: 'fail',
    code: 'REPOSITORY_OTHER_FORMAT',
    plans: ['revoke-allUsers-on-repository-us-central1/qlogic'],
  },
  {
    when: 'Google leaves the default mode out',
    observed: {...there, repository: {...whole, mode: undefined}},
    is: 'pass',
    code: 'REPOSITORY_READY',
  },
  {when: 'all is well in dev', observed: there, env: 'dev', is: 'pass', code: 'REPOSITORY_READY'},
  {when: 'its policy was never set', observed: {...there, policy: undefined}, is: 'pass', code: 'REPOSITORY_READY'},
])

const keep: CleanupPolicy = {id: 'keep-minimum-versions', action: 'KEEP', mostRecentVersions: {keepCount: 5}}
const remove: CleanupPolicy = {id: 'old', action: 'DELETE', condition: {olderThan: '864000s'}}
const tidy = ['tidy-repository-qlogic']

judge('registry.hardening', hardening, [
  {when: 'there is no repository', observed: undefined, is: 'not_applicable', code: 'REGISTRY_NOT_THERE'},
  {when: 'there is no clean-up policy', observed: whole, is: 'warn', code: 'REGISTRY_NEVER_TIDIED', plans: tidy},
  {
    when: 'policies only keep',
    observed: {...whole, cleanupPolicies: [keep]},
    is: 'warn',
    code: 'REGISTRY_ONLY_KEEPS',
    plans: tidy,
  },
  {
    when: 'the policies are in dry run',
    observed: {...whole, cleanupPolicies: [remove], cleanupPolicyDryRun: true},
    is: 'warn',
    code: 'REGISTRY_TIDIES_IN_THEORY',
    plans: tidy,
  },
  {when: 'tags may move, as is configured', observed: {...whole, cleanupPolicies: [keep, remove]}, is: 'pass', code: 'REGISTRY_HARDENED'},
  {
    when: 'tags move and must not',
    observed: {...whole, cleanupPolicies: [remove]},
    config: {allowMutableTags: false},
    is: 'warn',
    code: 'REGISTRY_TAGS_MOVE',
    plans: ['fix-tags-of-repository-qlogic'],
  },
  {
    when: 'tags are fixed, as is wanted',
    observed: {...whole, immutableTags: true, cleanupPolicies: [remove]},
    config: {allowMutableTags: false},
    is: 'pass',
    code: 'REGISTRY_HARDENED',
  },
  {
    when: 'scanning is off for the repository',
    observed: {...whole, cleanupPolicies: [remove], scanningConfig: 'DISABLED', scanningState: 'SCANNING_DISABLED'},
    config: {scanning: true},
    is: 'warn',
    code: 'REGISTRY_SCANNING_OFF',
    plans: ['scan-repository-qlogic'],
  },
  {
    when: 'the API of scanning is off',
    observed: {...whole, cleanupPolicies: [remove], scanningState: 'SCANNING_DISABLED', scanningReason: 'API … is not enabled.'},
    config: {scanning: true},
    is: 'warn',
    code: 'REGISTRY_NOT_SCANNED',
  },
  {
    when: 'it is scanned',
    observed: {...whole, cleanupPolicies: [remove], scanningState: 'SCANNING_ACTIVE'},
    config: {scanning: true},
    is: 'pass',
    code: 'REGISTRY_HARDENED',
  },
  {
    when: 'scanning is off and not wanted',
    observed: {...whole, cleanupPolicies: [remove], scanningState: 'SCANNING_DISABLED'},
    is: 'pass',
    code: 'REGISTRY_HARDENED',
  },
])

describe('the clean-up that is planned', () => {
  const bodyOf = (observed: Repository) => {
    const [change] = hardening.plan?.(observed, context()) ?? []
    return change?.request.kind === 'call' ? change.request.body : undefined
  }

  test('keeps what is there, for a patch replaces the whole map', () => {
    expect(bodyOf({...whole, cleanupPolicies: [keep]})).toEqual({
      cleanupPolicies: {
        'keep-minimum-versions': {id: 'keep-minimum-versions', action: 'KEEP', mostRecentVersions: {keepCount: 5}},
        'delete-untagged': {id: 'delete-untagged', action: 'DELETE', condition: {tagState: 'UNTAGGED', olderThan: '2592000s'}},
      },
      cleanupPolicyDryRun: false,
    })
  })

  test('adds nothing where something is deleted already, and only ends the dry run', () => {
    expect(bodyOf({...whole, cleanupPolicies: [remove], cleanupPolicyDryRun: true})).toEqual({
      cleanupPolicies: {old: {id: 'old', action: 'DELETE', condition: {olderThan: '864000s'}}},
      cleanupPolicyDryRun: false,
    })
  })

  test('is asked for by itself once there are images that it can delete', () => {
    const consent = (sizeBytes?: string) => hardening.plan?.({...whole, sizeBytes}, context())[0]?.consent
    expect(consent()).toBeUndefined()
    expect(consent('48000000')?.each).toMatch(/deletes images/)
  })

  test('is planned for a repository that is not there yet', () => {
    expect(freshPlan(hardening, context()).map(({id}) => id)).toEqual(tidy)
    expect(freshPlan(dockerRepo, context()).map(({id}) => id)).toEqual(['create-repository-qlogic'])
  })
})

const host = 'us-central1-docker.pkg.dev'
const path = '~/.docker/config.json'
const file = (more: Partial<Extract<DockerConfig, {state: 'read'}>> = {}): DockerConfig => ({
  state: 'read',
  path,
  credHelpers: {[host]: 'gcloud'},
  stored: {},
  ...more,
})
const machine = {docker: true, gcloud: true, gcloudHelper: true, namedHelper: true, config: file()}
const fresh = {...machine, namedHelper: false, config: {state: 'absent', path} as const}

judge('registry.docker-auth', dockerAuth, [
  {when: 'Docker is not installed', observed: {...fresh, docker: false}, is: 'not_applicable', code: 'DOCKER_NOT_INSTALLED'},
  {
    when: 'there is no configuration',
    observed: fresh,
    is: 'warn',
    code: 'DOCKER_NOT_CONFIGURED',
    plans: [`configure-docker-${host}`],
  },
  {
    when: 'only another registry is configured',
    observed: {...machine, namedHelper: false, config: file({credHelpers: {'gcr.io': 'gcloud'}, credsStore: 'desktop'})},
    is: 'warn',
    code: 'DOCKER_NOT_CONFIGURED',
    plans: [`configure-docker-${host}`],
  },
  {
    when: 'the helper is there without gcloud',
    observed: {...fresh, gcloud: false},
    is: 'warn',
    code: 'DOCKER_NOT_CONFIGURED',
    plans: [`name-docker-helper-${host}`],
  },
  {when: 'neither is there', observed: {...fresh, gcloud: false, gcloudHelper: false}, is: 'warn', code: 'DOCKER_WITHOUT_GCLOUD'},
  {when: 'gcloud is there and its helper is not', observed: {...fresh, gcloudHelper: false}, is: 'warn', code: 'DOCKER_WITHOUT_GCLOUD'},
  {
    when: "the configured helper's program is gone",
    observed: {...machine, gcloudHelper: false, namedHelper: false},
    is: 'warn',
    code: 'DOCKER_HELPER_GONE',
  },
  {
    when: 'another configured helper is gone, and gcloud could do it',
    observed: {...machine, namedHelper: false, config: file({credHelpers: {[host]: 'gcr'}})},
    is: 'warn',
    code: 'DOCKER_HELPER_GONE',
    plans: [`configure-docker-${host}`],
  },
  {
    when: 'a key is stored beside the helper',
    observed: {...machine, config: file({stored: {[host]: 'key'}})},
    is: 'warn',
    code: 'DOCKER_KEY_STORED',
  },
  {
    when: 'a key is stored instead of a helper',
    observed: {...machine, namedHelper: false, config: file({credHelpers: {}, stored: {[host]: 'key'}})},
    is: 'warn',
    code: 'DOCKER_KEY_STORED',
    plans: [`configure-docker-${host}`],
  },
  {
    when: "another registry's key is stored",
    observed: {...machine, config: file({stored: {'europe-docker.pkg.dev': 'key', [host]: 'other'}})},
    is: 'pass',
    code: 'DOCKER_SIGNS_IN',
  },
  {
    when: 'the file is broken',
    observed: {...fresh, config: {state: 'unreadable', path, why: 'it is no valid JSON'}},
    is: 'warn',
    code: 'DOCKER_CONFIG_BROKEN',
  },
  {
    when: 'another helper does it',
    observed: {...machine, config: file({credHelpers: {[host]: 'gcr'}})},
    is: 'pass',
    code: 'DOCKER_SIGNS_IN',
  },
  {when: 'all is well', observed: machine, is: 'pass', code: 'DOCKER_SIGNS_IN'},
])

test("a person's own file is changed only when it is asked for by itself, by the command that is shown", () => {
  const [change] = dockerAuth.plan?.(fresh, context()) ?? []
  expect(change?.consent?.each).toContain(path)
  expect(change?.request).toEqual({kind: 'program', program: 'gcloud', args: ['auth', 'configure-docker', host, '--quiet']})
  expect(change?.gcloud).toEqual([`gcloud auth configure-docker ${host} --quiet`])
})
