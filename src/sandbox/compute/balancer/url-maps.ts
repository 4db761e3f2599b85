import type {Json, JsonObject, Route} from '../../api.ts'
import {object, objects, text, texts} from '../../json.ts'
import {isObject} from '../../shapes.ts'
import {invalid, link, required} from '../resources.ts'
import {routesOf} from './collection.ts'
import type {Kind, Settling} from './collection.ts'
import {refer} from './references.ts'
import {urlMapShape} from './url-map-shape.ts'

const referring = ['defaultService', 'service', 'backendService', 'errorService']
const backends = {backendServices: 'compute.backendServices.use', backendBuckets: 'compute.backendBuckets.use'}

const resolved = (value: Json | undefined, at: Settling, field: string): Json => {
  if (Array.isArray(value)) return value.map((item, index) => resolved(item, at, `${field}[${index}]`))
  if (!isObject(value)) return value ?? null
  const entries = Object.entries(value).map(([key, item]): [string, Json] => {
    const here = `${field}.${key}`
    if (referring.includes(key) && typeof item === 'string' && item !== '') return [key, link(refer(at, item, here, backends).path)]
    if (key.toLowerCase().endsWith('urlredirect')) {
      const redirect = {httpsRedirect: false, redirectResponseCode: 'MOVED_PERMANENTLY_DEFAULT', stripQuery: false}
      return [key, {...redirect, ...object(item)}]
    }
    return [key, resolved(item, at, here)]
  })
  return Object.fromEntries(entries)
}

const settle = (given: JsonObject, at: Settling): JsonObject => {
  const {defaultRouteAction, defaultUrlRedirect, ...rest} = given
  const ways = [
    text(given.defaultService) !== '',
    defaultUrlRedirect !== undefined,
    objects(object(defaultRouteAction).weightedBackendServices).length > 0,
  ]
  if (!ways.includes(true)) throw required('resource.defaultService')
  if (ways[0] && ways[1]) {
    const why = 'Only one of defaultService, defaultUrlRedirect or defaultRouteAction.weightedBackendServices can be set.'
    throw invalid('resource.defaultService', text(given.defaultService), why)
  }
  const names = objects(given.pathMatchers).map(({name}) => text(name))
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) throw invalid(`resource.pathMatchers[${index}].name`, name, 'The name is used twice.')
  }
  const hosts = new Set<string>()
  for (const [index, rule] of objects(given.hostRules).entries()) {
    const field = `resource.hostRules[${index}]`
    const matcher = text(rule.pathMatcher)
    if (!names.includes(matcher)) throw invalid(`${field}.pathMatcher`, matcher, 'The path matcher does not exist.')
    for (const host of texts(rule.hosts)) {
      if (hosts.has(host)) throw invalid(`${field}.hosts`, host, 'The host is used twice.')
      hosts.add(host)
    }
  }
  for (const [index, matcher] of objects(given.pathMatchers).entries()) {
    const paths = objects(matcher.pathRules).flatMap((rule) => texts(rule.paths))
    const odd = paths.find((path) => !/^\/(?:[^*]*|[^*]*\/\*|\*)$/.test(path))
    if (odd !== undefined) {
      const why = "The path must start with '/' and the only place a '*' is allowed is at the end following a '/'."
      throw invalid(`resource.pathMatchers[${index}].pathRules.paths`, odd, why)
    }
  }
  const actions = {
    ...(defaultRouteAction === undefined ? {} : {defaultRouteAction}),
    ...(defaultUrlRedirect === undefined ? {} : {defaultUrlRedirect}),
  }
  return object(resolved({...rest, ...actions}, at, 'resource'))
}

const urlMaps: Kind = {
  plural: 'urlMaps',
  kind: 'urlMap',
  noun: 'url_map',
  id: 'compute.urlMaps',
  scope: 'global',
  body: urlMapShape,
  // gcloud's `url-maps import` patches without one.
  fingerprinted: 'optional',
  settle,
}

/** compute.urlMaps, global. Backend buckets are not simulated. */
export const urlMapRoutes: Route[] = routesOf(urlMaps, ['patch', 'update'])
