import {predefinedRoles} from './predefined-roles.ts'

const patterns = new Map(Object.entries(predefinedRoles).map(([role, {permissions}]) => [role, permissions.trim().split(/\s+/)]))

const basic: Record<string, string> = {'roles/owner': 'Owner', 'roles/editor': 'Editor', 'roles/viewer': 'Viewer'}

/** Roles name some permissions of IAM with the whole name of the service. */
export const plainPermission = (permission: string): string => permission.replace(/^iam\.googleapis\.com\//, 'iam.')

/** Whether a permission pattern (`compute.networks.get`, `compute.*`, `*.list`) covers a permission. */
export const covers = (pattern: string, permission: string): boolean => {
  if (pattern === '*' || pattern === permission) return true
  if (pattern.startsWith('*.')) return permission.endsWith(pattern.slice(1))
  return pattern.endsWith('.*') && permission.startsWith(pattern.slice(0, -1))
}

// What roles/owner and below never include, because it lives above a project.
const aboveProject =
  /^(billing\.(?!resourceCosts)|orgpolicy\.(policies\.(create|update|delete)|policy\.set)|resourcemanager\.(projects\.create$|organizations|folders))/
const reading = /\.(get|list|search|query|view|getIamPolicy|listTagBindings|listEffectiveTags)$/
const secretData =
  /^(secretmanager\.versions\.access|storage\.(buckets|objects)\.|iam\.serviceAccounts\.(getAccessToken|actAs|getOpenIdToken|sign))/
// What roles/editor lacks of the owner: policies, roles, billing, enabling by hand is allowed.
const ownerOnly =
  /(\.setIamPolicy$|^iam\.(roles|serviceAccounts\.setIamPolicy|workloadIdentity|denypolicies)|^resourcemanager\.projects\.(createBillingAssignment|deleteBillingAssignment|delete|undelete|setIamPolicy)|^secretmanager\.versions\.access$|^servicenetworking\.services\.addPeering$|^cloudsql\.instances\.login$|^orgpolicy\.)/

/** Whether a predefined role gives a permission. The basic roles are rules (owner: all below the organization; viewer: reading). */
export const roleGives = (role: string, permission: string): boolean => {
  if (role === 'roles/owner') return !aboveProject.test(permission)
  if (role === 'roles/editor') return !aboveProject.test(permission) && !ownerOnly.test(permission)
  if (role === 'roles/viewer') return reading.test(permission) && !aboveProject.test(permission) && !secretData.test(permission)
  return patterns.get(role)?.some((pattern) => covers(pattern, permission)) ?? false
}

/** Title of a role that the simulator knows. */
export const roleTitle = (role: string): string | undefined => basic[role] ?? predefinedRoles[role]?.title

/** Names of the roles that the simulator knows. */
export const roleNames: string[] = [...Object.keys(basic), ...Object.keys(predefinedRoles)].sort()

/** Permissions that the predefined roles name one by one. */
export const namedPermissions: string[] = [...new Set([...patterns.values()].flat().filter((name) => !name.includes('*')))]

/** Permissions of Google that no route here names: those that only a body tells, and those that nobody is asked for. Roles may hold them. */
export const untestedPermissions: readonly string[] = [
  'compute.globalAddresses.create',
  'compute.globalAddresses.createInternal',
  'compute.networks.addPeering',
  'compute.networks.updatePeering',
  'compute.subnetworks.use',
  'container.clusters.connect',
  'vpcaccess.connectors.use',
]

/** Which of the permissions a role gives. */
export const permissionsOf = (role: string, permissions: readonly string[]): string[] =>
  permissions.filter((permission) => roleGives(role, permission))
