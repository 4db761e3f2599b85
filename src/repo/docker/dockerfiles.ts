import {posix} from 'node:path'
import type {Reader, Unread} from '../files.ts'
import {readCompose} from './compose.ts'
import {instructionsOf, type Instruction} from './dockerfile-text.ts'
import {interpolate} from './interpolation.ts'

export type {Flag, Heredoc, Instruction} from './dockerfile-text.ts'

/** A variable that ENV or ARG sets; `value` is absent when it is only known at build time. */
export type DockerVariable = {name: string; text?: string; value?: string; line: number}

/** What a stage starts from: an earlier stage, an image, or a name that is only known at build time. */
export type Base = {stage: number} | {image: string} | {dynamic: string}

/** One FROM and what follows it. `env` and `args` are the stage's own; see stages.ts for what it inherits. */
export type Stage = {
  index: number
  name?: string
  line: number
  /** The image as it is written after FROM. */
  text: string
  base: Base
  env: DockerVariable[]
  args: DockerVariable[]
  instructions: Instruction[]
}

export type Dockerfile = {file: string; args: DockerVariable[]; stages: Stage[]}
export type DockerfileFacts = {dockerfiles: Dockerfile[]; unread: Unread[]}

const maxLength = 512 * 1024
const maxStages = 200
const maxInstructions = 20_000

/** Every Dockerfile, by its name or because a compose file builds from it. */
export const readDockerfiles: Reader<DockerfileFacts> = async ({files, read}) => {
  const compose = await read(readCompose)
  const built = compose.projects.flatMap(({services}) => services.flatMap(({build}) => build?.dockerfile ?? []))
  const listed = new Set(await files.list())
  const paths = [...listed].filter(isDockerfileName)
  const facts: DockerfileFacts = {dockerfiles: [], unread: []}
  const all = [...new Set([...paths, ...built.filter((path) => listed.has(path))])].sort()
  if (all.length === 0) return facts
  for (const file of all) {
    const found = await files.text(file)
    if (found === undefined) continue
    if ('unread' in found) facts.unread.push(found.unread)
    else if (found.text.length > maxLength) facts.unread.push({file, line: 1, why: 'too large for a Dockerfile'})
    else {
      const {dockerfile, unread} = await parseDockerfile(file, found.text)
      if (dockerfile !== undefined) facts.dockerfiles.push(dockerfile)
      facts.unread.push(...unread)
    }
  }
  return facts
}

/** `Dockerfile`, `Dockerfile.prod`, `api.Dockerfile`, `Containerfile`; not what only describes or templates one. */
const isDockerfileName = (path: string): boolean => {
  const name = posix.basename(path)
  if (/\.(?:dockerignore|containerignore|md|txt|j2|jinja2?|tmpl|tpl|template|erb|orig|bak|swp|rej|py|ts|js|go|sh|json|ya?ml)$/i.test(name))
    return false
  return /^(?:dockerfile|containerfile)(?:[._-].+)?$/i.test(name) || /.\.(?:dockerfile|containerfile)$/i.test(name)
}

export const parseDockerfile = async (file: string, text: string): Promise<{dockerfile?: Dockerfile; unread: Unread[]}> => {
  const {DockerfileParser} = await import('dockerfile-ast')
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')
  let parsed
  try {
    parsed = DockerfileParser.parse(lines)
  } catch {
    return {unread: [{file, line: 1, why: 'not a Dockerfile'}]}
  }
  const escape = parsed.getEscapeCharacter()
  const instructions = instructionsOf(parsed, lines)
  const unread: Unread[] = []
  for (const {keyword, line} of instructions) {
    if (!keywords.has(keyword)) unread.push({file, line, why: `not an instruction of a Dockerfile: ${keyword.slice(0, 30)}`})
  }
  if (unread.length > 0) return {unread: unread.slice(0, 1)}
  const tooMany = instructions.length > maxInstructions || instructions.filter(({keyword}) => keyword === 'FROM').length > maxStages
  if (tooMany) return {unread: [{file, line: 1, why: 'too many instructions for a Dockerfile'}]}
  const first = instructions.findIndex(({keyword}) => keyword === 'FROM')
  if (first < 0) return {unread: [{file, line: 1, why: 'a Dockerfile without FROM'}]}
  const dockerfile: Dockerfile = {file, args: [], stages: []}
  const known = new Map<string, string | undefined>()
  for (const {keyword, line, text: rest} of instructions.slice(0, first)) {
    if (keyword === 'ARG') dockerfile.args.push(...variablesOf(keyword, rest, line, known, escape))
  }
  const scopes: Map<string, string | undefined>[] = []
  for (const instruction of instructions.slice(first)) {
    if (instruction.keyword === 'FROM') {
      const stage = stageOf(dockerfile, instruction, known, escape)
      dockerfile.stages.push(stage)
      scopes.push(new Map('stage' in stage.base ? scopes[stage.base.stage] : []))
    }
    const stage = dockerfile.stages.at(-1)
    const scope = scopes.at(-1)
    if (stage === undefined || scope === undefined) continue
    addTo(stage, scope, known, instruction, escape)
  }
  return {dockerfile, unread}
}

const addTo = (
  stage: Stage,
  scope: Map<string, string | undefined>,
  globals: ReadonlyMap<string, string | undefined>,
  instruction: Instruction,
  escape: string,
): void => {
  const {keyword, text, line} = instruction
  if (keyword === 'ENV') stage.env.push(...variablesOf(keyword, text, line, scope, escape))
  else if (keyword === 'ARG') {
    for (const one of variablesOf(keyword, text, line, scope, escape)) {
      // Without a default of its own it takes that of the ARG before the first FROM.
      const value = one.text === undefined ? globals.get(one.name) : one.value
      scope.set(one.name, value)
      stage.args.push({...one, ...(value !== undefined && {value})})
    }
  } else if (resolving.has(keyword)) {
    const {value} = interpolate(text, (name) => scope.get(name), escape)
    if (value !== undefined) instruction.resolved = unquoted(value)
  }
  stage.instructions.push(instruction)
}

const stageOf = (
  dockerfile: Dockerfile,
  instruction: Instruction,
  globals: ReadonlyMap<string, string | undefined>,
  escape: string,
): Stage => {
  const [text = '', as, name] = instruction.text.split(/\s+/)
  const {value} = interpolate(unquoted(text), (variable) => globals.get(variable), escape)
  const earlier = value === undefined ? undefined : stageNamed(dockerfile, value)
  return {
    index: dockerfile.stages.length,
    ...(as?.toLowerCase() === 'as' && name !== undefined && {name: name.toLowerCase()}),
    line: instruction.line,
    text,
    base: value === undefined || value === '' ? {dynamic: text} : earlier === undefined ? {image: value} : {stage: earlier.index},
    env: [],
    args: [],
    instructions: [],
  }
}

/** The last stage of that name so far; stage names know no case. */
const stageNamed = ({stages}: Dockerfile, name: string): Stage | undefined => stages.findLast((one) => one.name === name.toLowerCase())

/** `NAME=value NAME="two words"`, or the old `ENV NAME all the rest`; puts what it sets into the scope. */
const variablesOf = (
  keyword: string,
  text: string,
  line: number,
  scope: Map<string, string | undefined>,
  escape: string,
): DockerVariable[] => {
  // All of one instruction see the values from before it.
  const made = pairsOf(keyword, text, escape).map(([name, written]): DockerVariable => {
    const value = written === undefined ? undefined : interpolate(written, (variable) => scope.get(variable), escape).value
    return {name, ...(written !== undefined && {text: written}), ...(value !== undefined && {value}), line}
  })
  for (const one of made) if (one.text !== undefined || keyword === 'ARG') scope.set(one.name, one.value)
  return made
}

const pairsOf = (keyword: string, text: string, escape: string): [name: string, written: string | undefined][] => {
  const old = keyword === 'ENV' ? /^([^\s="']+)\s+(\S[^]*)$/.exec(text) : null
  if (old !== null) return [[old[1] ?? '', old[2] ?? '']]
  return wordsOf(text, escape).map((word) => {
    const equals = word.indexOf('=')
    return equals > 0 ? [word.slice(0, equals), word.slice(equals + 1)] : [word, undefined]
  })
}

/** Words, quotes taken off: `A="b c" D=e`. */
const wordsOf = (text: string, escape: string): string[] => {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (quote !== '' && char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) {
      quote = char
      word ??= ''
    } else if (char === escape && quote !== "'" && at + 1 < text.length && text[at + 1] !== '$') {
      at += 1
      word = (word ?? '') + text.charAt(at)
    } else if (quote === '' && (char === ' ' || char === '\t')) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  return word === undefined ? words : [...words, word]
}

const unquoted = (text: string): string => (/^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text)

const resolving: ReadonlySet<string> = new Set(['USER', 'EXPOSE', 'WORKDIR', 'COPY', 'ADD', 'VOLUME', 'STOPSIGNAL'])
const keywords: ReadonlySet<string> = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
)
