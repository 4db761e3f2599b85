import {grantRoles, revokeRoles} from '../../changes/grants.ts'
import {emailOf, projectName, secretName, serviceAccountName} from '../../changes/resource-names.ts'
import {isPlaceholderDomain, type Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Policy} from '../../gcp/cloud.ts'
import {heldRoles, holds} from '../bindings.ts'
import {defineItem} from '../define-item.ts'

const role = 'roles/secretmanager.secretAccessor'
const field = `bindings[${role}].members`

/** `secrets`: those of the configuration that exist. */
type Observed = {accountExists: boolean; secrets: readonly {id: string; policy: Policy}[]; projectPolicy: Policy}

const memberOf = ({projectId, runtimeSa}: Config): string => `serviceAccount:${emailOf(projectId, runtimeSa)}`
const closed = ({secrets}: Observed, config: Config): string[] =>
  secrets.flatMap(({id, policy}) => (holds(policy, role, memberOf(config)) ? [] : [id]))
const readsAll = ({projectPolicy}: Observed, config: Config): boolean =>
  heldRoles(projectPolicy).some((held) => held.role === role && held.member === memberOf(config))

/** What setup creates before this item's turn even without a database; db-host follows with it. */
const creatable = ({secretNames, domain}: Config): string[] =>
  ['db-password', 'jwt-secret', ...(isPlaceholderDomain(domain) ? [] : ['cors-origins'])].filter((id) => secretNames.includes(id))

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const account = await cloud.iam.serviceAccount(emailOf(config.projectId, config.runtimeSa))
    const read = async (id: string) => ({id, policy: await cloud.secretManager.policy(id)})
    const secrets = (await Promise.all(config.secretNames.map(read))).flatMap(({id, policy}) =>
      policy === undefined ? [] : [{id, policy}],
    )
    return {accountExists: account !== undefined, secrets, projectPolicy: await cloud.resourceManager.policy()}
  },

  evaluate(observed, {config}) {
    const {projectId} = config
    const email = emailOf(projectId, config.runtimeSa)
    const member = memberOf(config)
    const shut = closed(observed, config)
    const args = {email, secrets: shut.join(', '), names: config.secretNames.join(', ')}
    const row = (id: string, actual: string | undefined) => seen(secretName(projectId, id), field, member, actual)
    const wide = seen(projectName(projectId), field, undefined, member)
    if (!observed.accountExists)
      return fail('ACCESSOR_NO_ACCOUNT', [seen(serviceAccountName(projectId, email), 'email', email, undefined)], args)
    if (observed.secrets.length === 0)
      return fail(
        'ACCESSOR_NO_SECRETS',
        config.secretNames.map((id) => seen(secretName(projectId, id), 'name', id, undefined)),
        args,
      )
    if (readsAll(observed, config)) return warn('ACCESSOR_WHOLE_PROJECT', [wide, ...shut.map((id) => row(id, undefined))], args)
    return shut.length === 0
      ? pass(
          'ACCESSOR_PER_SECRET',
          observed.secrets.map(({id}) => row(id, member)),
          args,
        )
      : fail(
          'ACCESSOR_MISSING',
          shut.map((id) => row(id, undefined)),
          args,
        )
  },

  plan(observed, {config}) {
    const target = {project: config.projectId, member: memberOf(config), roles: [role]}
    if (!observed.accountExists) return []
    const shut = observed.secrets.length === 0 ? creatable(config) : closed(observed, config)
    if (shut.length > 0) return shut.map((id) => grantRoles({...target, policy: {of: 'secret', name: id}}))
    if (observed.secrets.length === 0 || !readsAll(observed, config)) return []
    const why = 'afterwards the application reads only the secrets that were granted to it one by one'
    return [revokeRoles({...target, policy: {of: 'project', name: config.projectId}, why})]
  },

  fresh: ({config}) => {
    const secrets = creatable(config).map((id) => ({id, policy: {bindings: []}}))
    return {accountExists: true, secrets, projectPolicy: {bindings: []}}
  },
})
