import {fail} from '../../engine/finding.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {readDotenv, type DotenvFile} from '../../repo/dotenv.ts'
import {mainSettings, unreadTargets, variableOf} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {isSettingsKnown, misplaced, parsesAs} from '../dotenv-values.ts'
import {noSettings} from '../no-settings.ts'
import {isPlaceholder, isSecretName, masked} from '../secret-names.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    dotenv: await read(readDotenv),
    settings: await read(readSettings),
    compose: await read(readCompose),
    routes: await read(readRoutes),
  }),
  evaluate: ({dotenv, settings, compose, routes}) => {
    const first = mainSettings(settings)
    if (first === undefined) return noSettings(settings, routes, (evidence) => fail('NO_SETTINGS', evidence))
    const unread = unreadTargets('an example that can be read', dotenv, compose, settings, {unread: settings.open})
    const [main] = dotenv.examples
    if (main === undefined && unread.length === 0)
      return fail('ENV_EXAMPLE_MISSING', [
        {file: first.file, line: first.line, expected: 'a .env.example with every variable', actual: 'none'},
      ])
    const documented = dotenv.examples.flatMap((file) => file.assignments.map((one) => ({...one, file: file.file})))
    const keys = new Set(documented.map(({key}) => key.toUpperCase()))
    const interpolated = [...new Map(compose.interpolations.map((one) => [one.name, one])).values()]
    const targets: Target[] = [
      ...settings.fields.map((field) =>
        field.variables.some((name) => keys.has(name))
          ? held(field, `${variableOf(field)} in the example`, 'documented')
          : missed(field, `${variableOf(field)} in the example`, 'not there'),
      ),
      ...interpolated
        .filter(({name, file}) => !documentedFor(file, dotenv.examples, keys).has(name.toUpperCase()))
        .map((one) => missed(one, `${one.name} in the example`, 'not there')),
    ]
    for (const one of documented) {
      const field = settings.fields.find(({variables}) => variables.includes(one.key.toUpperCase()))
      const known = field !== undefined || interpolated.some(({name}) => name === one.key) || isSettingsKnown(one.key, settings)
      if (!known) targets.push(missed(one, 'only variables that something reads', `${one.key}, which nothing reads`))
      const comments = [one.comment ?? '', ...one.comments, ...one.block]
      if (comments.every((text) => text.trim() === '')) targets.push(missed(one, `a comment that says what ${one.key} is`, 'none'))
      const wrong = field === undefined ? undefined : parsesAs(field, one)
      if (wrong !== undefined)
        targets.push(missed(one, `${one.key} as ${wrong}`, isSecretName(one.key) ? masked(one.value) : one.value || 'empty'))
      if (isSecretName(one.key) && /^[A-Za-z0-9+/_=.-]{20,}$/.test(one.value) && !isPlaceholder(one.value) && /\d/.test(one.value))
        targets.push(missed(one, 'no value that looks like a live secret', masked(one.value)))
    }
    if (main !== undefined)
      for (const where of misplaced(dotenv.examples, settings, compose))
        targets.push(
          missed({file: main.file, line: 1}, `the example in ${where}, where it is read from`, `in ${main.folder || 'the root'}`),
        )
    return concludeTargets([...targets, ...unread], {
      pass: 'ENV_EXAMPLE_COMPLETE',
      fail: 'ENV_EXAMPLE_EMPTY',
      partly: 'ENV_EXAMPLE_INCOMPLETE',
    })
  },
})

/** What is documented for a compose file: Compose reads the .env beside it, so of several examples that one counts. */
const documentedFor = (file: string, examples: readonly DotenvFile[], all: ReadonlySet<string>): ReadonlySet<string> => {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
  const beside = examples.filter((one) => one.folder === folder || (folder === '' && one.folder === '.'))
  return beside.length === 0 ? all : new Set(beside.flatMap(({assignments}) => assignments.map(({key}) => key.toUpperCase())))
}
