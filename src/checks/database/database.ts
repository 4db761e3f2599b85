import {createDatabase} from '../../changes/sql.ts'
import {sqlDatabaseName} from '../../changes/resource-names.ts'
import {fail, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {SqlDatabase} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, readiness} from '../sql-instance.ts'

/** Only an instance that runs answers for its databases. */
type Observed = {instance: 'absent' | 'not ready' | 'ready'; state?: string | undefined; database: SqlDatabase | undefined}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const found = await cloud.sql.instance(config.sqlInstance)
    const instance = readiness(found)
    const database = instance === 'ready' ? await cloud.sql.database(config.sqlInstance, config.dbName) : undefined
    return {instance, state: found?.state, database}
  },

  evaluate({instance, state, database}, {config}) {
    const resource = sqlDatabaseName(config.projectId, config.sqlInstance, config.dbName)
    const args = {instance: config.sqlInstance, database: config.dbName, charset: database?.charset ?? 'none', state: state ?? 'unknown'}
    if (instance === 'absent') return notApplicable('NO_INSTANCE', [], args)
    if (instance === 'not ready')
      return warn('INSTANCE_NOT_READY', [instanceRow(config, 'state', 'running', `not running (${args.state})`)], args)
    if (database === undefined) return fail('DATABASE_MISSING', [seen(resource, 'name', config.dbName, undefined)], args)
    const row = [seen(resource, 'charset', 'UTF8', database.charset)]
    return database.charset === 'UTF8' ? pass('DATABASE_EXISTS', row, args) : warn('DATABASE_OTHER_CHARSET', row, args)
  },

  plan: ({instance, database}, {config}) => (instance === 'ready' && database === undefined ? [createDatabase(config)] : []),

  fresh: () => ({instance: 'ready', database: undefined}),
})
