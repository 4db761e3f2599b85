import type {Reader, Unread} from '../files.ts'
import {environmentOfPath, type EnvironmentName} from './environments.ts'
import {evaluate, evaluateBody, type Surroundings} from './evaluate.ts'
import {readGiven, type Given} from './given.ts'
import {configurationsOf, expressionsOf, kindsOf, type Configuration, type FolderKind} from './roots.ts'
import type {Call, Resource} from './resources.ts'
import {createScope} from './scope.ts'
import {attributeOf, blocksOf, type Block} from './syntax.ts'
import {readTerraformTree, type Folder, type Tree, type VariableFile} from './tree.ts'
import {dynamic, known, type ObjectValue, type Place, type Value} from './values.ts'

export type {Call, Resource} from './resources.ts'
export type {EnvironmentName} from './environments.ts'
export type {ObjectValue, Place, Value} from './values.ts'

/** A place where Terraform is run, as it is applied to one environment. */
export type Root = {
  folder: string
  /** The environment that it describes, by its folder, its variable file or its variable; null when it says none. */
  environment: EnvironmentName | null
  /** True when nothing in the repository says that it is applied to this environment, only that its code knows it. */
  assumed: boolean
  /** Its own files with Terraform code, and those with values. */
  files: string[]
  variableFiles: string[]
  /** Resources of it and of all modules that it calls, registry modules excepted. */
  resources: Resource[]
  calls: Call[]
  variables: Variable[]
  backends: Backend[]
  requiredVersions: Constraint[]
  requiredProviders: Constraint[]
  /** The configuration of its providers (`google`, with project and region). */
  providers: (Place & {name: string; body: ObjectValue})[]
  lock: string | null
  /** True when its code asks for the name of its workspace. */
  usesWorkspace: boolean
  /** Files with settings for its backend that lie with it or its variable files. */
  backendFiles: {file: string; settings: Record<string, Value>}[]
  /** Its `terraform.tfvars`, when git keeps that out of the repository. */
  ignored: string | null
  /** What of it, or of a module that it calls, could not be read. */
  unread: Unread[]
}

export type Variable = Place & {
  name: string
  sensitive: boolean
  ephemeral: boolean
  /** Where its value comes from; `given`: a workflow or script passes it; `nowhere`: it has none. */
  from: 'file' | 'default' | 'given' | 'nowhere'
  /** Its value in the file or by default; dynamic otherwise. */
  value: Value
}
export type Backend = Place & {type: string; body: ObjectValue}
/** A version constraint; `name` is the provider's local name, `inside` the folder of the module that states it. */
export type Constraint = Place & {name: string; source: string | null; constraint: string | null; inside: string}

export type TerraformFacts = {
  roots: Root[]
  /** Modules that no root calls, as they are by themselves. */
  unused: Root[]
  folders: {
    folder: string
    kind: FolderKind
    files: {file: string; fingerprint: string}[]
    blocks: (Place & {type: string; labels: string[]})[]
  }[]
  /** Every value that stands in a variable file, by name and place. */
  variableValues: (Place & {name: string; value: Value})[]
  locks: Tree['locks']
  terragrunt: string[]
  /** What a workflow, a build or a script passes. */
  given: Given
  unread: Unread[]
}

/** The Terraform of the repository: what each root would make, as far as that is known without Terraform running. */
export const readTerraform: Reader<TerraformFacts> = async (reading) => {
  const tree = await reading.read(readTerraformTree)
  const given = await reading.read(readGiven)
  const kinds = kindsOf(tree)
  const folders = new Map(tree.folders.map((one) => [one.folder, one]))
  const rootOf = (configuration: Configuration): Root => makeRoot(configuration, folders, tree, given)
  const unused = tree.folders.filter(({folder}) => kinds.get(folder) === 'unused module')
  return {
    roots: configurationsOf(tree, kinds).map(rootOf),
    unused: unused.map((folder) => rootOf({folder, environment: null, variableFiles: [], workspace: null, assumed: {}})),
    folders: tree.folders.map(({folder, files, blocks}) => ({
      folder,
      kind: kinds.get(folder) ?? 'loose',
      files,
      blocks: blocks.map(({type, labels, file, line}) => ({type, labels, file, line})),
    })),
    variableValues: tree.variableFiles.flatMap((file) =>
      file.attributes.map(({name, line, value}) => ({name, file: file.file, line, value: evaluate(value, nothingAround(file.file))})),
    ),
    locks: tree.locks,
    terragrunt: tree.terragrunt,
    given,
    unread: [...tree.folders, ...tree.variableFiles].flatMap(({unread}) => unread),
  }
}

const nothingAround = (file: string): Surroundings => ({
  file,
  own: {},
  names: {look: () => undefined},
  budget: {left: 10_000, modules: 0, depth: 0},
})
const steps = 400_000

const makeRoot = (configuration: Configuration, folders: ReadonlyMap<string, Folder>, tree: Tree, given: Given): Root => {
  const {folder, environment, variableFiles, workspace, assumed} = configuration
  const inFiles = inputOf(variableFiles)
  const input = new Map(inFiles)
  for (const [name, word] of Object.entries(assumed)) input.set(name, known({file: folder.files[0]?.file ?? folder.folder, line: 1}, word))
  for (const block of folder.blocks) {
    const name = block.type === 'variable' ? (block.labels[0] ?? '') : ''
    if (!input.has(name) && given.variables.some((one) => one.name === name))
      input.set(name, dynamic(block, `variable ${name} is given when Terraform runs`))
  }
  const world = {folders, workspace, budget: {left: steps, modules: 3000, depth: 0}}
  const scope = createScope({
    folder,
    path: '',
    input: (name) => input.get(name),
    world,
    maybe: false,
    dependsOn: [],
    chain: [folder.folder],
  })
  const calls = scope.calls()
  const involved = [folder, ...[...new Set(calls.flatMap((call) => call.folder ?? []))].flatMap((name) => folders.get(name) ?? [])]
  const settings = folder.blocks.filter(({type}) => type === 'terraform')
  const literal = (block: Block) => evaluateBody(block, nothingAround(block.file))
  return {
    folder: folder.folder,
    environment,
    assumed: Object.keys(assumed).length > 0,
    files: folder.files.map(({file}) => file),
    variableFiles: variableFiles.map(({file}) => file),
    resources: scope.resources(),
    calls,
    variables: folder.blocks.filter(({type}) => type === 'variable').map((block) => variableOf(block, inFiles, given)),
    backends: settings.flatMap(({blocks, file, line}) =>
      blocks
        .filter(({type}) => type === 'backend' || type === 'cloud')
        .map((block) => ({
          ...(block.type === 'cloud' ? {file, line} : {file: block.file, line: block.line}),
          type: block.labels[0] ?? block.type,
          body: literal(block),
        })),
    ),
    requiredVersions: involved.flatMap(({folder: inside, blocks}) => requiredVersions(blocks, inside)),
    requiredProviders: involved.flatMap(({folder: inside, blocks}) => requiredProviders(blocks, inside)),
    providers: folder.blocks
      .filter(({type}) => type === 'provider')
      .map((block) => ({
        file: block.file,
        line: block.line,
        name: block.labels[0] ?? '',
        body: evaluateBody(block, {file: block.file, own: {}, names: scope, budget: world.budget}),
      })),
    usesWorkspace: asksForWorkspace(folder),
    backendFiles: backendFilesOf(configuration, tree),
    ignored: tree.ignored.find((path) => path === `${folder.folder}/terraform.tfvars`) ?? null,
    lock: tree.locks.find((lock) => lock.folder === folder.folder)?.file ?? null,
    unread: [...involved, ...variableFiles].flatMap(({unread}) => unread),
  }
}

/** Values for variables: later files win. */
const inputOf = (files: readonly VariableFile[]): Map<string, Value> => {
  const input = new Map<string, Value>()
  for (const {file, attributes} of files)
    for (const {name, line, value} of attributes) input.set(name, {...evaluate(value, nothingAround(file)), file, line})
  return input
}

const variableOf = (block: Block, input: ReadonlyMap<string, Value>, given: Given): Variable => {
  const name = block.labels[0] ?? ''
  const isTrue = (attribute: string) => {
    const value = attributeOf(block, attribute)?.value
    return value?.is === 'literal' && value.value === true
  }
  const value = input.get(name)
  const fallback = attributeOf(block, 'default')
  const place = {name, file: block.file, line: block.line, sensitive: isTrue('sensitive'), ephemeral: isTrue('ephemeral')}
  if (value !== undefined) return {...place, from: 'file', value}
  if (given.variables.some((one) => one.name === name))
    return {...place, from: 'given', value: dynamic(block, `variable ${name} is given when Terraform runs`)}
  if (fallback !== undefined) return {...place, from: 'default', value: evaluate(fallback.value, nothingAround(block.file))}
  return {...place, from: 'nowhere', value: dynamic(block, `variable ${name} has no value in the repository`)}
}

const requiredVersions = (blocks: readonly Block[], inside: string): Constraint[] =>
  blocks
    .filter(({type}) => type === 'terraform')
    .flatMap((block) => {
      const found = attributeOf(block, 'required_version')
      if (found === undefined) return []
      return [{file: block.file, line: found.line, name: 'terraform', source: null, constraint: textOfLiteral(found.value), inside}]
    })

const requiredProviders = (blocks: readonly Block[], inside: string): Constraint[] =>
  blocks
    .filter(({type}) => type === 'terraform')
    .flatMap((block) => blocksOf(block, 'required_providers'))
    .flatMap(({attributes, file}) =>
      attributes.map(({name, line, value}) => {
        const field = (wanted: string) =>
          value.is === 'object' ? value.fields.find(({key}) => key.is === 'literal' && key.value === wanted)?.value : undefined
        const version = value.is === 'object' ? field('version') : value
        return {file, line: version?.line ?? line, name, source: textOfLiteral(field('source')), constraint: textOfLiteral(version), inside}
      }),
    )

const textOfLiteral = (value: Block['attributes'][number]['value'] | undefined): string | null =>
  value?.is === 'literal' && typeof value.value === 'string' ? value.value : null

const asksForWorkspace = (folder: Folder): boolean =>
  expressionsOf(folder.blocks).some((one) => one.is === 'reference' && one.name === 'terraform')

const backendFilesOf = ({folder, environment, variableFiles}: Configuration, tree: Tree): Root['backendFiles'] => {
  const near = new Set([folder.folder, ...variableFiles.map((file) => file.folder)])
  return tree.backendFiles
    .filter((file) => near.has(file.folder) || file.folder.startsWith(`${folder.folder}/`))
    .filter(({file}) => environment === null || (environmentOfPath(file)?.environment ?? environment) === environment)
    .map(({file, attributes}) => ({
      file,
      settings: Object.fromEntries(attributes.map(({name, value}): [string, Value] => [name, evaluate(value, nothingAround(file))])),
    }))
}
