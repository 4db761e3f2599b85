import {notApplicable} from '../../engine/finding.ts'
import {readModels} from '../../repo/application/models.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {qualified} from '../../repo/application/schema.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {compareSchemas, migratedBy} from '../schema-differences.ts'
import {concludeTargets, held} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({models: await read(readModels), revisions: await read(readRevisions)}),
  evaluate: ({models, revisions}) => {
    const migrated = migratedBy(models, revisions)
    const unread = unreadTargets('models and revisions that can be read', revisions)
    if (migrated.length === 0 && unread.length === 0) return notApplicable('NO_REVISIONS')
    const differences = migrated.flatMap((one) =>
      compareSchemas(one, models).flatMap(({aspect, target}) => (aspect === 'nullability' ? [target] : [])),
    )
    const named = differences.map(({evidence}) => evidence.expected)
    const equal = migrated.flatMap(({environment, models: own}) =>
      own.flatMap((model) => {
        const name = qualified(model)
        const made = environment.tables.find((table) => qualified(table) === name)
        return made === undefined || named.some((text) => text.startsWith(`${name}.`))
          ? []
          : [held(model, `the same nullable columns of ${name}`, `${made.file}:${made.line}`)]
      }),
    )
    if (differences.length + equal.length + unread.length === 0) return notApplicable('NO_COMMON_TABLES')
    return concludeTargets([...differences, ...equal, ...unread], {
      pass: 'NULLABILITY_MATCHES',
      fail: 'NULLABILITY_DIFFERS',
      partly: 'NULLABILITY_DIFFERS_PARTLY',
    })
  },
})
