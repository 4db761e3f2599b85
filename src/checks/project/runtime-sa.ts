import {grantRoles} from '../../changes/grants.ts'
import {emailOf, projectName, secretName, serviceAccountName} from '../../changes/resource-names.ts'
import {createServiceAccount, enableServiceAccount, undeleteServiceAccount} from '../../changes/service-accounts.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Policy, ServiceAccount} from '../../gcp/cloud.ts'
import {deletedAccount, heldRoles, holds} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

const wanted = ['roles/cloudsql.client', 'roles/logging.logWriter', 'roles/monitoring.metricWriter']
const accessor = 'roles/secretmanager.secretAccessor'
/** Granted by database.iam-auth, for signing in to the database without a password. */
const login = 'roles/cloudsql.instanceUser'
const primitive = ['roles/owner', 'roles/editor']
const isPowerful = (role: string): boolean => role.endsWith('dmin') || role === 'roles/iam.serviceAccountTokenCreator'

/** `secrets`: those of the configuration that exist. `users`: who may act as the account. */
type Observed = {
  account: ServiceAccount | undefined
  policy: Policy
  secrets: readonly {id: string; policy: Policy}[]
  users?: Policy | undefined
}

/** Identities of a federation that may become the account. A pipeline deploys with actAs alone; pods of the cluster are no federation. */
const federatedUsers = (users: Policy | undefined) =>
  heldRoles(users).filter(
    ({role, member}) =>
      ['roles/iam.workloadIdentityUser', 'roles/iam.serviceAccountTokenCreator'].includes(role) &&
      /^principal(Set)?:.*\/workloadIdentityPools\/(?!.*\.svc\.id\.goog)/.test(member),
  )

const emailIn = ({projectId, runtimeSa}: Config): string => emailOf(projectId, runtimeSa)
const lacking = (policy: Policy, config: Config): string[] =>
  wanted.filter((role) => !holds(policy, role, `serviceAccount:${emailIn(config)}`))

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const read = async (id: string) => ({id, policy: await cloud.secretManager.policy(id)})
    const secrets = (await Promise.all(config.secretNames.map(read))).flatMap(({id, policy}) =>
      policy === undefined ? [] : [{id, policy}],
    )
    const [account, policy] = await Promise.all([cloud.iam.serviceAccount(emailIn(config)), cloud.resourceManager.policy()])
    const users = account === undefined ? undefined : await cloud.iam.serviceAccountPolicy(emailIn(config))
    return {account, policy, secrets, users}
  },

  evaluate({account, policy, secrets, users}, {config}) {
    const email = emailIn(config)
    const resource = serviceAccountName(config.projectId, email)
    const member = `serviceAccount:${email}`
    if (account === undefined) {
      const uniqueId = deletedAccount(policy, email)
      if (uniqueId !== undefined) return fail('RUNTIME_SA_DELETED', [seen(resource, 'uniqueId', uniqueId, 'deleted')], {email, uniqueId})
      return fail('RUNTIME_SA_MISSING', [seen(resource, 'email', email, undefined)], {email})
    }
    const held = heldRoles(policy).flatMap((row) => (row.member === member ? [row.role] : []))
    const missing = lacking(policy, config)
    const federated = federatedUsers(users)
    const extra = held.filter((role) => ![...wanted, ...primitive, accessor, login].includes(role))
    const shut = held.includes(accessor) ? [] : secrets.filter((secret) => !holds(secret.policy, accessor, member)).map(({id}) => id)
    const row = (role: string, expected?: string, actual?: string) =>
      seen(projectName(config.projectId), `bindings[${role}].members`, expected, actual)
    const has = (roles: readonly string[]) => [roles.map((role) => row(role, undefined, member)), {email, roles: roles.join(', ')}] as const
    const absent = missing.map((role) => row(role, member))
    const rows = shut.map((id) => seen(secretName(config.projectId, id), `bindings[${accessor}].members`, member, undefined))
    return worst(
      [
        account.disabled ? fail('RUNTIME_SA_DISABLED', [seen(resource, 'disabled', false, true)], {email}) : undefined,
        problem(fail, 'RUNTIME_SA_PRIMITIVE_ROLE', ...has(held.filter((role) => primitive.includes(role)))),
        problem(fail, 'RUNTIME_SA_ROLES_MISSING', absent, {email, roles: missing.join(', ')}),
        problem(warn, 'RUNTIME_SA_ADMIN_ROLE', ...has(extra.filter(isPowerful))),
        problem(warn, 'RUNTIME_SA_EXTRA_ROLES', ...has(extra.filter((role) => !isPowerful(role)))),
        problem(warn, 'RUNTIME_SA_READS_ALL_SECRETS', ...has(held.filter((role) => role === accessor))),
        problem(
          warn,
          'RUNTIME_SA_IMPERSONATED',
          federated.map((held) => seen(resource, `bindings[${held.role}].members`, 'absent', held.member)),
          {email, members: federated.map((held) => held.member).join(', ')},
        ),
        problem(warn, 'RUNTIME_SA_SECRETS_CLOSED', rows, {email, secrets: shut.join(', ')}),
      ],
      pass('RUNTIME_SA_LEAST_PRIVILEGE', [seen(projectName(config.projectId), 'roles', wanted, held)], {email}),
    )
  },

  plan({account, policy}, {config}) {
    const [project, email] = [config.projectId, emailIn(config)]
    const deleted = account === undefined ? deletedAccount(policy, email) : undefined
    if (deleted !== undefined) return [undeleteServiceAccount(project, email, deleted)]
    const roles = lacking(policy, config)
    const to = {of: 'project', name: project} as const
    return [
      ...(account === undefined ? [createServiceAccount({project, account: config.runtimeSa, displayName: 'Q-Logic App Runtime'})] : []),
      ...(account?.disabled === true ? [enableServiceAccount(project, email)] : []),
      ...(roles.length === 0 ? [] : [grantRoles({project, policy: to, member: `serviceAccount:${email}`, roles})]),
    ]
  },

  fresh: () => ({account: undefined, policy: {bindings: []}, secrets: []}),
})
