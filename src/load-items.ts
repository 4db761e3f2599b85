import {readdirSync} from 'node:fs'
import type {Item} from './engine/item.ts'
import type {Context, Sources} from './checks/define-item.ts'

type AnyItem = Item<Sources, Context>

const folder = new URL('checks/', import.meta.url)
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** Ids of the items that have code: `checks/<step>/<slug>`. */
export const builtItems = (): ReadonlySet<string> => {
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'})
  return new Set(
    files
      .filter((file) => /[\\/]/.test(file) && file.endsWith(extension) && !file.endsWith('.d.ts'))
      .map((file) => file.slice(0, -extension.length).replace(/[\\/]/, '.')),
  )
}

/** The behaviour of the items that have code, by id. The registry is checklist.yaml: nothing is listed here. */
export const loadItems = async (items: readonly {id: string}[]): Promise<ReadonlyMap<string, AnyItem>> => {
  const built = builtItems()
  const wanted = items.filter(({id}) => built.has(id))
  const loaded = await Promise.all(wanted.map(async ({id}): Promise<[string, AnyItem]> => [id, await load(id)]))
  return new Map(loaded)
}

const load = async (id: string): Promise<AnyItem> => {
  const module: unknown = await import(new URL(`${id.replace('.', '/')}${extension}`, folder).href)
  if (typeof module === 'object' && module !== null && 'default' in module && isItem(module.default)) return module.default
  throw new TypeError(`src/checks/${id.replace('.', '/')} does not export an item`)
}

const isItem = (value: unknown): value is AnyItem =>
  typeof value === 'object' && value !== null && 'observe' in value && 'evaluate' in value
