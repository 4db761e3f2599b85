import type {Unread} from '../files.ts'
import type {CompositeAction, Concurrency, Job, Permissions, Step, Texts, Trigger, Workflow} from './facts.ts'
import {openYaml, type Yaml} from './places.ts'

const maxRows = 64

/** A workflow as it stands, or why it is none. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
export const readWorkflowFile = (file: string, source: string): Workflow | {unread: Unread} => {
  const yaml = openYaml(file, source)
  if ('unread' in yaml) return yaml
  const root = yaml.root
  const jobs = yaml.entries(yaml.get(root, 'jobs'))
  if (jobs.length === 0) return {unread: {file, line: 1, why: 'a workflow without jobs'}}
  const name = yaml.text(yaml.get(root, 'name'))?.text
  return {
    file,
    line: 1,
    ...(name === undefined ? {} : {name}),
    triggers: triggersOf(file, yaml),
    ...permissionsOf(file, yaml, root),
    ...concurrencyOf(file, yaml, root),
    env: yaml.texts(yaml.get(root, 'env')),
    ...defaultsOf(yaml, root),
    jobs: jobs.map(({key, value, line}) => jobOf(file, yaml, key, value, line)),
    secrets: secretsOf(file, source, yaml),
  }
}

/** A composite action as it stands; undefined for an action of another kind. */
export const readActionFile = (file: string, source: string): CompositeAction | {unread: Unread} | undefined => {
  const yaml = openYaml(file, source)
  if ('unread' in yaml) return yaml
  const runs = yaml.get(yaml.root, 'runs')
  if (yaml.text(yaml.get(runs, 'using'))?.text !== 'composite') return undefined
  return {
    file,
    line: 1,
    folder: file.split('/').slice(0, -1).join('/'),
    inputs: defaults(yaml, yaml.get(yaml.root, 'inputs')),
    outputs: valuesIn(yaml, yaml.get(yaml.root, 'outputs')),
    steps: yaml.items(yaml.get(runs, 'steps')).map((step) => stepOf(file, yaml, step)),
  }
}

const field =
  (name: string) =>
  (yaml: Yaml, node: unknown): Texts =>
    Object.fromEntries(
      yaml.entries(node).flatMap(({key, value}) => {
        const text = yaml.text(yaml.get(value, name))
        return text === undefined ? [] : [[key, text]]
      }),
    )
const defaults = field('default')
const valuesIn = field('value')

const triggersOf = (file: string, yaml: Yaml): Trigger[] => {
  const on = yaml.get(yaml.root, 'on')
  const bare = {
    branches: [],
    branchesIgnored: [],
    paths: [],
    pathsIgnored: [],
    tags: [],
    workflows: [],
    inputs: {},
    inputNames: [],
    outputs: {},
  }
  const named = yaml.list(on)
  if (named.length > 0) return named.map((name) => ({...bare, file, line: yaml.line(on), name}))
  return yaml.entries(on).map(({key, value, line}) => {
    const list = (name: string) => yaml.list(yaml.get(value, name))
    return {
      file,
      line,
      name: key,
      branches: list('branches'),
      branchesIgnored: list('branches-ignore'),
      paths: list('paths'),
      pathsIgnored: list('paths-ignore'),
      tags: list('tags'),
      workflows: list('workflows'),
      inputs: defaults(yaml, yaml.get(value, 'inputs')),
      inputNames: yaml.entries(yaml.get(value, 'inputs')).map((one) => one.key),
      outputs: valuesIn(yaml, yaml.get(value, 'outputs')),
    }
  })
}

const permissionsOf = (file: string, yaml: Yaml, node: unknown): {permissions?: Permissions} => {
  const value = yaml.get(node, 'permissions')
  if (value === undefined) return {}
  const all = yaml.text(value)?.text
  const line = yaml.keyLine(node, 'permissions')
  return {permissions: {file, line, ...(all === undefined || all === '' ? {} : {all}), scopes: yaml.texts(value)}}
}

const concurrencyOf = (file: string, yaml: Yaml, node: unknown): {concurrency?: Concurrency} => {
  const value = yaml.get(node, 'concurrency')
  if (value === undefined || value === null) return {}
  const group = yaml.text(value)?.text ?? yaml.text(yaml.get(value, 'group'))?.text ?? ''
  const cancel = yaml.text(yaml.get(value, 'cancel-in-progress'))
  return {concurrency: {file, line: yaml.keyLine(node, 'concurrency'), group, ...(cancel === undefined ? {} : {cancel})}}
}

const defaultsOf = (yaml: Yaml, node: unknown) => {
  const run = yaml.get(yaml.get(node, 'defaults'), 'run')
  const directory = yaml.text(yaml.get(run, 'working-directory'))
  const shell = yaml.text(yaml.get(run, 'shell'))?.text
  return {...(directory === undefined ? {} : {directory}), ...(shell === undefined ? {} : {shell})}
}

/** Optional texts of a map, by the name of the fact. */
const some = <Name extends string>(yaml: Yaml, node: unknown, keys: Readonly<Record<Name, string>>) => {
  const found: Partial<Record<Name, NonNullable<ReturnType<Yaml['text']>>>> = {}
  for (const name in keys) {
    const text = yaml.text(yaml.get(node, keys[name]))
    if (text !== undefined) found[name] = text
  }
  return found
}

const jobOf = (file: string, yaml: Yaml, id: string, node: unknown, line: number): Job => {
  const environment = yaml.get(node, 'environment')
  const container = yaml.get(node, 'container')
  const strategy = yaml.get(yaml.get(node, 'strategy'), 'matrix')
  const rows = matrixOf(yaml, strategy)
  const name = yaml.text(yaml.get(node, 'name'))?.text
  const image = yaml.text(container) ?? yaml.text(yaml.get(container, 'image'))
  const gate = yaml.text(environment) ?? yaml.text(yaml.get(environment, 'name'))
  return {
    file,
    line,
    id,
    ...(name === undefined ? {} : {name}),
    needs: yaml.list(yaml.get(node, 'needs')),
    ...some(yaml, node, {condition: 'if', uses: 'uses', timeout: 'timeout-minutes', continueOnError: 'continue-on-error'}),
    with: yaml.texts(yaml.get(node, 'with')),
    secretsInherit: yaml.text(yaml.get(node, 'secrets'))?.text === 'inherit',
    ...(gate === undefined ? {} : {environment: gate}),
    ...permissionsOf(file, yaml, node),
    ...concurrencyOf(file, yaml, node),
    env: yaml.texts(yaml.get(node, 'env')),
    ...defaultsOf(yaml, node),
    ...(rows === undefined ? {} : {matrix: rows}),
    dynamicMatrix: strategy !== undefined && rows === undefined,
    ...(image === undefined ? {} : {container: image}),
    services: yaml.entries(yaml.get(node, 'services')).flatMap(({key, value}) => {
      const service = yaml.text(yaml.get(value, 'image')) ?? yaml.text(value)
      return service === undefined ? [] : [{name: key, image: service}]
    }),
    outputs: yaml.texts(yaml.get(node, 'outputs')),
    runner: [
      ...yaml.list(yaml.get(node, 'runs-on')),
      ...yaml.list(yaml.get(yaml.get(node, 'runs-on'), 'labels')),
      ...yaml.list(yaml.get(yaml.get(node, 'runs-on'), 'group')),
    ],
    steps: yaml.items(yaml.get(node, 'steps')).map((step) => stepOf(file, yaml, step)),
  }
}

/** Rows as GitHub makes them: the product of the lists, without `exclude`, with `include` added to rows that it fits, or as new ones. */
const matrixOf = (yaml: Yaml, node: unknown): readonly Texts[] | undefined => {
  if (node === undefined) return [{}]
  if (yaml.text(node) !== undefined) return undefined
  let rows: Record<string, NonNullable<ReturnType<Yaml['text']>>>[] = []
  const axes = yaml.entries(node).filter(({key}) => key !== 'include' && key !== 'exclude')
  for (const {key, value} of axes) {
    if (yaml.text(value) !== undefined) return undefined
    const values = yaml.items(value).map((item) => flat(yaml, key, item))
    rows = (rows.length === 0 ? [{}] : rows).flatMap((row) => values.map((one) => ({...row, ...one})))
    if (rows.length > maxRows) return undefined
  }
  for (const out of yaml.items(yaml.get(node, 'exclude')).map((item) => yaml.texts(item)))
    rows = rows.filter((row) => !Object.entries(out).every(([key, value]) => row[key]?.text === value.text))
  const include = yaml.get(node, 'include')
  if (yaml.text(include) !== undefined) return undefined
  const names = new Set(axes.map(({key}) => key))
  const original = rows.length
  for (const added of yaml.items(include).map((item) => yaml.texts(item))) {
    const fits = rows
      .slice(0, original)
      .filter((row) => Object.entries(added).every(([key, value]) => !names.has(key) || row[key]?.text === value.text))
    if (fits.length > 0 && original > 0) for (const row of fits) Object.assign(row, added)
    else rows.push({...added})
  }
  return rows.length > maxRows ? undefined : rows
}

/** A value of a matrix: a text, or a map whose texts are `name.key`. */
const flat = (yaml: Yaml, name: string, node: unknown): Texts => {
  const one = yaml.text(node)
  if (one !== undefined) return {[name]: one}
  return Object.fromEntries(Object.entries(yaml.texts(node)).map(([key, value]) => [`${name}.${key}`, value]))
}

const stepOf = (file: string, yaml: Yaml, node: unknown): Step => {
  const name = yaml.text(yaml.get(node, 'name'))?.text
  const id = yaml.text(yaml.get(node, 'id'))?.text
  const shell = yaml.text(yaml.get(node, 'shell'))?.text
  return {
    file,
    line: yaml.line(node),
    ...(name === undefined ? {} : {name}),
    ...(id === undefined ? {} : {id}),
    ...(shell === undefined ? {} : {shell}),
    ...some(yaml, node, {uses: 'uses', run: 'run', directory: 'working-directory', condition: 'if', continueOnError: 'continue-on-error'}),
    with: yaml.texts(yaml.get(node, 'with')),
    env: yaml.texts(yaml.get(node, 'env')),
  }
}

/** Where expressions read secrets. GITHUB_TOKEN is no secret of the repository. */
const secretsOf = (file: string, source: string, yaml: Yaml): Workflow['secrets'] => {
  const starts = yaml.entries(yaml.get(yaml.root, 'jobs')).map(({key, line}) => ({key, line}))
  const jobsLine = yaml.keyLine(yaml.root, 'jobs')
  const after = yaml
    .entries(yaml.root)
    .map(({line}) => line)
    .filter((line) => line > jobsLine)
  return source.split('\n').flatMap((text, row) => {
    if (text.trimStart().startsWith('#')) return []
    const line = row + 1
    const job = line > jobsLine && !after.some((end) => end <= line) ? starts.findLast((one) => one.line <= line)?.key : undefined
    return [...text.matchAll(/\$\{\{[^}]{0,400}?\bsecrets(?:\.([\w-]+)|\['([\w-]+)'\])/g)].flatMap((match) => {
      const secret = match[1] ?? match[2] ?? ''
      return secret.toUpperCase() === 'GITHUB_TOKEN' ? [] : [{file, line, secret, ...(job === undefined ? {} : {job})}]
    })
  })
}
