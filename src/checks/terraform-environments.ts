import type {EnvironmentName, Place, Root, TerraformFacts, Value} from '../repo/terraform/terraform.ts'
import {held, missed, undecided, unreadable, type Target} from './targets.ts'
import {rootsTogether, variableOf} from './shared-roots.ts'
import {made, nowhere, placeFor, registryCalls} from './terraform-resources.ts'
import {textsOf} from './terraform-values.ts'

const others: Readonly<Record<EnvironmentName, string>> = {dev: 'development', staging: 'staging', prod: 'production'}

/** Whether an environment is described whole: something is made, every input is set, and no secret is committed. */
export const environmentTargets = (facts: TerraformFacts, environment: EnvironmentName): Target[] => {
  const roots = rootsOf(facts, environment)
  const expected = `Terraform for the ${environment} environment`
  if (roots.length === 0) return [notFound(facts, environment, expected)]
  return roots.flatMap((root) => {
    if (root.assumed) return [undecided(placeOf(root), expected, `the code knows ${environment}, but it is chosen when Terraform runs`)]
    return [
      content(root, expected),
      ...root.calls.flatMap(calls),
      ...root.variables.flatMap((one) => variable(root, one)),
      ...secrets(facts, root),
    ]
  })
}

/** The roots of one environment; where it has none of its own, the part of a root that makes several. */
const rootsOf = (facts: TerraformFacts, environment: EnvironmentName): Root[] => {
  const own = facts.roots.filter((root) => root.environment === environment)
  return own.length > 0 ? own : rootsTogether(facts, environment)
}

const placeOf = (root: Root): Place => ({
  file: root.files.find((file) => file.endsWith('/main.tf')) ?? root.files[0] ?? root.folder,
  line: 1,
})

const environmentVariable = /^(deploy_)?(env|environment|stage)(_name)?$/

const notFound = (facts: TerraformFacts, environment: EnvironmentName, expected: string): Target => {
  const chosen = (root: Root, from: Root['variables'][number]['from']): boolean =>
    root.variables.some((one) => environmentVariable.test(one.name) && one.from === from)
  // A value by default is another one where a workflow gives it.
  const open = facts.roots.find(
    (root) => chosen(root, 'given') || (root.environment === null && (root.usesWorkspace || chosen(root, 'nowhere'))),
  )
  if (open !== undefined) return undecided(placeOf(open), expected, 'the environment is chosen when Terraform runs')
  const variable = variableOf(facts, environment)
  if (variable !== undefined)
    return undecided(variable, expected, `variable ${variable.name} speaks of it, but which resources are its own is not plain`)
  const terragrunt = facts.terragrunt.find((file) => file.split('/').some((part) => part === environment || part === others[environment]))
  if (terragrunt !== undefined)
    return undecided({file: terragrunt, line: 1}, expected, 'it is put together by Terragrunt, which is not worked out')
  return nowhere(
    facts,
    placeFor(facts, /^$/, `infra/environments/${environment}/main.tf`),
    expected,
    `no folder, variable file or variable speaks of ${environment}`,
  )
}

const content = (root: Root, expected: string): Target => {
  const [resource] = root.resources.filter(({mode}) => mode === 'managed')
  const call = root.calls.find(({count}) => count !== 0)
  if (call !== undefined) return held(call, expected, `module ${call.name}`)
  if (resource !== undefined) return held(resource, expected, resource.address)
  const [unread] = root.unread
  return unread === undefined ? missed(placeOf(root), expected, 'nothing is made here') : unreadable(unread, expected)
}

const calls = (call: Root['calls'][number]): Target[] => [
  ...(call.folder === null && call.source !== null && /^\.\.?\//.test(call.source)
    ? [missed(call, 'a module that is in the repository', `${call.source} does not exist`)]
    : []),
  ...call.missing.map((name) => missed(call, `a value for ${name} of module ${call.name}`, 'not set')),
]

const secretName = /passw(or)?d|secret|token|api_?key|private_?key|credential/i
const aboutSecret = /(version|length|rotation|period|policy|ids?|names?|secrets|enabled|ttl|type|url|prefix|location)$/i

const variable = (root: Root, {name, from, sensitive, ephemeral, file, line}: Root['variables'][number]): Target[] => {
  if (from !== 'nowhere') return []
  if (sensitive || ephemeral || (secretName.test(name) && !aboutSecret.test(name))) return []
  const actual = root.ignored === null ? 'it has no value' : `${root.ignored} is kept out of git`
  return [missed({file, line}, `a value for variable ${name} in a committed terraform.tfvars`, actual)]
}

const secrets = (facts: TerraformFacts, root: Root): Target[] =>
  committedSecrets(facts)
    .filter(({file}) => root.variableFiles.includes(file))
    .map((one) => missed(one, 'no secret in a committed variable file', `${one.name} = ${one.hint}`))

/** Values in variable files that are secrets by their name or their look; `hint` tells no more than the first character and the length. */
export const committedSecrets = (facts: TerraformFacts): (Place & {name: string; hint: string})[] =>
  facts.variableValues.flatMap(({name, file, line, value}) =>
    secretIn(name, value).map((found) => ({name, file, line, hint: `${found.slice(0, 1)}… (${found.length} characters)`})),
  )

const secretIn = (name: string, value: Value): string[] => {
  if (value.is === 'object') return Object.entries(value.fields).flatMap(([key, inner]) => secretIn(`${name}.${key}`, inner))
  const texts = textsOf(value).filter((text) => text !== '')
  const byLook = texts.filter((text) => /-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^/\s:@]+:[^/\s@]{3,}@/.test(text))
  if (byLook.length > 0) return byLook
  const own = name.slice(name.lastIndexOf('.') + 1)
  return secretName.test(own) && !aboutSecret.test(own) ? texts.filter((text) => !namesSecret(text)) : []
}

/** The name of a secret, or a path to one, is not the secret. */
const namesSecret = (text: string): boolean =>
  /^projects\/|^\$|^(true|false|null|\d{1,3})$/.test(text) ||
  (/^[a-z][a-z0-9]*([-_][a-z0-9]+)+$/.test(text) && /secret|password|passwd|token|key|credential|cred/.test(text))

const areas: readonly {name: string; types: readonly string[]; modules: RegExp}[] = [
  {
    name: 'networking',
    types: ['google_compute_network', 'google_compute_subnetwork'],
    modules: /\/network\/google|cloud-foundation-network|net-vpc/,
  },
  {name: 'database', types: ['google_sql_database_instance', 'google_alloydb_cluster'], modules: /\/sql-db\/google|cloudsql-instance/},
  {name: 'secrets', types: ['google_secret_manager_secret', 'google_secret_manager_regional_secret'], modules: /secret-manager/},
  {name: 'registry', types: ['google_artifact_registry_repository'], modules: /artifact-registry/},
  {
    name: 'compute',
    types: ['google_cloud_run_v2_service', 'google_cloud_run_service', 'google_container_cluster'],
    modules: /cloud-run|kubernetes-engine|gke-cluster/,
  },
  {
    name: 'monitoring',
    types: ['google_monitoring_alert_policy', 'google_monitoring_uptime_check_config'],
    modules: /monitoring|uptime|alert|\/slo\//,
  },
]

/** Whether production is made of all six parts; a part in a root of no environment is shared by all. */
export const areaTargets = (facts: TerraformFacts, environment: EnvironmentName): Target[] => {
  const own = rootsOf(facts, environment).filter((root) => !root.assumed)
  const shared = facts.roots.filter((root) => root.environment === null)
  if (own.length === 0) return []
  return areas.map(({name, types, modules}) => {
    const expected = `${name} in ${environment}`
    const found = [...own, ...shared].flatMap((root) => made(root, ...types))
    const sure = found.find(({maybe}) => !maybe)
    if (sure !== undefined) return held(sure, expected, sure.address)
    const call = [...own, ...shared].flatMap((root) => registryCalls(root, modules))[0]
    if (call !== undefined) return held(call, expected, `the module ${call.source ?? ''}`)
    const [maybe] = found
    if (maybe !== undefined) return undecided(maybe, expected, 'it may or may not be made')
    const [unread] = own.flatMap((root) => root.unread)
    if (unread !== undefined) return unreadable(unread, expected)
    const off = own.flatMap((root) => root.calls).find((one) => one.count === 0 && one.name.includes(name.slice(0, 6)))
    const [root] = own
    return missed(
      off ?? (root === undefined ? {file: 'infra', line: 1} : placeOf(root)),
      expected,
      off === undefined ? 'absent' : `module ${off.name} has count 0`,
    )
  })
}
