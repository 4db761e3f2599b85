import {posix} from 'node:path'
import type {ImageBuild} from '../docker/builds.ts'
import type {ComposeFacts} from '../docker/compose.ts'
import type {Dockerfile, DockerfileFacts} from '../docker/dockerfiles.ts'

/** Where a file of the repository lies in an image or a container; `by`: the Dockerfile or compose file that puts it there. */
export type ImagePath = {source: string; inImage: string; wasTemplate: boolean; by: string}

/** Where Dockerfiles copy, and compose files mount, the given files below /etc/nginx. */
export const imagePathsOf = (
  docker: DockerfileFacts,
  compose: ComposeFacts,
  builds: readonly ImageBuild[],
  paths: readonly string[],
): ImagePath[] => {
  const found: ImagePath[] = []
  const add = (source: string, target: string, by: string) => {
    const from = source.replace(/^\.\//, '').replace(/\/$/, '')
    for (const path of paths) {
      const isFolder = path.startsWith(`${from}/`) || from === '.' || from === ''
      if (path !== from && !isFolder) continue
      const inside = isFolder ? path.slice(from === '.' || from === '' ? 0 : from.length + 1) : posix.basename(path)
      const inImage = isFolder || target.endsWith('/') ? posix.join(target, inside) : target
      // The image's start script puts variables into templates: https://hub.docker.com/_/nginx
      const wasTemplate = inImage.startsWith('/etc/nginx/templates/') || inImage.endsWith('.template')
      const place = inImage.replace(/^\/etc\/nginx\/templates\//, '/etc/nginx/conf.d/').replace(/\.template$/, '')
      found.push({source: path, inImage: place, wasTemplate, by})
    }
  }
  for (const dockerfile of docker.dockerfiles) {
    for (const {keyword, flags, resolved = ''} of dockerfile.stages.flatMap(({instructions}) => instructions)) {
      const words = resolved.split(/\s+/)
      const target = words.pop()
      if ((keyword !== 'COPY' && keyword !== 'ADD') || target?.startsWith('/etc/nginx') !== true) continue
      const isFromStage = flags.some(({name}) => name === 'from')
      for (const word of words) {
        // Out of another stage it has come by a path of that stage: only its name tells which file it is.
        const sources = isFromStage
          ? paths.filter((path) => posix.basename(path) === posix.basename(word))
          : contextsOf(dockerfile, builds).map((context) => posix.join(context, word))
        for (const source of sources) add(source, words.length > 1 ? `${target}/` : target, dockerfile.file)
      }
    }
  }
  for (const {services} of compose.projects) {
    for (const {type, source, target, file} of services.flatMap(({volumes}) => volumes)) {
      if (type === 'bind' && source !== undefined && target?.startsWith('/etc/nginx') === true) add(source, target, file)
    }
  }
  return found
}

/** The folders that a Dockerfile is built in: those that builds name, else its own and the root. */
const contextsOf = ({file}: Dockerfile, builds: readonly ImageBuild[]): string[] => {
  const named = builds.flatMap(({dockerfile, context}) => (dockerfile === file && context !== undefined ? [context] : []))
  return [...new Set(named.length > 0 ? named : [posix.dirname(file), '.'])]
}

/** Configurations that stand in a Dockerfile itself: as heredocs, or (`body` absent) put together by a shell command. */
export const writtenInImages = ({dockerfiles}: DockerfileFacts): {file: string; line: number; body?: string}[] =>
  dockerfiles.flatMap(({file, stages}) =>
    stages.flatMap(({instructions}) =>
      instructions.flatMap(({keyword, text, line, heredocs}): {file: string; line: number; body?: string}[] => {
        if (!/\/etc\/nginx\/\S*\.(?:conf|template)/.test(text)) return []
        const [heredoc] = heredocs
        if (heredoc !== undefined) return [{file, line: heredoc.line, body: heredoc.body}]
        return keyword === 'RUN' && />\s*\/etc\/nginx\/\S*\.(?:conf|template)/.test(text) ? [{file, line}] : []
      }),
    ),
  )
