import {notApplicable} from '../../engine/finding.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {unreadTargets, variableOf} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({settings: await read(readSettings)}),
  evaluate: ({settings}) => {
    const fields = settings.fields.filter(
      ({variables, type}) =>
        !['bool', 'int', 'float'].includes(type) &&
        variables.some((name) => /CORS|ALLOW(?:ED)?_ORIGINS?/.test(name) && !/REGEX|METHOD|HEADER|CREDENTIAL|AGE/.test(name)),
    )
    const unread = unreadTargets('settings that can be read', settings)
    if (fields.length + unread.length === 0) return notApplicable('NO_CORS_SETTING')
    return concludeTargets(
      [
        ...fields.map((field) => {
          const expected = `${variableOf(field)} that takes https://… as the secret holds it`
          if (field.type !== 'list') return held(field, expected, `a field of type ${field.type}`)
          return field.decoded
            ? held(field, expected, 'NoDecode with a validator')
            : missed(field, expected, 'a list that is read as JSON only: plain text raises SettingsError at import')
        }),
        ...unread,
      ],
      {pass: 'CORS_VALUE_PARSES', fail: 'CORS_VALUE_BREAKS'},
    )
  },
})
