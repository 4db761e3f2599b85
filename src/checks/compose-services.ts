import {commandsOf, programOf} from '../repo/docker/commands.ts'
import {withoutBraces} from '../repo/docker/interpolation.ts'
import type {ComposeFacts, ComposeProject, ComposeService} from '../repo/docker/compose.ts'
import {isDatabase} from './base-images.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target, type TargetCodes} from './targets.ts'
import type {Finding} from '../engine/finding.ts'

/** A service in the project that runs it. */
export type Running = {project: ComposeProject; service: ComposeService}

/** The projects that are the application's own: a stack that tests start, and throw away, is judged by no item. */
export const applicationProjects = ({projects}: Pick<ComposeFacts, 'projects'>): ComposeProject[] =>
  projects.filter(({purpose}) => purpose !== 'test')

/**
 * The services that a deployment by compose runs: those of the files that Compose loads by itself and of production files. Files for
 * development or a debug session, which have to be named, are passed over unless there is nothing else.
 */
export const runningServices = (compose: ComposeFacts): Running[] => {
  const projects = applicationProjects(compose)
  const lasting = projects.filter(({purpose}) => purpose !== 'development')
  const found = new Map<string, Running>()
  for (const project of lasting.length > 0 ? lasting : projects) {
    for (const service of project.services) {
      // A variant upon the base holds the base's services again; only those that it changes are another service.
      const isRepeated = project.kind === 'variant' && project.files.length > 1
      const key = isRepeated ? `${service.file}:${service.line}` : `${project.files.join()} ${service.name}`
      const isKnown = isRepeated && [...found.values()].some(({service: {file, line}}) => file === service.file && line === service.line)
      if (!isKnown) found.set(key, {project, service})
    }
  }
  return [...found.values()]
}

export const unreadServices = ({unread}: ComposeFacts, expected: string): Target[] => unread.map((place) => unreadable(place, expected))

const oneShotName = /(?:^|[-_])(?:migrate|migrations?|init|seed|seeder|setup|bootstrap|createbuckets?|provision|fixtures|job)(?:$|[-_])/i

/** A service that does one thing and ends: others wait for its success, or it only migrates. */
export const isOneShot = ({project, service}: Running): boolean => {
  const isAwaited = project.services.some(({dependsOn}) =>
    dependsOn.some((one) => one.service === service.name && one.condition === 'service_completed_successfully'),
  )
  if (isAwaited || oneShotName.test(service.name)) return true
  const {words = [], shell = false} = service.command ?? {}
  const texts = words.map(({text}) => text)
  const last = programOf((shell ? commandsOf(texts.join(' ')).at(-1) : texts) ?? [])
  return last?.program === 'alembic'
}

/** A database or cache: by its image, or because others name it as their database's host. */
export const isDatabaseService = ({project, service}: Running): boolean => {
  if (service.image !== undefined && isDatabase(service.image.value ?? service.image.text)) return true
  return project.services.some(({environment}) =>
    environment.some(({name, value}) => {
      const text = value?.value ?? ''
      if (/(?:^|_)(?:DB|DATABASE|POSTGRES|PG|MYSQL|SQL)_?(?:HOST|SERVER|HOSTNAME|ADDR)$|^PGHOST$/i.test(name)) return text === service.name
      return (
        /^(?:postgres|mysql|mariadb|mongodb|redis)[\w+]*:\/\//.test(text) && new RegExp(`[@/]${escaped(service.name)}(?:[:/]|$)`).test(text)
      )
    }),
  )
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export const placeOf = ({file, line}: {file: string; line: number}): {file: string; line: number} => ({file, line})

/** A value that every one of some services must set. */
export const each = (
  services: readonly Running[],
  expected: string,
  read: (service: ComposeService) => {file: string; line: number; text: string; value?: string} | undefined,
  isMet: (value: string) => boolean,
): Target[] =>
  services.map(({service}) => {
    const said = read(service)
    const wanted = `${service.name}: ${expected}`
    if (said === undefined) return missed(service, wanted, 'absent')
    if (said.value === undefined) return undecided(said, wanted, `${withoutBraces(said.text)}, which has no default`)
    return isMet(said.value) ? held(said, wanted, said.value) : missed(said, wanted, said.value)
  })

/** The verdict over services, where there is a compose file to judge; `absent` says that there is none. */
export const concludeServices = (
  compose: ComposeFacts,
  targets: readonly Target[],
  expected: string,
  codes: TargetCodes,
  absent: Finding,
): Finding =>
  applicationProjects(compose).length === 0 && compose.unread.length === 0
    ? absent
    : concludeTargets([...targets, ...unreadServices(compose, expected)], codes)
