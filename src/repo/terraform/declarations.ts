import {attributeOf, blocksOf, pathOf, type Attribute, type Block} from './syntax.ts'
import type {Folder} from './tree.ts'

/** What a folder declares, by kind and name; the first of a name. Every scope of the folder asks the same. */
const declarations = new WeakMap<Folder, ReadonlyMap<string, Block>>()
export const indexOf = (folder: Folder): ReadonlyMap<string, Block> => {
  const known = declarations.get(folder)
  if (known !== undefined) return known
  const made = new Map(folder.blocks.map((block): [string, Block] => [[block.type, ...block.labels].join('\n'), block]).reverse())
  declarations.set(folder, made)
  return made
}

type Local = {file: string; attribute: Attribute}
const locals = new WeakMap<Folder, ReadonlyMap<string, Local>>()
export const localsOf = (folder: Folder): ReadonlyMap<string, Local> => {
  const known = locals.get(folder)
  if (known !== undefined) return known
  const blocks = folder.blocks.filter(({type}) => type === 'locals')
  const made = new Map(
    blocks.flatMap(({file, attributes}) => attributes.map((attribute): [string, Local] => [attribute.name, {file, attribute}])),
  )
  locals.set(folder, made)
  return made
}

export const literal = (block: Block, name: string): string | null => {
  const value = attributeOf(block, name)?.value
  return value?.is === 'literal' && typeof value.value === 'string' ? value.value : null
}

export const requiredOf = (folder: Folder | undefined): string[] =>
  (folder?.blocks ?? []).flatMap((block) =>
    block.type === 'variable' && attributeOf(block, 'default') === undefined ? [block.labels[0] ?? ''] : [],
  )

/** The folder that a local source leads to, when it is one with Terraform files in it. */
export const targetOf = (block: Block, from: string, folders: ReadonlyMap<string, Folder>): string | null => {
  const source = literal(block, 'source')
  if (source === null || !/^\.\.?(\/|$)/.test(source)) return null
  const parts = from === '' ? [] : from.split('/')
  for (const part of source.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  const target = parts.join('/')
  return folders.has(target) ? target : null
}

export const ignored = (block: Block): string[] => {
  const value = blocksOf(block, 'lifecycle').flatMap((inner) => attributeOf(inner, 'ignore_changes')?.value ?? [])[0]
  if (value?.is === 'list') return value.items.flatMap((item) => pathOf(item) ?? [])
  return value === undefined ? [] : [pathOf(value) ?? 'all']
}
