import {named, type Method, type Methods} from './method.ts'

/** A write that an operation of Cloud SQL answers. It is thin REST: the client's wrapped fields would need a second form of every body. */
const write = (http: Method['http'], path: string, permission: string, rest: Partial<Method> = {}): Method => ({
  api: 'sqladmin',
  http,
  path: `/v1/projects/{project}/instances${path}`,
  operation: 'sql',
  permission,
  repeatable: true,
  usually: '1-5 min',
  ...rest,
})
const inside = {usually: '2-15 s'}

export const sqladmin: Methods = {
  'sql.instances.insert': write('POST', '', 'cloudsql.instances.create', {creates: named('name'), usually: '5-15 min'}),
  'sql.instances.patch': write('PATCH', '/{instance}', 'cloudsql.instances.update', {precondition: 'settingsVersion'}),
  'sql.databases.insert': write('POST', '/{instance}/databases', 'cloudsql.databases.create', {creates: named('name'), ...inside}),
  'sql.users.insert': write('POST', '/{instance}/users', 'cloudsql.users.create', {creates: named('name'), ...inside}),
  'sql.users.update': write('PUT', '/{instance}/users', 'cloudsql.users.update', {query: ['name'], ...inside}),
}
