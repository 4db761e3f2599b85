import {commandsOf, programOf} from '../repo/docker/commands.ts'
import type {Instruction} from '../repo/docker/dockerfiles.ts'
import {instructionsIn, lastIn} from '../repo/docker/stages.ts'
import type {StartScriptFacts} from '../repo/docker/start-scripts.ts'
import {baseOf, neededBy} from '../repo/docker/stages.ts'
import {hasProgram} from './base-images.ts'
import type {DeployedImage} from './deployed-images.ts'

/** What a health check asks: host, port (a number, or PORT with what stands for it), path. */
export type Probe = {host: string; port?: number; followsPort: boolean; path: string}

/** A health check of an image: the program that it calls, and the addresses that it asks. */
export type HealthProbe = {instruction: Instruction; none: boolean; program: string; needsShell: boolean; probes: Probe[]}

export const healthProbeOf = ({dockerfile, stage}: DeployedImage, {scripts}: StartScriptFacts): HealthProbe | undefined => {
  const instruction = lastIn(dockerfile, stage, 'HEALTHCHECK')
  if (instruction === undefined) return undefined
  const text = instruction.text.replace(/^CMD\s+/i, '')
  if (/^none$/i.test(text)) return {instruction, none: true, program: '', needsShell: false, probes: []}
  const words = instruction.exec ?? commandsOf(text)[0] ?? []
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word))
  const isShell = instruction.exec === undefined || /(?:^|\/)(?:ba|a)?sh$/.test(words[0] ?? '')
  const inner = instruction.exec !== undefined && isShell && at > 0 ? (commandsOf(words[at + 1] ?? '')[0] ?? []) : words
  const called = scripts.filter(({word}) => inner.some((one) => one === word || one.endsWith(word)))
  const probes = [
    ...probesIn((instruction.exec ?? [text]).join(' ')),
    ...called.flatMap(({lines}) => lines.flatMap((line) => probesIn(line.text))),
  ]
  return {instruction, none: false, program: programOf(inner)?.program ?? '', needsShell: isShell, probes}
}

/** Addresses in a text: `http://127.0.0.1:8000/health`, also with a port out of the environment, in shell and in Python. */
export const probesIn = (text: string): Probe[] => {
  const found: Probe[] = []
  for (const one of text
    .slice(0, 5000)
    .matchAll(/https?:\/\/(\[::1\]|[\w.-]+|\$\{?\w+\}?)(?::(\d+|\$\w+|\$?\{[^}]*\}|["'] ?\+[^+]*\+ ?["']|%[sd]))?(\/[^\s'"`?#)\\;|]*)?/g)) {
    const [, host = '', port = '', path = '/'] = one
    const number = /^\d+$/.test(port) ? Number(port) : Number(/\b(\d{2,5})\b/.exec(port)?.[1] ?? Number.NaN)
    const usual = text.startsWith('https', one.index) ? 443 : 80
    const followsPort = /PORT/.test(port)
    found.push({host, ...(port === '' ? {port: usual} : Number.isNaN(number) ? {} : {port: number}), followsPort, path})
  }
  return found
}

/** Whether the deployed stage has a program: from its base, installed into it, or copied. Undefined where that is not known. */
export const stageHas = ({dockerfile, stage}: DeployedImage, program: string): boolean | undefined => {
  if (program.includes('.') && /\.(?:sh|py|js)$/.test(program)) return true
  const words = new RegExp(`(?:^|[\\s/'"=])${program.replace(/[^\w-]/g, '')}(?:$|[\\s'";=])`)
  let installed = false
  for (const {keyword, text, heredocs, exec} of instructionsIn(dockerfile, stage, 'RUN', 'COPY', 'ADD')) {
    if (keyword !== 'RUN') {
      if (new RegExp(`/${program.replace(/[^\w-]/g, '')}$|/${program.replace(/[^\w-]/g, '')}\\s`).test(text)) installed = true
      continue
    }
    const commands = exec === undefined ? [text, ...heredocs.map(({body}) => body)].flatMap(commandsOf) : [exec]
    for (const command of commands) {
      const line = command.join(' ')
      if (!words.test(line)) continue
      if (/\b(?:apt-get|apt|apk|yum|dnf|microdnf|tdnf|zypper)\b.*\b(?:install|add)\b/.test(line)) installed = true
      else if (/\b(?:apt-get|apt|apk|yum|dnf|microdnf)\b.*\b(?:purge|remove|del|erase|autoremove)\b/.test(line)) installed = false
    }
  }
  if (installed) return true
  // Python environments are copied as a whole: the interpreter comes with the base, or with them.
  const {image} = baseOf(dockerfile, stage)
  const has = image === undefined ? undefined : hasProgram(image, program)
  const copiesPython = /^python/.test(program) && neededBy(dockerfile, stage).length > 1
  return has === false && copiesPython ? undefined : has
}
