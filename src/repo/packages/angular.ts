import type {Reader, Unread} from '../files.ts'
import {parseJson} from './json.ts'
import {booleanAt, entriesAt, entryAt, itemsAt, stringAt, stringsAt, valueAt, type Entry, type Located} from './located.ts'
import {folderOf, pathFrom} from './paths.ts'

/** Paths are of the repository; `as written` where they lead out of it. */
export type FileReplacement = {replace: string; with: string; line: number}

/** What a target, or one of its configurations, sets; null where it says nothing. A configuration is laid over the target's own options. */
export type TargetOptions = {
  fileReplacements: FileReplacement[]
  /** `all`, `none`, `media`, `bundles`. */
  outputHashing: string | null
  outputPath: string | null
  /** False when it is switched off as a whole; true when it is on, also in parts. */
  optimization: boolean | null
  sourceMap: boolean | null
  /** Names of the targets' configurations that a serve or deploy target builds on (`app:build:production`). */
  buildTarget: string | null
  line: number
}

export type AngularTarget = {
  name: string
  builder: string | null
  defaultConfiguration: {name: string; line: number} | null
  options: TargetOptions
  configurations: (TargetOptions & {name: string})[]
  line: number
}

export type AngularProject = {
  name: string
  type: string | null
  root: string
  sourceRoot: string | null
  targets: AngularTarget[]
  file: string
  line: number
}

/** `folder`: the workspace, in which `ng` is run. */
export type AngularFacts = {workspaces: {file: string; folder: string; projects: AngularProject[]}[]; unread: Unread[]}

const maxWorkspaces = 100

/** Every angular.json (JSON with comments), its projects and their targets; project.json of Nx that have targets as well. */
export const readAngular: Reader<AngularFacts> = async ({files}) => {
  const facts: AngularFacts = {workspaces: [], unread: []}
  const paths = await files.list()
  const nx = new Set(paths.flatMap((path) => (/(^|\/)nx\.json$/.test(path) ? [folderOf(path)] : [])))
  const found = paths.filter((path) => /(^|\/)\.?angular\.json$/.test(path) || (nx.size > 0 && /(^|\/)project\.json$/.test(path)))
  facts.unread.push(...found.slice(maxWorkspaces).map((file) => ({file, line: 1, why: 'too many workspaces'})))
  for (const file of found.slice(0, maxWorkspaces)) {
    const read = await files.text(file)
    if (read === undefined) continue
    const parsed = 'unread' in read ? undefined : await parseJson(read.text, {comments: true})
    if (parsed === undefined || !('value' in parsed)) {
      facts.unread.push('unread' in read ? read.unread : {file, line: parsed?.line ?? 1, why: parsed?.why ?? 'not JSON'})
      continue
    }
    const projects = entriesAt(parsed.value, 'projects').filter(({value}) => value.kind === 'table')
    const folder = file.endsWith('project.json')
      ? ([...nx].filter((at) => at === '' || file.startsWith(`${at}/`)).at(-1) ?? '')
      : folderOf(file)
    const one: Entry = {key: stringAt(parsed.value, 'name') ?? folderOf(file), line: 1, value: parsed.value}
    facts.workspaces.push({
      file,
      folder,
      projects: (file.endsWith('project.json') ? [one] : projects).map((entry) => project(file, folder, entry)),
    })
  }
  return facts
}

const project = (file: string, folder: string, {key, line, value}: Entry): AngularProject => {
  const place = (path: string) => pathFrom(folder, path) ?? path
  const root = stringAt(value, 'root')
  const sourceRoot = stringAt(value, 'sourceRoot')
  return {
    name: key,
    type: stringAt(value, 'projectType') ?? null,
    root: root === undefined && file.endsWith('project.json') ? folderOf(file) : place(root ?? ''),
    sourceRoot: sourceRoot === undefined ? null : place(sourceRoot),
    targets: [...entriesAt(value, 'architect'), ...entriesAt(value, 'targets')].map((entry) => target(folder, entry)),
    file,
    line,
  }
}

const target = (folder: string, {key, line, value}: Entry): AngularTarget => {
  const usual = entryAt(value, 'defaultConfiguration')
  const options = entryAt(value, 'options')
  return {
    name: key,
    builder: stringAt(value, 'builder') ?? stringAt(value, 'executor') ?? null,
    defaultConfiguration: usual?.value.kind === 'string' ? {name: usual.value.value, line: usual.line} : null,
    options: targetOptions(folder, options?.value, options?.line ?? line),
    configurations: entriesAt(value, 'configurations').map((entry) => ({
      name: entry.key,
      ...targetOptions(folder, entry.value, entry.line),
    })),
    line,
  }
}

const targetOptions = (folder: string, value: Located | undefined, line: number): TargetOptions => {
  const place = (path: string) => pathFrom(folder, path) ?? path
  const output = valueAt(value, 'outputPath')
  return {
    fileReplacements: itemsAt(value, 'fileReplacements').flatMap((item) => {
      // `src` and `replaceWith` are an older spelling that builders still take.
      const replace = stringAt(item, 'replace') ?? stringAt(item, 'src')
      const by = stringAt(item, 'with') ?? stringAt(item, 'replaceWith')
      return replace === undefined || by === undefined ? [] : [{replace: place(replace), with: place(by), line: item.line}]
    }),
    outputHashing: stringAt(value, 'outputHashing') ?? null,
    outputPath: stringsAt(output)[0]?.value ?? stringAt(output, 'base') ?? null,
    optimization: switched(value, 'optimization'),
    sourceMap: switched(value, 'sourceMap'),
    buildTarget: stringAt(value, 'buildTarget') ?? stringAt(value, 'browserTarget') ?? null,
    line,
  }
}

const switched = (value: Located | undefined, key: string): boolean | null =>
  booleanAt(value, key) ?? (valueAt(value, key)?.kind === 'table' ? true : null)
