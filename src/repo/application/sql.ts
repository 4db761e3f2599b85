/** What a statement of SQL does to a schema, as far as its first words tell. `any`: what it touches cannot be told. */
export type SqlEffect =
  | {kind: 'table'; table: string; change: 'create' | 'drop' | 'alter' | 'rename'}
  | {kind: 'index'; table?: string}
  | {kind: 'type'; name: string; labels?: readonly string[]; added?: string; renamed?: readonly [string, string]; dropped?: boolean}
  | {kind: 'any'}

const maxSql = 200_000

/** What text of SQL does to tables, indexes and types; data, comments, functions, views and rights do nothing to them. */
export const effectsOf = (sql: string): SqlEffect[] =>
  sql.length > maxSql ? [{kind: 'any'}] : statementsOf(sql).flatMap((statement) => effectOf(statement) ?? [])

/** Statements without comments; what stands in quotes or between dollars is not looked into for `;`. */
const statementsOf = (sql: string): string[] => {
  const found: string[] = []
  let text = ''
  for (let at = 0; at < sql.length; at += 1) {
    const rest = (mark: string, from: number): number => {
      const end = sql.indexOf(mark, from)
      return end === -1 ? sql.length : end + mark.length
    }
    const char = sql[at] ?? ''
    if (char === '-' && sql[at + 1] === '-') at = rest('\n', at) - 1
    else if (char === '/' && sql[at + 1] === '*') at = rest('*/', at + 2) - 1
    else if (char === "'" || char === '"') {
      const end = rest(char, at + 1)
      text += sql.slice(at, end)
      at = end - 1
    } else if (char === '$') {
      const mark = /^\$\w{0,40}\$/.exec(sql.slice(at, at + 45))?.[0]
      const end = mark === undefined ? at + 1 : rest(mark, at + mark.length)
      text += sql.slice(at, end)
      at = end - 1
    } else if (char === ';') {
      found.push(text)
      text = ''
    } else text += char
  }
  return [...found, text].map((one) => one.trim()).filter((one) => one !== '')
}

const identifier = String.raw`("?[\w$]+"?(?:\."?[\w$]+"?)?)`
const plain = (name: string | undefined): string => (name ?? '').replaceAll('"', '').replace(/^public\./, '')
const pattern = (text: string): RegExp => new RegExp(text.replaceAll('ID', identifier).replaceAll(' ', String.raw`\s+`), 'i')

const patterns = {
  createTable: pattern(String.raw`^CREATE(?: UNLOGGED| FOREIGN)? TABLE(?: IF NOT EXISTS)? ID`),
  dropTable: pattern('^DROP TABLE(?: IF EXISTS)? ID'),
  alterTable: pattern('^ALTER TABLE(?: IF EXISTS)?(?: ONLY)? ID(.*)$'),
  createIndex: pattern(String.raw`^CREATE(?: UNIQUE)? INDEX(?: CONCURRENTLY)?(?: IF NOT EXISTS)?(?: "?[\w$.]+"?)? ON(?: ONLY)? ID`),
  dropIndex: pattern('^(?:DROP|ALTER|REINDEX) INDEX'),
  createType: pattern(String.raw`^CREATE TYPE ID AS ENUM\s*\(([^)]*)\)`),
  addValue: pattern(String.raw`^ALTER TYPE ID ADD VALUE(?: IF NOT EXISTS)? '([^']*)'`),
  renameValue: pattern(String.raw`^ALTER TYPE ID RENAME VALUE '([^']*)' TO '([^']*)'`),
  dropType: pattern('^DROP TYPE(?: IF EXISTS)? ID'),
  alterType: pattern('^(?:ALTER|CREATE) TYPE ID'),
}

const harmless =
  /^(?:INSERT|UPDATE|DELETE|SELECT|WITH|SET|RESET|GRANT|REVOKE|COMMENT|ANALYZE|VACUUM|REFRESH|LOCK|BEGIN|COMMIT|END|START|SAVEPOINT|RELEASE|ROLLBACK|TRUNCATE|COPY|NOTIFY|CALL|EXPLAIN|SHOW|PERFORM)\b|^(?:CREATE(?:\s+OR\s+REPLACE)?|DROP|ALTER)\s+(?:FUNCTION|PROCEDURE|TRIGGER|CONSTRAINT\s+TRIGGER|EVENT|VIEW|MATERIALIZED|RECURSIVE|TEMP|EXTENSION|SEQUENCE|ROLE|USER|POLICY|RULE|AGGREGATE|CAST|COLLATION|DOMAIN|PUBLICATION|SUBSCRIPTION|STATISTICS|DEFAULT|DATABASE|TEXT|OPERATOR|SERVER)\b|^CREATE\s+SCHEMA\b/i
/** Clauses of ALTER TABLE that change neither columns nor keys. */
const harmlessChange =
  /^\s*(?:(?:ENABLE|DISABLE|FORCE|NO\s+FORCE)\s|OWNER\s+TO|REPLICA\s+IDENTITY|CLUSTER|SET\s*\(|SET\s+(?:TABLESPACE|LOGGED|UNLOGGED)|VALIDATE\s|ALTER\s+(?:COLUMN\s+)?"?\w+"?\s+(?:SET|DROP)\s+DEFAULT)/i

const effectOf = (statement: string): SqlEffect | undefined => {
  const text = statement.slice(0, 20_000)
  const match = (name: keyof typeof patterns): RegExpExecArray | null => patterns[name].exec(text)
  const createTable = match('createTable')
  if (createTable !== null) return {kind: 'table', table: plain(createTable[1]), change: 'create'}
  const dropTable = match('dropTable')
  if (dropTable !== null) return {kind: 'table', table: plain(dropTable[1]), change: 'drop'}
  const alterTable = /^ALTER\s+TABLE\b/i.test(text) ? new RegExp(patterns.alterTable.source, 'is').exec(text) : null
  if (alterTable !== null) {
    const clause = alterTable[2] ?? ''
    if (harmlessChange.test(clause) && !clause.includes(',')) return undefined
    return {kind: 'table', table: plain(alterTable[1]), change: /^\s*(?:RENAME\s+TO|SET\s+SCHEMA)\b/i.test(clause) ? 'rename' : 'alter'}
  }
  const createIndex = match('createIndex')
  if (createIndex !== null) return {kind: 'index', table: plain(createIndex[1])}
  if (match('dropIndex') !== null) return {kind: 'index'}
  const createType = match('createType')
  if (createType !== null) return {kind: 'type', name: plain(createType[1]), labels: quoted(createType[2])}
  const addValue = match('addValue')
  if (addValue !== null) return {kind: 'type', name: plain(addValue[1]), added: addValue[2] ?? ''}
  const renameValue = match('renameValue')
  if (renameValue !== null) return {kind: 'type', name: plain(renameValue[1]), renamed: [renameValue[2] ?? '', renameValue[3] ?? '']}
  const dropType = match('dropType')
  if (dropType !== null) return {kind: 'type', name: plain(dropType[1]), dropped: true}
  const alterType = match('alterType')
  if (alterType !== null) return {kind: 'type', name: plain(alterType[1])}
  if (/^DO\b/i.test(text)) {
    // `DO $$ BEGIN CREATE TYPE … EXCEPTION WHEN duplicate_object …`: the usual way to create a type once.
    const inner = /CREATE\s+TYPE\s+"?([\w.]+)"?\s+AS\s+ENUM\s*\(([^)]*)\)/i.exec(text)
    return inner === null || /\b(?:CREATE|ALTER|DROP)\s+(?:TABLE|INDEX)\b/i.test(text)
      ? {kind: 'any'}
      : {kind: 'type', name: plain(inner[1]), labels: quoted(inner[2])}
  }
  return harmless.test(text) ? undefined : {kind: 'any'}
}

const quoted = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/'((?:[^']|'')*)'/g)].map(([, label]) => (label ?? '').replaceAll("''", "'"))

/** The beginning of a statement that is only known in part: enough to see that it changes data, not a schema. */
export const isHarmlessBeginning = (text: string): boolean => harmless.test(text.trimStart())
