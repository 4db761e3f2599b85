import {revokeRoles} from '../../changes/grants.ts'
import {emailOf, projectName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Policy} from '../../gcp/cloud.ts'
import {isNew} from '../age.ts'
import {everyone, heldRoles, isDefaultComputeAccount} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

const mostOwners = 3

const judge = (policy: Policy, {projectId, terraformSa, runtimeSa}: Config) => {
  const held = heldRoles(policy)
  const accounts = held.filter(({role, member}) => ['roles/owner', 'roles/editor'].includes(role) && member.startsWith('serviceAccount:'))
  // Google's own agent needs editor for managed services.
  const ours = accounts.filter(({member}) => !member.endsWith('@cloudservices.gserviceaccount.com'))
  const runsTheApp = (member: string) => isDefaultComputeAccount(member) || member === `serviceAccount:${emailOf(projectId, runtimeSa)}`
  const isTerraform = (member: string) => member === `serviceAccount:${emailOf(projectId, terraformSa)}`
  return {
    open: held.filter(({member}) => everyone.some((all) => all === member)),
    app: ours.filter(({member}) => runsTheApp(member)),
    terraform: ours.filter(({member}) => isTerraform(member)),
    others: ours.filter(({member}) => !runsTheApp(member) && !isTerraform(member)),
    owners: held.filter(({role, member}) => role === 'roles/owner' && /^(user|group):/.test(member)),
  }
}

export default defineItem<{policy: Policy; createTime: string | undefined}>({
  async observe({cloud}) {
    const [policy, project] = await Promise.all([cloud.resourceManager.policy(), cloud.resourceManager.project()])
    return {policy, createTime: project?.createTime}
  },

  evaluate({policy}, {config}) {
    const resource = projectName(config.projectId)
    const {open, app, terraform, others, owners} = judge(policy, config)
    const problem = (status: typeof fail, code: string, rows: readonly {role: string; member: string}[]) =>
      rows.length === 0
        ? undefined
        : status(
            code,
            rows.map(({role, member}) => seen(resource, `bindings[${role}].members`, 'absent', member)),
            {members: [...new Set(rows.map(({member}) => member))].join(', ')},
          )
    const count = [seen(resource, 'bindings[roles/owner].members', `2 to ${mostOwners} people or groups`, `${owners.length}`)]
    const args = {count: owners.length, most: mostOwners}
    return worst(
      [
        problem(fail, 'PRIMITIVE_ROLES_PUBLIC', open),
        problem(fail, 'PRIMITIVE_ROLES_APP_ACCOUNT', app),
        problem(warn, 'PRIMITIVE_ROLES_OTHER_ACCOUNT', others),
        problem(warn, 'PRIMITIVE_ROLES_TERRAFORM', terraform),
        owners.length > mostOwners ? warn('PRIMITIVE_ROLES_MANY_OWNERS', count, args) : undefined,
        owners.length === 1 ? warn('PRIMITIVE_ROLES_ONE_OWNER', count, args) : undefined,
        owners.length === 0 ? warn('PRIMITIVE_ROLES_NO_OWNER', count, args) : undefined,
      ],
      pass('PRIMITIVE_ROLES_NONE', count, args),
    )
  },

  plan({policy, createTime}, {config, now}) {
    const {app} = judge(policy, config)
    const project = config.projectId
    const why = isNew(createTime, now) ? undefined : 'whatever runs as this account can do only what its other roles allow afterwards'
    return [...new Set(app.map(({member}) => member))].map((member) =>
      revokeRoles({
        project,
        policy: {of: 'project', name: project},
        member,
        roles: app.flatMap((row) => (row.member === member ? [row.role] : [])),
        why,
      }),
    )
  },

  fresh: () => ({policy: {bindings: []}, createTime: undefined}),
})
