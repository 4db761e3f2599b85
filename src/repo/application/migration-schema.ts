import type {EnumType, Table} from './schema.ts'
import type {Place} from './settings.ts'
import type {SqlEffect} from './sql.ts'

/** SQL that a revision runs itself: what it does is not replayed, apart from labels of types. */
export type RawChange = Place & {effect: Exclude<SqlEffect, {kind: 'type'; labels: readonly string[]}>}

/** What a history of revisions has made so far. */
export type State = {
  tables: Map<string, Table>
  enums: Map<string, EnumType>
  raw: RawChange[]
  /** What could not be replayed. */
  unknown: (Place & {why: string})[]
  operations: number
}

export const emptyState = (): State => ({tables: new Map(), enums: new Map(), raw: [], unknown: [], operations: 0})
