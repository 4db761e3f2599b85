import type {Json, JsonObject, World} from '../api.ts'
import {object, objects, text} from '../json.ts'
import {isObject} from '../shapes.ts'
import {badRequest, type ServiceName} from './names.ts'

const unset = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  value === 0 ||
  (typeof value === 'string' && /_UNSPECIFIED$/.test(value))

/** As proto3 shows a message: what holds its zero value, or is an empty list, is left out. */
export const withoutZeros = (value: JsonObject): JsonObject => {
  const kept: JsonObject = {}
  for (const [key, item] of Object.entries(value)) {
    if (unset(item)) continue
    if (Array.isArray(item)) {
      if (item.length > 0) kept[key] = item.map((one) => (isObject(one) ? withoutZeros(one) : one))
    } else kept[key] = isObject(item) ? withoutZeros(item) : item
  }
  return kept
}

const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

const probeOf = (given: JsonObject, port: number): JsonObject => {
  const at = (kind: string) => (isObject(given[kind]) ? {[kind]: {port, ...given[kind]}} : {})
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    failureThreshold: 3,
    ...given,
    ...at('httpGet'),
    ...at('tcpSocket'),
    ...at('grpc'),
    ...(isObject(given.httpGet) ? {httpGet: {path: '/', port, ...given.httpGet}} : {}),
  }
}

/** Left to Cloud Run, a container has started once its port accepts a connection. */
const standardProbe = (port: number): JsonObject => ({timeoutSeconds: 240, periodSeconds: 240, failureThreshold: 1, tcpSocket: {port}})

const containerOf = (given: JsonObject, ingress: boolean, boost: boolean): JsonObject => {
  const resources = object(given.resources)
  const limits = {cpu: '1000m', memory: '512Mi', ...object(resources.limits)}
  // Where resources are given, CPU idles only when that is said too.
  const idle = given.resources === undefined ? {cpuIdle: true, startupCpuBoost: boost} : {}
  const shown: JsonObject = {...given, resources: {...idle, ...resources, limits}}
  if (!ingress) return shown
  const port = objects(given.ports)[0] ?? {}
  const containerPort = number(port.containerPort) || 8080
  return {
    ...shown,
    ports: [{name: text(port.name) || 'http1', containerPort}],
    startupProbe: isObject(given.startupProbe) ? probeOf(given.startupProbe, containerPort) : standardProbe(containerPort),
    ...(isObject(given.livenessProbe) ? {livenessProbe: probeOf(given.livenessProbe, containerPort)} : {}),
  }
}

const numbersAt = (template: JsonObject): {min: number; max: number} => {
  const scaling = object(template.scaling)
  return {min: number(scaling.minInstanceCount), max: number(scaling.maxInstanceCount) || 100}
}

const checkVariables = (container: JsonObject, at: string): void => {
  const seen = new Set<string>()
  for (const [index, {name, value, valueSource}] of objects(container.env).entries()) {
    const here = `${at}.env[${index}]`
    const key = text(name)
    if (key === '') throw badRequest(`${here}.name: Required field`, `${here}.name`)
    if (seen.has(key)) throw badRequest(`${here}: Duplicate environment variable name: ${key}.`, here)
    seen.add(key)
    if (['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'].includes(key))
      throw badRequest(
        `${here}.name: The following reserved env names were provided: ${key}. These values are automatically set by the system.`,
        here,
      )
    const secret = text(object(object(valueSource).secretKeyRef).secret)
    if (valueSource !== undefined && secret === '')
      throw badRequest(`${here}.value_source.secret_key_ref.secret: Required field`, `${here}.value_source.secret_key_ref.secret`)
    if (valueSource !== undefined && text(value) !== '')
      throw badRequest(`${here}: should contain exactly one of [value, value_source].`, here)
  }
}

/** Refuses a template that Cloud Run refuses before it makes a revision of it. */
const checkTemplate = (template: JsonObject): void => {
  const containers = objects(template.containers)
  if (containers.length === 0) throw badRequest('template.containers: must contain at least one container.', 'template.containers')
  for (const [index, container] of containers.entries()) {
    const at = `template.containers[${index}]`
    if (text(container.image) === '') throw badRequest(`${at}.image: Required field`, `${at}.image`)
    checkVariables(container, at)
  }
  const withPorts = containers.filter(({ports}) => objects(ports).length > 0)
  if (containers.length > 1 && withPorts.length !== 1)
    throw badRequest(
      'template.containers: Revision template should contain exactly one container with an exposed port.',
      'template.containers',
    )
  const {min, max} = numbersAt(template)
  if (min > max)
    throw badRequest(
      `template.scaling.min_instance_count: Violation of constraint: min_instance_count (${min}) must not be greater than max_instance_count (${max}).`,
      'template.scaling',
    )
  const access = object(template.vpcAccess)
  if (text(access.connector) !== '' && objects(access.networkInterfaces).length > 0)
    throw badRequest('template.vpc_access: only one of connector and network_interfaces can be set.', 'template.vpc_access')
}

const checkTraffic = (traffic: JsonObject[]): void => {
  const total = traffic.reduce((sum, {percent}) => sum + number(percent), 0)
  if (traffic.length > 0 && total !== 100) throw badRequest(`traffic: Traffic targets must sum to 100, got ${total}.`, 'traffic')
}

/** A service as Cloud Run keeps it after it was given: checked, and with everything that it fills in. */
export const completed = (given: JsonObject, {number: project}: ServiceName): JsonObject => {
  const template = object(given.template)
  checkTemplate(template)
  const traffic = objects(given.traffic)
  checkTraffic(traffic)
  const scaling = object(given.scaling)
  const [min, max] = [number(scaling.minInstanceCount), number(scaling.maxInstanceCount)]
  if (max > 0 && min > max)
    throw badRequest('scaling.min_instance_count: must not be greater than max_instance_count.', 'scaling.min_instance_count')
  const wrongLabel = Object.keys({...object(given.annotations), ...object(given.labels)}).find((key) =>
    /^(run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//.test(key),
  )
  if (wrongLabel !== undefined)
    throw badRequest(`annotations: Violation of constraint: system annotation or label ${wrongLabel} cannot be set.`)
  const containers = objects(template.containers)
  const ingress = containers.findIndex(({ports}) => objects(ports).length > 0)
  const scale = {...object(template.scaling), maxInstanceCount: numbersAt(template).max}
  return withoutZeros({
    ...given,
    ingress: unset(given.ingress) ? 'INGRESS_TRAFFIC_ALL' : given.ingress,
    launchStage: unset(given.launchStage) ? 'GA' : given.launchStage,
    traffic: traffic.length > 0 ? traffic : [{type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100}],
    template: {
      maxInstanceRequestConcurrency: 80,
      timeout: '300s',
      serviceAccount: `${project}-compute@developer.gserviceaccount.com`,
      ...withoutZeros(template),
      scaling: scale,
      containers: containers.map((container, index) => containerOf(container, index === Math.max(ingress, 0), true)),
    },
  })
}

/** Both addresses of a service: by project number, and the older one with a hash that belongs to project and region. */
export const addressesOf = ({service, number: project, location}: ServiceName): {numbered: string; hashed: string} => {
  const [area = '', place = ''] = location.split('-')
  const code = `${area.charAt(0)}${place.charAt(0)}`
  let hash = ''
  let rest = BigInt(project === '' ? 0 : project) * 2_654_435_761n + 17n
  while (hash.length < 10) {
    hash += 'abcdefghijklmnopqrstuvwxyz'.charAt(Number(rest % 26n))
    rest = rest / 26n + 7919n * BigInt(hash.length)
  }
  return {numbered: `https://${service}-${project}.${location}.run.app`, hashed: `https://${service}-${hash}-${code}.a.run.app`}
}

/** Suffix of a revision that Cloud Run names: `00003-abc`. */
export const revisionSuffix = (generation: number, world: World): string => {
  const letters = 'bcdfghjklmnpqrstvwxz'
  const seed = Number(world.newId(9))
  const three = [0, 1, 2].map((place) => letters.charAt(Math.floor(seed / 20 ** place) % 20)).join('')
  return `${String(generation).padStart(5, '0')}-${three}`
}
