import {execa} from 'execa'
import {chmod, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {withMember, without} from '../../support/simulator.ts'
import {p, terraform, app, billing, account, budgetList, numbered, inProject, newKey, later, deletes, type BadState} from './bad-state.ts'

export const projectStates: readonly BadState[] = [
  {item: 'project.exists', when: 'there is no project', from: 'nothing'},
  {
    item: 'project.exists',
    when: 'deletion was requested',
    make: ({cloud}) => cloud.call('DELETE', `/cloudresourcemanager/v1/projects/${p}`),
  },
  {
    item: 'project.exists',
    when: 'its environment label was changed',
    make: ({cloud}) =>
      cloud.call('PATCH', `/cloudresourcemanager/v3/projects/${p}?updateMask=labels`, {labels: {environment: 'dev', team: 'a'}}),
    is: 'warn',
  },
  {item: 'project.billing-linked', when: 'billing was unlinked', make: ({cloud}) => cloud.call('PUT', billing, {billingAccountName: ''})},
  {
    item: 'project.apis-enabled',
    when: 'one API was disabled',
    make: ({cloud}) => cloud.call('POST', `/serviceusage/v1/projects/${p}/services/monitoring.googleapis.com:disable`, {}),
  },
  {
    item: 'project.terraform-sa',
    when: 'it was disabled',
    make: ({cloud}) => cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts/${terraform}:disable`, {}),
  },
  {
    item: 'project.terraform-sa',
    when: 'it was deleted',
    make: ({cloud}) => cloud.call('DELETE', `/iam/v1/projects/${p}/serviceAccounts/${terraform}`),
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'a role was removed',
    make: inProject(without('roles/run.admin', `serviceAccount:${terraform}`)),
  },
  {
    item: 'project.terraform-sa-roles',
    when: 'a role holds only under a condition',
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
    make: inProject(withMember('roles/owner', `serviceAccount:${terraform}`)),
    is: 'warn',
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'its provider was deleted',
    make: ({cloud}) =>
      cloud.call('DELETE', `/iam/v1/projects/${p}/locations/global/workloadIdentityPools/github-pool/providers/github-provider`),
    ends: 'fail',
    because: later,
  },
  {
    item: 'project.terraform-sa-credential',
    when: 'a key appeared beside the federation',
    make: (walked) => newKey(terraform, walked),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'project.key-file-secure',
    when: 'a key file lies in the work tree, readable by all and not ignored',
    make: async ({folder}) => {
      const key = {
        type: 'service_account',
        project_id: p,
        private_key_id: 'ab'.repeat(20),
        private_key: 'not a key',
        client_email: terraform,
      }
      await execa('git', ['init', '--quiet'], {cwd: folder})
      await writeFile(join(folder, 'account.json'), JSON.stringify(key))
      await chmod(join(folder, 'account.json'), 0o644)
    },
    ends: 'warn',
    because: 'qlogic deletes no file of yours: it is ignored and closed, and still there',
  },
  {
    item: 'project.runtime-sa',
    when: 'it was disabled',
    make: ({cloud}) => cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts/${app}:disable`, {}),
  },
  {item: 'project.runtime-sa', when: 'a role was removed', make: inProject(without('roles/cloudsql.client', `serviceAccount:${app}`))},
  {
    item: 'project.no-user-managed-keys',
    when: 'a key is older than 90 days',
    make: async (walked) => {
      walked.setClock(120)
      await newKey(app, walked)
      walked.setClock(0)
    },
  },
  {
    item: 'project.no-primitive-roles',
    when: 'the default compute account is editor',
    make: async (walked) => {
      const {projectNumber} = numbered.parse(await walked.cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      await inProject(withMember('roles/editor', `serviceAccount:${projectNumber}-compute@developer.gserviceaccount.com`))(walked)
    },
  },
  {
    item: 'project.org-policies',
    when: 'a constraint was reset',
    make: ({cloud}) => cloud.call('DELETE', `/orgpolicy/v2/projects/${p}/policies/sql.restrictPublicIp`),
    is: 'warn',
  },
  {
    item: 'project.budget-alert',
    when: 'the budget was deleted',
    make: async ({cloud}) => {
      const {budgets} = budgetList.parse(await cloud.call('GET', account))
      for (const {name} of budgets) await cloud.call('DELETE', `/billingbudgets/v1/${name}`)
    },
  },
]
