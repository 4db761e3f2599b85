import {commandsOf, programOf} from '../repo/docker/commands.ts'
import {interpolate} from '../repo/docker/interpolation.ts'
import type {StartScriptFacts} from '../repo/docker/start-scripts.ts'
import {baseOf, environmentIn, instructionsIn} from '../repo/docker/stages.ts'
import type {NginxFacts} from '../repo/nginx/nginx.ts'
import {startOf, type DeployedImage} from './deployed-images.ts'

/** Where a container listens. `followsPort`: where the platform's PORT says; `ports` are then those without it. */
export type Listening = {file: string; line: number; ports: number[]; followsPort: boolean; text: string; broken?: string}

type Facts = {scripts: StartScriptFacts; nginx: NginxFacts}

/** The port that an image's process listens on; undefined when the repository does not say. */
export const listeningOf = (image: DeployedImage, {scripts, nginx}: Facts): Listening | undefined => {
  const {dockerfile, stage, kind} = image
  if (kind === 'static') {
    const found = nginxListening(image, nginx)
    if (found !== undefined) return found
  }
  const environment = new Map(
    environmentIn(dockerfile, stage).flatMap(({name, value}) => (value === undefined ? [] : [[name, value] as const])),
  )
  const start = startOf(dockerfile, stage)
  if (start !== undefined) {
    const place = {file: dockerfile.file, line: start.instruction.line}
    const said = portIn(start.words, environment, start.viaShell)
    if (said !== undefined) return {...place, ...said}
    for (const {word, file, lines} of scripts.scripts) {
      if (!start.words.some((one) => one === word || one.endsWith(word))) continue
      for (const {line, text} of lines) {
        const found = portIn(commandsOf(text).flat(), environment, true) ?? portInCode(text)
        if (found !== undefined) return {file, line, ...found}
      }
    }
    const byDefault = defaultPort(start.words, environment)
    if (byDefault !== undefined) return {...place, ...byDefault}
  }
  const exposed = instructionsIn(dockerfile, stage, 'EXPOSE').at(-1)
  const ports = (exposed?.resolved ?? '').split(/\s+/).flatMap((word) => (/^\d+(?:\/tcp)?$/.test(word) ? [Number.parseInt(word, 10)] : []))
  return exposed === undefined || ports.length === 0
    ? undefined
    : {file: dockerfile.file, line: exposed.line, ports, followsPort: false, text: `EXPOSE ${exposed.text}`}
}

type Said = Omit<Listening, 'file' | 'line'>

const portIn = (words: readonly string[], environment: ReadonlyMap<string, string>, viaShell: boolean): Said | undefined => {
  for (const [index, word] of words.entries()) {
    const [, flag, attached] = /^(--port|--bind|-b|-p|-l|--listen|--http-port|--server\.port)(?:=(.*))?$/s.exec(word) ?? []
    if (flag === undefined) continue
    const given = attached ?? words[index + 1] ?? ''
    const text = flag === '--port' || flag === '-p' || flag === '-l' || !given.includes(':') ? given : given.slice(lastColon(given) + 1)
    const value = said(text.replace(/^tcp:\/\/.*:/, ''), environment, `${flag} ${given}`)
    if (value === undefined) continue
    return viaShell || !given.includes('$') ? value : {...value, broken: `${flag} ${given} without a shell to put the variable in`}
  }
  return undefined
}

const lastColon = (text: string): number => {
  const variable = text.indexOf('${')
  return variable < 0 ? text.lastIndexOf(':') : text.lastIndexOf(':', variable)
}

const said = (text: string, environment: ReadonlyMap<string, string>, whole: string): Said | undefined => {
  const {value, variables} = interpolate(text, (name) => environment.get(name), '\\')
  const followsPort = variables.some(({name}) => name === 'PORT')
  const port = /^\d{1,5}$/.test(value ?? '') ? [Number(value)] : []
  return port.length === 0 && !followsPort ? undefined : {ports: port, followsPort, text: whole.slice(0, 80)}
}

const portInCode = (text: string): Said | undefined => {
  const read =
    /(?:environ(?:\.get)?|getenv|process\.env)\s*[.([]\s*["']?PORT\b["']?\)?\s*[\])]?\s*(?:(?:,|\|\||\?\?|or)\s*["']?(\d{2,5}))?/.exec(text)
  if (read !== null) return {ports: read[1] === undefined ? [] : [Number(read[1])], followsPort: true, text: text.slice(0, 80)}
  const fixed = /\bport\s*[=:]\s*["']?(\d{2,5})\b|\.listen\(\s*(\d{2,5})/i.exec(text)
  return fixed === null ? undefined : {ports: [Number(fixed[1] ?? fixed[2])], followsPort: false, text: text.slice(0, 80)}
}

/** Where servers listen that are not told: uvicorn and its like on 8000; gunicorn takes PORT when there is one. */
const defaultPort = (words: readonly string[], environment: ReadonlyMap<string, string>): Said | undefined => {
  const {program = '', args = []} = programOf(words) ?? {}
  const servers = ['gunicorn', 'uvicorn', 'hypercorn', 'granian', 'daphne', 'fastapi']
  const name = servers.find(
    (one) =>
      program === one ||
      (/^(?:python3?|uv|poetry|pdm|pipenv|opentelemetry-instrument|ddtrace-run|newrelic-admin)/.test(program) && args.includes(one)),
  )
  if (name === undefined) return undefined
  const [variable, port] = [environment.get('UVICORN_PORT'), environment.get('PORT')]
  if (name === 'uvicorn' && variable !== undefined) return {ports: [Number(variable)], followsPort: false, text: `UVICORN_PORT=${variable}`}
  return name === 'gunicorn' && !words.includes('-c') && !words.includes('--config')
    ? {ports: [Number(port ?? 8000)], followsPort: true, text: 'gunicorn, which takes PORT'}
    : words.includes('-c') || words.includes('--config')
      ? undefined
      : {ports: [8000], followsPort: false, text: `${name} without --port: 8000`}
}

const nginxListening = ({dockerfile, stage}: DeployedImage, nginx: NginxFacts): Listening | undefined => {
  const configs = configsOf(dockerfile.file, nginx)
  const environment = new Map(
    environmentIn(dockerfile, stage).flatMap(({name, value}) => (value === undefined ? [] : [[name, value] as const])),
  )
  const listens = configs.flatMap((config) =>
    config.servers.flatMap(({file, line, scopes: [server]}) => {
      const own = server?.own.filter(({name}) => name === 'listen') ?? []
      return own.length > 0 ? own.map((one) => ({...one, text: one.args[0] ?? ''})) : [{file, line, text: '80'}]
    }),
  )
  const [first] = listens
  if (first === undefined) {
    const {image, line} = baseOf(dockerfile, stage)
    const isStock = configs.length === 0 && image !== undefined && /nginx/.test(image) && nginx.unread.length === 0
    const port = image?.includes('unprivileged') === true ? 8080 : 80
    return isStock ? {file: dockerfile.file, line, ports: [port], followsPort: false, text: `${image}: ${port}`} : undefined
  }
  const ports = listens.flatMap(({text}) => said(text.slice(lastColon(text) + 1), environment, text) ?? [])
  if (ports.length === 0) return undefined
  const numbers = [...new Set(ports.flatMap((one) => one.ports))]
  return {
    file: first.file,
    line: first.line,
    ports: numbers,
    followsPort: ports.some((one) => one.followsPort),
    text: `listen ${first.text}`,
  }
}

/** The nginx configurations of an image: those that it copies, else those of its folder that nothing places. */
export const configsOf = (dockerfile: string, {configs}: NginxFacts): NginxFacts['configs'] => {
  const placed = configs.filter(({placedBy}) => placedBy.includes(dockerfile))
  if (placed.length > 0) return placed
  const folder = dockerfile.includes('/') ? dockerfile.slice(0, dockerfile.lastIndexOf('/') + 1) : ''
  return configs.filter(({placedBy, file}) => placedBy.length === 0 && file.startsWith(folder))
}
