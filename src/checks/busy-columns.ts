import type {FileEvidence} from '../engine/finding.ts'
import type {ModelTable} from '../repo/application/models.ts'
import type {Queries} from '../repo/application/queries.ts'
import {qualified, type Column} from '../repo/application/schema.ts'
import {isIn, keyText, leadingKey} from './index-cover.ts'
import {doubtAbout, type Migrated} from './schema-differences.ts'
import {held, missed, undecided, type Target} from './targets.ts'

/** Whether every foreign key leads an index (or unique constraint, or primary key), in the models and in what the revisions make. */
export const foreignKeyTargets = (tables: readonly ModelTable[], migrated: readonly Migrated[]): Target[] => [
  ...tables.flatMap((table) =>
    table.foreignKeys.map((key): Target => {
      const name = `${qualified(table)}.${key.columns.join('+')}`
      const expected = `an index of the model that begins with ${name}`
      const cover = leadingKey(table.keys, key.columns)
      if (cover !== undefined) return held(key, expected, `${keyText(cover)} at ${cover.file}:${cover.line}`)
      const [open] = table.open
      return open === undefined ? missed(key, expected, 'none') : undecided(key, expected, open.why)
    }),
  ),
  ...migrated.flatMap(({environment, models}) =>
    models.flatMap((model) => {
      const name = qualified(model)
      const made = environment.tables.find((table) => qualified(table) === name)
      return model.foreignKeys.map((key): Target => {
        const expected = `an index of a revision that begins with ${name}.${key.columns.join('+')}`
        const cover = leadingKey(made?.keys ?? [], key.columns)
        if (cover !== undefined) return held(cover, expected, keyText(cover))
        const doubt = doubtAbout(environment, name, 'keys') ?? made?.open[0]
        const place = made?.foreignKeys.find(({columns}) => columns.join() === key.columns.join()) ?? made ?? key
        return doubt === undefined
          ? missed(place, expected, made === undefined ? 'no revision makes the table' : 'none')
          : undecided(place, expected, doubt.why)
      })
    }),
  ),
]

/** Columns of state and time: what an application looks for again and again. */
const isBusy = ({name, type}: Column): boolean =>
  type.enum !== undefined ||
  /(?:^|_)(?:status|state)$/.test(name) ||
  (type.family?.startsWith('timestamp') === true && !/^(?:created|updated|modified)_at$/.test(name))

/** Columns of state and time that queries filter by and that no index holds, in the models or in the revisions. */
export const busyColumns = (
  tables: readonly ModelTable[],
  migrated: readonly Migrated[],
  {filters}: Pick<Queries, 'filters'>,
): FileEvidence[] =>
  filters.flatMap(({table: name, column, file, line}) => {
    const model = tables.find((one) => qualified(one) === name)
    const own = model?.columns.find((one) => one.name === column)
    if (model === undefined || own === undefined || !isBusy(own)) return []
    const made = migrated.flatMap(({environment}) => environment.tables).find((one) => qualified(one) === name)
    const where = !isIn(model.keys, column) ? 'the model' : made !== undefined && !isIn(made.keys, column) ? 'the revisions' : undefined
    return where === undefined
      ? []
      : [
          {
            file: own.file,
            line: own.line,
            expected: `an index of ${where} with ${name}.${column}`,
            actual: `none, and ${file}:${line} looks for it`,
          },
        ]
  })
