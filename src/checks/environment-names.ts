import type {SettingsRules} from '../repo/application/settings-rules.ts'
import type {Settings, SettingsField} from '../repo/application/settings.ts'

const wanted = /(?:^|_)ENV(?:IRONMENT)?(?:_NAME)?$/
const plain = /^(?:APP_|DEPLOY(?:MENT)?_)?ENV(?:IRONMENT)?(?:_NAME)?$/
/** What a tool of its own calls the environment. */
const ofTool = /(?:SENTRY|LOGFIRE|DATADOG|DD|OTEL|NEW_?RELIC|ELASTIC_APM|LANGFUSE|LANGSMITH|PINECONE|FROM)_(?:\w+_)?ENV(?:IRONMENT)?/

/** The setting that says in which environment the application runs. */
export const environmentField = ({fields}: Pick<Settings, 'fields'>): SettingsField | undefined => {
  const texts = fields.filter(({type}) => !['int', 'float', 'bool', 'list', 'dict', 'secret', 'url'].includes(type))
  const named = (pattern: RegExp) =>
    texts.find(({variables}) => variables.some((name) => pattern.test(name) && wanted.test(name) && !ofTool.test(name)))
  return named(plain) ?? named(wanted)
}

/** The values of it that the code knows: those of its type, those that it is compared with, and those that a validator turns into them. */
export const knownEnvironments = (
  field: SettingsField,
  {comparisons, validators}: Pick<SettingsRules, 'comparisons' | 'validators'>,
): Set<string> => {
  const known = new Set(field.choices)
  if (field.choices.length === 0)
    for (const one of comparisons) if (one.field === field.path) for (const value of one.values) known.add(value)
  for (const {fields, maps} of validators)
    if (fields.includes(field.path)) for (const {from, to} of maps) if (known.has(to)) known.add(from)
  return known
}
