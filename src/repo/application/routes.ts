import type {Reader, Unread} from '../files.ts'
import {dotted} from '../python/syntax.ts'
import {readApplications, type RouteDependency} from './fastapi.ts'

/** A route as it is served: its whole path, where it is declared, and what stands before it. */
export type Route = {
  method: string
  /** Undefined where a part of it is only known at run time. */
  path?: string
  file: string
  line: number
  handler: string
  dependencies: readonly {name: string; file: string; line: number; via: RouteDependency['via']}[]
}

export type Routes = {
  /** Where each application is made. */
  applications: readonly {file: string; line: number}[]
  routes: readonly Route[]
  /** Files that cannot be read, and routers whose routes are not known. */
  unread: readonly Unread[]
}

/** The routes of every FastAPI application, with prefixes of routers and of their inclusion put together. */
export const readRoutes: Reader<Routes> = async ({read}) => {
  const {applications: all, unread} = await read(readApplications)
  const applications = all.filter(({mounted}) => !mounted)
  const open = new Map(applications.flatMap((one) => one.open.map((place) => [`${place.file}:${place.line}`, place] as const)))
  return {
    applications: applications.map(({file, line}) => ({file, line})),
    routes: applications.flatMap(({routes}) =>
      routes.map(({method, path, file, line, handler, dependencies}) => ({
        method,
        ...(path === undefined ? {} : {path}),
        file,
        line,
        handler: handler?.node.name ?? '',
        dependencies: dependencies.map((one) => ({
          name: dotted(one.expr.kind === 'call' ? one.expr.callee : one.expr) ?? '',
          file: one.scope.module.path,
          line: one.line,
          via: one.via,
        })),
      })),
    ),
    unread: [...unread, ...open.values()],
  }
}

/** The same path with names of parameters left out, so that `/x/{id}` and `/x/{source_id}` are one. */
export const pathShape = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}').replace(/(?<=.)\/$/, '')
