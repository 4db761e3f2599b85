import type {Api, Route} from '../api.ts'
import {backupRunRoutes} from '../sqladmin/backup-runs.ts'
import {databaseRoutes} from '../sqladmin/databases.ts'
import {flags} from '../sqladmin/flags.ts'
import {connectSettings, disturb, get, insert, latestRecoveryTime, list, patch, remove, update} from '../sqladmin/instances.ts'
import {operationRoutes} from '../sqladmin/operations.ts'
import {serverCaRoutes} from '../sqladmin/server-cas.ts'
import {instanceShape} from '../sqladmin/shapes.ts'
import {userRoutes} from '../sqladmin/users.ts'
import {tiers} from '../sqladmin/versions.ts'

const failoverShape = {fields: {failoverContext: {fields: {kind: 'string', settingsVersion: 'int64'}}}} as const

const instanceRoutes = (all: string): Route[] => {
  const one = `${all}/{instance}`
  const query = ['location']
  return [
    {
      id: 'sql.instances.insert',
      method: 'POST',
      path: all,
      permissions: ['cloudsql.instances.create'],
      query,
      body: instanceShape,
      handle: insert,
    },
    {
      id: 'sql.instances.list',
      method: 'GET',
      path: all,
      permissions: ['cloudsql.instances.list'],
      query: ['filter', 'location', 'maxResults', 'pageToken'],
      handle: list,
    },
    {id: 'sql.instances.get', method: 'GET', path: one, permissions: ['cloudsql.instances.get'], query, handle: get},
    {
      id: 'sql.instances.patch',
      method: 'PATCH',
      path: one,
      permissions: ['cloudsql.instances.get', 'cloudsql.instances.update'],
      query,
      body: instanceShape,
      handle: patch,
    },
    {
      id: 'sql.instances.update',
      method: 'PUT',
      path: one,
      permissions: ['cloudsql.instances.update'],
      query,
      body: instanceShape,
      handle: update,
    },
    {id: 'sql.instances.delete', method: 'DELETE', path: one, permissions: ['cloudsql.instances.delete'], query, handle: remove},
    {
      id: 'sql.instances.restart',
      method: 'POST',
      path: `${one}/restart`,
      permissions: ['cloudsql.instances.restart'],
      query,
      handle: disturb('RESTART'),
    },
    {
      id: 'sql.instances.failover',
      method: 'POST',
      path: `${one}/failover`,
      permissions: ['cloudsql.instances.failover'],
      query,
      body: failoverShape,
      handle: disturb('FAILOVER'),
    },
    {
      id: 'sql.projects.instances.getLatestRecoveryTime',
      method: 'GET',
      path: `${one}/getLatestRecoveryTime`,
      permissions: ['cloudsql.instances.get'],
      query,
      handle: latestRecoveryTime,
    },
    ...serverCaRoutes(one),
    {
      id: 'sql.connect.get',
      method: 'GET',
      path: `${one}/connectSettings`,
      permissions: ['cloudsql.instances.get'],
      query: ['readTime'],
      handle: connectSettings,
    },
  ]
}

const routesOf = (root: string): Route[] => {
  const project = `${root}/projects/{project}`
  const instance = `${project}/instances/{instance}`
  return [
    {
      id: 'sql.tiers.list',
      method: 'GET',
      path: `${project}/tiers`,
      permissions: ['cloudsql.instances.list'],
      handle: () => ({kind: 'sql#tiersList', items: tiers}),
    },
    {
      id: 'sql.flags.list',
      method: 'GET',
      path: `${root}/flags`,
      query: ['databaseVersion', 'flagScope'],
      handle: ({query}) => {
        const version = query.get('databaseVersion')
        const items = flags.filter(({appliesTo}) => version === null || (Array.isArray(appliesTo) && appliesTo.includes(version)))
        return {kind: 'sql#flagsList', items}
      },
    },
    ...instanceRoutes(`${project}/instances`),
    ...operationRoutes(project),
    ...databaseRoutes(instance),
    ...userRoutes(instance),
    ...backupRunRoutes(instance),
  ]
}

/** Cloud SQL Admin, under both of its paths. */
const sqladmin: Api = {
  name: 'sqladmin',
  service: 'sqladmin.googleapis.com',
  title: 'Cloud SQL Admin API',
  errorStyle: 'legacy',
  routes: [...routesOf('/v1'), ...routesOf('/sql/v1beta4')],
}

export default sqladmin
