import {pathFrom} from './paths.ts'
import type {NodePackage, Script, ScriptFacts} from './scripts.ts'

/** What a program calls by name; `missing` where there is nothing of that name. */
export type Call = {scripts: Script[]; folder?: string} | {missing: string} | undefined
type Args = readonly (string | undefined)[]

/** Follows `make x`, `just x`, `npm run x`, `tox -e x`, `pre-commit run`, … to what they run. */
export const callOf = (name: string, args: Args, directory: string | undefined, scripts: ScriptFacts): Call => {
  if (name === 'make' || name === 'gmake') return recipes('make', args, directory, scripts)
  if (name === 'just' || name === 'task' || name === 'go-task')
    return recipes(name, args, directory, scripts) ?? tasks(args, directory, scripts)
  if (['npm', 'pnpm', 'yarn', 'bun'].includes(name)) return packageScripts(name, args, directory, scripts)
  if (name === 'turbo' || name === 'nx' || name === 'lerna') return everyPackage(name, args, scripts)
  if (name === 'tox' || name === 'nox') return environments(name, args, directory, scripts)
  if (name === 'pre-commit' || name === 'prek') return args[0] === 'run' ? preCommit(args, directory, scripts) : undefined
  if (['poe', 'taskipy', 'pdm', 'rye', 'pixi'].includes(name)) return tasks(args, directory, scripts)
  const own = near(
    scripts.tasks.filter((one) => one.name === name),
    directory,
  )
  return own.length > 0 && !own.some(({text}) => text.split(/\s/)[0] === name) ? {scripts: own} : undefined
}

/** Those of the folder, or of the nearest folder above that has some. */
const near = <One extends {folder: string}>(all: readonly One[], directory: string | undefined): One[] => {
  if (directory === undefined) return []
  for (let at = directory; ; at = at.split('/').slice(0, -1).join('/')) {
    const found = all.filter(({folder}) => folder === at)
    if (found.length > 0 || at === '') return found
  }
}

const valueOf = (args: Args, ...flags: string[]): string | undefined => {
  for (const [place, arg] of args.entries()) {
    if (arg === undefined) continue
    if (flags.includes(arg)) return args[place + 1]
    const joined = flags.find((flag) => flag.startsWith('--') && arg.startsWith(`${flag}=`))
    if (joined !== undefined) return arg.slice(joined.length + 1)
  }
  return undefined
}

const plain = (args: Args, valued: readonly string[]): string[] =>
  args.flatMap((arg, place) =>
    arg === undefined || arg.startsWith('-') || arg.includes('=') || valued.includes(args[place - 1] ?? '') ? [] : [arg],
  )

const recipes = (tool: string, args: Args, directory: string | undefined, {recipes: all}: ScriptFacts): Call => {
  if (directory === undefined) return undefined
  const folder = pathFrom(directory, valueOf(args, '-C', '--directory', '-d', '--dir', '--working-directory') ?? '.')
  const file = valueOf(args, '-f', '--file', '--makefile', '--justfile')
  const kind = tool === 'make' ? /makefile$|\.mk$/i : tool === 'just' ? /justfile$/i : /taskfile[^/]*$/i
  const of = all.filter((one) => kind.test(one.file))
  const here =
    file === undefined
      ? of.filter((one) => one.folder === folder || one.file.startsWith(folder === '' ? '' : `${folder}/`))
      : of.filter((one) => one.file === pathFrom(folder ?? '', file))
  const own = here.filter((one) => one.folder === folder)
  const known = own.length > 0 ? here : tool === 'make' ? [] : near(of, folder)
  if (known.length === 0)
    return tool === 'make' ? {missing: `there is no Makefile in ${folder === '' || folder === undefined ? 'the root' : folder}`} : undefined
  const wanted = plain(args, ['-C', '--directory', '-f', '--file', '--makefile', '-j', '-d', '--dir', '--working-directory', '--justfile'])
  const [first] = own.filter(({name}) => !name.startsWith('.'))
  const names = wanted.length > 0 ? wanted : first === undefined ? [] : [first.name]
  const found: Script[] = []
  const seen = new Set<string>()
  const add = (name: string): boolean => {
    if (seen.has(name)) return true
    seen.add(name)
    const lines = known.filter((one) => one.name === name)
    for (const need of new Set(lines.flatMap(({needs}) => needs))) add(need)
    found.push(...lines.filter(({text}) => text !== ''))
    return lines.length > 0
  }
  const lost = names.slice(0, tool === 'make' ? names.length : 1).find((name) => !add(name))
  if (lost !== undefined)
    return tool === 'task' ? undefined : {missing: `there is no target ${lost} in ${known[0]?.file ?? 'the Makefile'}`}
  return {
    scripts: found,
    ...(folder === undefined ? {} : {folder: tool === 'task' ? (found[0]?.folder ?? folder) : (known[0]?.folder ?? folder)}),
  }
}

const tasks = (args: Args, directory: string | undefined, scripts: ScriptFacts): Call => {
  const [name] = plain(args, []).filter((one) => one !== 'run')
  const found =
    name === undefined
      ? []
      : near(
          scripts.tasks.filter((one) => one.name === name),
          directory,
        )
  return found.length > 0 ? {scripts: found} : undefined
}

const environments = (tool: string, args: Args, directory: string | undefined, {tasks: all}: ScriptFacts): Call => {
  const wanted = valueOf(args, '-e', '-s', '--session', '--sessions', '--env')?.split(',')
  const own = near(
    all.filter(({name}) => name.startsWith(`${tool}:`)),
    directory,
  )
  const names = own.map(({name}) => name.slice(tool.length + 1))
  const found = own.filter((_, place) => {
    const name = names[place] ?? ''
    if (wanted === undefined) return true
    return (
      wanted.some((one) => one === name || one.split('-').includes(name)) || (name === '' && !wanted.some((one) => names.includes(one)))
    )
  })
  return found.length > 0 ? {scripts: found} : undefined
}

const preCommit = (args: Args, directory: string | undefined, {hooks}: ScriptFacts): Call => {
  const own = near(hooks, directory)
  const [, only] = plain(args, ['--files', '--from-ref', '--to-ref', '--hook-stage', '-c', '--config'])
  const found = own.filter(({name}) => only === undefined || name === only)
  return found.length > 0
    ? {scripts: found}
    : {missing: only === undefined ? 'there is no .pre-commit-config.yaml with hooks' : `there is no hook ${only}`}
}

const inFolder = (one: NodePackage): {scripts: readonly Script[]; folder: string} => ({scripts: one.scripts, folder: one.folder})

const packageScripts = (tool: string, args: Args, directory: string | undefined, {packages}: ScriptFacts): Call => {
  const valued = ['--prefix', '-C', '--dir', '--cwd', '-w', '--workspace', '--filter', '-F', '--configuration']
  const before = args.indexOf('--') < 0 ? args : args.slice(0, args.indexOf('--'))
  const words = plain(before, valued)
  if (words[0] === 'workspace') words.splice(0, 2)
  const runs = ['run', 'run-script', 'rum'].includes(words[0] ?? '')
  const name = runs ? words[1] : words[0] === 't' || words[0] === 'tst' ? 'test' : words[0]
  if (name === undefined || directory === undefined) return undefined
  const own = [
    'ci',
    'install',
    'i',
    'add',
    'exec',
    'dlx',
    'x',
    'audit',
    'publish',
    'pack',
    'version',
    'config',
    'cache',
    'init',
    'create',
    'rebuild',
    'login',
    'set',
    'why',
    'list',
    'ls',
    'prune',
    'link',
    'update',
    'global',
    'store',
    'info',
    'view',
    'outdated',
    'dedupe',
    'import',
    'fetch',
    'deploy',
    'node',
    'workspaces',
  ]
  if (
    !runs &&
    (own.includes(name) || (tool === 'npm' && !['test', 'start', 'stop', 'restart'].includes(name)) || (tool === 'bun' && name === 'test'))
  )
    return undefined
  const moved = valueOf(before, '--prefix', '-C', '--dir', '--cwd')
  const folder = moved === undefined ? directory : pathFrom(directory, moved)
  const workspace = valueOf(before, '-w', '--workspace', '--filter', '-F') ?? (args[0] === 'workspace' ? args[1] : undefined)
  const all = before.some((arg) => ['-ws', '--workspaces', '-r', '--recursive', 'workspaces'].includes(arg ?? ''))
  const found =
    workspace !== undefined
      ? packages.filter(
          (one) =>
            one.name === workspace ||
            one.folder === pathFrom(folder ?? '', workspace.replace(/^\.\.\.|\.\.\.$/g, '')) ||
            one.folder.endsWith(`/${workspace}`) ||
            one.folder === workspace,
        )
      : all
        ? packages.filter((one) => folder === '' || one.folder.startsWith(`${folder}/`))
        : near(packages, folder)
  const optional = before.includes('--if-present') || all
  if (found.length === 0)
    return workspace === undefined
      ? {missing: `there is no package.json in ${folder === '' ? 'the root' : (folder ?? 'the folder')}`}
      : undefined
  const scripts = found.flatMap((one) => {
    const {scripts: of} = inFolder(one)
    return [`pre${name}`, name, `post${name}`].flatMap((wanted) => of.filter((script) => script.name === wanted))
  })
  const [one] = found
  if (!scripts.some((script) => script.name === name)) {
    // `yarn tsc` and `pnpm eslint` run a program where there is no such script.
    if (!runs && tool !== 'npm' && !['test', 'start', 'build', 'lint'].includes(name)) return undefined
    return {missing: `there is no script ${name} in ${one?.file ?? 'package.json'}${optional ? ', and --if-present hides it' : ''}`}
  }
  return {scripts}
}

/** `turbo run lint test`, `nx run-many -t lint`: the script in every package that has it. */
const everyPackage = (tool: string, args: Args, {packages}: ScriptFacts): Call => {
  const listed = valueOf(args, '-t', '--target', '--targets')?.split(',')
  const names =
    listed ?? plain(args, ['--filter', '-F', '--concurrency', '--parallel']).filter((one) => !['run', 'run-many', 'affected'].includes(one))
  if (tool === 'nx' && packages.length < 2) return undefined
  const found = packages.flatMap((one) =>
    names.flatMap((name) => one.scripts.filter((script) => script.name === name && !/^(turbo|nx|lerna)\b/.test(script.text))),
  )
  return found.length > 0 ? {scripts: found.slice(0, 40)} : undefined
}
