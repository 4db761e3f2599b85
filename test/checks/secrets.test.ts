import {expect, test} from 'vitest'
import {sha256} from '../../src/changes/secrets.ts'
import accessorScope from '../../src/checks/secrets/accessor-scope.ts'
import corsOrigins from '../../src/checks/secrets/cors-origins.ts'
import dbHost from '../../src/checks/secrets/db-host.ts'
import dbPassword from '../../src/checks/secrets/db-password.ts'
import jwtSecret from '../../src/checks/secrets/jwt-secret.ts'
import rotation from '../../src/checks/secrets/rotation.ts'
import type {Policy, Secret, SecretVersion} from '../../src/gcp/cloud.ts'
import {context, daysAgo, freshPlan, judge} from './judge.ts'
import {runService} from './run-service.ts'
import {sqlInstance} from './sql-instance.ts'

const app = 'serviceAccount:qlogic-app@acme-prod.iam.gserviceaccount.com'
const accessor = 'roles/secretmanager.secretAccessor'
const none: Policy = {bindings: []}
const readers = (...members: readonly string[]): Policy => ({bindings: [{role: accessor, members}]})
const secret = (id: string, hash?: string): Secret => ({
  name: `projects/1234567890/secrets/${id}`,
  labels: {app: 'qlogic'},
  annotations: hash === undefined ? {} : {'qlogic-sha256': hash},
})
const version = (id: string, state = 'ENABLED', days = 1, number = 1): SecretVersion => ({
  name: `projects/1234567890/secrets/${id}/versions/${number}`,
  state,
  createTime: daysAgo(days),
})

const password = (state?: string) => ({
  secret: secret('db-password'),
  latest: state === undefined ? undefined : version('db-password', state),
})
const granted = {policy: readers(app), projectPolicy: none}

judge('secrets.db-password', dbPassword, [
  {
    when: 'there is none',
    observed: {secret: undefined, latest: undefined, policy: undefined, projectPolicy: none},
    is: 'fail',
    code: 'DB_PASSWORD_MISSING',
    plans: ['create-secret-db-password', 'add-version-db-password'],
  },
  {
    when: 'it has no version',
    observed: {...password(), ...granted},
    is: 'fail',
    code: 'DB_PASSWORD_WITHOUT_VERSION',
    plans: ['mark-unassigned-db-password', 'add-version-db-password'],
  },
  {
    when: 'its version is disabled',
    observed: {...password('DISABLED'), ...granted},
    is: 'fail',
    code: 'DB_PASSWORD_DISABLED',
    plans: ['enable-version-db-password-1'],
  },
  {
    when: 'its version is destroyed',
    observed: {...password('DESTROYED'), ...granted},
    is: 'fail',
    code: 'DB_PASSWORD_DESTROYED',
    plans: ['mark-unassigned-db-password', 'add-version-db-password'],
  },
  {
    when: 'the application cannot read it',
    observed: {...password('ENABLED'), policy: none, projectPolicy: none},
    is: 'warn',
    code: 'DB_PASSWORD_CLOSED',
  },
  {
    when: 'the application reads every secret',
    observed: {...password('ENABLED'), policy: none, projectPolicy: readers(app)},
    is: 'pass',
    code: 'DB_PASSWORD_READABLE',
  },
  {
    when: 'everybody can read it',
    observed: {...password('ENABLED'), policy: readers(app, 'allUsers'), projectPolicy: none},
    is: 'warn',
    code: 'DB_PASSWORD_PUBLIC',
  },
  {
    when: 'the default account can read it',
    observed: {...password('ENABLED'), policy: readers(app, 'serviceAccount:1-compute@developer.gserviceaccount.com'), projectPolicy: none},
    is: 'warn',
    code: 'DB_PASSWORD_DEFAULT_ACCOUNT',
  },
  {when: 'all is well', observed: {...password('ENABLED'), ...granted}, is: 'pass', code: 'DB_PASSWORD_READABLE'},
])

test('a password is made of 32 bytes and never stands in the plan', () => {
  const [create, add] = freshPlan(dbPassword, context())
  expect(create?.request).toEqual({
    kind: 'call',
    method: 'secretmanager.projects.secrets.create',
    params: {parent: 'projects/acme-prod', secretId: 'db-password'},
    body: {replication: {automatic: {}}, labels: {app: 'qlogic'}, annotations: {'qlogic-user-version': 'none'}},
  })
  expect(add?.request).toEqual({
    kind: 'secret-version',
    secret: 'db-password',
    value: {generate: {bytes: 32, encoding: 'base64url', keep: true}},
  })
  expect(add?.gcloud).toEqual([
    `openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\\n' | gcloud secrets versions add db-password --data-file=- --project=acme-prod`,
  ])
  expect(add?.consent).toBeUndefined()
})

test('a version that was disabled or destroyed is replaced only with consent', () => {
  const [enable] = dbPassword.plan?.({...password('DISABLED'), ...granted}, context()) ?? []
  expect(enable?.request).toMatchObject({
    method: 'secretmanager.projects.secrets.versions.enable',
    params: {name: 'projects/1234567890/secrets/db-password/versions/1'},
  })
  expect(enable?.consent).toBeDefined()
  const [, add] = dbPassword.plan?.({...password('DESTROYED'), ...granted}, context()) ?? []
  expect(add?.consent?.each).toMatch(/old password/)
})

const jwt = (latest: SecretVersion | undefined) => ({secret: secret('jwt-secret'), latest})

judge('secrets.jwt-secret', jwtSecret, [
  {
    when: 'there is none',
    observed: {secret: undefined, latest: undefined},
    is: 'fail',
    code: 'JWT_SECRET_MISSING',
    plans: ['create-secret-jwt-secret', 'add-version-jwt-secret'],
  },
  {when: 'it has no version', observed: jwt(undefined), is: 'fail', code: 'JWT_SECRET_WITHOUT_VERSION', plans: ['add-version-jwt-secret']},
  {
    when: 'its version is disabled',
    observed: jwt(version('jwt-secret', 'DISABLED')),
    is: 'fail',
    code: 'JWT_SECRET_DISABLED',
    plans: ['enable-version-jwt-secret-1'],
  },
  {
    when: 'its version is destroyed',
    observed: jwt(version('jwt-secret', 'DESTROYED')),
    is: 'fail',
    code: 'JWT_SECRET_DESTROYED',
    plans: ['add-version-jwt-secret'],
  },
  {when: 'it is old', observed: jwt(version('jwt-secret', 'ENABLED', 366)), is: 'warn', code: 'JWT_SECRET_OLD'},
  {when: 'it is a year old', observed: jwt(version('jwt-secret', 'ENABLED', 365)), is: 'pass', code: 'JWT_SECRET_ENABLED'},
  {
    when: 'the backend takes it from there',
    observed: {...jwt(version('jwt-secret')), backend: runService('qlogic-prod-backend')},
    is: 'pass',
    code: 'JWT_SECRET_ENABLED',
  },
  {
    when: 'the backend has a value in plain text',
    observed: {...jwt(version('jwt-secret')), backend: runService('qlogic-prod-backend', {}, [{name: 'JWT_SECRET'}])},
    is: 'warn',
    code: 'JWT_SECRET_LITERAL',
  },
  {
    when: 'the backend has none',
    observed: {...jwt(version('jwt-secret')), backend: runService('qlogic-prod-backend', {}, [])},
    is: 'warn',
    code: 'JWT_SECRET_NOT_USED',
  },
])

test('a signing key is made of 64 bytes', () => {
  expect(freshPlan(jwtSecret, context())[1]?.request).toEqual({
    kind: 'secret-version',
    secret: 'jwt-secret',
    value: {generate: {bytes: 64, encoding: 'base64url'}},
  })
})

const host = '10.217.0.3'
const instance = sqlInstance()
const kept = (hash: string | undefined, state = 'ENABLED', days = 1) => ({
  secret: secret('db-host', hash),
  latest: version('db-host', state, days),
})
const absent = {secret: undefined, latest: undefined}

judge('secrets.db-host', dbHost, [
  {when: 'there is neither instance nor secret', observed: {...absent, instance: undefined}, is: 'fail', code: 'DB_HOST_NO_INSTANCE'},
  {
    when: 'the instance is being created',
    observed: {...absent, instance: sqlInstance({state: 'PENDING_CREATE', ipAddresses: []})},
    is: 'warn',
    code: 'DB_HOST_INSTANCE_NOT_READY',
  },
  {
    when: 'there is no secret',
    observed: {...absent, instance},
    is: 'fail',
    code: 'DB_HOST_MISSING',
    plans: ['create-secret-db-host', 'add-version-db-host'],
  },
  {
    when: 'it has no version',
    observed: {secret: secret('db-host'), latest: undefined, instance},
    is: 'fail',
    code: 'DB_HOST_WITHOUT_VERSION',
    plans: ['add-version-db-host', 'annotate-secret-db-host'],
  },
  {
    when: 'its version is disabled',
    observed: {...kept(sha256(host), 'DISABLED'), instance},
    is: 'fail',
    code: 'DB_HOST_DISABLED',
    plans: ['enable-version-db-host-1'],
  },
  {
    when: 'its version is destroyed',
    observed: {...kept(sha256(host), 'DESTROYED'), instance},
    is: 'fail',
    code: 'DB_HOST_DESTROYED',
    plans: ['add-version-db-host'],
  },
  {when: 'somebody else wrote it', observed: {...kept(undefined), instance}, is: 'warn', code: 'DB_HOST_UNPROVEN'},
  {
    when: 'there is nothing to compare it with',
    observed: {...kept(sha256(host)), instance: undefined},
    is: 'warn',
    code: 'DB_HOST_UNPROVEN',
  },
  {
    when: 'the address is another',
    observed: {...kept(sha256('10.1.1.1')), instance},
    is: 'warn',
    code: 'DB_HOST_STALE',
    plans: ['add-version-db-host', 'annotate-secret-db-host'],
  },
  {
    when: 'the instance is younger',
    observed: {...kept(sha256(host), 'ENABLED', 20), instance},
    is: 'warn',
    code: 'DB_HOST_STALE',
    plans: ['add-version-db-host'],
  },
  {
    when: 'the backend reads it',
    observed: {...kept(sha256(host)), instance, backend: runService('qlogic-prod-backend', {}, [{name: 'DB_HOST', secret: 'db-host'}])},
    is: 'pass',
    code: 'DB_HOST_CURRENT',
  },
  {
    when: 'the backend is told the same in plain words',
    observed: {...kept(sha256(host)), instance, backend: runService('qlogic-prod-backend', {}, [{name: 'DB_HOST', value: host}])},
    is: 'pass',
    code: 'DB_HOST_BESIDE',
  },
  {
    when: 'the backend is told another address',
    observed: {...kept(sha256(host)), instance, backend: runService('qlogic-prod-backend', {}, [{name: 'DB_HOST', value: '10.9.9.9'}])},
    is: 'warn',
    code: 'DB_HOST_NOT_USED',
  },
  {
    when: 'the backend is told nothing',
    observed: {...kept(sha256(host)), instance, backend: runService('qlogic-prod-backend', {}, [])},
    is: 'warn',
    code: 'DB_HOST_NOT_USED',
  },
  {when: 'it holds the address', observed: {...kept(sha256(host)), instance}, is: 'pass', code: 'DB_HOST_CURRENT'},
  {
    when: 'it holds the connection name',
    observed: {...kept(sha256(instance.connectionName)), instance},
    is: 'pass',
    code: 'DB_HOST_CURRENT',
  },
])

test('the address is written, and its hash is recorded', () => {
  const [create, add] = dbHost.plan?.({...absent, instance}, context()) ?? []
  expect(create?.request).toMatchObject({body: {annotations: {'qlogic-sha256': sha256(host)}}})
  expect(add?.request).toEqual({kind: 'secret-version', secret: 'db-host', value: {text: host}})
  expect(add?.gcloud[0]).not.toContain(host)
  const other = {...secret('db-host', 'old'), annotations: {'qlogic-sha256': 'old', team: 'core'}}
  const changes = dbHost.plan?.({secret: other, latest: version('db-host'), instance}, context()) ?? []
  expect(changes.at(-1)?.request).toMatchObject({
    method: 'secretmanager.projects.secrets.patch',
    params: {name: 'projects/acme-prod/secrets/db-host', updateMask: 'annotations'},
    body: {annotations: {team: 'core', 'qlogic-sha256': sha256(host)}},
  })
  const publicOnly = {...instance, ipAddresses: [{type: 'PRIMARY', ipAddress: '34.1.2.3'}]}
  expect(dbHost.plan?.({...absent, instance: publicOnly}, context())[1]?.request).toMatchObject({value: {text: instance.connectionName}})
})

const domain = {domain: 'qlogic.acme.example'}
const origins = '["https://qlogic.acme.example"]'
const cors = (hash: string | undefined, state = 'ENABLED') => ({
  secret: secret('cors-origins', hash),
  latest: version('cors-origins', state),
})

judge('secrets.cors-origins', corsOrigins, [
  {when: 'no domain is set', observed: absent, is: 'manual', code: 'CORS_ORIGINS_DOMAIN_UNSET'},
  {
    when: 'there is none',
    observed: absent,
    config: domain,
    is: 'fail',
    code: 'CORS_ORIGINS_MISSING',
    plans: ['create-secret-cors-origins', 'add-version-cors-origins'],
  },
  {
    when: 'it has no version',
    observed: {secret: secret('cors-origins', sha256(origins)), latest: undefined},
    config: domain,
    is: 'fail',
    code: 'CORS_ORIGINS_WITHOUT_VERSION',
    plans: ['add-version-cors-origins'],
  },
  {
    when: 'its version is disabled',
    observed: cors(sha256(origins), 'DISABLED'),
    config: domain,
    is: 'fail',
    code: 'CORS_ORIGINS_DISABLED',
    plans: ['enable-version-cors-origins-1'],
  },
  {
    when: 'its version is destroyed',
    observed: cors(sha256(origins), 'DESTROYED'),
    config: domain,
    is: 'fail',
    code: 'CORS_ORIGINS_DESTROYED',
    plans: ['add-version-cors-origins'],
  },
  {when: 'somebody else wrote it', observed: cors(undefined), config: domain, is: 'warn', code: 'CORS_ORIGINS_UNPROVEN'},
  {
    when: 'the domain is another now',
    observed: cors(sha256('["https://old.acme.example"]')),
    config: domain,
    is: 'warn',
    code: 'CORS_ORIGINS_STALE',
    plans: ['add-version-cors-origins', 'annotate-secret-cors-origins'],
  },
  {when: 'it holds the domain', observed: cors(sha256(origins)), config: domain, is: 'pass', code: 'CORS_ORIGINS_CURRENT'},
])

test('origins are a JSON list', () => {
  const [create, add] = freshPlan(corsOrigins, context(domain))
  expect(create?.request).toMatchObject({body: {annotations: {'qlogic-sha256': sha256(origins)}}})
  expect(add?.request).toEqual({kind: 'secret-version', secret: 'cors-origins', value: {text: origins}})
  expect(add?.gcloud).toEqual([
    `printf %s '["https://qlogic.acme.example"]' | gcloud secrets versions add cors-origins --data-file=- --project=acme-prod`,
  ])
  expect(freshPlan(corsOrigins, context())).toEqual([])
})

const open = {id: 'jwt-secret', policy: readers(app)}
const shut = {id: 'db-password', policy: none}
const to = (id: string) => `grant-qlogic-app-secretmanager.secretAccessor-on-secret-${id}`

judge('secrets.accessor-scope', accessorScope, [
  {
    when: 'there is no account',
    observed: {accountExists: false, secrets: [shut], projectPolicy: none},
    is: 'fail',
    code: 'ACCESSOR_NO_ACCOUNT',
  },
  {
    when: 'there are no secrets',
    observed: {accountExists: true, secrets: [], projectPolicy: none},
    is: 'fail',
    code: 'ACCESSOR_NO_SECRETS',
    plans: [to('db-password'), to('jwt-secret')],
  },
  {
    when: 'one is closed',
    observed: {accountExists: true, secrets: [open, shut], projectPolicy: none},
    is: 'fail',
    code: 'ACCESSOR_MISSING',
    plans: [to('db-password')],
  },
  {
    when: 'it reads every secret',
    observed: {accountExists: true, secrets: [open, shut], projectPolicy: readers(app)},
    is: 'warn',
    code: 'ACCESSOR_WHOLE_PROJECT',
    plans: [to('db-password')],
  },
  {
    when: 'it reads every secret without need',
    observed: {accountExists: true, secrets: [open], projectPolicy: readers(app)},
    is: 'warn',
    code: 'ACCESSOR_WHOLE_PROJECT',
    plans: ['revoke-serviceAccount-qlogic-app-on-project-acme-prod'],
  },
  {when: 'all are open', observed: {accountExists: true, secrets: [open], projectPolicy: none}, is: 'pass', code: 'ACCESSOR_PER_SECRET'},
])

test('each secret is granted by itself, and the grant on the project goes only with consent', () => {
  const changes = freshPlan(accessorScope, context(domain))
  expect(changes.map(({request}) => request)).toEqual(
    ['db-password', 'jwt-secret', 'cors-origins'].map((name) => ({
      kind: 'grant',
      policy: {of: 'secret', name},
      add: [{role: accessor, member: app}],
      remove: [],
    })),
  )
  const [revoke] = accessorScope.plan?.({accountExists: true, secrets: [open], projectPolicy: readers(app)}, context()) ?? []
  expect(revoke?.request).toMatchObject({policy: {of: 'project'}, add: [], remove: [{role: accessor, member: app}]})
  expect(revoke?.consent).toBeDefined()
})

const aged = (id: string, ...days: readonly number[]) => ({id, enabled: days.map((age, place) => version(id, 'ENABLED', age, place + 1))})

judge('secrets.rotation', rotation, [
  {when: 'there are none', observed: [], is: 'not_applicable', code: 'ROTATION_NO_SECRETS'},
  {when: 'none has a version', observed: [aged('jwt-secret')], is: 'not_applicable', code: 'ROTATION_NO_SECRETS'},
  {when: 'one is old', observed: [aged('jwt-secret', 400), aged('db-password', 3)], is: 'warn', code: 'ROTATION_OVERDUE'},
  {when: 'its newest version is young', observed: [aged('jwt-secret', 400, 2)], is: 'pass', code: 'ROTATION_CURRENT'},
  {when: 'many versions are enabled', observed: [aged('jwt-secret', 400, 20, 2)], is: 'warn', code: 'ROTATION_MANY_VERSIONS'},
])
