import type {Reading, Reader} from '../files.ts'
import {parseJson} from '../packages/json.ts'
import {entriesAt, entryAt, itemsAt, stringAt, stringsAt, valueAt, type Located} from '../packages/located.ts'
import {parseToml} from '../packages/toml.ts'

/** A named text of shell commands: a script of package.json, a task of pyproject.toml, a target of a Makefile. */
export type Script = {
  name: string
  file: string
  line: number
  text: string
  folder: string
  errexit: boolean
  needs: readonly string[]
  block: boolean
}
export type NodePackage = {folder: string; file: string; name?: string; workspaces: boolean; scripts: readonly Script[]}
export type ScriptFacts = {packages: readonly NodePackage[]; tasks: readonly Script[]; recipes: readonly Script[]; hooks: readonly Script[]}

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/')
const textIn = async (reading: Reading, path: string): Promise<string | undefined> => {
  const read = await reading.files.text(path)
  return read !== undefined && 'text' in read ? read.text : undefined
}

/** What can be called by name from a shell: scripts of packages, tasks, recipes of Makefiles and Justfiles, hooks of pre-commit. */
export const readScripts: Reader<ScriptFacts> = async (reading) => {
  const packages: NodePackage[] = []
  const tasks: Script[] = []
  const recipes: Script[] = []
  const hooks: Script[] = []
  for (const file of await reading.files.list()) {
    const name = file.split('/').at(-1) ?? ''
    if (name === 'package.json') {
      const found = await nodePackage(reading, file)
      if (found !== undefined) packages.push(found)
    } else if (name === 'pyproject.toml') tasks.push(...(await pyprojectTasks(reading, file)))
    else if (name === 'tox.ini') tasks.push(...toxTasks(file, (await textIn(reading, file)) ?? ''))
    else if (name === 'Pipfile') tasks.push(...(await pipfileTasks(reading, file)))
    else if (name === 'noxfile.py') tasks.push(...(await noxSessions(file, (await textIn(reading, file)) ?? '')))
    else if (/^(GNUm|M|m)akefile$/.test(name) || name.endsWith('.mk'))
      recipes.push(...makeRecipes(file, (await textIn(reading, file)) ?? ''))
    else if (/^\.?justfile$/i.test(name)) recipes.push(...makeRecipes(file, (await textIn(reading, file)) ?? ''))
    else if (/^[Tt]askfile(\.dist)?\.ya?ml$/.test(name)) recipes.push(...(await taskfile(file, (await textIn(reading, file)) ?? '')))
    else if (/^\.pre-commit-config\.ya?ml$/.test(name)) hooks.push(...(await preCommitHooks(file, (await textIn(reading, file)) ?? '')))
  }
  return {packages, tasks, recipes, hooks}
}

const script = (file: string, line: number, name: string, text: string): Script => ({
  name,
  file,
  line,
  text,
  folder: folderOf(file),
  errexit: false,
  needs: [],
  block: false,
})

const nodePackage = async (reading: Reading, file: string): Promise<NodePackage | undefined> => {
  const parsed = await parseJson((await textIn(reading, file)) ?? '')
  if (!('value' in parsed)) return undefined
  const name = stringAt(parsed.value, 'name')
  return {
    folder: folderOf(file),
    file,
    ...(name === undefined ? {} : {name}),
    workspaces: valueAt(parsed.value, 'workspaces') !== undefined,
    scripts: scriptsAt(file, parsed.value, 'scripts'),
  }
}

/** Texts, lists of texts and `{cmd: …}` under a path of keys. */
const scriptsAt = (file: string, root: Located, ...keys: string[]): Script[] =>
  entriesAt(root, ...keys).flatMap(({key, line, value}) => {
    const parts = [stringAt(value, 'cmd'), stringAt(value, 'shell'), ...stringsAt(value).map((one) => one.value)]
    const nested = itemsAt(value).flatMap((one) => stringAt(one, 'cmd') ?? stringAt(one, 'shell') ?? [])
    const chain = [stringAt(value, 'chain'), ...stringsAt(value, 'chain').map((one) => one.value)]
    const text = [...parts, ...nested, ...chain].filter((one) => one !== undefined)
    return text.length === 0 ? [] : [script(file, line, key, text.join('\n'))]
  })

const pyprojectTasks = async (reading: Reading, file: string): Promise<Script[]> => {
  const parsed = await parseToml((await textIn(reading, file)) ?? '')
  if (!('value' in parsed)) return []
  const root = parsed.value
  const hatch = entriesAt(root, 'tool', 'hatch', 'envs').flatMap(({key}) => scriptsAt(file, root, 'tool', 'hatch', 'envs', key, 'scripts'))
  const tox = entryAt(root, 'tool', 'tox', 'legacy_tox_ini')
  return [
    ...scriptsAt(file, root, 'tool', 'poe', 'tasks'),
    ...scriptsAt(file, root, 'tool', 'taskipy', 'tasks'),
    ...scriptsAt(file, root, 'tool', 'pdm', 'scripts'),
    ...scriptsAt(file, root, 'tool', 'rye', 'scripts'),
    ...scriptsAt(file, root, 'tool', 'pixi', 'tasks'),
    ...hatch,
    ...(tox?.value.kind === 'string' ? toxTasks(file, tox.value.value).map((one) => ({...one, line: tox.line})) : []),
  ]
}

const pipfileTasks = async (reading: Reading, file: string): Promise<Script[]> => {
  const parsed = await parseToml((await textIn(reading, file)) ?? '')
  return 'value' in parsed ? scriptsAt(file, parsed.value, 'scripts') : []
}

/** `commands =` of each environment of tox: https://tox.wiki/en/latest/config.html */
const toxTasks = (file: string, text: string): Script[] => {
  const found: Script[] = []
  let section: string | undefined
  let inCommands = false
  for (const [row, line] of text.split(/\r?\n/).entries()) {
    const header = /^\[(?:testenv(?::([^\]]+))?|[^\]]*)\]/.exec(line)
    if (header !== null) {
      section = line.startsWith('[testenv') ? (header[1]?.trim() ?? '') : undefined
      inCommands = false
      continue
    }
    const key = /^(\w+)\s*=\s*(.*)$/.exec(line)
    if (key !== null) inCommands = key[1] === 'commands'
    const said = key === null ? line.trim() : (key[2]?.trim() ?? '')
    if (section === undefined || !inCommands || said === '' || said.startsWith('#')) continue
    found.push({
      ...script(file, row + 1, `tox:${section}`, said.replaceAll(/\{posargs[^}]*\}/g, '').replace(/^-\s*/, 'false || ')),
      errexit: true,
    })
  }
  return found
}

/** `session.run('pytest', …)` in the sessions of a noxfile. */
const noxSessions = async (file: string, text: string): Promise<Script[]> => {
  const {withTree} = await import('../tree-sitter.ts')
  return withTree('python', text, (root) => {
    const found: Script[] = []
    for (const call of root.descendantsOfType('call')) {
      if (call.childForFieldName('function')?.text !== 'session.run') continue
      const session = enclosingFunction(call)
      const words = (call.childForFieldName('arguments')?.namedChildren ?? []).flatMap((one) =>
        one.type === 'string' ? [one.text.replace(/^\w*["']+|["']+$/g, '')] : [],
      )
      if (session !== undefined && words.length > 0)
        found.push({...script(file, call.startPosition.row + 1, `nox:${session}`, words.join(' ')), errexit: true})
    }
    return found
  })
}

const enclosingFunction = (node: import('web-tree-sitter').Node): string | undefined => {
  for (let up = node.parent; up !== null; up = up.parent) if (up.type === 'function_definition') return up.childForFieldName('name')?.text
  return undefined
}

/** Recipes of a Makefile or a Justfile, one script per line: each line is a shell of its own, and `-` before it forgives its failure. */
const makeRecipes = (file: string, text: string): Script[] => {
  const found: Script[] = []
  const variables = new Map<string, string>()
  const expand = (value: string): string =>
    value.replaceAll(
      /\$[({](\w+)[)}]|\{\{\s*(\w+)\s*\}\}/g,
      (all, one, other) => variables.get(String(one ?? other)) ?? all.replace('(', '{').replace(')', '}'),
    )
  const lines = text.split(/\r?\n/)
  let targets: {names: string[]; needs: string[]} | undefined
  for (let row = 0; row < lines.length; row += 1) {
    const start = row
    let line = lines[row] ?? ''
    while (line.endsWith('\\') && row + 1 < lines.length) line = `${line.slice(0, -1)} ${(lines[(row += 1)] ?? '').trim()}`
    const set = /^(?:export\s+)?(\w+)\s*(?::|\?|::)?=\s*(.*)$/.exec(line)
    if (set?.[1] !== undefined) variables.set(set[1], expand((set[2] ?? '').replace(/\s+#.*$/, '').replaceAll(/^["']|["']$/g, '')))
    else if (/^\s+\S/.test(line) && targets !== undefined) {
      const said = line.trim()
      const forgiven = /^[@+]*-/.test(said)
      const body = expand(said.replace(/^[@+-]+/, '').replaceAll('$$', '$'))
        .replaceAll('$(MAKE)', 'make')
        .replaceAll('${MAKE}', 'make')
      if (!said.startsWith('#'))
        for (const name of targets.names) found.push(script(file, start + 1, name, forgiven ? `${body} || true` : body))
    } else {
      const rule = /^@?([^\s:=#][^:=#]*?)\s*:(?![=:])\s*([^#=]*)(?:#.*)?$/.exec(line)
      if (rule === null) {
        if (line.trim() !== '' && !line.startsWith('#')) targets = undefined
        continue
      }
      const [names = [], needs = []] = [
        rule[1]?.trim().split(/\s+/),
        rule[2]
          ?.split(';')[0]
          ?.trim()
          .split(/\s+/)
          .filter((one) => one !== '' && one !== '|'),
      ]
      // A recipe of just may have parameters after its name.
      targets = {names: /justfile$/i.test(file) ? names.slice(0, 1) : names, needs}
      for (const name of targets.names) if (name !== '.PHONY') found.push({...script(file, start + 1, name, ''), needs})
    }
  }
  return found
}

const taskfile = async (file: string, text: string): Promise<Script[]> => {
  const {openYaml} = await import('./places.ts')
  const yaml = openYaml(file, text)
  if ('unread' in yaml) return []
  return yaml.entries(yaml.get(yaml.root, 'tasks')).flatMap(({key, value, line}) => {
    const folder = yaml.text(yaml.get(value, 'dir'))?.text
    const commands = [...yaml.items(yaml.get(value, 'cmds')), yaml.get(value, 'cmd'), ...(yaml.text(value) === undefined ? [] : [value])]
    const needs = yaml.list(yaml.get(value, 'deps'))
    return commands.flatMap((one) => {
      const called = yaml.text(yaml.get(one, 'task'))?.text
      const said = yaml.text(one) ?? yaml.text(yaml.get(one, 'cmd'))
      const body = called === undefined ? said?.text : `task ${called}`
      return body === undefined
        ? []
        : [
            {
              ...script(file, said?.line ?? line, key, body),
              needs,
              errexit: true,
              folder: [folderOf(file), folder].filter(Boolean).join('/'),
            },
          ]
    })
  })
}

const preCommitHooks = async (file: string, text: string): Promise<Script[]> => {
  const {openYaml} = await import('./places.ts')
  const yaml = openYaml(file, text)
  if ('unread' in yaml) return []
  return yaml.items(yaml.get(yaml.root, 'repos')).flatMap((repo) =>
    yaml.items(yaml.get(repo, 'hooks')).flatMap((hook) => {
      const id = yaml.text(yaml.get(hook, 'id'))
      const entry = yaml.text(yaml.get(hook, 'entry'))?.text
      const [args, stages] = [yaml.list(yaml.get(hook, 'args')), yaml.list(yaml.get(hook, 'stages'))]
      if (id === undefined || (stages.length > 0 && !stages.some((one) => /commit/.test(one)))) return []
      const name = id.text === 'ruff' || id.text === 'ruff-check' ? 'ruff check' : id.text
      return [script(file, id.line, id.text, `${entry ?? name} ${args.map((one) => `'${one.replaceAll("'", '')}'`).join(' ')}`)]
    }),
  )
}
