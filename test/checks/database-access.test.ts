import {describe, expect, test} from 'vitest'
import appUser from '../../src/checks/database/app-user.ts'
import database from '../../src/checks/database/database.ts'
import dbPasswordSecret from '../../src/checks/database/db-password-secret.ts'
import iamAuth from '../../src/checks/database/iam-auth.ts'
import type {Policy, Secret, SecretVersion, SqlUser} from '../../src/gcp/cloud.ts'
import {context, daysAgo, freshPlan, judge} from './judge.ts'

const secret = (given?: string): Secret => ({
  name: 'projects/1/secrets/db-password',
  labels: {},
  annotations: given === undefined ? {} : {'qlogic-user-version': given},
})
const version = (number: number, state = 'ENABLED', days = 1): SecretVersion => ({
  name: `projects/1/secrets/db-password/versions/${number}`,
  state,
  createTime: daysAgo(days),
})
const kept = (latest: SecretVersion | undefined, {given, enabled}: {given?: string; enabled?: readonly SecretVersion[]} = {}) => ({
  secret: secret(given),
  latest,
  enabled: enabled ?? (latest?.state === 'ENABLED' ? [latest] : []),
})

judge('database.db-password-secret', dbPasswordSecret, [
  {
    when: 'there is none',
    observed: {secret: undefined, latest: undefined, enabled: []},
    is: 'fail',
    code: 'PASSWORD_MISSING',
    plans: ['create-secret-db-password', 'add-version-db-password'],
  },
  {
    when: 'it has no version',
    observed: kept(undefined, {given: 'none'}),
    is: 'fail',
    code: 'PASSWORD_WITHOUT_VERSION',
    plans: ['add-version-db-password'],
  },
  {
    when: 'it has no version and somebody else made it',
    observed: kept(undefined),
    is: 'fail',
    code: 'PASSWORD_WITHOUT_VERSION',
    plans: ['mark-unassigned-db-password', 'add-version-db-password'],
  },
  {
    when: 'its version is disabled',
    observed: kept(version(2, 'DISABLED')),
    is: 'fail',
    code: 'PASSWORD_DISABLED',
    plans: ['enable-version-db-password-2'],
  },
  {
    when: 'its version is destroyed',
    observed: kept(version(2, 'DESTROYED'), {given: '2'}),
    is: 'fail',
    code: 'PASSWORD_DESTROYED',
    plans: ['add-version-db-password'],
  },
  {when: 'it is older than allowed', observed: kept(version(1, 'ENABLED', 366)), is: 'warn', code: 'PASSWORD_OLD'},
  {when: 'it is a year old', observed: kept(version(1, 'ENABLED', 365)), is: 'pass', code: 'PASSWORD_ENABLED'},
  {
    when: 'the user has the latest and an older one is enabled',
    observed: kept(version(2), {given: '2', enabled: [version(2), version(1)]}),
    is: 'warn',
    code: 'PASSWORD_OLDER_ENABLED',
    plans: ['disable-version-db-password-1'],
  },
  {
    when: 'the user still has the older one',
    observed: kept(version(2), {given: '1', enabled: [version(2), version(1)]}),
    is: 'warn',
    code: 'PASSWORD_OLDER_ENABLED',
  },
  {
    when: 'nobody knows which one the user has',
    observed: kept(version(2), {enabled: [version(2), version(1)]}),
    is: 'warn',
    code: 'PASSWORD_OLDER_ENABLED',
  },
  {when: 'all is well', observed: kept(version(1), {given: '1'}), is: 'pass', code: 'PASSWORD_ENABLED'},
])

test('an older version is disabled, never destroyed, and only with consent', () => {
  const [change] = dbPasswordSecret.plan?.(kept(version(2), {given: '2', enabled: [version(2), version(1)]}), context()) ?? []
  expect(change?.request).toMatchObject({
    method: 'secretmanager.projects.secrets.versions.disable',
    params: {name: 'projects/1/secrets/db-password/versions/1'},
  })
  expect(change?.consent).toBeDefined()
  expect(change?.undo).toContain('versions enable 1')
})

judge('database.database', database, [
  {when: 'there is no instance', observed: {instance: 'absent', database: undefined}, is: 'not_applicable', code: 'NO_INSTANCE'},
  {
    when: 'the instance is being created',
    observed: {instance: 'not ready', state: 'PENDING_CREATE', database: undefined},
    is: 'warn',
    code: 'INSTANCE_NOT_READY',
  },
  {
    when: 'there is none',
    observed: {instance: 'ready', database: undefined},
    is: 'fail',
    code: 'DATABASE_MISSING',
    plans: ['create-database-qlogic'],
  },
  {
    when: 'its encoding is another',
    observed: {instance: 'ready', database: {name: 'qlogic', charset: 'LATIN1'}},
    is: 'warn',
    code: 'DATABASE_OTHER_CHARSET',
  },
  {when: 'all is well', observed: {instance: 'ready', database: {name: 'qlogic', charset: 'UTF8'}}, is: 'pass', code: 'DATABASE_EXISTS'},
])

const user = (name: string, type = 'BUILT_IN', databaseRoles: readonly string[] = []): SqlUser => ({name, type, databaseRoles})
const postgres = user('postgres')
const ours = user('qlogic_app')
const users = (list: readonly SqlUser[], given?: string, latest: SecretVersion | undefined = version(1)) => ({
  instance: 'ready' as const,
  users: [postgres, ...list],
  password: {secret: secret(given), latest},
  services: [],
})
const service = (dbUser: string | undefined) => [{name: 'qlogic-prod-backend', dbUser}]

judge('database.app-user', appUser, [
  {when: 'there is no instance', observed: {...users([]), instance: 'absent'}, is: 'not_applicable', code: 'NO_INSTANCE'},
  {when: 'the instance is being created', observed: {...users([]), instance: 'not ready'}, is: 'warn', code: 'INSTANCE_NOT_READY'},
  {when: 'there is none', observed: users([]), is: 'fail', code: 'APP_USER_MISSING', plans: ['create-database-user-qlogic_app']},
  {
    when: 'another kind of user has the name',
    observed: users([user('qlogic_app', 'CLOUD_IAM_USER')]),
    is: 'fail',
    code: 'APP_USER_MISSING',
    plans: ['create-database-user-qlogic_app'],
  },
  {
    when: 'there is neither user nor secret',
    observed: {...users([]), password: {secret: undefined, latest: undefined}},
    is: 'fail',
    code: 'APP_USER_WITHOUT_SECRET',
  },
  {
    when: 'the secret has a newer version than the user was given',
    observed: users([ours], '1', version(2)),
    is: 'fail',
    code: 'APP_USER_OTHER_PASSWORD',
    plans: ['renew-password-qlogic_app'],
  },
  {
    when: 'the secret was made after the user',
    observed: users([ours], 'none'),
    is: 'fail',
    code: 'APP_USER_OTHER_PASSWORD',
    plans: ['renew-password-qlogic_app'],
  },
  {when: 'somebody else made it', observed: users([ours]), is: 'pass', code: 'APP_USER_TRUSTED'},
  {
    when: 'the application signs in as postgres',
    observed: {...users([ours], '1'), services: service('postgres')},
    is: 'fail',
    code: 'APP_USER_NOT_USED',
  },
  {
    when: 'the application is told no user',
    observed: {...users([ours], '1'), services: service(undefined)},
    is: 'fail',
    code: 'APP_USER_NOT_USED',
  },
  {
    when: 'it is a superuser',
    observed: users([user('qlogic_app', 'BUILT_IN', ['cloudsqlsuperuser'])], '1'),
    is: 'warn',
    code: 'APP_USER_SUPERUSER',
  },
  {
    when: 'the application signs in as it',
    observed: {...users([ours], '1'), services: service('qlogic_app')},
    is: 'pass',
    code: 'APP_USER_READY',
  },
  {when: 'all is well', observed: users([ours], '1'), is: 'pass', code: 'APP_USER_READY'},
])

describe('the password of the user', () => {
  test('is data without a value; gcloud gets it by a file descriptor', () => {
    const [create] = freshPlan(appUser, context())
    expect(create?.request).toEqual({
      kind: 'database-password',
      instance: 'qlogic-prod-db',
      user: 'qlogic_app',
      create: true,
      secret: 'db-password',
      annotation: 'qlogic-user-version',
      generate: {bytes: 32, encoding: 'base64url'},
    })
    expect(create?.gcloud.join('\n')).toMatch(/--flags-file=<\(/)
    expect(create?.gcloud.join('\n')).not.toMatch(/ --password=/)
    expect(create?.consent).toBeUndefined()
  })

  test('is renewed only with consent', () => {
    const [renew] = appUser.plan?.(users([ours], '1', version(2)), context()) ?? []
    expect(renew?.request).toMatchObject({kind: 'database-password', create: false})
    expect(renew?.consent?.each).toMatch(/old password/)
  })
})

const role = 'roles/cloudsql.instanceUser'
const granted: Policy = {bindings: [{role, members: ['serviceAccount:qlogic-app@acme-prod.iam.gserviceaccount.com']}]}
const login = user('qlogic-app@acme-prod.iam', 'CLOUD_IAM_SERVICE_ACCOUNT')
const on = {name: 'cloudsql.iam_authentication', value: 'on'}
const iam = {instance: 'ready' as const, flags: [on], users: [postgres, login], policy: granted}

judge('database.iam-auth', iamAuth, [
  {when: 'there is no instance', observed: {...iam, instance: 'absent'}, is: 'not_applicable', code: 'NO_INSTANCE'},
  {when: 'the instance is being created', observed: {...iam, instance: 'not ready', users: []}, is: 'warn', code: 'INSTANCE_NOT_READY'},
  {
    when: 'the flag is not set',
    observed: {...iam, flags: []},
    is: 'warn',
    code: 'IAM_LOGIN_OFF',
    plans: ['allow-iam-login-qlogic-prod-db'],
  },
  {
    when: 'the flag is off',
    observed: {...iam, flags: [{...on, value: 'off'}]},
    is: 'warn',
    code: 'IAM_LOGIN_OFF',
    plans: ['allow-iam-login-qlogic-prod-db'],
  },
  {
    when: 'there is no user',
    observed: {...iam, users: [postgres]},
    is: 'warn',
    code: 'IAM_LOGIN_NO_USER',
    plans: ['create-database-user-qlogic-app'],
  },
  {
    when: 'the account may not sign in',
    observed: {...iam, policy: {bindings: []}},
    is: 'warn',
    code: 'IAM_LOGIN_NO_ROLE',
    plans: ['grant-qlogic-app-cloudsql.instanceUser-on-project-acme-prod'],
  },
  {when: 'all is well', observed: iam, is: 'pass', code: 'IAM_LOGIN_READY'},
])

test('flags that are set stay set', () => {
  const flags = [
    {name: 'max_connections', value: '200'},
    {...on, value: 'off'},
  ]
  const [change] = iamAuth.plan?.({...iam, flags}, context()) ?? []
  expect(change?.request).toMatchObject({body: {settings: {databaseFlags: [flags[0], on]}}})
  expect(change?.gcloud[0]).toContain('--database-flags=max_connections=200,cloudsql.iam_authentication=on')
  expect(change?.consent?.each).toMatch(/restart/)
})
