import {environmentIn, environmentOfPath, type EnvironmentName} from './environments.ts'
import {targetOf} from './declarations.ts'
import {attributeOf, type Attribute, type Block, type Expression} from './syntax.ts'
import type {Folder, Tree, VariableFile} from './tree.ts'

/** One way in which a root is applied: with which variable files, in which workspace, for which environment. */
export type Configuration = {
  folder: Folder
  environment: EnvironmentName | null
  variableFiles: VariableFile[]
  workspace: string | null
  /** Values for variables that nothing in the repository sets, but whose meaning is plain (`environment`). */
  assumed: Record<string, string>
}

export type FolderKind = 'root' | 'module' | 'unused module' | 'loose'

const environmentVariables: ReadonlySet<string> = new Set(['environment', 'env', 'env_name', 'environment_name', 'stage', 'deploy_env'])
const asides: ReadonlySet<string> = new Set(['examples', 'example', 'test', 'tests', 'fixtures', 'testdata'])
const moduleFolders: ReadonlySet<string> = new Set(['modules', 'module', '_modules', 'tfmodules'])
const contents: ReadonlySet<string> = new Set(['resource', 'module', 'data', 'ephemeral'])

/** What each folder is: where Terraform is run, a module that something calls, a module that nothing calls, or files nobody loads. */
export const kindsOf = (tree: Tree): Map<string, FolderKind> => {
  const byName = new Map(tree.folders.map((one) => [one.folder, one]))
  const called = new Set(
    tree.folders.flatMap(({folder, blocks}) =>
      blocks.flatMap((block) => (block.type === 'module' ? [targetOf(block, folder, byName)] : [])).filter((target) => target !== folder),
    ),
  )
  const automatic = new Set(tree.variableFiles.flatMap((file) => (file.automatic ? [file.folder] : [])))
  return new Map(
    tree.folders.map(({folder, blocks}): [string, FolderKind] => {
      if (called.has(folder)) return [folder, 'module']
      const segments = folder.split('/')
      if (segments.some((one) => asides.has(one))) return [folder, 'loose']
      const backend = blocks.some(
        (block) => block.type === 'terraform' && block.blocks.some(({type}) => type === 'backend' || type === 'cloud'),
      )
      if (segments.some((one) => moduleFolders.has(one)) && !backend && !automatic.has(folder)) return [folder, 'unused module']
      return [folder, blocks.some(({type}) => contents.has(type)) || environmentOfPath(folder) !== undefined ? 'root' : 'loose']
    }),
  )
}

/** The configurations of every root. */
export const configurationsOf = (tree: Tree, kinds: ReadonlyMap<string, FolderKind>): Configuration[] => {
  const roots = tree.folders.filter(({folder}) => kinds.get(folder) === 'root')
  const owners = ownersOf(tree, roots)
  return roots.flatMap((folder) => ofRoot(folder, owners.get(folder.folder) ?? []))
}

/** Variable files belong to the root in or below whose folder they lie, or else to the one root that has no environment of its own. */
const ownersOf = (tree: Tree, roots: readonly Folder[]): Map<string, VariableFile[]> => {
  const open = roots.filter(({folder}) => environmentOfPath(folder) === undefined)
  const owned = new Map<string, VariableFile[]>()
  for (const file of tree.variableFiles) {
    const above = roots.filter(({folder}) => folder === '' || file.folder === folder || file.folder.startsWith(`${folder}/`))
    const nearest = above.toSorted((one, other) => other.folder.length - one.folder.length)[0] ?? (open.length === 1 ? open[0] : undefined)
    if (nearest !== undefined) owned.set(nearest.folder, [...(owned.get(nearest.folder) ?? []), file])
  }
  return owned
}

const ofRoot = (folder: Folder, files: readonly VariableFile[]): Configuration[] => {
  const always = files.filter((file) => file.automatic && file.folder === folder.folder)
  const named = files.filter((file) => !always.includes(file))
  const own = environmentOfPath(folder.folder)
  const base = {folder, assumed: {}}
  if (own !== undefined) {
    const fitting = named.filter(
      (file) => (environmentOfPath(pathWithin(file, folder))?.environment ?? own.environment) === own.environment,
    )
    return [{...base, environment: own.environment, variableFiles: [...always, ...fitting], workspace: own.word}]
  }
  const shared = named.filter((file) => /(^|[^a-z])(common|shared|global|base|defaults?)([^a-z]|$)/.test(pathWithin(file, folder)))
  const byEnvironment = new Map<EnvironmentName, {word: string; files: VariableFile[]}>()
  for (const file of named) {
    const found = environmentOfPath(pathWithin(file, folder))
    if (found === undefined) continue
    const before = byEnvironment.get(found.environment)
    byEnvironment.set(found.environment, {word: found.word, files: [...(before?.files ?? []), file]})
  }
  if (byEnvironment.size > 0)
    return [...byEnvironment].map(([environment, {word, files: of}]) => ({
      ...base,
      environment,
      variableFiles: [...always, ...shared, ...of],
      workspace: word,
    }))
  // One file alone is the one that is given: there is no other to choose.
  return withoutFiles(folder, [...always, ...(named.length === 1 ? named : shared)])
}

const pathWithin = (file: VariableFile, folder: Folder): string =>
  (file.file.startsWith(`${folder.folder}/`) ? file.file.slice(folder.folder.length + 1) : file.file).replace(
    /(\.auto)?\.tfvars(\.json)?$/,
    '',
  )

/** A root without files per environment: its variable says which it is, or it is one of those that its own code tells apart. */
const withoutFiles = (folder: Folder, variableFiles: VariableFile[]): Configuration[] => {
  const plain: Configuration = {folder, environment: null, variableFiles, workspace: null, assumed: {}}
  const variable = folder.blocks.find(({type, labels}) => type === 'variable' && environmentVariables.has(labels[0] ?? ''))
  const name = variable?.labels[0] ?? ''
  const attributes = variableFiles.flatMap((file) => file.attributes).filter((one) => one.name === name)
  const given = literalOf(attributes.at(-1)) ?? (variable === undefined ? undefined : literalOf(attributeOf(variable, 'default')))
  const found = given === undefined ? undefined : environmentIn(given)
  const usesWorkspace = expressionsOf(folder.blocks).some((one) => isWorkspace(one))
  if (found !== undefined && !usesWorkspace) return [{...plain, environment: found.environment}]
  if (found !== undefined || (variable === undefined && !usesWorkspace) || given !== undefined) return [plain]
  const toldApart = new Map<EnvironmentName, string>()
  for (const word of wordsOf(folder)) {
    const told = environmentIn(word)
    if (told !== undefined && !toldApart.has(told.environment)) toldApart.set(told.environment, word)
  }
  if (toldApart.size < 2) return [plain]
  return [...toldApart].map(([environment, word]) => ({
    ...plain,
    environment,
    workspace: word,
    assumed: {...(variable === undefined ? {} : {[name]: word}), ...(usesWorkspace ? {'terraform.workspace': word} : {})},
  }))
}

const literalOf = (attribute: Attribute | undefined): string | undefined =>
  attribute?.value.is === 'literal' && typeof attribute.value.value === 'string' ? attribute.value.value : undefined

/** Keys of maps, and texts in lists, that the folder's code has: `{dev = …, prod = …}`, `contains(["dev", "prod"], var.environment)`. */
const wordsOf = (folder: Folder): string[] =>
  expressionsOf(folder.blocks).flatMap((one) => {
    const texts = one.is === 'object' ? one.fields.map(({key}) => key) : one.is === 'list' ? one.items : []
    return texts.flatMap((text) => (text.is === 'literal' && typeof text.value === 'string' ? [text.value] : []))
  })

const isWorkspace = (one: Expression): boolean => {
  const [step] = one.is === 'reference' && one.name === 'terraform' ? one.steps : []
  return step !== undefined && 'attribute' in step && step.attribute === 'workspace'
}

/** Every expression in blocks, those inside others included. */
export const expressionsOf = (blocks: readonly Block[]): Expression[] => {
  const found: Expression[] = []
  const open: Expression[] = []
  const waiting = [...blocks]
  for (let block = waiting.pop(); block !== undefined; block = waiting.pop()) {
    open.push(...block.attributes.map(({value}) => value))
    waiting.push(...block.blocks)
  }
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    found.push(one)
    open.push(...partsOf(one))
  }
  return found
}

const partsOf = (one: Expression): Expression[] => {
  switch (one.is) {
    case 'literal':
    case 'other':
      return []
    case 'template':
      return one.parts
    case 'reference':
      return one.steps.flatMap((step) => ('index' in step ? [step.index] : []))
    case 'access':
      return [one.of, ...one.steps.flatMap((step) => ('index' in step ? [step.index] : []))]
    case 'call':
      return one.args
    case 'list':
      return one.items
    case 'object':
      return one.fields.flatMap(({key, value}) => [key, value])
    case 'condition':
      return [one.test, one.yes, one.no]
    case 'operation':
      return one.of
    case 'for':
      return [one.over, one.value, ...(one.keyed === null ? [] : [one.keyed]), ...(one.only === null ? [] : [one.only])]
  }
}
