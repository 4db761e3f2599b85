import {notApplicable} from '../../engine/finding.ts'
import {readModels} from '../../repo/application/models.ts'
import {readQueries} from '../../repo/application/queries.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {qualified, type Table} from '../../repo/application/schema.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {keyText, orderedKey} from '../index-cover.ts'
import {doubtAbout, migratedBy} from '../schema-differences.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({models: await read(readModels), revisions: await read(readRevisions), queries: await read(readQueries)}),
  evaluate: ({models, revisions, queries}) => {
    const unread = unreadTargets('code that can be read', revisions, queries)
    if (queries.queues.length + unread.length === 0) return notApplicable('NO_QUEUE_QUERY')
    const migrated = migratedBy(models, revisions)
    const targets = queries.queues.flatMap((query): Target[] => {
      const name = query.table
      const model = models.tables.find((table) => qualified(table) === name)
      const order = query.order.map(({text}) => text).join(', ')
      const wanted = `an index (${[...query.equal.map(({column}) => column), order].filter((part) => part !== '').join(', ')}), or one limited to what is waiting, for ${name ?? 'the queue'}`
      if (query.open !== undefined) return [undecided(query, wanted, query.open)]
      if (
        name === undefined ||
        (model === undefined && !migrated.some(({environment}) => environment.tables.some((table) => qualified(table) === name)))
      )
        return [undecided(query, wanted, 'a table that was not found among the models')]
      if (query.order.some(({column}) => column === undefined)) return [undecided(query, wanted, `an order by ${order}`)]
      const judged = (table: Table, where: string, doubt: string | undefined): Target => {
        const key = orderedKey(
          table.keys,
          query,
          table.columns.map((column) => column.name),
        )
        if (key !== undefined) return held(key, `${wanted}, in ${where}`, keyText(key))
        return doubt === undefined
          ? missed(query, `${wanted}, in ${where}`, `none at ${table.file}:${table.line}`)
          : undecided(query, `${wanted}, in ${where}`, doubt)
      }
      return [
        ...(model === undefined ? [] : [judged(model, 'the model', model.open[0]?.why)]),
        ...migrated.flatMap(({environment}) =>
          environment.tables.flatMap((table) =>
            qualified(table) === name
              ? [judged(table, 'the revisions', (doubtAbout(environment, name, 'keys') ?? table.open[0])?.why)]
              : [],
          ),
        ),
      ]
    })
    return concludeTargets([...targets, ...unread], {pass: 'QUEUE_INDEXED', fail: 'QUEUE_NOT_INDEXED', partly: 'QUEUE_PARTLY_INDEXED'})
  },
})
