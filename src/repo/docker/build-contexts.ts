import {posix} from 'node:path'
import type {Reader, Unread} from '../files.ts'
import {readImageBuilds} from './builds.ts'
import {readDockerfiles} from './dockerfiles.ts'

/** The folder that a Dockerfile is built from, what .dockerignore leaves out of it, and what is in it. */
export type BuildContext = {
  dockerfile: string
  folder: string
  /** The Dockerfile's own (`api.Dockerfile.dockerignore`) or that of the folder; null where there is none. */
  ignoreFile: string | null
  patterns: {text: string; line: number}[]
  /** Which of the things that do not belong into an image the folder can hold. */
  holds: {git: boolean; node: boolean; python: boolean; tests: string[]}
}

export type BuildContextFacts = {contexts: BuildContext[]; unread: Unread[]}

/** Every build context: as builds name them, else the Dockerfile's own folder. */
export const readBuildContexts: Reader<BuildContextFacts> = async ({files, read}) => {
  const [{dockerfiles}, {builds}] = [await read(readDockerfiles), await read(readImageBuilds)]
  const paths = await files.list()
  const listed = new Set(paths)
  const facts: BuildContextFacts = {contexts: [], unread: []}
  for (const {file} of dockerfiles) {
    const named = builds.flatMap(({dockerfile, context}) => (dockerfile === file && context !== undefined ? [context] : []))
    for (const folder of new Set(named.length > 0 ? named : [posix.dirname(file)])) {
      const ignoreFile =
        [`${file}.dockerignore`, posix.join(folder, '.dockerignore'), posix.join(folder, '.containerignore')].find((path) =>
          listed.has(path),
        ) ?? null
      const text = ignoreFile === null ? undefined : await files.text(ignoreFile)
      if (text !== undefined && 'unread' in text) facts.unread.push(text.unread)
      const patterns = text === undefined || 'unread' in text ? [] : patternsOf(text.text)
      const inside =
        folder === '.' ? paths : paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1))
      facts.contexts.push({dockerfile: file, folder, ignoreFile, patterns, holds: heldIn(folder, inside)})
    }
  }
  return facts
}

const patternsOf = (text: string): BuildContext['patterns'] =>
  text.split(/\r?\n/).flatMap((line, index) => (line.trim() === '' || line.startsWith('#') ? [] : [{text: line.trim(), line: index + 1}]))

const heldIn = (folder: string, inside: readonly string[]): BuildContext['holds'] => ({
  git: folder === '.',
  node: inside.some((path) => /(?:^|\/)package\.json$/.test(path)),
  python: inside.some((path) => path.endsWith('.py')),
  tests: [...new Set(inside.flatMap((path) => /^((?:[^/]+\/){0,3}?tests?)\//.exec(path)?.[1] ?? []))].slice(0, 20),
})
