import {pass} from '../../engine/finding.ts'
import {readEngines} from '../../repo/application/engines.ts'
import {readCompose, type ComposeText} from '../../repo/docker/compose.ts'
import {interpolate} from '../../repo/docker/interpolation.ts'
import {iniEntry, readIni} from '../../repo/ini.ts'
import {applicationProjects} from '../compose-services.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {isSecretName, masked} from '../secret-names.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({compose: await read(readCompose), ini: await read(readIni), engines: await read(readEngines)}),
  evaluate: ({compose, ini, engines}) => {
    const targets: Target[] = []
    for (const {services} of applicationProjects(compose))
      for (const service of services) {
        const found: Target[] = []
        for (const {name, value} of service.environment) {
          if (value === undefined) continue
          const literal = isSecretName(name) ? literalIn(value.text) : passwordIn(value.text)
          if (literal !== undefined) found.push(missed(value, `${name} without a value in the file`, masked(literal)))
        }
        for (const line of [service.command, service.entrypoint, service.healthcheck?.test]) {
          const words: readonly (ComposeText | string)[] = line === undefined ? [] : 'words' in line ? line.words : line
          for (const word of words) {
            const {text, ...place} = typeof word === 'string' ? {...service, text: word} : word
            const literal = passwordIn(text) ?? flagIn(text)
            if (literal !== undefined) found.push(missed(place, 'a command without a password', masked(literal)))
          }
        }
        targets.push(...(found.length > 0 ? found : [held(service, `no credential in ${service.name}`, 'none')]))
      }
    for (const file of ini.files) {
      const entry = iniEntry(file, 'alembic', 'sqlalchemy.url')
      if (entry === undefined) continue
      const password = passwordIn(entry.value)
      const overridden = engines.options.length > 0 || engines.engines.some(({migration, url}) => migration && !url.option)
      const placeholder = /^driver:\/\//.test(entry.value)
      const place = {file: file.file, line: entry.line}
      targets.push(
        password === undefined || (placeholder && overridden)
          ? held(place, 'sqlalchemy.url without a password', placeholder ? 'a placeholder that env.py replaces' : 'none')
          : missed(place, 'sqlalchemy.url without a password', placeholder ? 'a placeholder that nothing replaces' : masked(password)),
      )
    }
    const unread = unreadTargets('a file without credentials', compose, {
      unread: ini.unread.filter(({file}) => file.endsWith('alembic.ini')),
    })
    if (targets.length + unread.length === 0) return pass('NO_CREDENTIALS')
    return concludeTargets([...unique(targets), ...unread], {pass: 'NO_CREDENTIALS', fail: 'CREDENTIALS_IN_FILES'})
  },
})

/** The literal part of a value: all of it, or what stands in for an unset variable. `true` and numbers are no secrets. */
const literalIn = (text: string): string | undefined => {
  const {variables} = interpolate(text, () => undefined, '$')
  const literal = variables.length === 0 ? text : (variables.find(({fallback}) => (fallback ?? '') !== '')?.fallback ?? passwordIn(text))
  return literal === undefined || /^(?:|true|false|yes|no|none|null|\/run\/secrets\/\S+)$/i.test(literal.trim()) ? undefined : literal
}

/** The password in the user part of a URL, unless it is a variable without a literal behind it. */
const passwordIn = (text: string): string | undefined => {
  for (const [, password = ''] of text.matchAll(/:\/\/[^/\s:@]*:((?:\$\{[^}]*\}|[^@\s/])+)@/g)) {
    const {variables} = interpolate(password, () => undefined, '$')
    if (variables.length === 0 && !password.startsWith('%(')) return password
    const fallback = variables.find((one) => (one.fallback ?? '') !== '')?.fallback
    if (fallback !== undefined) return fallback
  }
  return undefined
}

const flagIn = (text: string): string | undefined => {
  const value = /(?:--?(?:requirepass|password|passwd|secret|token)[= ]|PASSWORD=)(["']?)((?:\$\{[^}]*\}|[^\s"'])+)\1/i.exec(text)?.[2]
  return value === undefined ? undefined : literalIn(value)
}

/** A service of several projects is written once. */
const unique = (targets: readonly Target[]): Target[] => [
  ...new Map(targets.map((one) => [`${one.evidence.file}:${one.evidence.line}:${one.evidence.expected}`, one])).values(),
]
