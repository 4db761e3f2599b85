import {pathShape, type Routes} from '../repo/application/routes.ts'
import type {NginxFacts} from '../repo/nginx/nginx.ts'
import {settingIn} from '../repo/nginx/nginx.ts'
import {configsOf} from './container-ports.ts'
import type {DeployedImage} from './deployed-images.ts'
import {answerOf, scopeFor} from './nginx-locations.ts'
import {held, missed, undecided, type Target} from './targets.ts'

export type PathFacts = {nginx: NginxFacts; routes: Routes}

/** Whether an image answers a path: by a route of the application, or by a location of its nginx. */
export const servesPath = (
  {kind, dockerfile}: DeployedImage,
  path: string,
  place: {file: string; line: number},
  {nginx, routes}: PathFacts,
): Target => {
  const expected = `${path} is served`
  if (kind === 'static') {
    const configs = configsOf(dockerfile.file, nginx)
    if (configs.length === 0)
      return /^\/(?:index\.html)?$/.test(path)
        ? held(place, expected, 'the front page')
        : undecided(place, expected, 'no configuration of the web server was found')
    const servers = configs.flatMap((config) => config.servers)
    const answers = servers.map((server) => answeredBy(server, path))
    if (answers.includes('yes')) return held(place, expected, 'a location of nginx')
    return answers.includes('unclear')
      ? undecided(place, expected, 'a location that cannot be followed')
      : missed(place, expected, 'no location of nginx answers it')
  }
  if (kind !== 'python')
    return /^\/$/.test(path)
      ? held(place, expected, 'the front page')
      : undecided(place, expected, 'the routes of this server are not read')
  const shape = pathShape(path)
  const found = routes.routes.find((route) => route.path !== undefined && pathShape(route.path) === shape)
  if (found !== undefined) return held(place, expected, `${found.file}:${found.line}`)
  const isOpen = routes.applications.length === 0 || routes.unread.length > 0 || routes.routes.some((route) => route.path === undefined)
  const isBuiltIn = /^\/(?:docs|redoc|openapi\.json)$/.test(path)
  return isOpen || isBuiltIn
    ? undecided(place, expected, 'not among the routes that could be read')
    : missed(place, expected, 'no such route')
}

const answeredBy = (server: Parameters<typeof scopeFor>[0], path: string): 'yes' | 'no' | 'unclear' => {
  const scope = scopeFor(server, path)
  if (scope === undefined) return 'unclear'
  const answer = answerOf(scope)
  if (answer !== 'files') return answer === 'closed' ? 'no' : 'yes'
  if (/^\/(?:index\.html)?$/.test(path)) return 'yes'
  const fallback = settingIn(scope, 'try_files')?.args.at(-1)
  return fallback !== undefined && !fallback.startsWith('=') ? 'yes' : 'no'
}
