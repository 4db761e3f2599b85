import {notApplicable} from '../../engine/finding.ts'
import {readModels} from '../../repo/application/models.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {compareSchemas, migratedBy} from '../schema-differences.ts'
import {concludeTargets, undecided} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({models: await read(readModels), revisions: await read(readRevisions)}),
  evaluate: ({models, revisions}) => {
    const migrated = migratedBy(models, revisions)
    const unread = unreadTargets('models and revisions that can be read', revisions)
    // That there are none at all is the business of migrations.initial-migration.
    if (migrated.length === 0 && unread.length === 0) return notApplicable('NO_REVISIONS')
    return concludeTargets(
      [
        ...migrated.flatMap((one) => compareSchemas(one, models).flatMap(({aspect, target}) => (aspect === 'tables' ? [target] : []))),
        ...models.unnamed.map((one) =>
          undecided(one, 'a table name that can be read', `class ${one.class} gets its table name at run time`),
        ),
        ...unread,
      ],
      {pass: 'TABLES_COMPLETE', fail: 'TABLES_DIFFER', partly: 'TABLES_DIFFER_PARTLY'},
    )
  },
})
