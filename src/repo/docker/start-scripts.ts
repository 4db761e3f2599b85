import {posix} from 'node:path'
import type {Reader} from '../files.ts'
import {readCompose} from './compose.ts'
import {readDockerfiles} from './dockerfiles.ts'

/** A file that an image starts or checks itself with: the lines of it that speak of ports, addresses and reloading. */
export type StartScript = {word: string; file: string; lines: {line: number; text: string}[]}

export type StartScriptFacts = {scripts: StartScript[]}

const telling = /port|reload|http|listen|bind|uvicorn|gunicorn|hypercorn|granian|nginx|exec /i
const maxLines = 60
const maxBytes = 100_000

/** Scripts and modules that CMD, ENTRYPOINT and HEALTHCHECK of Dockerfiles, and commands of compose services, call by name. */
export const readStartScripts: Reader<StartScriptFacts> = async ({files, read}) => {
  const [docker, compose] = [await read(readDockerfiles), await read(readCompose)]
  const paths = await files.list()
  const instructions = docker.dockerfiles.flatMap(({stages}) => stages.flatMap((stage) => stage.instructions))
  const texts = [
    ...instructions.filter(({keyword}) => /^(?:CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword)).map(({text, exec}) => exec?.join(' ') ?? text),
    ...compose.projects.flatMap(({services}) =>
      services.flatMap(({command, entrypoint}) => [command, entrypoint].flatMap((one) => one?.words.map(({text}) => text).join(' ') ?? [])),
    ),
  ]
  const words = new Set(texts.flatMap((text) => namesIn(text)))
  const scripts: StartScript[] = []
  for (const word of words) {
    const wanted = word.includes('/') || /\.(?:sh|py|js|mjs|cjs|ts)$/.test(word) ? [word.replace(/^\.?\//, '')] : modulePaths(word)
    for (const path of matching(paths, wanted)) {
      const found = await files.text(path)
      if (found === undefined || 'unread' in found || found.text.length > maxBytes) continue
      const lines = found.text
        .split(/\r?\n/)
        .flatMap((text, index) => (telling.test(text) ? [{line: index + 1, text: text.trim().slice(0, 300)}] : []))
      scripts.push({word, file: path, lines: lines.slice(0, maxLines)})
    }
  }
  return {scripts}
}

const namesIn = (text: string): string[] => {
  const words = text.split(/[\s"'`;&|()]+/)
  const named = words.filter(
    (word) =>
      /^[\w./-]+\.(?:sh|py|js|mjs|cjs|ts)$/.test(word) ||
      /^(?:\.{0,2}\/)?(?:[\w-]+\/)*(?:docker-)?(?:entrypoint|start|run|healthcheck)$/.test(word),
  )
  const modules = words.flatMap((word, index) => (words[index - 1] === '-m' && /^[A-Za-z_][\w.]*$/.test(word) ? [word] : []))
  return [...named, ...modules]
}

const modulePaths = (word: string): string[] => [`${word.replaceAll('.', '/')}.py`, `${word.replaceAll('.', '/')}/__main__.py`, word]

/** Files whose path ends as wanted; else those that have only the name in common (COPY may have moved them). */
const matching = (paths: readonly string[], wanted: readonly string[]): string[] => {
  const whole = paths.filter((path) => wanted.some((one) => path === one || path.endsWith(`/${one}`)))
  const named = paths.filter((path) =>
    wanted.some((one) => posix.basename(one) !== '__main__.py' && posix.basename(path) === posix.basename(one)),
  )
  return (whole.length > 0 ? whole : named.length === 1 ? named : []).slice(0, 5)
}
