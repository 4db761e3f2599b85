import {fail} from '../../engine/finding.ts'
import {readModels} from '../../repo/application/models.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {historyTargets, noRevisions} from '../revision-history.ts'
import {compareSchemas, migratedBy} from '../schema-differences.ts'
import {concludeTargets, dynamic, undecided} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({models: await read(readModels), revisions: await read(readRevisions)}),
  evaluate: ({models, revisions}) => {
    const [unread] = revisions.unread
    const migrated = migratedBy(models, revisions)
    if (models.tables.length + migrated.length === 0 && models.unnamed.length === 0)
      return dynamic(unread === undefined ? 'no model of SQLAlchemy was found' : `${unread.file}:${unread.line}: ${unread.why}`)
    if (migrated.length === 0) {
      const evidence = noRevisions(models, revisions)
      return unread === undefined && evidence.length > 0
        ? fail('NO_MIGRATIONS', evidence)
        : dynamic(unread === undefined ? 'models without a name' : `${unread.file}:${unread.line}: ${unread.why}`)
    }
    const expected = 'models and revisions that make one schema'
    return concludeTargets(
      [
        ...migrated.flatMap((one) => [
          ...historyTargets(one.environment),
          ...compareSchemas(one, models).map(({target}) => target),
          ...one.environment.unknown.map((place) => undecided(place, 'a revision that can be replayed', place.why)),
          ...one.environment.raw.map((place) => undecided(place, 'operations of Alembic', 'SQL of its own, which is not replayed')),
        ]),
        ...models.unnamed.map((one) =>
          undecided(one, 'a table name that can be read', `class ${one.class} gets its table name at run time`),
        ),
        ...models.tables.flatMap(({open}) => open.map((place) => undecided(place, 'a model that can be read', place.why))),
        ...unreadTargets(expected, revisions),
      ],
      {pass: 'MIGRATIONS_MAKE_THE_MODELS', fail: 'MIGRATIONS_DIFFER', partly: 'MIGRATIONS_DIFFER_PARTLY'},
    )
  },
})
