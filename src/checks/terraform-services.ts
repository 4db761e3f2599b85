import type {EnvironmentName, ObjectValue, Place, Resource, Root, TerraformFacts, Value} from '../repo/terraform/terraform.ts'
import {made} from './terraform-resources.ts'
import {described, objectsAt, textOf, valueAt, valuesAt} from './terraform-values.ts'

/** A Cloud Run service or job that Terraform makes. `environment`: of the root that makes it. */
export type RunWorkload = {
  root: Root
  resource: Resource
  kind: 'service' | 'job'
  environment: EnvironmentName | null
  name: Value | undefined
  containers: ObjectValue[]
  serviceAccount: Value | undefined
  maxInstances: Value | undefined
}

/** A variable of a container's environment: its value, or the secret that it is taken from. */
export type EnvironmentVariable = Place & {
  name: string
  value: Value | undefined
  secret: {secret: Value | undefined; version: Value | undefined} | undefined
}

const services = ['google_cloud_run_v2_service', 'google_cloud_run_service', 'google_cloud_run_v2_worker_pool']

/** The Cloud Run services and jobs of the roots, of both generations of the resource. */
export const runWorkloads = ({roots}: Pick<TerraformFacts, 'roots'>): RunWorkload[] =>
  roots.flatMap((root) => [
    ...made(root, ...services).map((resource) => workload(root, resource, 'service')),
    ...made(root, 'google_cloud_run_v2_job').map((resource) => workload(root, resource, 'job')),
  ])

const workload = (root: Root, resource: Resource, kind: RunWorkload['kind']): RunWorkload => {
  const {body} = resource
  const inner =
    kind === 'job' ? ['template', 'template'] : resource.type === 'google_cloud_run_service' ? ['template', 'spec'] : ['template']
  return {
    root,
    resource,
    kind,
    environment: root.environment,
    name: valueAt(body, 'name'),
    containers: objectsAt(body, ...inner, 'containers'),
    serviceAccount: valueAt(body, ...inner, 'service_account') ?? valueAt(body, ...inner, 'service_account_name'),
    maxInstances:
      valueAt(body, 'template', 'scaling', 'max_instance_count') ??
      valueAt(body, 'scaling', 'max_instance_count') ??
      valueAt(body, 'template', 'metadata', 'annotations', 'autoscaling.knative.dev/maxScale'),
  }
}

/** The variables that a container is given. */
export const environmentOf = (container: ObjectValue): EnvironmentVariable[] =>
  objectsAt(container, 'env').flatMap((env) => {
    const name = textOf(valueAt(env, 'name'))
    if (name === undefined) return []
    const [reference] = [...objectsAt(env, 'value_source', 'secret_key_ref'), ...objectsAt(env, 'value_from', 'secret_key_ref')]
    const secret =
      reference === undefined
        ? undefined
        : {
            secret: valueAt(reference, 'secret') ?? valueAt(reference, 'name'),
            version: valueAt(reference, 'version') ?? valueAt(reference, 'key'),
          }
    return [{name, file: env.file, line: env.line, value: valueAt(env, 'value'), secret}]
  })

/** Ports that the containers listen on. */
export const portsOf = (workload: RunWorkload): Value[] => workload.containers.flatMap((one) => valuesAt(one, 'ports', 'container_port'))

/** Every secret that a workload is given, as a variable or as a file. */
export const secretReferences = ({
  resource,
  containers,
  kind,
}: RunWorkload): (Place & {secret: Value | undefined; version: Value | undefined})[] => {
  const inner =
    kind === 'job' ? ['template', 'template'] : resource.type === 'google_cloud_run_service' ? ['template', 'spec'] : ['template']
  const files = objectsAt(resource.body, ...inner, 'volumes', 'secret').map((one) => ({
    file: one.file,
    line: one.line,
    secret: valueAt(one, 'secret') ?? valueAt(one, 'secret_name'),
    version: valueAt(one, 'items', 'version') ?? valueAt(one, 'items', 'key'),
  }))
  const variables = containers.flatMap((container) =>
    environmentOf(container).flatMap(({file, line, secret}) => (secret === undefined ? [] : [{file, line, ...secret}])),
  )
  return [...variables, ...files]
}

const frontendWords = /front|web|ui\b|client|spa\b|nginx|static|site|www/
const backendWords = /back|api|server|app\b|fastapi|django|flask/

/** The services that are the API: those called so, else those that are not called after a user interface. Jobs are none. */
export const apiServices = (workloads: readonly RunWorkload[]): RunWorkload[] => {
  const all = workloads.filter(({kind}) => kind === 'service')
  const called = ({resource, name}: RunWorkload) =>
    `${resource.name} ${resource.address.match(/\["([^"]*)"\]$/)?.[1] ?? ''} ${(textOf(name) ?? '').split('-').at(-1) ?? ''}`
  const rest = all.filter((one) => !frontendWords.test(called(one)))
  const named = rest.filter((one) => backendWords.test(called(one)))
  return named.length > 0 ? named : rest
}

/** A Cloud SQL instance that Terraform makes. */
export type Database = {
  root: Root
  resource: Place & {body: ObjectValue; address: string}
  environment: EnvironmentName | null
  version: Value | undefined
  tier: Value | undefined
  edition: Value | undefined
  flags: {name: string; value: Value | undefined}[]
}

/** The Cloud SQL instances of the roots, replicas left out; those of Google's module for it too. */
export const databases = ({roots}: Pick<TerraformFacts, 'roots'>): Database[] =>
  roots.flatMap((root) => [
    ...made(root, 'google_sql_database_instance')
      .filter(({body}) => valueAt(body, 'master_instance_name') === undefined)
      .map((resource) => database(root, resource, ['settings'])),
    ...root.calls
      .filter(
        ({source, folder, count}) =>
          folder === null &&
          count !== 0 &&
          /\/sql-db\/google/.test(source ?? '') &&
          !/private_service_access|safer_mysql/.test(source ?? ''),
      )
      .map((call) => database(root, {file: call.file, line: call.line, body: call.args, address: call.address}, [])),
  ])

const database = (root: Root, resource: Database['resource'], settings: readonly string[]): Database => ({
  root,
  resource,
  environment: root.environment,
  version: valueAt(resource.body, 'database_version'),
  tier: valueAt(resource.body, ...settings, 'tier'),
  edition: valueAt(resource.body, ...settings, 'edition'),
  flags: objectsAt(resource.body, ...settings, 'database_flags').flatMap((flag) => {
    const name = textOf(valueAt(flag, 'name'))
    return name === undefined ? [] : [{name, value: valueAt(flag, 'value')}]
  }),
})

/** Whether a list of flags may hold more than is known. */
export const flagsOpen = ({resource}: Database): Value | undefined =>
  [...valuesAt(resource.body, 'settings', 'database_flags'), ...valuesAt(resource.body, 'database_flags')].find(
    (one) =>
      one.is === 'dynamic' ||
      (one.is === 'list' && (one.open === true || one.items.some((flag) => textOf(valueAt(flag, 'name')) === undefined))),
  )

/** The name of a service as people know it, for evidence. */
export const nameOf = ({name, resource}: RunWorkload): string => textOf(name) ?? `${resource.address} (${described(name)})`
