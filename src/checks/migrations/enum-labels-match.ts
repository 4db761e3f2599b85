import {notApplicable} from '../../engine/finding.ts'
import {readModels} from '../../repo/application/models.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {compareSchemas, migratedBy} from '../schema-differences.ts'
import {concludeTargets} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({models: await read(readModels), revisions: await read(readRevisions)}),
  evaluate: ({models, revisions}) => {
    const migrated = migratedBy(models, revisions)
    const unread = unreadTargets('models and revisions that can be read', revisions)
    if (migrated.length === 0 && unread.length === 0) return notApplicable('NO_REVISIONS')
    // Tables and columns that only one side has are the business of migrations.tables-complete and initial-migration.
    const targets = [
      ...migrated.flatMap((one) => compareSchemas(one, models).flatMap(({aspect, target}) => (aspect === 'enums' ? [target] : []))),
      ...unread,
    ]
    if (targets.length === 0) return notApplicable('NO_ENUM_TYPES')
    return concludeTargets(targets, {pass: 'ENUM_LABELS_MATCH', fail: 'ENUM_LABELS_DIFFER', partly: 'ENUM_LABELS_DIFFER_PARTLY'})
  },
})
