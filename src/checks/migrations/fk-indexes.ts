import {warn} from '../../engine/finding.ts'
import {readModels} from '../../repo/application/models.ts'
import {readQueries} from '../../repo/application/queries.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {busyColumns, foreignKeyTargets} from '../busy-columns.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {noRevisions} from '../revision-history.ts'
import {migratedBy} from '../schema-differences.ts'
import {concludeTargets, dynamic, held, missed} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({models: await read(readModels), revisions: await read(readRevisions), queries: await read(readQueries)}),
  evaluate: ({models, revisions, queries}) => {
    const unread = unreadTargets('models and revisions that can be read', revisions)
    const [first] = models.tables
    if (first === undefined)
      return unread.length > 0
        ? concludeTargets(unread, {pass: 'FOREIGN_KEYS_INDEXED', fail: 'FOREIGN_KEYS_NOT_INDEXED'})
        : dynamic('no model of SQLAlchemy was found')
    const migrated = migratedBy(models, revisions)
    const keyed = models.tables.filter(({foreignKeys}) => foreignKeys.length > 0)
    const targets = foreignKeyTargets(models.tables, migrated)
    const history =
      migrated.length > 0 || keyed.length === 0
        ? []
        : noRevisions(models, revisions).map((one) => missed(one, 'revisions that make the indexes of the foreign keys', one.actual))
    const none = keyed.length > 0 ? [] : [held(first, 'an index for each foreign key', 'no model has a foreign key')]
    const finding = concludeTargets([...targets, ...history, ...none, ...unread], {
      pass: 'FOREIGN_KEYS_INDEXED',
      fail: 'FOREIGN_KEYS_NOT_INDEXED',
      partly: 'FOREIGN_KEYS_PARTLY_INDEXED',
    })
    const busy = finding.status === 'pass' ? busyColumns(models.tables, migrated, queries) : []
    return busy.length === 0 ? finding : warn('BUSY_COLUMNS_NOT_INDEXED', busy, {count: busy.length})
  },
})
