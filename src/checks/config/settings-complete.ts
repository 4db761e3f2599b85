import {fail} from '../../engine/finding.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {readSettingsRules} from '../../repo/application/settings-rules.ts'
import {readSettings, type SettingsField} from '../../repo/application/settings.ts'
import {mainSettings, unreadTargets, variableOf} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {noSettings} from '../no-settings.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

/** What the settings must have: any one of the groups of names, each whole. */
const wanted: readonly {what: string; groups: readonly (readonly RegExp[])[]}[] = [
  {what: 'LOG_LEVEL', groups: [[/(?:^|_)LOG(?:GING)?_*LEVEL$/]]},
  {what: 'ENVIRONMENT', groups: [[/(?:^|_)ENV(?:IRONMENT)?$/]]},
  {
    what: 'JWT_SECRET, or issuer and audience of an identity provider',
    groups: [
      [/ISSUER(?:_URL|_URI)?$/, /AUDIENCES?$|CLIENT_ID$/],
      [/(?:FIREBASE|IDENTITY_PLATFORM|GCIP|IDP)_*(?:\w+_)*PROJECT(?:_ID)?$/],
      [/^(?!.*CLIENT_SECRET).*(?:(?:^|_)(?:JWT|TOKEN|AUTH|SESSION|SIGNING)_*(?:\w+_)*(?:SECRET|KEY)(?:_KEY)?$|(?:^|_)SECRET_KEY$)/],
      // A pair of keys, for RS256 and its like.
      [/(?:^|_)(?:JWT|TOKEN|AUTH|SIGNING)_*(?:\w+_)*PUBLIC_KEY(?:_(?:PATH|FILE|PEM))?$/],
    ],
  },
  {what: 'a batch size', groups: [[/BATCH_*SIZE$/]]},
]

export default defineRepositoryItem({
  observe: async (read) => ({
    settings: await read(readSettings),
    rules: await read(readSettingsRules),
    routes: await read(readRoutes),
  }),
  evaluate: ({settings, rules, routes}) => {
    const first = mainSettings(settings)
    if (first === undefined) return noSettings(settings, routes, (evidence) => fail('NO_SETTINGS', evidence))
    const named = (pattern: RegExp): SettingsField | undefined => {
      const found = settings.fields.filter(({variables}) => variables.some((name) => pattern.test(name)))
      // Of several the one that is right: the others are of other things.
      return found.find((field) => judged(field).verdict === 'held') ?? found[0]
    }
    const judged = (field: SettingsField): Target => {
      const variable = variableOf(field)
      const past = [
        ...settings.reads.filter((one) => field.variables.includes(one.variable.toUpperCase())),
        ...rules.constants.filter(
          ({name}) => field.variables.includes(name) || (/BATCH_SIZE$/.test(name) && /BATCH_*SIZE$/.test(variable)),
        ),
      ]
      const [beside] = past
      if (beside !== undefined) return missed(beside, `${variable} from the settings only`, 'the same value beside them')
      const [reader] = [...field.readAt, ...field.readInside]
      return reader === undefined
        ? missed(field, `${variable} in use`, 'a setting that nothing reads')
        : held(field, variable, `read at ${reader.file}:${reader.line}`)
    }
    const targets = wanted.flatMap(({what, groups}): Target[] => {
      const found = groups.map((group) => group.map(named))
      const whole = found.find((group) => group.every((field) => field !== undefined))
      if (whole === undefined) return [missed(first, what, 'no such setting')]
      return whole.map(judged)
    })
    return concludeTargets([...targets, ...unreadTargets('a settings class that can be read', settings, {unread: settings.open})], {
      pass: 'SETTINGS_COMPLETE',
      fail: 'SETTINGS_MISSING',
      partly: 'SETTINGS_INCOMPLETE',
    })
  },
})
