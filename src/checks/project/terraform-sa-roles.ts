import {grantRoles, revokeRoles} from '../../changes/grants.ts'
import {emailOf, projectName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Policy} from '../../gcp/cloud.ts'
import {heldRoles, holds, type Held} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

const roles = (names: readonly string[]): string[] => names.map((name) => `roles/${name}`)
const peering = 'roles/servicenetworking.networksAdmin'
/** The plan's own five; without `peering` Terraform cannot connect private services. */
const seed = roles(['editor', 'secretmanager.admin', 'iam.securityAdmin', 'cloudsql.admin', 'artifactregistry.admin'])
const leastPrivilege = roles([
  ...['compute.networkAdmin', 'compute.loadBalancerAdmin', 'compute.securityAdmin', 'cloudsql.admin', 'run.admin', 'vpcaccess.admin'],
  ...['secretmanager.admin', 'artifactregistry.admin', 'monitoring.editor', 'logging.configWriter', 'serviceusage.serviceUsageAdmin'],
  ...['iam.serviceAccountAdmin', 'resourcemanager.projectIamAdmin'],
])
/** Each of them makes its holder as good as an owner beside the others. */
const tooWide = roles(['owner', 'editor', 'iam.securityAdmin'])

const member = ({projectId, terraformSa}: Config): string => `serviceAccount:${emailOf(projectId, terraformSa)}`
const isSeed = ({terraformSaProfile}: Config): boolean => terraformSaProfile === 'seed'

/** Bindings that a deleted account of this name left behind: they give nobody anything, and hide who may do what. */
const leftOf = (policy: Policy, {projectId, terraformSa}: Config): Held[] => {
  const prefix = `deleted:serviceAccount:${emailOf(projectId, terraformSa)}?`
  return heldRoles(policy).filter((row) => row.member.startsWith(prefix))
}

const judge = (policy: Policy, config: Config) => {
  const held = heldRoles(policy).filter((row) => row.member === member(config))
  const lacks = (role: string): boolean => !holds(policy, role, member(config))
  const missing = (isSeed(config) ? seed : leastPrivilege).filter(lacks)
  // roles/compute.networkAdmin holds the same permission.
  const noPeering = isSeed(config) && lacks(peering) && lacks('roles/compute.networkAdmin')
  const wide = tooWide.filter((role) => (role === 'roles/owner' || !isSeed(config)) && held.some((row) => row.role === role))
  return {missing, noPeering, wide, conditional: missing.length > 0 && missing.every((role) => held.some((row) => row.role === role))}
}

export default defineItem<Policy>({
  observe: ({cloud}) => cloud.resourceManager.policy(),

  evaluate(policy, {config}) {
    const resource = projectName(config.projectId)
    const {missing, noPeering, wide, conditional} = judge(policy, config)
    const left = leftOf(policy, config)
    const args = {member: member(config), roles: missing.join(', '), wide: wide.join(', '), peering}
    const row = (role: string, expected: string, actual: string) => seen(resource, `bindings[${role}].members`, expected, actual)
    const absent = missing.map((role) => row(role, member(config), conditional ? 'only with a condition' : 'absent'))
    return worst(
      [
        missing.length === 0
          ? undefined
          : conditional
            ? fail('TERRAFORM_ROLES_CONDITIONAL', absent, args)
            : fail('TERRAFORM_ROLES_MISSING', absent, args),
        wide.length === 0
          ? undefined
          : warn(
              'TERRAFORM_ROLES_TOO_WIDE',
              wide.map((role) => row(role, 'absent', member(config))),
              args,
            ),
        problem(
          warn,
          'TERRAFORM_ROLES_OF_DELETED',
          left.map((held) => row(held.role, 'absent', held.member)),
          {...args, deleted: [...new Set(left.map((held) => held.member))].join(', ')},
        ),
        noPeering ? warn('TERRAFORM_ROLES_NO_PEERING', [row(peering, member(config), 'absent')], args) : undefined,
        isSeed(config) && missing.length === 0
          ? warn('TERRAFORM_ROLES_SEED_PROFILE', [row('roles/editor', 'terraformSaProfile: least-privilege', member(config))], args)
          : undefined,
      ],
      pass(
        'TERRAFORM_ROLES_HELD',
        leastPrivilege.map((role) => row(role, member(config), member(config))),
        args,
      ),
    )
  },

  plan(policy, {config}) {
    const {missing, noPeering, wide} = judge(policy, config)
    const target = {project: config.projectId, policy: {of: 'project', name: config.projectId} as const, member: member(config)}
    const add = [...missing, ...(noPeering ? [peering] : [])]
    if (add.length > 0) return [grantRoles({...target, roles: add})]
    const why = 'while the account that was deleted can still be brought back, it would come back without these roles'
    return [
      ...(wide.length === 0 ? [] : [revokeRoles({...target, roles: wide, why: 'Terraform runs that rely on these roles will be refused'})]),
      ...[...Map.groupBy(leftOf(policy, config), (held) => held.member)].map(([deleted, held]) =>
        revokeRoles({...target, member: deleted, roles: held.map((row) => row.role), why}),
      ),
    ]
  },

  fresh: () => ({bindings: []}),
})
