import {readdir} from 'node:fs/promises'
import type {Api} from './api.ts'

const isApi = (value: unknown): value is Api =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'routes' in value &&
  Array.isArray(value.routes)

/** The APIs that the simulator has: the default exports of the files in `apis/`, from sources and from the build alike. */
export const loadApis = async (): Promise<Api[]> => {
  const folder = new URL('./apis/', import.meta.url)
  const files = (await readdir(folder)).filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts')).sort()
  const modules = await Promise.all(
    files.map(async (name): Promise<{name: string; module: unknown}> => {
      const module: unknown = await import(new URL(name, folder).href)
      return {name, module}
    }),
  )
  return modules.flatMap(({name, module}) => {
    const api = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
    // A file without a default export is a part of an API beside it.
    if (api === undefined) return []
    if (!isApi(api)) throw new Error(`src/sandbox/apis/${name} does not export an Api.`)
    return [api]
  })
}
