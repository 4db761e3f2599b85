import type {Reading, Unread} from '../files.ts'
import type {Command, Place} from './facts.ts'
import {pathFrom} from './paths.ts'
import {programOf, type Program} from './program.ts'
import {readScripts, type Script} from './scripts.ts'
import {readShell} from './shell.ts'
import type {ShellCommand, ShellOptions} from './shell-facts.ts'
import {withArguments, type Variables} from './shell-words.ts'
import {joined, literal, literalOf, textOf, type Word} from './words.ts'

const maxCalls = 6
const maxCommands = 400

type Via = Command['via']
type Context = {reading: Reading; file: string; via: Via; depth: number; variables: Variables; unread: Unread[]}

/** Commands of a shell text with those of what they call in their place: scripts, Makefile targets, package scripts, nested shells. */
export const commandsOf = async (
  reading: Reading,
  text: Word,
  options: ShellOptions,
): Promise<{commands: Command[]; variables: Variables; added: ShellCommand[]; unread: Unread[]}> => {
  const {commands: own, variables, unread} = await readShell(text, options)
  const context = {reading, file: options.file, via: [], depth: 0, variables, unread}
  return {commands: await expand(own, context), variables, added: own.filter(({addsTo}) => addsTo !== undefined), unread}
}

const expand = async (own: readonly ShellCommand[], context: Context): Promise<Command[]> => {
  const found: Command[] = []
  for (const one of own) {
    found.push(...(await expandOne(one, context)))
    if (found.length > maxCommands) break
  }
  return found
}

const expandOne = async (one: ShellCommand, context: Context): Promise<Command[]> => {
  const program = programOf(one.words)
  const directory = folderIn(one.directory, program.folder)
  const self: Command = {
    file: context.file,
    line: one.line,
    words: one.words,
    program: program.words,
    env: {...program.env, ...one.env},
    ...(directory === undefined ? {} : {directory}),
    ...(one.tolerated === undefined ? {} : {tolerated: one.tolerated}),
    conditional: one.conditional,
    via: context.via,
    ...(program.container === undefined ? {} : {container: program.container}),
  }
  if (context.depth >= maxCalls) return [self]
  const called = await calledBy(program, one, directory, context)
  if (called === undefined) return [self]
  if ('missing' in called) return [{...self, missing: called.missing}]
  const within = called.commands.map((inner) => ({
    ...inner,
    ...(self.tolerated === undefined ? {} : {tolerated: self.tolerated}),
    conditional: inner.conditional || self.conditional,
    ...(self.container === undefined ? {} : {container: self.container}),
    env: {...self.env, ...inner.env},
  }))
  return called.beside === true ? [self, ...within] : within
}

const folderIn = (directory: string | undefined, folder: Word | undefined): string | undefined => {
  if (folder === undefined || directory === undefined) return directory
  const path = literalOf(folder)
  return path === undefined ? undefined : pathFrom(directory, path)
}

type Called = {commands: Command[]; beside?: boolean} | {missing: string} | undefined

const calledBy = async (program: Program, one: ShellCommand, directory: string | undefined, context: Context): Promise<Called> => {
  const [name, ...args] = program.words.map((word) => literalOf(word))
  const at: Place & {text: string} = {file: context.file, line: one.line, text: one.words.map(textOf).join(' ').slice(0, 120)}
  const nested = (text: Word, errexit: boolean, variables: Variables, place: string | undefined = directory) =>
    within(text, {file: context.file, lineOf: () => one.line, directory: place, variables, errexit, pipefail: false}, at, context)
  const given = (words: readonly Word[]): Context => ({
    ...context,
    variables: withArguments({...context.variables, ...program.env, ...one.env}, words),
  })
  if (name === undefined) return undefined
  if (/^(ba|z|da|k|a)?sh$/.test(name)) {
    const flag = program.words.findIndex((word) => /^-[a-z]*c$/.test(literalOf(word) ?? ''))
    const text = flag < 0 ? undefined : program.words[flag + 1]
    const errexit = args.some((arg) => /^-[a-z]*e/.test(arg ?? ''))
    if (text !== undefined) return nested(text, errexit, {...context.variables, ...one.env})
    const place = args.findIndex((arg) => arg !== undefined && !arg.startsWith('-'))
    const file = args[place]
    if (file !== undefined) return script(file, directory, errexit, at, given(program.words.slice(place + 2)))
    return one.input === undefined ? undefined : nested(one.input, errexit, context.variables)
  }
  if (name === 'eval' && program.words[1] !== undefined)
    return nested(joined(...program.words.slice(1).flatMap((word) => [word, literal(' ')])), true, context.variables)
  if (name === 'ssh' && args.length > 1) {
    const text = program.words.at(-1)
    return text === undefined || !/\s/.test(textOf(text)) ? undefined : {...(await nested(text, false, {}, undefined)), beside: true}
  }
  const first = literalOf(one.words[0])
  const path = [first, literalOf(program.words[0])].find((text) => text?.includes('/') === true || /\.(sh|bash)$/.test(text ?? ''))
  const wrapped = one.words.map((word) => literalOf(word)).find((word) => word?.endsWith(`/${name}`) === true && word.endsWith('.sh'))
  const own = wrapped ?? (path?.endsWith(name) === true ? path : undefined)
  if (own !== undefined && program.container === undefined) return script(own, directory, false, at, given(program.words.slice(1)))
  const python = await pythonScript(name, args, one, directory, at, context)
  if (python !== undefined) return python
  const scripts = await context.reading.read(readScripts)
  const run = async (wanted: readonly Script[], folder?: string): Promise<{commands: Command[]}> => {
    const commands: Command[] = []
    for (const script of wanted) {
      const options = {
        lineOf: (row: number) => script.line + (script.block ? row : 0),
        directory: folder ?? script.folder,
        errexit: script.errexit,
      }
      const {commands: more} = await within(
        literal(script.text),
        {file: script.file, ...options, variables: {...context.variables, ...one.env}, pipefail: false},
        at,
        {...context, file: script.file},
      )
      commands.push(...more)
    }
    return {commands}
  }
  const {callOf} = await import('./calls.ts')
  const call = callOf(name, args, directory, scripts)
  if (call === undefined) return undefined
  return 'missing' in call ? call : run(call.scripts, call.folder)
}

const within = async (text: Word, options: ShellOptions, at: Place & {text: string}, context: Context): Promise<{commands: Command[]}> => {
  const {commands, unread} = await readShell(text, options)
  context.unread.push(...unread)
  const inner = {...context, file: options.file, via: [...context.via, at], depth: context.depth + 1, variables: options.variables}
  return {commands: await expand(commands, inner)}
}

/** `python scripts/migrate.py`, `python -m app.migrate`: what the script itself runs, beside the call of it. */
const pythonScript = async (
  name: string,
  args: readonly (string | undefined)[],
  one: ShellCommand,
  directory: string | undefined,
  at: Via[number],
  context: Context,
): Promise<Called> => {
  const isModule = one.words.some((word) => literalOf(word) === '-m') && /^[A-Za-z_][\w.]*$/.test(name)
  const file = /^python[\d.]*$/.test(name)
    ? args.find((arg) => arg?.endsWith('.py') === true)
    : name.endsWith('.py')
      ? literalOf(one.words[0])
      : undefined
  const paths = isModule
    ? [`${name.replaceAll('.', '/')}.py`, `${name.replaceAll('.', '/')}/__main__.py`]
    : file === undefined
      ? []
      : [file]
  for (const path of directory === undefined ? [] : paths) {
    const whole = pathFrom(directory ?? '', path)
    const found = whole === undefined ? undefined : await context.reading.files.text(whole)
    if (whole === undefined || found === undefined || !('text' in found)) continue
    const {readPythonScript} = await import('./python-scripts.ts')
    const commands = (await readPythonScript(found.text)).map(({line, words}): Command => ({
      file: whole,
      line,
      words,
      program: programOf(words).words,
      env: {},
      ...(directory === undefined ? {} : {directory}),
      conditional: false,
      via: [...context.via, at],
    }))
    return commands.length > 0 ? {commands, beside: true} : undefined
  }
  return undefined
}

/** A file that is run as a script of the shell; undefined for a program of another kind, or one that is not in the repository. */
const script = async (
  path: string,
  directory: string | undefined,
  errexit: boolean,
  at: Place & {text: string},
  context: Context,
): Promise<Called> => {
  if (directory === undefined) return undefined
  const file = pathFrom(directory, path)
  const found = file === undefined ? undefined : await context.reading.files.text(file)
  if (file === undefined) return undefined
  if (found === undefined)
    return /\.(sh|bash)$/.test(file) && !path.startsWith('/') && !path.startsWith('~') ? {missing: `there is no ${file}`} : undefined
  if (!('text' in found)) {
    context.unread.push(found.unread)
    return undefined
  }
  const start = found.text.split('\n', 1)[0] ?? ''
  if (!/\.(sh|bash)$/.test(file) && !/^#!.*\b(ba|z|da|k)?sh\b/.test(start)) return undefined
  const options = {file, lineOf: (row: number) => row + 1, directory, variables: context.variables, pipefail: false}
  return within(literal(found.text), {...options, errexit: errexit || /^#!.*sh\s+-\w*e/.test(start)}, at, context)
}
