import {readdir} from 'node:fs/promises'
import type {Act} from '../acts/act.ts'
import {ApiError} from '../api.ts'
import type {Api, JsonObject, Request, World} from '../api.ts'
import {publicDnsRoutes} from '../public-dns/routes.ts'

const isAct = (value: unknown): value is Act =>
  typeof value === 'object' && value !== null && 'name' in value && 'does' in value && 'needs' in value && 'perform' in value

const loadActs = async (): Promise<Act[]> => {
  const folder = new URL('../acts/', import.meta.url)
  const files = (await readdir(folder)).filter((name) => /^(?!act\.).*\.(ts|js)$/.test(name) && !name.endsWith('.d.ts')).sort()
  return Promise.all(
    files.map(async (name) => {
      const module: unknown = await import(new URL(name, folder).href)
      if (typeof module === 'object' && module !== null && 'default' in module && isAct(module.default)) return module.default
      throw new Error(`src/sandbox/acts/${name} does not export an Act.`)
    }),
  )
}

const acts = await loadActs()

const perform = (request: Request, world: World): JsonObject => {
  const act = acts.find(({name}) => name === request.params.act)
  if (act === undefined) throw new ApiError(404, 'NOT_FOUND', 'notFound', `There is no act ${request.params.act ?? ''}.`)
  const given: Record<string, string> = {}
  for (const need of act.needs) {
    const value = request.body[need]
    if (typeof value !== 'string' || value === '')
      throw new ApiError(400, 'INVALID_ARGUMENT', 'required', `${act.name} needs ${need}, which has no value in the configuration.`)
    given[need] = value
  }
  return {done: act.perform(given, world)}
}

/** Not Google's: what people do outside of Google's APIs, so that a walk can be finished here. */
const sandbox: Api = {
  name: 'sandbox',
  title: 'The simulator itself',
  errorStyle: 'status',
  routes: [
    {
      id: 'sandbox.acts.list',
      method: 'GET',
      path: '/v1/acts',
      handle: () => ({acts: acts.map(({name, does, needs}) => ({name, does, needs: [...needs]}))}),
    },
    {id: 'sandbox.acts.perform', method: 'POST', path: '/v1/acts/{act}', body: {map: 'any'}, handle: perform},
    ...publicDnsRoutes,
  ],
}

export default sandbox
