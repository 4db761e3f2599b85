import {execa} from 'execa'
import {chmod, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {editPolicy, withMember, without} from '../../support/simulator.ts'
import type {Walked} from '../../support/walked-cloud.ts'
import {
  accessor,
  account,
  act,
  all,
  app,
  billing,
  budgetList,
  deletes,
  inProject,
  later,
  newKey,
  numbered,
  p,
  person,
  secret,
  terraform,
  type BadState,
} from './bad-state.ts'

const accounts = `/iam/v1/projects/${p}/serviceAccounts`
const services = `/serviceusage/v1/projects/${p}/services`
const policySchema = z.object({bindings: z.array(z.object({role: z.string(), members: z.array(z.string())}))})

/** As somebody made it who stopped after the project itself. */
const bareProject = async ({cloud}: Walked) => {
  await cloud.call('POST', '/cloudresourcemanager/v1/projects', {projectId: p, name: 'Q-Logic'})
  await cloud.call('PUT', billing, {billingAccountName: 'billingAccounts/01A2B3-C4D5E6-F70819'})
  for (const api of ['iam', 'cloudresourcemanager', 'secretmanager'])
    await cloud.call('POST', `${services}/${api}.googleapis.com:enable`, {})
}
const deleteProvider = ({cloud}: Walked) =>
  cloud.call('DELETE', `/iam/v1/projects/${p}/locations/global/workloadIdentityPools/github-pool/providers/github-provider`)
const deleteBudgets = async ({cloud}: Walked) => {
  const {budgets} = budgetList.parse(await cloud.call('GET', account))
  for (const {name} of budgets) await cloud.call('DELETE', `/billingbudgets/v1/${name}`)
}
const budget =
  (fields: object) =>
  ({cloud}: Walked) =>
    cloud.call('POST', account, {
      displayName: 'All of us',
      amount: {specifiedAmount: {units: '100'}},
      thresholdRules: [{thresholdPercent: 0.9}],
      ...fields,
    })
const writeKey = (folder: string, name: string) => {
  const key = {type: 'service_account', project_id: p, private_key_id: 'ab'.repeat(20), private_key: 'not a key', client_email: terraform}
  return writeFile(join(folder, name), JSON.stringify(key))
}
const commit = async (folder: string, ...add: readonly string[]) => {
  await execa('git', ['init', '--quiet'], {cwd: folder})
  await execa('git', ['add', ...add], {cwd: folder})
  await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'x'], {cwd: folder})
}

export const projectStates: readonly BadState[] = [
  {item: 'project.exists', when: 'there is no project', code: 'PROJECT_ABSENT', from: 'nothing'},
  {
    item: 'project.exists',
    when: 'deletion was requested',
    code: 'PROJECT_DELETE_REQUESTED',
    make: ({cloud}) => cloud.call('DELETE', `/cloudresourcemanager/v1/projects/${p}`),
  },
  {
    item: 'project.exists',
    when: 'its environment label was changed',
    code: 'PROJECT_UNLABELLED',
    make: ({cloud}) =>
      cloud.call('PATCH', `/cloudresourcemanager/v3/projects/${p}?updateMask=labels`, {labels: {environment: 'dev', team: 'a'}}),
    is: 'warn',
  },
  {
    item: 'project.billing-linked',
    when: 'billing was unlinked',
    code: 'BILLING_NOT_LINKED',
    make: ({cloud}) => cloud.call('PUT', billing, {billingAccountName: ''}),
  },
  {
    item: 'project.apis-enabled',
    when: 'one API was disabled',
    code: 'APIS_DISABLED',
    make: ({cloud}) => cloud.call('POST', `/serviceusage/v1/projects/${p}/services/monitoring.googleapis.com:disable`, {}),
  },
  {
    item: 'project.terraform-sa',
    when: 'it was disabled',
    code: 'TERRAFORM_SA_DISABLED',
    make: ({cloud}) => cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts/${terraform}:disable`, {}),
  },
  {
    item: 'project.terraform-sa',
    when: 'it was deleted',
    code: 'TERRAFORM_SA_DELETED',
    make: ({cloud}) => cloud.call('DELETE', `/iam/v1/projects/${p}/serviceAccounts/${terraform}`),
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'a role was removed',
    code: 'TERRAFORM_ROLES_MISSING',
    make: inProject(without('roles/run.admin', `serviceAccount:${terraform}`)),
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'a role holds only under a condition',
    code: 'TERRAFORM_ROLES_CONDITIONAL',
    make: inProject((bindings) => [
      ...without('roles/run.admin', `serviceAccount:${terraform}`)(bindings),
      {
        role: 'roles/run.admin',
        members: [`serviceAccount:${terraform}`],
        condition: {title: 'weekdays', expression: 'request.time.getDayOfWeek() < 6'},
      },
    ]),
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'it became owner',
    code: 'TERRAFORM_ROLES_TOO_WIDE',
    make: inProject(withMember('roles/owner', `serviceAccount:${terraform}`)),
    is: 'warn',
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'its provider was deleted',
    code: 'TERRAFORM_NO_CREDENTIAL',
    make: deleteProvider,
    ends: 'fail',
    because: later,
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'a key appeared beside the federation',
    code: 'TERRAFORM_KEY_BESIDE_FEDERATION',
    make: (walked) => newKey(terraform, walked),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'project.key-file-secure',
    when: 'a key file lies in the work tree, readable by all and not ignored',
    code: 'KEY_FILE_NOT_IGNORED',
    make: async ({folder}) => {
      await execa('git', ['init', '--quiet'], {cwd: folder})
      await writeKey(folder, 'account.json')
      await chmod(join(folder, 'account.json'), 0o644)
    },
    ends: 'warn',
    because: 'qlogic deletes no file of yours: it is ignored and closed, and still there',
  },
  {
    item: 'project.runtime-sa',
    when: 'it was disabled',
    code: 'RUNTIME_SA_DISABLED',
    make: ({cloud}) => cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts/${app}:disable`, {}),
  },
  {
    item: 'project.runtime-sa',
    when: 'a role was removed',
    code: 'RUNTIME_SA_ROLES_MISSING',
    make: inProject(without('roles/cloudsql.client', `serviceAccount:${app}`)),
  },
  {
    item: 'project.no-user-managed-keys',
    when: 'a key is older than 90 days',
    code: 'USER_KEYS_OLD',
    make: async (walked) => {
      walked.setClock(120)
      await newKey(app, walked)
      walked.setClock(0)
    },
  },
  {
    item: 'project.no-primitive-roles',
    when: 'the default compute account is editor',
    code: 'PRIMITIVE_ROLES_APP_ACCOUNT',
    make: async (walked) => {
      const {projectNumber} = numbered.parse(await walked.cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      await inProject(withMember('roles/editor', `serviceAccount:${projectNumber}-compute@developer.gserviceaccount.com`))(walked)
    },
  },
  {
    item: 'project.org-policies',
    when: 'a constraint was reset',
    code: 'ORG_POLICIES_NOT_ENFORCED',
    make: ({cloud}) => cloud.call('DELETE', `/orgpolicy/v2/projects/${p}/policies/sql.restrictPublicIp`),
    is: 'warn',
  },
  {
    item: 'project.budget-alert',
    when: 'the budget was deleted',
    code: 'BUDGET_MISSING',
    make: deleteBudgets,
  },
  {
    item: 'project.exists',
    when: 'it belongs to another organization or folder than configured',
    parameters: {parent: 'folders/123456789012'},
    is: 'warn',
    code: 'PROJECT_OTHER_PARENT',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.exists',
    when: 'it belongs to no organization',
    make: act('leave-organization'),
    is: 'warn',
    code: 'PROJECT_WITHOUT_PARENT',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.billing-linked',
    when: 'its account was closed',
    make: act('close-billing-account', {billingAccount: '01A2B3-C4D5E6-F70819'}),
    code: 'BILLING_ACCOUNT_CLOSED',
    ends: 'fail',
    because: person,
  },
  {
    item: 'project.billing-linked',
    when: 'it is linked to another account',
    parameters: {billingAccount: '0A0A0A-0B0B0B-0C0C0C'},
    is: 'warn',
    code: 'BILLING_OTHER_ACCOUNT',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.billing-linked',
    when: 'no open account is there to be linked',
    parameters: {billingAccount: null},
    make: all(act('close-billing-account', {billingAccount: '01A2B3-C4D5E6-F70819'}), ({cloud}) =>
      cloud.call('PUT', billing, {billingAccountName: ''}),
    ),
    is: 'manual',
    code: 'BILLING_ACCOUNT_UNCHOSEN',
    ends: 'manual',
    because: person,
  },
  {
    item: 'project.apis-enabled',
    when: 'Kubernetes Engine was disabled, which Cloud Run does not need',
    make: ({cloud}) => cloud.call('POST', `${services}/container.googleapis.com:disable`, {}),
    is: 'warn',
    code: 'API_CONTAINER_DISABLED',
  },
  {
    item: 'project.apis-enabled',
    when: 'scanning was enabled, and nobody asked for it',
    make: ({cloud}) => cloud.call('POST', `${services}/containerscanning.googleapis.com:enable`, {}),
    is: 'warn',
    code: 'API_SCANNING_UNASKED',
    ends: 'warn',
    because: 'qlogic disables no API',
  },
  {item: 'project.terraform-sa', when: 'there is none', from: 'nothing', make: bareProject, code: 'TERRAFORM_SA_MISSING'},
  {
    item: 'project.terraform-sa',
    when: 'it has another display name',
    make: ({cloud}) => cloud.call('PATCH', `${accounts}/${terraform}`, {serviceAccount: {displayName: 'Robot'}, updateMask: 'displayName'}),
    is: 'warn',
    code: 'TERRAFORM_SA_OTHER_NAME',
    ends: 'warn',
    because: 'the name is only for people to read',
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'the profile is the one of the plan, as good as an owner',
    parameters: {terraformSaProfile: 'seed'},
    make: inProject((bindings) =>
      [...['editor', 'iam.securityAdmin'], 'servicenetworking.networksAdmin'].reduce(
        (all, role) => withMember(`roles/${role}`, `serviceAccount:${terraform}`)(all),
        bindings,
      ),
    ),
    is: 'warn',
    code: 'TERRAFORM_ROLES_SEED_PROFILE',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'the roles of the plan cannot connect private services',
    parameters: {terraformSaProfile: 'seed'},
    make: inProject((bindings) =>
      without(
        'roles/compute.networkAdmin',
        `serviceAccount:${terraform}`,
      )(['editor', 'iam.securityAdmin'].reduce((all, role) => withMember(`roles/${role}`, `serviceAccount:${terraform}`)(all), bindings)),
    ),
    is: 'warn',
    code: 'TERRAFORM_ROLES_NO_PEERING',
    ends: 'warn',
    because: 'the profile itself is as good as an owner',
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'an account of that name was deleted before, and its roles still stand',
    make: async (walked) => {
      const {bindings} = policySchema.parse(await walked.cloud.call('POST', `/cloudresourcemanager/v1/projects/${p}:getIamPolicy`, {}))
      await walked.cloud.call('DELETE', `${accounts}/${terraform}`)
      await walked.cloud.call('POST', accounts, {accountId: 'terraform', serviceAccount: {displayName: 'Terraform Admin'}})
      const member = `serviceAccount:${terraform}`
      const held = bindings.flatMap(({role, members}) => (members.includes(member) ? [role] : []))
      await inProject((now) => held.reduce((rest, role) => withMember(role, member)(rest), now))(walked)
    },
    is: 'warn',
    code: 'TERRAFORM_ROLES_OF_DELETED',
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'a key is older than 90 days',
    make: async (walked) => {
      walked.setClock(120)
      await newKey(terraform, walked)
      walked.setClock(0)
    },
    code: 'TERRAFORM_KEY_OLD',
    ends: 'fail',
    because: 'project.no-user-managed-keys disables it',
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'a key is used in place of federation',
    make: all(deleteProvider, (walked) => newKey(terraform, walked)),
    is: 'warn',
    code: 'TERRAFORM_KEY_IN_USE',
    ends: 'warn',
    because: later,
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'a key is used as qlogic.yaml allows',
    parameters: {allowSaKey: true},
    make: all(deleteProvider, (walked) => newKey(terraform, walked)),
    is: 'warn',
    code: 'TERRAFORM_KEY_ALLOWED',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'a key is asked for, and the organization forbids it',
    parameters: {allowSaKey: true},
    make: deleteProvider,
    is: 'manual',
    code: 'TERRAFORM_KEY_FORBIDDEN',
    ends: 'manual',
    because: person,
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'no repository is named that could sign in',
    parameters: {githubRepo: null},
    is: 'manual',
    code: 'TERRAFORM_NO_REPOSITORY',
    ends: 'manual',
    because: person,
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'Google found a key on the internet',
    make: all((walked) => newKey(terraform, walked), act('expose-keys')),
    is: 'warn',
    code: 'TERRAFORM_KEY_EXPOSED',
    ends: 'warn',
    because: 'what was reached with it is for people to find out',
  },
  {
    item: 'project.key-file-secure',
    when: 'a key is tracked by git',
    make: async ({folder}) => {
      await writeKey(folder, 'tf-key.json')
      await commit(folder, '--force', 'tf-key.json')
    },
    code: 'KEY_FILE_TRACKED',
    ends: 'fail',
    because: 'what was committed has leaked: only its owner can take the key out of use everywhere',
  },
  {
    item: 'project.key-file-secure',
    when: 'a key was committed once and removed again',
    make: async ({folder}) => {
      await writeKey(folder, 'tf-key.json')
      await commit(folder, '--force', 'tf-key.json')
      await execa('git', ['rm', '--quiet', 'tf-key.json'], {cwd: folder})
      await commit(folder, '.gitignore')
    },
    code: 'KEY_FILE_IN_HISTORY',
    ends: 'fail',
    because: 'git keeps what was committed',
  },
  {
    item: 'project.key-file-secure',
    when: 'a key lies in the work tree, ignored',
    make: async ({folder}) => {
      await execa('git', ['init', '--quiet'], {cwd: folder})
      await writeKey(folder, 'tf-key.json')
      await chmod(join(folder, 'tf-key.json'), 0o600)
    },
    is: 'warn',
    code: 'KEY_FILE_IN_WORKTREE',
    ends: 'warn',
    because: 'qlogic deletes no file of yours',
  },
  {
    item: 'project.key-file-secure',
    when: 'everybody on this machine may read it',
    make: async ({folder}) => {
      await execa('git', ['init', '--quiet'], {cwd: folder})
      await writeKey(folder, 'tf-key.json')
      await chmod(join(folder, 'tf-key.json'), 0o644)
    },
    is: 'warn',
    code: 'KEY_FILE_READABLE',
    ends: 'warn',
    because: 'qlogic deletes no file of yours: it is closed, and still there',
  },
  {
    item: 'project.key-file-secure',
    when: 'git would take a key file',
    make: async ({folder}) => {
      await execa('git', ['init', '--quiet'], {cwd: folder})
      await writeFile(join(folder, '.gitignore'), 'dist\n')
    },
    is: 'warn',
    code: 'KEY_FILE_PATTERNS_MISSING',
  },
  {item: 'project.runtime-sa', when: 'there is none', from: 'nothing', make: bareProject, code: 'RUNTIME_SA_MISSING'},
  {
    item: 'project.runtime-sa',
    when: 'it was deleted',
    make: ({cloud}) => cloud.call('DELETE', `${accounts}/${app}`),
    code: 'RUNTIME_SA_DELETED',
  },
  {
    item: 'project.runtime-sa',
    when: 'it became editor',
    make: inProject(withMember('roles/editor', `serviceAccount:${app}`)),
    code: 'RUNTIME_SA_PRIMITIVE_ROLE',
    ends: 'fail',
    because: 'project.no-primitive-roles takes it away',
  },
  {
    item: 'project.runtime-sa',
    when: 'it administers the database',
    make: inProject(withMember('roles/cloudsql.admin', `serviceAccount:${app}`)),
    is: 'warn',
    code: 'RUNTIME_SA_ADMIN_ROLE',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.runtime-sa',
    when: 'it holds a role more than it needs',
    make: inProject(withMember('roles/storage.objectViewer', `serviceAccount:${app}`)),
    is: 'warn',
    code: 'RUNTIME_SA_EXTRA_ROLES',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.runtime-sa',
    when: 'it reads every secret of the project',
    make: inProject(withMember(accessor, `serviceAccount:${app}`)),
    is: 'warn',
    code: 'RUNTIME_SA_READS_ALL_SECRETS',
    ends: 'warn',
    because: 'secrets.accessor-scope takes it away',
  },
  {
    item: 'project.runtime-sa',
    when: 'the pipeline can act as it',
    make: async ({cloud}) => {
      const {projectNumber} = numbered.parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      const pool = `//iam.googleapis.com/projects/${projectNumber}/locations/global/workloadIdentityPools/github-pool`
      const member = `principalSet:${pool}/attribute.repository/acme/q-logic`
      await editPolicy(cloud, 'service-account', app, withMember('roles/iam.workloadIdentityUser', member))
    },
    is: 'warn',
    code: 'RUNTIME_SA_IMPERSONATED',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.runtime-sa',
    when: 'it cannot read a secret',
    make: ({cloud}) => editPolicy(cloud, 'secret', secret('jwt-secret'), without(accessor, `serviceAccount:${app}`)),
    is: 'warn',
    code: 'RUNTIME_SA_SECRETS_CLOSED',
    ends: 'warn',
    because: 'secrets.accessor-scope grants it',
  },
  {
    item: 'project.no-user-managed-keys',
    when: 'there is a young key',
    make: (walked) => newKey(app, walked),
    is: 'warn',
    code: 'USER_KEYS_YOUNG',
    ends: 'warn',
    because: 'whoever uses it is known to people only',
  },
  {
    item: 'project.no-user-managed-keys',
    when: 'Google found one on the internet',
    make: all((walked) => newKey(app, walked), act('expose-keys')),
    is: 'warn',
    code: 'USER_KEYS_EXPOSED',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'project.no-primitive-roles',
    when: 'everybody may look into the project',
    make: inProject(withMember('roles/browser', 'allAuthenticatedUsers')),
    code: 'PRIMITIVE_ROLES_PUBLIC',
    ends: 'fail',
    because: person,
  },
  {
    item: 'project.no-primitive-roles',
    when: 'the account of the application is editor',
    make: inProject(withMember('roles/editor', `serviceAccount:${app}`)),
    code: 'PRIMITIVE_ROLES_APP_ACCOUNT',
  },
  {
    item: 'project.no-primitive-roles',
    when: 'Terraform is editor',
    make: inProject(withMember('roles/editor', `serviceAccount:${terraform}`)),
    is: 'warn',
    code: 'PRIMITIVE_ROLES_TERRAFORM',
    ends: 'warn',
    because: 'project.terraform-sa-roles takes it away',
  },
  {
    item: 'project.no-primitive-roles',
    when: 'one person alone owns it',
    make: inProject(without('roles/owner', 'user:jane@example.com')),
    is: 'warn',
    code: 'PRIMITIVE_ROLES_ONE_OWNER',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.no-primitive-roles',
    when: 'more own it than three',
    make: inProject((bindings) =>
      ['ann', 'bob'].reduce((rest, name) => withMember('roles/owner', `user:${name}@example.com`)(rest), bindings),
    ),
    is: 'warn',
    code: 'PRIMITIVE_ROLES_MANY_OWNERS',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.org-policies',
    when: 'one forbids what the configuration asks for',
    make: ({cloud}) =>
      cloud.call('POST', `/orgpolicy/v2/projects/${p}/policies`, {
        name: `projects/${p}/policies/iam.allowedPolicyMemberDomains`,
        spec: {rules: [{values: {allowedValues: ['C01a2b3c4']}}]},
      }),
    is: 'warn',
    code: 'ORG_POLICIES_IN_THE_WAY',
    ends: 'warn',
    because: person,
  },
  {
    item: 'project.org-policies',
    when: 'there is no organization',
    make: act('leave-organization'),
    is: 'not_applicable',
    code: 'ORG_POLICIES_NO_PARENT',
    ends: 'not_applicable',
    because: 'without an organization there is nobody to set them',
  },
  {
    item: 'project.budget-alert',
    when: 'the only budget is of the whole account',
    make: all(deleteBudgets, budget({})),
    is: 'warn',
    code: 'BUDGET_ACCOUNT_WIDE',
  },
  {
    item: 'project.budget-alert',
    when: 'the budget tells nobody in time',
    make: all(deleteBudgets, async (walked) => {
      const {projectNumber} = numbered.parse(await walked.cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      await budget({budgetFilter: {projects: [`projects/${projectNumber}`]}, thresholdRules: [{thresholdPercent: 1.5}]})(walked)
    }),
    code: 'BUDGET_WITHOUT_THRESHOLD',
  },
]
