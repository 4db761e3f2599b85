import type {JsonObject} from '../api.ts'

type Kind = 'BOOLEAN' | 'INTEGER' | 'STRING'

const flag = (name: string, type: Kind, requiresRestart: boolean, more: JsonObject = {}): JsonObject => ({
  kind: 'sql#flag',
  name,
  type,
  appliesTo: ['POSTGRES_12', 'POSTGRES_13', 'POSTGRES_14', 'POSTGRES_15', 'POSTGRES_16', 'POSTGRES_17', 'POSTGRES_18'],
  requiresRestart,
  ...more,
})
const range = (minValue: number, maxValue: number): JsonObject => ({minValue: String(minValue), maxValue: String(maxValue)})

/** Some of the flags of PostgreSQL instances that Google lists, those that guides and benchmarks name. */
export const flags: JsonObject[] = [
  flag('autovacuum', 'BOOLEAN', false),
  flag('cloudsql.enable_auto_explain', 'BOOLEAN', true),
  flag('cloudsql.enable_pgaudit', 'BOOLEAN', true),
  flag('cloudsql.iam_authentication', 'BOOLEAN', false),
  flag('cloudsql.logical_decoding', 'BOOLEAN', true),
  flag('idle_in_transaction_session_timeout', 'INTEGER', false, range(0, 2_147_483_647)),
  flag('log_checkpoints', 'BOOLEAN', false),
  flag('log_connections', 'BOOLEAN', false),
  flag('log_disconnections', 'BOOLEAN', false),
  flag('log_duration', 'BOOLEAN', false),
  flag('log_error_verbosity', 'STRING', false, {allowedStringValues: ['terse', 'default', 'verbose']}),
  flag('log_hostname', 'BOOLEAN', false),
  flag('log_lock_waits', 'BOOLEAN', false),
  flag('log_min_duration_statement', 'INTEGER', false, range(-1, 2_147_483_647)),
  flag('log_min_error_statement', 'STRING', false, {
    allowedStringValues: ['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'info', 'notice', 'warning', 'error', 'log', 'fatal', 'panic'],
  }),
  flag('log_min_messages', 'STRING', false, {
    allowedStringValues: ['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'info', 'notice', 'warning', 'error', 'log', 'fatal', 'panic'],
  }),
  flag('log_statement', 'STRING', false, {allowedStringValues: ['none', 'ddl', 'mod', 'all']}),
  flag('log_temp_files', 'INTEGER', false, range(-1, 2_147_483_647)),
  flag('maintenance_work_mem', 'INTEGER', false, range(1024, 2_147_483_647)),
  flag('max_connections', 'INTEGER', true, range(14, 262_143)),
  flag('max_wal_senders', 'INTEGER', true, range(10, 262_143)),
  flag('password_encryption', 'STRING', false, {allowedStringValues: ['md5', 'scram-sha-256']}),
  flag('random_page_cost', 'STRING', false),
  flag('shared_buffers', 'INTEGER', true, range(13_107, 1_073_741_823)),
  flag('statement_timeout', 'INTEGER', false, range(0, 2_147_483_647)),
  flag('work_mem', 'INTEGER', false, range(64, 2_147_483_647)),
]
