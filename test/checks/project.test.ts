import {expect, test} from 'vitest'
import apisEnabled from '../../src/checks/project/apis-enabled.ts'
import billingLinked from '../../src/checks/project/billing-linked.ts'
import budgetAlert from '../../src/checks/project/budget-alert.ts'
import exists from '../../src/checks/project/exists.ts'
import keyFileSecure from '../../src/checks/project/key-file-secure.ts'
import noPrimitiveRoles from '../../src/checks/project/no-primitive-roles.ts'
import noUserManagedKeys from '../../src/checks/project/no-user-managed-keys.ts'
import orgPolicies from '../../src/checks/project/org-policies.ts'
import runtimeSa from '../../src/checks/project/runtime-sa.ts'
import terraformSaCredential from '../../src/checks/project/terraform-sa-credential.ts'
import terraformSaRoles from '../../src/checks/project/terraform-sa-roles.ts'
import terraformSa from '../../src/checks/project/terraform-sa.ts'
import type {Budget, EffectivePolicy, Policy, Project, ServiceAccount, WorkloadIdentityProvider} from '../../src/gcp/cloud.ts'
import type {KeyFile} from '../../src/repo/repo.ts'
import {noFederation} from '../../src/checks/federation.ts'
import {bound, federation} from './federated.ts'
import {context, daysAgo, freshPlan, judge} from './judge.ts'

const project: Project = {
  name: 'projects/1234567890',
  projectId: 'acme-prod',
  projectNumber: '1234567890',
  state: 'ACTIVE',
  parent: 'organizations/100000000001',
  displayName: 'Q-Logic',
  labels: {app: 'qlogic', environment: 'prod'},
}
const policy = (bindings: Readonly<Record<string, readonly string[]>>): Policy => ({
  bindings: Object.entries(bindings).map(([role, members]) => ({role: `roles/${role}`, members})),
})
const terraformEmail = 'terraform@acme-prod.iam.gserviceaccount.com'
const appEmail = 'qlogic-app@acme-prod.iam.gserviceaccount.com'
const terraform = `serviceAccount:${terraformEmail}`
const app = `serviceAccount:${appEmail}`
const account = (email: string, displayName: string, disabled = false): ServiceAccount => ({email, uniqueId: '117', disabled, displayName})

judge('project.exists', exists, [
  {when: 'there is none', observed: undefined, is: 'fail', code: 'PROJECT_ABSENT', plans: ['create-project-acme-prod']},
  {
    when: 'it is marked for deletion',
    observed: {...project, state: 'DELETE_REQUESTED'},
    is: 'fail',
    code: 'PROJECT_DELETE_REQUESTED',
    plans: ['undelete-project-acme-prod'],
  },
  {when: 'its state is another', observed: {...project, state: 'STATE_UNSPECIFIED'}, is: 'fail', code: 'PROJECT_NOT_ACTIVE'},
  {
    when: 'its label is another',
    observed: {...project, labels: {app: 'qlogic', environment: 'dev'}},
    is: 'warn',
    code: 'PROJECT_UNLABELLED',
    plans: ['label-project-acme-prod'],
  },
  {
    when: 'it has another parent',
    observed: project,
    config: {parent: 'folders/77'},
    is: 'warn',
    code: 'PROJECT_OTHER_PARENT',
  },
  {
    when: 'it has the parent of the configuration',
    observed: project,
    config: {parent: 'organizations/100000000001'},
    is: 'pass',
    code: 'PROJECT_ACTIVE',
  },
  {when: 'it has no parent', observed: {...project, parent: undefined}, is: 'warn', code: 'PROJECT_WITHOUT_PARENT'},
  {when: 'all is well', observed: project, is: 'pass', code: 'PROJECT_ACTIVE'},
  {
    when: 'all is well in staging',
    observed: {...project, labels: {app: 'qlogic', environment: 'staging'}},
    env: 'staging',
    is: 'pass',
    code: 'PROJECT_ACTIVE',
  },
])

test('a project is created under its parent, with labels', () => {
  const [create] = freshPlan(exists, context({parent: 'folders/77'}))
  expect(create?.request).toEqual({
    kind: 'call',
    method: 'cloudresourcemanager.projects.create',
    params: {},
    body: {projectId: 'acme-prod', displayName: 'Q-Logic', parent: 'folders/77', labels: {app: 'qlogic', environment: 'prod'}},
  })
  expect(create?.gcloud).toEqual(['gcloud projects create acme-prod --name=Q-Logic --labels=app=qlogic,environment=prod --folder=77'])
})

test('labels that are there already stay', () => {
  const [label] = exists.plan?.({...project, labels: {team: 'core'}}, context()) ?? []
  expect(label?.request).toMatchObject({
    params: {name: 'projects/acme-prod', updateMask: 'labels'},
    body: {labels: {team: 'core', app: 'qlogic', environment: 'prod'}},
  })
})

const unlinked = {billingEnabled: false, billingAccountName: ''}
const linked = {billingEnabled: true, billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819'}
const accounts = [{name: 'billingAccounts/01A2B3-C4D5E6-F70819', displayName: 'Main'}, {name: 'billingAccounts/AAAAAA-BBBBBB-CCCCCC'}]
const first = accounts.slice(0, 1)
const chosen = {billingAccount: 'AAAAAA-BBBBBB-CCCCCC'}

judge('project.billing-linked', billingLinked, [
  {when: 'any account is linked', observed: {info: linked, accounts: []}, is: 'pass', code: 'BILLING_LINKED'},
  {
    when: 'the configured one is linked',
    observed: {info: {...linked, billingAccountName: `billingAccounts/${chosen.billingAccount}`}, accounts: []},
    config: chosen,
    is: 'pass',
    code: 'BILLING_LINKED',
  },
  {when: 'another one is linked', observed: {info: linked, accounts: []}, config: chosen, is: 'warn', code: 'BILLING_OTHER_ACCOUNT'},
  {
    when: 'none is linked and one is open',
    observed: {info: unlinked, accounts: first},
    is: 'fail',
    code: 'BILLING_NOT_LINKED',
    plans: ['link-billing-acme-prod'],
  },
  {
    when: 'none is linked and one is configured',
    observed: {info: unlinked, accounts: []},
    config: chosen,
    is: 'fail',
    code: 'BILLING_NOT_LINKED',
    plans: ['link-billing-acme-prod'],
  },
  {when: 'none is linked and several are open', observed: {info: unlinked, accounts}, is: 'manual', code: 'BILLING_ACCOUNT_UNCHOSEN'},
  {when: 'none is linked and none is visible', observed: {info: unlinked, accounts: []}, is: 'manual', code: 'BILLING_ACCOUNT_UNCHOSEN'},
  {
    when: 'a closed one is linked and another is open',
    observed: {info: {...linked, billingEnabled: false}, accounts: accounts.slice(1)},
    is: 'fail',
    code: 'BILLING_ACCOUNT_CLOSED',
    plans: ['link-billing-acme-prod'],
  },
  {
    when: 'the configured one is closed',
    observed: {info: {billingEnabled: false, billingAccountName: `billingAccounts/${chosen.billingAccount}`}, accounts: []},
    config: chosen,
    is: 'fail',
    code: 'BILLING_ACCOUNT_CLOSED',
  },
])

test('candidates are named, and what will be linked is shown before it can be read', () => {
  expect(billingLinked.evaluate({info: unlinked, accounts}, context()).args['candidates']).toBe(
    '01A2B3-C4D5E6-F70819 Main, AAAAAA-BBBBBB-CCCCCC',
  )
  expect(freshPlan(billingLinked, context(chosen))[0]?.request).toEqual({
    kind: 'call',
    method: 'cloudbilling.projects.updateBillingInfo',
    params: {name: 'projects/acme-prod'},
    body: {billingAccountName: 'billingAccounts/AAAAAA-BBBBBB-CCCCCC'},
  })
  expect(freshPlan(billingLinked, context())).toHaveLength(1)
})

const core = [
  ...[
    'compute',
    'sqladmin',
    'secretmanager',
    'artifactregistry',
    'cloudresourcemanager',
    'iam',
    'logging',
    'monitoring',
    'servicenetworking',
    'run',
  ],
  ...['serviceusage', 'cloudbilling', 'storage', 'billingbudgets', 'orgpolicy', 'sts', 'iamcredentials'],
]
const on = (...names: readonly string[]) => new Map(names.map((name) => [`${name}.googleapis.com`, 'ENABLED'] as const))
const services = ['enable-services-acme-prod']

judge('project.apis-enabled', apisEnabled, [
  {when: 'all are on', observed: on(...core, 'container'), is: 'pass', code: 'APIS_ENABLED'},
  {when: 'one is off', observed: on(...core.slice(1), 'container'), is: 'fail', code: 'APIS_DISABLED', plans: services},
  {
    when: 'the connector needs one more',
    observed: on(...core, 'container'),
    config: {vpcAccess: 'connector'},
    is: 'fail',
    code: 'APIS_DISABLED',
    plans: services,
  },
  {
    when: 'a connector is configured but the cluster runs the app',
    observed: on(...core, 'container'),
    config: {vpcAccess: 'connector', compute: 'gke-autopilot'},
    is: 'pass',
    code: 'APIS_ENABLED',
  },
  {
    when: 'a DNS zone needs one more',
    observed: on(...core, 'container'),
    config: {dnsZone: 'acme'},
    is: 'fail',
    code: 'APIS_DISABLED',
    plans: services,
  },
  {
    when: 'Cloud Build needs another',
    observed: on(...core, 'container'),
    config: {ci: 'cloud-build'},
    is: 'fail',
    code: 'APIS_DISABLED',
    plans: services,
  },
  {
    when: 'option B lacks container',
    observed: on(...core),
    config: {compute: 'gke-autopilot'},
    is: 'fail',
    code: 'APIS_DISABLED',
    plans: services,
  },
  {when: 'option A lacks container', observed: on(...core), is: 'warn', code: 'API_CONTAINER_DISABLED', plans: services},
  {when: 'scanning is on unasked', observed: on(...core, 'container', 'containerscanning'), is: 'warn', code: 'API_SCANNING_UNASKED'},
  {
    when: 'scanning is asked for and off',
    observed: on(...core, 'container'),
    config: {scanning: true},
    is: 'fail',
    code: 'APIS_DISABLED',
    plans: services,
  },
])

test('every missing API is enabled by one change', () => {
  const [enable] = freshPlan(apisEnabled, context())
  expect(enable?.request).toMatchObject({method: 'serviceusage.services.batchEnable', params: {parent: 'projects/acme-prod'}})
  const wanted = [...core, 'container'].map((name) => `${name}.googleapis.com`)
  expect(enable?.request.kind === 'call' && enable.request.body['serviceIds']).toEqual(expect.arrayContaining(wanted))
  expect(enable?.title).toMatch(/^Enable 18 APIs: /)
})

judge('project.terraform-sa', terraformSa, [
  {
    when: 'there is none',
    observed: {account: undefined, deleted: undefined},
    is: 'fail',
    code: 'TERRAFORM_SA_MISSING',
    plans: ['create-service-account-terraform'],
  },
  {
    when: 'it was deleted',
    observed: {account: undefined, deleted: '117'},
    is: 'fail',
    code: 'TERRAFORM_SA_DELETED',
    plans: ['undelete-service-account-terraform'],
  },
  {
    when: 'it is disabled',
    observed: {account: account(terraformEmail, 'Terraform Admin', true), deleted: undefined},
    is: 'fail',
    code: 'TERRAFORM_SA_DISABLED',
    plans: ['enable-service-account-terraform'],
  },
  {
    when: 'its name is another',
    observed: {account: account(terraformEmail, 'tf'), deleted: undefined},
    is: 'warn',
    code: 'TERRAFORM_SA_OTHER_NAME',
  },
  {
    when: 'all is well',
    observed: {account: account(terraformEmail, 'Terraform Admin'), deleted: undefined},
    is: 'pass',
    code: 'TERRAFORM_SA_ENABLED',
  },
])

test('the Terraform account is created as the plan says', () => {
  expect(freshPlan(terraformSa, context())[0]?.request).toEqual({
    kind: 'call',
    method: 'iam.projects.serviceAccounts.create',
    params: {name: 'projects/acme-prod'},
    body: {accountId: 'terraform', serviceAccount: {displayName: 'Terraform Admin', description: 'Managed by qlogic'}},
  })
})

const seedRoles = {
  editor: [terraform],
  'secretmanager.admin': [terraform],
  'iam.securityAdmin': [terraform],
  'cloudsql.admin': [terraform],
  'artifactregistry.admin': [terraform],
}
const narrow = {terraformSaProfile: 'least-privilege'}
const leastRoles = Object.fromEntries(
  [
    ...[
      'compute.networkAdmin',
      'compute.loadBalancerAdmin',
      'compute.securityAdmin',
      'cloudsql.admin',
      'run.admin',
      'vpcaccess.admin',
      'secretmanager.admin',
    ],
    ...[
      'artifactregistry.admin',
      'monitoring.editor',
      'logging.configWriter',
      'serviceusage.serviceUsageAdmin',
      'iam.serviceAccountAdmin',
      'resourcemanager.projectIamAdmin',
    ],
  ].map((role) => [role, [terraform]]),
)
const grant = ['grant-terraform-roles-on-project-acme-prod']
const withCondition: Policy = {
  bindings: [
    ...policy(seedRoles).bindings.slice(1),
    {role: 'roles/editor', members: [terraform], condition: {expression: 'request.time < timestamp("2027-01-01T00:00:00Z")'}},
  ],
}

judge('project.terraform-sa-roles', terraformSaRoles, [
  {when: 'none is held', observed: policy({}), is: 'fail', code: 'TERRAFORM_ROLES_MISSING', plans: grant},
  {when: 'one is held only with a condition', observed: withCondition, is: 'fail', code: 'TERRAFORM_ROLES_CONDITIONAL', plans: grant},
  {
    when: 'the five of the plan are held',
    observed: policy(seedRoles),
    is: 'warn',
    code: 'TERRAFORM_ROLES_NO_PEERING',
    plans: ['grant-terraform-servicenetworking.networksAdmin-on-project-acme-prod'],
  },
  {
    when: 'the seed profile is whole',
    observed: policy({...seedRoles, 'servicenetworking.networksAdmin': [terraform]}),
    is: 'warn',
    code: 'TERRAFORM_ROLES_SEED_PROFILE',
  },
  {
    when: 'the seed profile can peer otherwise',
    observed: policy({...seedRoles, 'compute.networkAdmin': [terraform]}),
    is: 'warn',
    code: 'TERRAFORM_ROLES_SEED_PROFILE',
  },
  {
    when: 'it is an owner',
    observed: policy({...seedRoles, 'compute.networkAdmin': [terraform], owner: [terraform]}),
    is: 'warn',
    code: 'TERRAFORM_ROLES_TOO_WIDE',
    plans: ['revoke-serviceAccount-terraform-on-project-acme-prod'],
  },
  {
    when: 'the narrow profile lacks all',
    observed: policy(seedRoles),
    config: narrow,
    is: 'fail',
    code: 'TERRAFORM_ROLES_MISSING',
    plans: grant,
  },
  {
    when: 'the narrow profile has more',
    observed: policy({...leastRoles, editor: [terraform]}),
    config: narrow,
    is: 'warn',
    code: 'TERRAFORM_ROLES_TOO_WIDE',
    plans: ['revoke-serviceAccount-terraform-on-project-acme-prod'],
  },
  {
    when: 'an account of that name was deleted and made again',
    observed: policy({...leastRoles, 'run.viewer': [`deleted:${terraform}?uid=117`]}),
    config: narrow,
    is: 'warn',
    code: 'TERRAFORM_ROLES_OF_DELETED',
    plans: ['revoke-deleted-serviceAccount-terraform-on-project-acme-prod'],
  },
  {
    when: 'another account was deleted',
    observed: policy({...leastRoles, 'run.viewer': ['deleted:serviceAccount:terraform-old@acme-prod.iam.gserviceaccount.com?uid=1']}),
    config: narrow,
    is: 'pass',
    code: 'TERRAFORM_ROLES_HELD',
  },
  {when: 'the narrow profile is whole', observed: policy(leastRoles), config: narrow, is: 'pass', code: 'TERRAFORM_ROLES_HELD'},
])

test('the seed profile is one grant, with the role for peering', () => {
  const [change] = freshPlan(terraformSaRoles, context())
  expect(change?.request).toEqual({
    kind: 'grant',
    policy: {of: 'project', name: 'acme-prod'},
    add: [
      'editor',
      'secretmanager.admin',
      'iam.securityAdmin',
      'cloudsql.admin',
      'artifactregistry.admin',
      'servicenetworking.networksAdmin',
    ].map((role) => ({role: `roles/${role}`, member: terraform})),
    remove: [],
  })
  expect(change?.consent).toBeUndefined()
})

const key = (days: number, rest: {disabled?: boolean; disableReason?: string} = {}) => ({
  name: `projects/acme-prod/serviceAccounts/${terraformEmail}/keys/k${days}`,
  validAfterTime: daysAgo(days),
  disabled: false,
  ...rest,
})
const federated = {githubRepo: 'acme/q-logic'}
const provider = {...federation.provider, name: 'p'}
const only = (one: WorkloadIdentityProvider | undefined) => ({...federation, provider: one})

judge('project.terraform-sa-credential', terraformSaCredential, [
  {
    when: 'the pipeline is federated',
    observed: {keys: [], federation, keysForbidden: false},
    config: federated,
    is: 'pass',
    code: 'TERRAFORM_FEDERATED',
  },
  {
    when: 'its key is disabled',
    observed: {keys: [key(10, {disabled: true})], federation, keysForbidden: false},
    config: federated,
    is: 'pass',
    code: 'TERRAFORM_FEDERATED',
  },
  {
    when: 'Google found a key on the internet',
    observed: {
      keys: [key(10, {disabled: true, disableReason: 'SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED'})],
      federation,
      keysForbidden: false,
    },
    config: federated,
    is: 'warn',
    code: 'TERRAFORM_KEY_EXPOSED',
  },
  {
    when: 'Google found a key on the internet, and there is nothing else',
    observed: {
      keys: [key(10, {disabled: true, disableReason: 'SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED'})],
      federation: noFederation,
      keysForbidden: false,
    },
    config: federated,
    is: 'fail',
    code: 'TERRAFORM_NO_CREDENTIAL',
  },
  {
    when: 'the provider is of another issuer',
    observed: {keys: [], federation: only({...provider, issuerUri: 'https://gitlab.com'}), keysForbidden: false},
    config: federated,
    is: 'fail',
    code: 'TERRAFORM_NO_CREDENTIAL',
  },
  {
    when: 'the provider is deleted',
    observed: {keys: [], federation: only({...provider, state: 'DELETED'}), keysForbidden: false},
    config: federated,
    is: 'fail',
    code: 'TERRAFORM_NO_CREDENTIAL',
  },
  {
    when: 'there is a key as well',
    observed: {keys: [key(10)], federation, keysForbidden: false},
    config: federated,
    is: 'warn',
    code: 'TERRAFORM_KEY_BESIDE_FEDERATION',
  },
  {
    when: 'there is only a key',
    observed: {keys: [key(90)], federation: noFederation, keysForbidden: false},
    config: federated,
    is: 'warn',
    code: 'TERRAFORM_KEY_IN_USE',
  },
  {
    when: 'there is only a key, and it is allowed',
    observed: {keys: [key(10)], federation: noFederation, keysForbidden: false},
    config: {...federated, allowSaKey: true},
    is: 'warn',
    code: 'TERRAFORM_KEY_ALLOWED',
  },
  {
    when: 'a key is too old',
    observed: {keys: [key(10), key(91)], federation, keysForbidden: false},
    config: federated,
    is: 'fail',
    code: 'TERRAFORM_KEY_OLD',
  },
  {
    when: 'there is neither',
    observed: {keys: [], federation: noFederation, keysForbidden: false},
    config: federated,
    is: 'fail',
    code: 'TERRAFORM_NO_CREDENTIAL',
  },
  {
    when: 'everybody in the pool may act as it',
    observed: {
      keys: [],
      federation: {
        ...federation,
        policy: bound('principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github-pool/*'),
      },
      keysForbidden: false,
    },
    config: federated,
    is: 'fail',
    code: 'TERRAFORM_NO_CREDENTIAL',
  },
  {
    when: 'no repository is chosen',
    observed: {keys: [], federation: noFederation, keysForbidden: false},
    is: 'manual',
    code: 'TERRAFORM_NO_REPOSITORY',
  },
  {
    when: 'a key is wanted and forbidden',
    observed: {keys: [], federation: noFederation, keysForbidden: true},
    config: {...federated, allowSaKey: true},
    is: 'manual',
    code: 'TERRAFORM_KEY_FORBIDDEN',
  },
  {
    when: 'Cloud Build needs neither',
    observed: {keys: [], federation: noFederation, keysForbidden: false},
    config: {ci: 'cloud-build'},
    is: 'pass',
    code: 'TERRAFORM_NO_CREDENTIAL_NEEDED',
  },
])

const file = (rest: Partial<KeyFile>) => ({
  path: 'tf-key.json',
  where: 'worktree' as const,
  ignored: true,
  keyId: 'k10',
  clientEmail: terraformEmail,
  mode: 0o600,
  live: undefined,
  ...rest,
})

judge('project.key-file-secure', keyFileSecure, [
  {when: 'there is no repository', observed: 'no-repository', is: 'not_applicable', code: 'KEY_FILE_NO_REPOSITORY'},
  {when: 'there is no key', observed: {files: [], uncovered: []}, is: 'pass', code: 'KEY_FILE_NONE'},
  {
    when: 'the patterns are not ignored',
    observed: {files: [], uncovered: ['tf-key.json', '*-key.json']},
    is: 'warn',
    code: 'KEY_FILE_PATTERNS_MISSING',
    plans: ['ignore-key-files'],
  },
  {when: 'an ignored key lies there', observed: {files: [file({})], uncovered: []}, is: 'warn', code: 'KEY_FILE_IN_WORKTREE'},
  {
    when: 'others may read it',
    observed: {files: [file({mode: 0o644})], uncovered: []},
    is: 'warn',
    code: 'KEY_FILE_READABLE',
    plans: ['restrict-tf-key.json'],
  },
  {
    when: 'it could be committed',
    observed: {files: [file({path: 'keys/sa.json', ignored: false})], uncovered: []},
    is: 'fail',
    code: 'KEY_FILE_NOT_IGNORED',
    plans: ['ignore-key-files'],
  },
  {
    when: 'it is tracked and enabled',
    observed: {files: [{...file({where: 'tracked'}), live: key(10)}], uncovered: []},
    is: 'fail',
    code: 'KEY_FILE_TRACKED',
    plans: ['disable-key-k10'],
  },
  {
    when: 'it is in a commit and disabled',
    observed: {files: [{...file({where: 'history'}), live: key(10, {disabled: true})}], uncovered: []},
    is: 'fail',
    code: 'KEY_FILE_IN_HISTORY',
  },
])

test('a leaked key is disabled with consent, lines are appended, the mode is narrowed', () => {
  const files = [
    {...file({where: 'tracked', mode: 0o644}), live: key(10)},
    {...file({where: 'history'}), live: key(10)},
    file({path: 'keys/sa.json', ignored: false}),
  ]
  const changes = keyFileSecure.plan?.({files, uncovered: ['*-key.json']}, context()) ?? []
  expect(changes.map((change) => change.request)).toEqual([
    {kind: 'call', method: 'iam.projects.serviceAccounts.keys.disable', params: {name: key(10).name}, body: {}},
    {kind: 'file', path: '.gitignore', append: ['*-key.json', '/keys/sa.json']},
    {kind: 'mode', path: 'tf-key.json', mode: 0o600},
  ])
  expect(changes[0]?.consent?.each).toMatch(/leaked/)
})

const appRoles = {'cloudsql.client': [app], 'logging.logWriter': [app], 'monitoring.metricWriter': [app]}
const readable = {id: 'jwt-secret', policy: policy({'secretmanager.secretAccessor': [app]})}
const shut = {id: 'db-password', policy: policy({})}
const runtime = account(appEmail, 'Q-Logic App Runtime')
const appGrant = 'grant-qlogic-app-roles-on-project-acme-prod'

judge('project.runtime-sa', runtimeSa, [
  {
    when: 'there is none',
    observed: {account: undefined, policy: policy({}), secrets: []},
    is: 'fail',
    code: 'RUNTIME_SA_MISSING',
    plans: ['create-service-account-qlogic-app', appGrant],
  },
  {
    when: 'it was deleted',
    observed: {account: undefined, policy: policy({'cloudsql.client': [`deleted:${app}?uid=118`]}), secrets: []},
    is: 'fail',
    code: 'RUNTIME_SA_DELETED',
    plans: ['undelete-service-account-qlogic-app'],
  },
  {
    when: 'it is disabled',
    observed: {account: {...runtime, disabled: true}, policy: policy(appRoles), secrets: []},
    is: 'fail',
    code: 'RUNTIME_SA_DISABLED',
    plans: ['enable-service-account-qlogic-app'],
  },
  {
    when: 'it lacks a role',
    observed: {account: runtime, policy: policy({'cloudsql.client': [app]}), secrets: []},
    is: 'fail',
    code: 'RUNTIME_SA_ROLES_MISSING',
    plans: [appGrant],
  },
  {
    when: 'it is an editor',
    observed: {account: runtime, policy: policy({...appRoles, editor: [app]}), secrets: []},
    is: 'fail',
    code: 'RUNTIME_SA_PRIMITIVE_ROLE',
  },
  {
    when: 'it is an administrator of something',
    observed: {account: runtime, policy: policy({...appRoles, 'storage.admin': [app]}), secrets: []},
    is: 'warn',
    code: 'RUNTIME_SA_ADMIN_ROLE',
  },
  {
    when: 'it may sign as others',
    observed: {account: runtime, policy: policy({...appRoles, 'iam.serviceAccountTokenCreator': [app]}), secrets: []},
    is: 'warn',
    code: 'RUNTIME_SA_ADMIN_ROLE',
  },
  {
    when: 'it holds more',
    observed: {account: runtime, policy: policy({...appRoles, 'pubsub.publisher': [app]}), secrets: []},
    is: 'warn',
    code: 'RUNTIME_SA_EXTRA_ROLES',
  },
  {
    when: 'it reads every secret',
    observed: {account: runtime, policy: policy({...appRoles, 'secretmanager.secretAccessor': [app]}), secrets: [shut]},
    is: 'warn',
    code: 'RUNTIME_SA_READS_ALL_SECRETS',
  },
  {
    when: 'a pipeline can act as it',
    observed: {
      account: runtime,
      policy: policy(appRoles),
      secrets: [readable],
      users: policy({
        'iam.workloadIdentityUser': [
          'principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github-pool/attribute.repository/acme/q-logic',
        ],
      }),
    },
    is: 'warn',
    code: 'RUNTIME_SA_IMPERSONATED',
  },
  {
    when: 'pods of the cluster can act as it',
    observed: {
      account: runtime,
      policy: policy(appRoles),
      secrets: [readable],
      users: policy({
        'iam.workloadIdentityUser': [
          'serviceAccount:acme-prod.svc.id.goog[qlogic-prod/backend]',
          'principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/acme-prod.svc.id.goog/subject/ns/qlogic-prod/sa/backend',
        ],
      }),
    },
    is: 'pass',
    code: 'RUNTIME_SA_LEAST_PRIVILEGE',
  },
  {
    when: 'a secret is closed to it',
    observed: {account: runtime, policy: policy(appRoles), secrets: [readable, shut]},
    is: 'warn',
    code: 'RUNTIME_SA_SECRETS_CLOSED',
  },
  {
    when: 'all is well',
    observed: {account: runtime, policy: policy(appRoles), secrets: [readable]},
    is: 'pass',
    code: 'RUNTIME_SA_LEAST_PRIVILEGE',
  },
])

judge('project.no-user-managed-keys', noUserManagedKeys, [
  {when: 'there is none', observed: [], is: 'pass', code: 'USER_KEYS_NONE'},
  {when: 'one is disabled', observed: [key(200, {disabled: true})], is: 'pass', code: 'USER_KEYS_NONE'},
  {when: 'one is young', observed: [key(90)], is: 'warn', code: 'USER_KEYS_YOUNG'},
  {
    when: 'one was found in public',
    observed: [key(5, {disabled: true, disableReason: 'SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED'})],
    is: 'warn',
    code: 'USER_KEYS_EXPOSED',
  },
  {when: 'one is old', observed: [key(91), key(3)], is: 'fail', code: 'USER_KEYS_OLD', plans: ['disable-key-k91']},
  {
    when: 'one is older than allowed here',
    observed: [key(31)],
    config: {maxKeyAgeDays: 30},
    is: 'fail',
    code: 'USER_KEYS_OLD',
    plans: ['disable-key-k31'],
  },
])

const owners = (...names: readonly string[]) => names.map((name) => `user:${name}@acme.example`)
const defaultAccount = 'serviceAccount:1234567890-compute@developer.gserviceaccount.com'

const old = '2026-01-01T00:00:00Z'

judge('project.no-primitive-roles', noPrimitiveRoles, [
  {
    when: 'two people own it',
    observed: {
      policy: policy({owner: owners('ann', 'bob'), editor: ['serviceAccount:1234567890@cloudservices.gserviceaccount.com']}),
      createTime: old,
    },
    is: 'pass',
    code: 'PRIMITIVE_ROLES_NONE',
  },
  {
    when: 'one person owns it',
    observed: {policy: policy({owner: owners('ann')}), createTime: old},
    is: 'warn',
    code: 'PRIMITIVE_ROLES_ONE_OWNER',
  },
  {when: 'nobody owns it', observed: {policy: policy({}), createTime: old}, is: 'warn', code: 'PRIMITIVE_ROLES_NO_OWNER'},
  {
    when: 'many own it',
    observed: {policy: policy({owner: [...owners('ann', 'bob', 'cid'), 'group:ops@acme.example']}), createTime: old},
    is: 'warn',
    code: 'PRIMITIVE_ROLES_MANY_OWNERS',
  },
  {
    when: 'Terraform is an editor',
    observed: {policy: policy({owner: owners('ann', 'bob'), editor: [terraform]}), createTime: old},
    is: 'warn',
    code: 'PRIMITIVE_ROLES_TERRAFORM',
  },
  {
    when: 'another account is an editor',
    observed: {
      policy: policy({owner: owners('ann', 'bob'), editor: ['serviceAccount:x@acme-prod.iam.gserviceaccount.com']}),
      createTime: old,
    },
    is: 'warn',
    code: 'PRIMITIVE_ROLES_OTHER_ACCOUNT',
  },
  {
    when: 'the default account is an editor',
    observed: {policy: policy({owner: owners('ann', 'bob'), editor: [defaultAccount, terraform]}), createTime: old},
    is: 'fail',
    code: 'PRIMITIVE_ROLES_APP_ACCOUNT',
    plans: ['revoke-serviceAccount-1234567890-compute-on-project-acme-prod'],
  },
  {
    when: 'the application is an owner',
    observed: {policy: policy({owner: [...owners('ann', 'bob'), app]}), createTime: old},
    is: 'fail',
    code: 'PRIMITIVE_ROLES_APP_ACCOUNT',
    plans: ['revoke-serviceAccount-qlogic-app-on-project-acme-prod'],
  },
  {
    when: 'everybody may see it',
    observed: {policy: policy({owner: owners('ann', 'bob'), viewer: ['allAuthenticatedUsers']}), createTime: old},
    is: 'fail',
    code: 'PRIMITIVE_ROLES_PUBLIC',
  },
  {
    when: 'the default account is an editor of a project made a minute ago',
    observed: {policy: policy({owner: owners('ann', 'bob'), editor: [defaultAccount]}), createTime: context().now.toISOString()},
    is: 'fail',
    code: 'PRIMITIVE_ROLES_APP_ACCOUNT',
    plans: ['revoke-serviceAccount-1234567890-compute-on-project-acme-prod'],
  },
])

test('a role is taken away only with consent, and put back by the undo', () => {
  const [change] = noPrimitiveRoles.plan?.({policy: policy({editor: [defaultAccount]}), createTime: old}, context()) ?? []
  expect(change?.request).toEqual({
    kind: 'grant',
    policy: {of: 'project', name: 'acme-prod'},
    add: [],
    remove: [{role: 'roles/editor', member: defaultAccount}],
  })
  expect(change?.consent).toBeDefined()
  expect(change?.undo).toMatch(/add-iam-policy-binding/)
})

const free: EffectivePolicy = {enforced: false, allowedValues: [], deniedAll: false}
const enforced: EffectivePolicy = {...free, enforced: true}
const guarded: readonly (readonly [string, EffectivePolicy])[] = [
  ['iam.managed.disableServiceAccountKeyCreation', enforced],
  ['sql.restrictPublicIp', enforced],
  ['storage.publicAccessPrevention', enforced],
  ['storage.uniformBucketLevelAccess', enforced],
]
const policies = (...more: readonly (readonly [string, EffectivePolicy])[]) => ({
  parent: 'organizations/1',
  policies: new Map([...guarded, ...more]),
})
const allowing = (...allowedValues: readonly string[]): EffectivePolicy => ({...free, allowedValues})
const enforceAll = [
  'iam.disableServiceAccountKeyCreation',
  'sql.restrictPublicIp',
  'storage.publicAccessPrevention',
  'storage.uniformBucketLevelAccess',
].map((name) => `enforce-${name}`)

judge('project.org-policies', orgPolicies, [
  {
    when: 'there is no organization',
    observed: {parent: undefined, policies: new Map()},
    is: 'not_applicable',
    code: 'ORG_POLICIES_NO_PARENT',
  },
  {when: 'all four are enforced', observed: policies(), is: 'pass', code: 'ORG_POLICIES_ENFORCED'},
  {
    when: 'none is enforced',
    observed: {parent: 'folders/1', policies: new Map()},
    is: 'warn',
    code: 'ORG_POLICIES_NOT_ENFORCED',
    plans: enforceAll,
  },
  {
    when: 'the public may not be a member',
    observed: policies(['iam.allowedPolicyMemberDomains', allowing('C0abc')]),
    is: 'warn',
    code: 'ORG_POLICIES_IN_THE_WAY',
  },
  {
    when: 'the region is not allowed',
    observed: policies(['gcp.resourceLocations', allowing('in:eu-locations')]),
    is: 'warn',
    code: 'ORG_POLICIES_IN_THE_WAY',
  },
  {
    when: 'the region is allowed',
    observed: policies(['gcp.resourceLocations', allowing('in:us-locations')]),
    is: 'pass',
    code: 'ORG_POLICIES_ENFORCED',
  },
  {
    when: 'ingress is allowed from the load balancer only',
    observed: policies(['run.allowedIngress', allowing('is:internal-and-cloud-load-balancing')]),
    is: 'pass',
    code: 'ORG_POLICIES_ENFORCED',
  },
  {
    when: 'and the run.app address is wanted',
    observed: policies(['run.allowedIngress', allowing('is:internal-and-cloud-load-balancing')]),
    env: 'dev',
    is: 'warn',
    code: 'ORG_POLICIES_IN_THE_WAY',
  },
  {
    when: 'nothing is allowed',
    observed: policies(['run.allowedIngress', {...free, deniedAll: true}]),
    is: 'warn',
    code: 'ORG_POLICIES_IN_THE_WAY',
  },
])

test('a guardrail is enforced by the number of the project, with consent each', () => {
  const [first] = freshPlan(orgPolicies, context({parent: 'organizations/1'}))
  expect(first?.request).toEqual({
    kind: 'call',
    method: 'orgpolicy.projects.policies.create',
    params: {parent: 'projects/acme-prod'},
    body: {name: 'projects/{projectNumber}/policies/iam.disableServiceAccountKeyCreation', spec: {rules: [{enforce: true}]}},
  })
  expect(first?.consent).toBeDefined()
  expect(freshPlan(orgPolicies, context())).toEqual([])
})

const budget: Budget = {name: 'billingAccounts/A/budgets/1', displayName: 'ours', projects: ['projects/1234567890'], thresholds: [0.5]}
const spending = (...budgets: readonly Budget[]) => ({
  account: 'billingAccounts/01A2B3-C4D5E6-F70819',
  projectNumber: '1234567890',
  budgets,
})
const create = ['create-budget-acme-prod']

judge('project.budget-alert', budgetAlert, [
  {when: 'there is one', observed: spending(budget), is: 'pass', code: 'BUDGET_SET'},
  {
    when: 'it is of another project',
    observed: spending({...budget, projects: ['projects/42']}),
    is: 'fail',
    code: 'BUDGET_MISSING',
    plans: create,
  },
  {
    when: 'it only tells when it is too late',
    observed: spending({...budget, thresholds: [1.2]}),
    is: 'fail',
    code: 'BUDGET_WITHOUT_THRESHOLD',
    plans: create,
  },
  {
    when: 'it is for the whole account',
    observed: spending({...budget, projects: []}),
    is: 'warn',
    code: 'BUDGET_ACCOUNT_WIDE',
    plans: create,
  },
  {when: 'nothing is billed', observed: {account: '', projectNumber: '1', budgets: []}, is: 'fail', code: 'BUDGET_NO_BILLING'},
])

test.each([
  ['prod', '300'],
  ['dev', '60'],
] as const)('the budget of %s is %s', (env, units) => {
  const [change] = freshPlan(budgetAlert, context({billingAccount: 'AAAAAA-BBBBBB-CCCCCC'}, env))
  expect(change?.request).toMatchObject({
    method: 'billingbudgets.billingAccounts.budgets.create',
    params: {parent: 'billingAccounts/AAAAAA-BBBBBB-CCCCCC'},
    body: {
      displayName: `qlogic-${env} monthly`,
      budgetFilter: {projects: ['projects/{projectNumber}']},
      amount: {specifiedAmount: {units}},
    },
  })
})
