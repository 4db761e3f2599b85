import writeFileAtomic from 'write-file-atomic'
import {Document, isCollection, isMap, isNode, isSeq, parseDocument, type ToStringOptions, type YAMLMap} from 'yaml'
import {QlogicError} from '../errors.ts'
import type {Override} from './override.ts'
import {parameters, type Environment, type ParameterName} from './parameters.ts'
import {parseConfig} from './qlogic-yaml.ts'

/** Values of parameters to write; what is undefined is left out. */
export type Values = Readonly<Partial<Record<ParameterName, unknown>>>

/** What init has asked. */
export type Answers = {
  repo?: string
  defaults?: Values
  environments: Readonly<Partial<Record<Environment, Values>>>
  /** What an editor loads for completion: a path from the file, or a URL. */
  schema?: string
}

const shippedSchema = 'node_modules/qlogic/schemas/qlogic.schema.json'
const fileName = 'qlogic.yaml'

/** The text of a new qlogic.yaml, with what each parameter is for beside it. */
export function newConfigText({repo = '.', defaults = {}, environments, schema = shippedSchema}: Answers): string {
  const document: Document = new Document({schemaVersion: 1, repo})
  document.commentBefore = ` yaml-language-server: $schema=${schema.replaceAll(/\s/g, '%20')}`
  if (Object.keys(defaults).length > 0) document.set('defaults', block(document, defaults))
  const map = emptyMap(document)
  for (const [env, values] of Object.entries(environments)) map.set(env, block(document, values))
  document.set('environments', map)
  spaceBefore(document, 'defaults', ' Parameters of every environment.')
  spaceBefore(document, 'environments', ' Parameters of one environment; they win over the defaults.')
  return validated(document.toString({lineWidth: 0, flowCollectionPadding: false}))
}

/** Adds an environment, or sets values of one that is there. Comments and order stay. */
export function addEnvironment(text: string, env: Environment, values: Values): string {
  return edit(text, (document) => {
    const existing = document.getIn(['environments', env])
    if (isMap(existing)) {
      for (const [name, {about}] of Object.entries(parameters)) {
        const value: unknown = Reflect.get(values, name)
        if (value === undefined) continue
        const node = document.createNode(value)
        const old = existing.get(name, true)
        node.comment = isNode(old) ? (old.comment ?? null) : ` ${about}`
        document.setIn(['environments', env, name], node)
      }
    } else {
      if (!isMap(document.get('environments'))) document.set('environments', document.createNode({}))
      document.setIn(['environments', env], block(document, values))
    }
  })
}

/** Adds a waiver or an attestation; one of the same kind for the same item and environment is replaced. Comments and order stay. */
export function addOverride(text: string, override: Override): string {
  return edit(text, (document) => {
    const entry = document.createNode(Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined)))
    if (!isMap(entry)) throw new Error('an override is a mapping')
    const list = document.get('overrides')
    if (!isSeq(list)) {
      document.set('overrides', document.createNode([]))
      document.addIn(['overrides'], entry)
      spaceBefore(document, 'overrides')
      return
    }
    const last = list.items.at(-1)
    if (isCollection(last)) entry.flow = last.flow === true
    if (list.items.length === 0) list.flow = false
    const same = list.items.findIndex((item) => isMap(item) && matches(item, override))
    if (same === -1) list.items.push(entry)
    else {
      const old = list.items[same]
      if (isMap(old)) Object.assign(entry, {commentBefore: old.commentBefore, comment: old.comment, spaceBefore: old.spaceBefore})
      list.items[same] = entry
    }
  })
}

/** Takes overrides of an item away: those of the given environment and kind. None there is OVERRIDE_NOT_FOUND. */
export function removeOverride(text: string, wanted: {item: string; env?: Environment | undefined; kind: Override['kind']}): string {
  return edit(text, (document) => {
    const list = document.get('overrides')
    const kept = isSeq(list) ? list.items.filter((item) => !(isMap(item) && matches(item, wanted))) : []
    if (!isSeq(list) || kept.length === list.items.length) {
      const scope = wanted.env === undefined ? 'for all environments' : `for ${wanted.env}`
      throw new QlogicError('OVERRIDE_NOT_FOUND', `${fileName}: ${wanted.item} is not ${wanted.kind} ${scope}`, {
        hint: `grep -n ${wanted.item} ${fileName}`,
      })
    }
    if (kept.length === 0) document.delete('overrides')
    else list.items = kept
  })
}

/** Writes the file in one step: whoever reads it sees the old text or the new one. */
export async function writeConfigFile(path: string, text: string): Promise<void> {
  parseConfig(text, {name: fileName})
  await writeFileAtomic(path, text)
}

const matches = (entry: YAMLMap, {item, env, kind}: {item: string; env?: Environment | undefined; kind: string}): boolean =>
  entry.get('item') === item && (entry.get('env') ?? undefined) === env && entry.get('kind') === kind

function emptyMap(document: Document): YAMLMap {
  const map: unknown = document.createNode({})
  if (!isMap(map)) throw new Error('an empty mapping is a mapping')
  return map
}

function block(document: Document, values: Values): YAMLMap {
  const map = emptyMap(document)
  for (const [name, entry] of Object.entries(parameters)) {
    const value: unknown = Reflect.get(values, name)
    if (value === undefined) continue
    const node = document.createNode(value)
    if (isCollection(node)) node.flow = true
    node.comment = ` ${entry.about}`
    map.items.push(document.createPair(name, node))
  }
  return map
}

function spaceBefore(document: Document, key: string, comment?: string): void {
  if (!isMap(document.contents)) return
  const at = document.contents.items.findIndex((pair) => String(pair.key) === key)
  const pair = document.contents.items[at]
  if (pair === undefined) return
  const node = document.createNode(key)
  node.spaceBefore = true
  if (comment !== undefined) node.commentBefore = comment
  pair.key = node
}

/** Edits the text through its document, in the layout that the text has. */
function edit(text: string, change: (document: Document) => void): string {
  parseConfig(text, {name: fileName})
  const layout = layoutOf(text)
  const document: Document = parseDocument(text)
  change(document)
  const edited = document.toString(layout)
  return validated(/\r\n/.test(text) ? edited.replaceAll(/\r?\n/g, '\r\n') : edited)
}

const layouts: readonly ToStringOptions[] = [2, 4].flatMap((indent) =>
  [true, false].flatMap((indentSeq) =>
    [false, true].map((flowCollectionPadding) => ({indent, indentSeq, flowCollectionPadding, lineWidth: 0, minContentWidth: 0})),
  ),
)

/** The layout that leaves most lines as they are. */
function layoutOf(text: string): ToStringOptions {
  const lines = new Set(text.split(/\r?\n/))
  const changed = (layout: ToStringOptions) =>
    parseDocument(text)
      .toString(layout)
      .split('\n')
      .filter((line) => !lines.has(line)).length
  const [best] = layouts.map((layout) => ({layout, cost: changed(layout)})).sort((one, other) => one.cost - other.cost)
  return best?.layout ?? {}
}

function validated(text: string): string {
  parseConfig(text, {name: fileName})
  return text
}
