import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, text} from '../json.ts'
import {serverCa} from './certificates.ts'
import {findInstance, instanceOf, findRunning, startChange, tables} from './changes.ts'
import {invalid} from './refusals.ts'

/** The CA that an instance would change to, by its path. */
const upcomingOf = (world: World, path: string): JsonObject | undefined => world.table(tables.upcomingCas).get(path)

const list = (request: Request, world: World): JsonObject => {
  const {path} = instanceOf(request, world)
  const active = object(findInstance(world, path).serverCaCert)
  const upcoming = upcomingOf(world, path)
  return {
    kind: 'sql#instancesListServerCas',
    activeVersion: active.sha1Fingerprint,
    certs: [...(upcoming ? [upcoming] : []), ...(active.sha1Fingerprint === undefined ? [] : [active])],
  }
}

const add = (request: Request, world: World): JsonObject => {
  const instance = instanceOf(request, world)
  findRunning(world, instance.path)
  const value = serverCa(instance.name, world.uuid(), world.now())
  return startChange(request, world, instance, {
    operationType: 'UPDATE',
    writes: [{table: tables.upcomingCas, key: instance.path, value}],
  })
}

const rotate = (request: Request, world: World): JsonObject => {
  const instance = instanceOf(request, world)
  const row = findRunning(world, instance.path)
  const upcoming = upcomingOf(world, instance.path)
  const wanted = text(object(request.body.rotateServerCaContext).nextVersion)
  if (!upcoming || (wanted !== '' && wanted !== upcoming.sha1Fingerprint)) throw invalid('There is no upcoming server CA to rotate to')
  return startChange(request, world, instance, {
    operationType: 'UPDATE',
    writes: [
      {table: tables.instances, key: instance.path, value: {...row, etag: world.newEtag(), serverCaCert: upcoming}},
      {table: tables.upcomingCas, key: instance.path, value: null},
    ],
  })
}

/** The server CAs of an instance, below its path: a new one is added first, for clients to trust it, and rotated in later. */
export const serverCaRoutes = (instance: string): Route[] => {
  const query = ['location']
  return [
    {
      id: 'sql.instances.listServerCas',
      method: 'GET',
      path: `${instance}/listServerCas`,
      permissions: ['cloudsql.instances.listServerCas'],
      query,
      handle: list,
    },
    {
      id: 'sql.instances.addServerCa',
      method: 'POST',
      path: `${instance}/addServerCa`,
      permissions: ['cloudsql.instances.addServerCa'],
      query,
      handle: add,
    },
    {
      id: 'sql.instances.rotateServerCa',
      method: 'POST',
      path: `${instance}/rotateServerCa`,
      permissions: ['cloudsql.instances.rotateServerCa'],
      query,
      body: {fields: {rotateServerCaContext: {fields: {kind: 'string', nextVersion: 'string'}}}},
      handle: rotate,
    },
  ]
}
