import {grantRoles} from '../../changes/grants.ts'
import {emailOf, projectName, sqlUserName} from '../../changes/resource-names.ts'
import {createIamUser, iamUserOf} from '../../changes/sql-users.ts'
import {allowIamLogin, iamFlag} from '../../changes/sql.ts'
import type {Config} from '../../config/parameters.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {Policy, SqlSettings, SqlUser} from '../../gcp/cloud.ts'
import {holds} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, readiness} from '../sql-instance.ts'
import {worst} from '../worst.ts'

/** `policy`: of the project. Only an instance that runs answers for its users. */
type Observed = {
  instance: 'absent' | 'not ready' | 'ready'
  flags: SqlSettings['databaseFlags']
  users: readonly SqlUser[]
  policy: Policy
}

/** Holds cloudsql.instances.login. */
const role = 'roles/cloudsql.instanceUser'

const isOn = ({flags}: Observed): boolean => flags.some(({name, value}) => name === iamFlag.name && value === 'on')
const member = ({projectId, runtimeSa}: Config): string => `serviceAccount:${emailOf(projectId, runtimeSa)}`
const hasUser = ({users}: Observed, config: Config): boolean =>
  users.some(({name, type}) => type === 'CLOUD_IAM_SERVICE_ACCOUNT' && name === iamUserOf(config))

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const [found, policy] = await Promise.all([cloud.sql.instance(config.sqlInstance), cloud.resourceManager.policy()])
    const instance = readiness(found)
    const users = instance === 'ready' ? await cloud.sql.users(config.sqlInstance) : []
    return {instance, flags: found?.settings.databaseFlags ?? [], users, policy}
  },

  evaluate(observed, {config}) {
    const {instance, policy} = observed
    const user = iamUserOf(config)
    const args = {instance: config.sqlInstance, user, role, flag: iamFlag.name}
    if (instance === 'absent') return notApplicable('NO_INSTANCE', [], args)
    if (instance === 'not ready') return warn('INSTANCE_NOT_READY', [instanceRow(config, 'state', 'running', 'not running')], args)
    const flag = (actual: string | undefined) => [instanceRow(config, `settings.databaseFlags[${iamFlag.name}]`, 'on', actual)]
    const resource = sqlUserName(config.projectId, config.sqlInstance, user)
    return worst(
      [
        isOn(observed) ? undefined : warn('IAM_LOGIN_OFF', flag(undefined), args),
        hasUser(observed, config) ? undefined : warn('IAM_LOGIN_NO_USER', [seen(resource, 'name', user, undefined)], args),
        holds(policy, role, member(config))
          ? undefined
          : warn('IAM_LOGIN_NO_ROLE', [seen(projectName(config.projectId), `bindings[${role}].members`, member(config), undefined)], args),
      ],
      pass('IAM_LOGIN_READY', [...flag('on'), seen(resource, 'name', user, user)], args),
    )
  },

  plan(observed, {config}) {
    const {instance, flags, policy} = observed
    if (instance !== 'ready') return []
    const project = config.projectId
    return [
      ...(isOn(observed) ? [] : [allowIamLogin(config, flags)]),
      ...(hasUser(observed, config) ? [] : [createIamUser(config)]),
      ...(holds(policy, role, member(config))
        ? []
        : [grantRoles({project, policy: {of: 'project', name: project}, member: member(config), roles: [role]})]),
    ]
  },

  fresh: () => ({instance: 'ready', flags: [iamFlag], users: [], policy: {bindings: []}}),
})
