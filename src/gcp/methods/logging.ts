import {direct, type Methods} from './method.ts'

export const logging: Methods = {
  'logging.projects.sinks.update': direct('logging', 'PUT', '/v2/{+sinkName}', 'logging.sinks.update', {query: ['updateMask']}),
  'logging.projects.locations.buckets.patch': direct('logging', 'PATCH', '/v2/{+name}', 'logging.buckets.update', {
    query: ['updateMask'],
  }),
}
