import {createHash} from 'node:crypto'
import {posix} from 'node:path'
import type {Files, Reader, Unread} from '../files.ts'
import {readJsonBlocks} from './json.ts'
import {readBlocks, type Blocks} from './read-blocks.ts'
import type {Attribute, Block} from './syntax.ts'

/** A folder with Terraform files: what Terraform loads as one module. */
export type Folder = {folder: string; files: {file: string; fingerprint: string}[]; blocks: Block[]; unread: Unread[]}

/** A file of values for variables. `automatic`: Terraform reads it without being told to. */
export type VariableFile = {file: string; folder: string; automatic: boolean; attributes: Attribute[]; unread: Unread[]}

export type Tree = {
  folders: Folder[]
  variableFiles: VariableFile[]
  /** `.terraform.lock.hcl`, with the providers that each locks. */
  locks: {file: string; folder: string; providers: {source: string; version: string | null; line: number}[]}[]
  /** Files for `-backend-config`: settings of a backend outside the code. */
  backendFiles: VariableFile[]
  /** `terraform.tfvars` that git keeps out of the repository, by folder. */
  ignored: string[]
  /** `terragrunt.hcl`, whose inputs and generated files are not worked out. */
  terragrunt: string[]
}

const basename = (path: string): string => posix.basename(path)
const dirname = (path: string): string => (path.includes('/') ? posix.dirname(path) : '')

const moduleFile = /\.(tf|tofu)(\.json)?$/
const variableFile = /\.tfvars(\.json)?$/
const automatic = /^(terraform\.tfvars(\.json)?|.*\.auto\.tfvars(\.json)?)$/

/** All files of Terraform's in the repository, read and put by folder. */
export const readTerraformTree: Reader<Tree> = async ({files}) => {
  const paths = (await files.list()).filter((path) => !path.split('/').includes('.terraform'))
  const folders = new Map<string, Folder>()
  for (const path of paths.filter((one) => moduleFile.test(one))) {
    const name = dirname(path)
    const folder = folders.get(name) ?? {folder: name, files: [], blocks: [], unread: []}
    folders.set(name, folder)
    const {blocks, unread, fingerprint} = await contentOf(files, path)
    folder.files.push({file: path, fingerprint})
    folder.blocks.push(...blocks)
    folder.unread.push(...unread)
  }
  const variableFiles: VariableFile[] = []
  for (const path of paths.filter((one) => variableFile.test(one))) {
    const {attributes, unread} = await contentOf(files, path)
    variableFiles.push({file: path, folder: dirname(path), automatic: automatic.test(basename(path)), attributes, unread})
  }
  const locks: Tree['locks'] = []
  for (const path of paths.filter((one) => basename(one) === '.terraform.lock.hcl')) {
    const {blocks} = await contentOf(files, path)
    const providers = blocks.filter(({type}) => type === 'provider').map(providerOf)
    locks.push({file: path, folder: dirname(path), providers})
  }
  const backendFiles: VariableFile[] = []
  for (const path of paths.filter((one) => backendFile.test(one))) {
    const {attributes, unread} = await contentOf(files, path)
    backendFiles.push({file: path, folder: dirname(path), automatic: false, attributes, unread})
  }
  const ignored: string[] = []
  for (const folder of folders.keys()) {
    const path = folder === '' ? 'terraform.tfvars' : `${folder}/terraform.tfvars`
    if (!paths.includes(path) && (await files.ignores(path))) ignored.push(path)
  }
  return {
    backendFiles,
    ignored,
    folders: [...folders.values()],
    variableFiles,
    locks,
    terragrunt: paths.filter((path) => basename(path) === 'terragrunt.hcl'),
  }
}

const providerOf = (block: Block) => {
  const version = block.attributes.find(({name}) => name === 'version')?.value
  return {
    source: block.labels[0] ?? '',
    version: version?.is === 'literal' && typeof version.value === 'string' ? version.value : null,
    line: block.line,
  }
}

const backendFile = /(\.tfbackend|(^|\/)[^/]*backend[^/]*\.hcl)$/
const linkText = /^\.{0,2}\/?[\w./-]+\.(tf|tofu|tfvars)$/

type Content = Blocks & {fingerprint: string}

/** Where git cannot make symbolic links, one is a file that holds only the path it leads to. */
const contentOf = async (files: Files, path: string): Promise<Content> => {
  const found = await files.text(path)
  const nothing = {blocks: [], attributes: [], fingerprint: ''}
  if (found === undefined) return {...nothing, unread: [{file: path, line: 1, why: 'it cannot be read'}]}
  if ('unread' in found) return {...nothing, unread: [found.unread]}
  const link = linkText.test(found.text.trim()) ? await files.text(resolved(dirname(path), found.text.trim())) : undefined
  const text = link !== undefined && 'text' in link ? link.text : found.text
  const read = path.endsWith('.json') ? await readJsonBlocks(path, text) : await readBlocks(path, text)
  const fingerprint = createHash('sha256').update(text.replaceAll('\r\n', '\n').trim()).digest('hex').slice(0, 16)
  return {...read, fingerprint}
}

const resolved = (folder: string, relative: string): string => {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
