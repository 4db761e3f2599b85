import type {Place} from './settings.ts'

/** A type of PostgreSQL's enum: its labels in their order; left out where only a run tells. `native` false: text with a check. */
export type EnumType = Place & {name?: string; schema?: string; labels?: readonly string[]; native: boolean}

/**
 * A column's type as far as PostgreSQL tells types apart; lengths are left out. `family` is missing where it is only known at run time;
 * `known` false where it is the name of a type that is not SQLAlchemy's.
 */
export type ColumnType = {family?: string; known: boolean; enum?: EnumType}

/** `nullable` is missing where it is only known at run time. */
export type Column = Place & {name: string; type: ColumnType; nullable?: boolean; primary: boolean}

export type ForeignKey = Place & {columns: readonly string[]; table: string; referred: readonly string[]; onDelete?: string; name?: string}

/** `column` is missing for an expression that is more than a column and its direction. */
export type KeyPart = {column?: string; descending: boolean; text: string}

/** What PostgreSQL keeps as an index: a primary key, a unique constraint, an index. `where`: of a partial one. */
export type Key = Place & {
  kind: 'primary' | 'unique' | 'index'
  unique: boolean
  name?: string
  parts: readonly KeyPart[]
  where?: {text?: string; columns: readonly string[]; values: readonly string[]}
}

/** `open`: what of it is only known at run time. */
export type Table = Place & {
  name: string
  schema?: string
  columns: readonly Column[]
  keys: readonly Key[]
  foreignKeys: readonly ForeignKey[]
  open: readonly (Place & {why: string})[]
}

/** A table's name with its schema, where it has one other than PostgreSQL's default. */
export const qualified = ({name, schema}: Pick<Table, 'name' | 'schema'>): string =>
  schema === undefined || schema === 'public' ? name : `${schema}.${name}`
