import type {JsonObject} from '../../engine/json.ts'
import type {Method, Methods} from './method.ts'

const isObject = (value: JsonObject[string]): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

const clusterName = (_: Readonly<Record<string, string>>, {cluster}: JsonObject): string => {
  const name = isObject(cluster) ? cluster['name'] : undefined
  return typeof name === 'string' ? name : ''
}

/** A write that an operation of Kubernetes Engine answers. A cluster takes one at a time. */
const write = (http: Method['http'], path: string, permission: string, rest: Partial<Method>): Method => ({
  api: 'container',
  http,
  path,
  operation: 'container',
  permission,
  repeatable: true,
  usually: '1-5 min',
  ...rest,
})

export const container: Methods = {
  'container.projects.locations.clusters.create': write('POST', '/v1/{+parent}/clusters', 'container.clusters.create', {
    usually: '5-10 min',
    creates: clusterName,
  }),
  'container.projects.locations.clusters.update': write('PUT', '/v1/{+name}', 'container.clusters.update', {}),
}
