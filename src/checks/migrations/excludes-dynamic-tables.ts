import {fail, notApplicable} from '../../engine/finding.ts'
import {readQueries} from '../../repo/application/queries.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({queries: await read(readQueries), revisions: await read(readRevisions)}),
  evaluate: ({queries, revisions}) => {
    const unread = unreadTargets('code that can be read', queries, revisions)
    const [table] = queries.tables
    if (table === undefined && unread.length === 0) return notApplicable('NO_DYNAMIC_TABLES')
    if (revisions.environments.length === 0 && unread.length === 0) return notApplicable('NO_ALEMBIC_ENVIRONMENT')
    const [configured] = revisions.environments
    if (
      table !== undefined &&
      configured !== undefined &&
      unread.length === 0 &&
      revisions.environments.every(({configurations}) => configurations.length === 0)
    )
      return fail('DYNAMIC_TABLES_NOT_EXCLUDED', [
        {file: configured.file, line: configured.line, expected: 'context.configure with include_object', actual: 'no context.configure'},
      ])
    const targets = revisions.environments.flatMap(({configurations}) =>
      configurations.flatMap((one) =>
        one.dynamic.map(({prefix, is}): Target => {
          const mode = one.mode === 'both' ? 'both modes' : `${one.mode} mode`
          const name = prefix === '' ? 'the tables that the app makes' : `tables named ${prefix}…`
          const expected = `${name} left out in ${mode}`
          const by = one.filter === undefined ? '' : ` (${one.filter.file}:${one.filter.line})`
          if (one.filter === undefined) return missed(one, expected, 'no include_object and no include_name')
          if (is === 'unknown') return undecided(one, expected, `what ${one.filter.name} says is only known at run time${by}`)
          return is === 'out'
            ? held(one, expected, `${one.filter.name}${by}`)
            : missed(one, expected, `${one.filter.name} takes them in${by}`)
        }),
      ),
    )
    return concludeTargets([...targets, ...unread], {
      pass: 'DYNAMIC_TABLES_EXCLUDED',
      fail: 'DYNAMIC_TABLES_NOT_EXCLUDED',
      partly: 'DYNAMIC_TABLES_PARTLY_EXCLUDED',
    })
  },
})
