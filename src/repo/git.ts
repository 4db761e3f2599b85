import {execa} from 'execa'
import {QlogicError} from '../errors.ts'

/** Settings of a repository that would run its code, or draw for a person. */
const inert = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.quotePath=false',
  'log.showSignature=false',
  'diff.external=',
]
  .concat('submodule.recurse=false', 'core.untrackedCache=keep')
  .flatMap((setting) => ['-c', setting])

const environment = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // A partial clone would fetch what it lacks, by whatever command its configuration names.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_EXTERNAL_DIFF: undefined,
  // Set by git while it runs a hook; they would point every command at another work tree.
  GIT_DIR: undefined,
  GIT_LITERAL_PATHSPECS: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_PREFIX: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  LC_ALL: 'C',
}

const settled = (config: readonly Setting[]) => ({
  ...environment,
  ...Object.fromEntries(
    config.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
  ...(config.length === 0 ? {} : {GIT_CONFIG_COUNT: String(config.length)}),
})

/** A configuration key and its value for one call. */
export type Setting = readonly [key: string, value: string]
type GitOptions = {input?: string; config?: readonly Setting[]}
export type GitAnswer = {exitCode: number | undefined; stdout: Buffer; stderr: string}

/** Runs git in a folder, reading only, with nothing of the repository's own executed. `exitCode` is undefined when git is not installed. */
export async function git(dir: string, args: readonly string[], {input, config = []}: GitOptions = {}): Promise<GitAnswer> {
  const {exitCode, stdout, stderr, timedOut, isMaxBuffer} = await execa('git', [...inert, ...args], {
    cwd: dir,
    env: settled(config),
    reject: false,
    stripFinalNewline: false,
    timeout: 60_000,
    ...(input === undefined ? {stdin: 'ignore' as const} : {input}),
    encoding: 'buffer',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (timedOut || isMaxBuffer) throw unavailable(dir, `git ${args[0] ?? ''} took too long`)
  return {exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString()}
}

/** The same, where another end than success is an error. */
export async function gitOutput(dir: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const {exitCode, stdout, stderr} = await git(dir, args, options)
  if (exitCode === 0) return stdout
  throw unavailable(dir, exitCode === undefined ? 'git is not installed' : (stderr.trim().split('\n')[0] ?? 'git failed'))
}

/** The output line by line, for what may be long. */
export async function* gitLines(dir: string, args: readonly string[]): AsyncGenerator<string> {
  const running = execa('git', [...inert, ...args], {
    cwd: dir,
    env: settled([]),
    reject: false,
    timeout: 60_000,
    stdin: 'ignore',
    stderr: 'ignore',
    buffer: false,
  })
  for await (const line of running) yield line
  const {exitCode} = await running
  if (exitCode !== 0) throw unavailable(dir, `git ${args[0] ?? ''} failed`)
}

const unavailable = (dir: string, what: string): QlogicError =>
  new QlogicError('GIT_UNAVAILABLE', `${dir}: ${what}`, {hint: `git -C ${dir} status`})
