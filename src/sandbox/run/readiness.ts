import type {JsonObject, World} from '../api.ts'
import {object, objects, text, texts} from '../json.ts'
import {bindingsOf} from '../policies.ts'
import {roleGives} from '../roles.ts'
import type {ServiceName} from './names.ts'

/** Why a revision does not serve; `reason` as v2 names it. */
export type Failure = {reason: string; message: string}

const last = (name: string): string => name.split('/').at(-1) ?? name

const registryImage = /^([a-z0-9-]+)-docker\.pkg\.dev\/([^/]+)\/([^/]+)\/([^@:]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]+))?$/

/** True unless the image is one of a simulated project that its registry does not have; other registries are taken on trust. */
const imageExists = (world: World, image: string): boolean => {
  const [, location = '', owner = '', repository = '', name = '', tag, digest] = registryImage.exec(image) ?? []
  const project = world.project(owner)
  if (location === '' || !project) return true
  const prefix = `projects/${project.projectId}/locations/${location}/repositories/${repository}/`
  return world
    .table('artifactregistry.images')
    .entries()
    .some(
      ([key, row]) =>
        key.startsWith(prefix) &&
        row.package === name &&
        (digest === undefined ? texts(row.tags).includes(tag ?? 'latest') : row.digest === digest),
    )
}

const mayRead = (world: World, member: string, project: string, secret: string): boolean =>
  [`projects/${project}/secrets/${secret}`, `projects/${project}`].some((resource) =>
    bindingsOf(world.policies.get(resource)).some(
      ({role, members}) => roleGives(role, 'secretmanager.versions.access') && members.includes(member),
    ),
  )

type Reference = {at: string; secret: string; version: string}

const references = (template: JsonObject): Reference[] => [
  ...objects(template.containers).flatMap(({env}, place) =>
    objects(env).flatMap(({valueSource}, index) => {
      const {secret, version} = object(object(valueSource).secretKeyRef)
      const at = `spec.template.spec.containers[${place}].env[${index}].value_from.secret_key_ref.name`
      return text(secret) === '' ? [] : [{at, secret: text(secret), version: text(version) || 'latest'}]
    }),
  ),
  ...objects(template.volumes).flatMap(({secret: volume}, index) => {
    const {secret, items} = object(volume)
    const at = `spec.template.spec.volumes[${index}].secret.secret_name`
    const versions = objects(items).map(({version}) => text(version))
    return text(secret) === '' ? [] : (versions.length > 0 ? versions : ['latest']).map((version) => ({at, secret: text(secret), version}))
  }),
]

const secretProblem = (
  world: World,
  {project, number}: ServiceName,
  email: string,
  {at, secret, version}: Reference,
): string | undefined => {
  const owner = /^projects\/([^/]+)\/secrets\//.exec(secret)?.[1] ?? project
  const found = world.project(owner)
  if (!found) return undefined
  const id = last(secret)
  const name = `projects/${owner === project ? number : found.projectNumber}/secrets/${id}/versions/${version}`
  const versions = world
    .table('secretmanager.versions')
    .entries()
    .filter(([key]) => key.startsWith(`${found.projectId}/${id}/`))
    .map(([, row]) => row)
    .sort((a, b) => Number(last(text(a.name))) - Number(last(text(b.name))))
  const row = version === 'latest' ? versions.at(-1) : versions.find((one) => last(text(one.name)) === version)
  if (!mayRead(world, `serviceAccount:${email}`, found.projectId, id)) {
    return `${at}: Permission denied on secret: ${name} for Revision service account ${email}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`
  }
  if (!row) return `${at}: Secret ${name} was not found`
  return row.state === 'ENABLED' ? undefined : `${at}: Secret Version [${text(row.name)}] is in ${text(row.state)} state.`
}

const networkProblem = (world: World, {project, location}: ServiceName, template: JsonObject): Failure | undefined => {
  const access = object(template.vpcAccess)
  const connector = text(access.connector)
  if (connector !== '') {
    const [, owner = project, place = location] = /^projects\/([^/]+)\/locations\/([^/]+)\/connectors\//.exec(connector) ?? []
    const found = world.project(owner)
    const key = `projects/${found?.projectId ?? owner}/locations/${place}/connectors/${last(connector)}`
    if (found && world.table('vpcaccess.connectors').get(key)?.state !== 'READY')
      return {
        reason: 'UNKNOWN',
        message: `VPC connector ${key} does not exist, or Cloud Run does not have permission to use it.`,
      }
  }
  for (const {network, subnetwork} of objects(access.networkInterfaces)) {
    const owner = /projects\/([^/]+)\//.exec(text(subnetwork) || text(network))?.[1] ?? project
    const found = world.project(owner)
    if (!found) continue
    const subnet = text(subnetwork) || text(network)
    if (
      subnet !== '' &&
      !world.table('compute.subnetworks').get(`projects/${found.projectId}/regions/${location}/subnetworks/${last(subnet)}`)
    )
      return {reason: 'VPC_NETWORK_NOT_FOUND', message: `VPC subnetwork ${last(subnet)} in region ${location} was not found.`}
    if (text(network) !== '' && !world.table('compute.networks').get(`projects/${found.projectId}/global/networks/${last(text(network))}`))
      return {reason: 'VPC_NETWORK_NOT_FOUND', message: `VPC network ${last(text(network))} was not found.`}
  }
  return undefined
}

/** What keeps a revision of this template from serving; undefined when nothing does. The container itself always starts. */
export const failureOf = (template: JsonObject, revision: string, name: ServiceName, world: World): Failure | undefined => {
  const prefix = `Revision '${revision}' is not ready and cannot serve traffic.`
  const image = objects(template.containers).find((container) => !imageExists(world, text(container.image)))
  if (image) return {reason: 'CONTAINER_MISSING', message: `${prefix} Image '${text(image.image)}' not found.`}
  const email = text(template.serviceAccount)
  const secrets = references(template).flatMap((reference) => secretProblem(world, name, email, reference) ?? [])
  if (secrets.length > 0) return {reason: 'SECRETS_ACCESS_CHECK_FAILED', message: `${prefix} ${secrets.join('\n')}`}
  const network = networkProblem(world, name, template)
  return network && {...network, message: `${prefix} ${network.message}`}
}
