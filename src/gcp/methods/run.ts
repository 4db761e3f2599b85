import type {Json, JsonObject} from '../../engine/json.ts'
import {direct, given, operation, type Methods} from './method.ts'

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !isList(value)
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
const objects = (value: Json | undefined): JsonObject[] => (isList(value) ? value.filter(isObject) : [])

/** By name: those of the patch replace those of the same name, the others stay as they are. */
const mergeVariables = (current: Json | undefined, patch: Json | undefined): JsonObject[] => {
  const changed = objects(patch)
  const kept = objects(current).filter(({name}) => !changed.some((one) => one['name'] === name))
  return [...kept, ...changed]
}

/** The patch is about the container that takes requests: the one with a port, or the first. */
const mergeContainers = (current: Json | undefined, patch: Json | undefined): JsonObject[] => {
  const containers = objects(current)
  const [change = {}] = objects(patch)
  const at = Math.max(
    containers.findIndex(({ports}) => objects(ports).length > 0),
    0,
  )
  if (containers.length === 0) return [change]
  return containers.map((container, place) => {
    if (place !== at) return container
    const env = change['env'] === undefined ? {} : {env: mergeVariables(container['env'], change['env'])}
    return {...merge(container, change), ...env}
  })
}

/** Fields that mean something only as a whole. */
const whole = new Set(['vpcAccess', 'traffic', 'ports', 'startupProbe'])

const merge = (current: JsonObject, patch: JsonObject): JsonObject => {
  const merged = Object.entries(patch).map(([name, value]): [string, Json | undefined] => {
    const before = current[name]
    if (name === 'containers') return [name, mergeContainers(before, value)]
    return [name, isObject(value) && isObject(before) && !whole.has(name) ? merge(before, value) : value]
  })
  return {...current, ...Object.fromEntries(merged)}
}

const outputOnly = new Set([
  'conditions',
  'createTime',
  'creator',
  'deleteTime',
  'expireTime',
  'generation',
  'lastModifier',
  'latestCreatedRevision',
  'latestReadyRevision',
  'observedGeneration',
  'reconciling',
  'satisfiesPzs',
  'terminalCondition',
  'threatDetectionEnabled',
  'trafficStatuses',
  'uid',
  'updateTime',
  'uri',
  'urls',
])

/**
 * A service with a change in it, as it is sent back: what others put there stays, with the etag that refuses it when somebody writes in
 * between. A revision that somebody named is not named again: that would be refused.
 */
export const editService = (current: JsonObject, patch: JsonObject): JsonObject => {
  const edited = merge(current, patch)
  const template = Object.fromEntries(
    Object.entries(isObject(edited['template']) ? edited['template'] : {}).filter(([name]) => name !== 'revision'),
  )
  return {...Object.fromEntries(Object.entries(edited).filter(([name]) => !outputOnly.has(name))), template}
}

const usually = '20-60 s'

export const run: Methods = {
  'run.projects.locations.services.create': direct('run', 'POST', '/v2/{+parent}/services', 'run.services.create', {
    query: ['serviceId'],
    operation,
    usually,
    creates: given('serviceId'),
  }),
  'run.projects.locations.services.patch': direct('run', 'PATCH', '/v2/{+name}', 'run.services.update', {
    query: ['updateMask'],
    operation,
    usually,
    precondition: 'etag',
    edit: editService,
  }),
}
