import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parse} from 'yaml'
import {z} from 'zod'
import type {Texts} from './repository.ts'

/**
 * A version of the sample app: `sample-app` itself, a folder of test/fixtures/apps, or one that is made by rule.
 * A folder's variant.yaml says what it starts from; its other files lie over that.
 */
export type Variant = string

const sample = fileURLToPath(new URL('../../src/templates/sample-app/', import.meta.url))
const apps = fileURLToPath(new URL('../fixtures/apps/', import.meta.url))
const description = 'variant.yaml'

const Description = z.strictObject({
  about: z.string(),
  from: z.string().optional(),
  /** Files and folders of what it starts from that it has not. */
  without: z.array(z.string()).default([]),
})

/** Variants that differ from another one by a rule. */
const ruled: Readonly<Record<string, {of: Variant; text: (text: string) => string}>> = {
  windows: {of: 'finished-flat', text: (text) => text.replaceAll(/\r?\n/g, '\r\n')},
}

/** Every text of a variant by its path. */
export const textsOf = async (variant: Variant): Promise<Texts> => {
  const rule = ruled[variant]
  if (rule !== undefined) return Object.fromEntries(Object.entries(await textsOf(rule.of)).map(([path, text]) => [path, rule.text(text)]))
  if (variant === 'sample-app') return filesIn(sample)
  const {[description]: said = '', ...own} = await filesIn(join(apps, variant))
  const {from, without} = Description.parse(parse(said))
  const below = from === undefined ? [] : Object.entries(await textsOf(from))
  const gone = without.filter((left) => !below.some(([path]) => isIn(path, left)))
  if (gone.length > 0) throw new Error(`${variant} is without what ${from ?? 'nothing'} has not: ${gone.join(', ')}`)
  return {...Object.fromEntries(below.filter(([path]) => !without.some((left) => isIn(path, left)))), ...own}
}

/** Every variant there is, the sample app first. */
export const variants = async (): Promise<readonly Variant[]> => {
  const folders = await readdir(apps, {withFileTypes: true})
  return ['sample-app', ...folders.filter((entry) => entry.isDirectory()).map(({name}) => name), ...Object.keys(ruled)]
}

/** Writes a variant's files into a folder. */
export const writeVariant = async (variant: Variant, folder: string): Promise<void> => {
  for (const [path, text] of Object.entries(await textsOf(variant))) {
    const file = join(folder, path)
    await mkdir(dirname(file), {recursive: true})
    await writeFile(file, text)
  }
}

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** What running the app or its tools leaves behind. */
const byProducts = new Set(['__pycache__', '.pytest_cache', '.venv', 'node_modules', '.angular'])

const filesIn = async (folder: string): Promise<Record<string, string>> => {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
    .filter((path) => !path.split('/').some((part) => byProducts.has(part)))
    .sort()
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)))
}
