import {keepBackups} from '../../changes/sql.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, notApplicable, pass, warn} from '../../engine/finding.ts'
import type {BackupRun, SqlInstance} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'
import {worst} from '../worst.ts'

type Observed = {instance: SqlInstance | undefined; runs: readonly BackupRun[]}

const hour = 3_600_000
/** A backup a day, and two hours for it to be made. */
const dueAfterMs = 26 * hour
const fewest = 7

const hourOf = (time: string): number => Number(time.slice(0, 2))
/** When maintenance may come: as it is set, else as it is configured. */
const maintenanceHour = ({settings}: SqlInstance, config: Config): number => settings.maintenanceWindow?.hour ?? config.maintenanceHour
const collides = (startTime: string | undefined, instance: SqlInstance, config: Config): boolean =>
  startTime !== undefined && hourOf(startTime) === maintenanceHour(instance, config)

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const instance = await cloud.sql.instance(config.sqlInstance)
    return {instance, runs: instance === undefined ? [] : await cloud.sql.backupRuns(config.sqlInstance)}
  },

  evaluate({instance, runs}, {config, now}) {
    if (instance === undefined) return notApplicable('NO_INSTANCE', [], {instance: config.sqlInstance})
    const {enabled, pointInTimeRecoveryEnabled, startTime, transactionLogRetentionDays, retainedBackups} =
      instance.settings.backupConfiguration
    const wanted = Math.max(config.retainedBackups, fewest)
    const last = runs.find(({status}) => status === 'SUCCESSFUL' || status === 'FAILED')
    const success = runs.find(({status}) => status === 'SUCCESSFUL')?.endTime
    const since = (time: string | undefined): number => now.getTime() - Date.parse(time ?? now.toISOString())
    const overdue = since(instance.createTime) >= dueAfterMs && (success === undefined || since(success) >= dueAfterMs)
    const args = {
      instance: config.sqlInstance,
      env: config.env,
      days: transactionLogRetentionDays,
      wantedDays: config.pitrDays,
      backups: retainedBackups,
      wantedBackups: wanted,
      startTime: startTime ?? 'unset',
      last: success ?? 'never',
      error: last?.error ?? 'no reason given',
    }
    const row = (field: string, expected: unknown, actual: unknown) => [
      instanceRow(config, `settings.backupConfiguration.${field}`, expected, actual),
    ]
    const required = config.env === 'dev' ? warn : fail
    const on = [...row('enabled', true, enabled), ...row('pointInTimeRecoveryEnabled', true, pointInTimeRecoveryEnabled)]
    if (!enabled) return required('BACKUPS_OFF', row('enabled', true, false), args)
    const logDays = pointInTimeRecoveryEnabled && transactionLogRetentionDays < config.pitrDays
    return worst(
      [
        pointInTimeRecoveryEnabled ? undefined : required('RECOVERY_TO_A_MINUTE_OFF', row('pointInTimeRecoveryEnabled', true, false), args),
        last?.status === 'FAILED'
          ? warn('BACKUP_FAILED', [instanceRow(config, 'backupRuns[0].status', 'SUCCESSFUL', 'FAILED')], args)
          : undefined,
        overdue
          ? warn('BACKUP_OVERDUE', [instanceRow(config, 'backupRuns', 'a success within 26 hours', success ?? 'none')], args)
          : undefined,
        logDays
          ? warn(
              'BACKUP_LOGS_SHORT',
              row('transactionLogRetentionDays', `at least ${config.pitrDays}`, `${transactionLogRetentionDays}`),
              args,
            )
          : undefined,
        retainedBackups < wanted
          ? warn('BACKUPS_FEW', row('backupRetentionSettings.retainedBackups', `at least ${wanted}`, `${retainedBackups}`), args)
          : undefined,
        collides(startTime, instance, config)
          ? warn('BACKUP_IN_MAINTENANCE_HOUR', row('startTime', 'outside the maintenance hour', startTime), args)
          : undefined,
      ],
      pass('BACKUPS_CURRENT', on, args),
    )
  },

  plan({instance}, {config}) {
    if (instance === undefined || !isReady(instance)) return []
    const {enabled, pointInTimeRecoveryEnabled, startTime, location, transactionLogRetentionDays, retainedBackups} =
      instance.settings.backupConfiguration
    const wanted = Math.max(config.retainedBackups, fewest)
    const moves = collides(startTime, instance, config) && !collides(config.backupStartTime, instance, config)
    const holds =
      enabled && pointInTimeRecoveryEnabled && transactionLogRetentionDays >= config.pitrDays && retainedBackups >= wanted && !moves
    if (holds) return []
    return [
      keepBackups(config, {
        startTime: !enabled || startTime === undefined || moves ? config.backupStartTime : startTime,
        location,
        transactionLogRetentionDays: Math.max(transactionLogRetentionDays, config.pitrDays),
        retainedBackups: Math.max(retainedBackups, wanted),
      }),
    ]
  },
})
