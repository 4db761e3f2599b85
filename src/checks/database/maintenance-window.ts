import {setMaintenanceWindow, trackOf} from '../../changes/sql.ts'
import {fail, notApplicable, pass, warn} from '../../engine/finding.ts'
import type {SqlInstance} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'
import {worst} from '../worst.ts'

type Observed = {instance: SqlInstance | undefined}

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const timeOf = (window: {day: number; hour: number}): string => `${days[window.day - 1]} ${window.hour}:00 UTC`

export default defineItem<Observed>({
  observe: async ({cloud}, {config}) => ({instance: await cloud.sql.instance(config.sqlInstance)}),

  evaluate({instance}, {config}) {
    if (instance === undefined) return notApplicable('NO_INSTANCE', [], {instance: config.sqlInstance})
    const window = instance.settings.maintenanceWindow
    const wanted = {day: config.maintenanceDay, hour: config.maintenanceHour}
    const args = {
      instance: config.sqlInstance,
      env: config.env,
      wanted: timeOf(wanted),
      actual: window === undefined ? 'none' : timeOf(window),
      track: window?.updateTrack ?? 'none',
      wantedTrack: trackOf(config),
    }
    const row = (field: string, expected: unknown, actual: unknown) => [
      instanceRow(config, `settings.maintenanceWindow${field}`, expected, actual),
    ]
    if (window === undefined)
      return config.env === 'dev'
        ? pass('MAINTENANCE_ANY_TIME', row('.day', 'none needed in dev', undefined), args)
        : fail('MAINTENANCE_WINDOW_MISSING', row('.day', `${wanted.day}`, undefined), args)
    const late = config.env === 'staging' && window.updateTrack !== 'canary'
    const early = config.env === 'prod' && window.updateTrack !== 'stable' && window.updateTrack !== 'week5'
    const planned = instance.scheduledMaintenanceTime
    return worst(
      [
        window.day === wanted.day && window.hour === wanted.hour
          ? undefined
          : warn('MAINTENANCE_WINDOW_MOVED', row('', timeOf(wanted), timeOf(window)), args),
        early ? warn('MAINTENANCE_TOO_EARLY', row('.updateTrack', 'stable or week5', window.updateTrack), args) : undefined,
        late ? warn('MAINTENANCE_NOT_FIRST_IN_STAGING', row('.updateTrack', 'canary', window.updateTrack), args) : undefined,
      ],
      pass(
        'MAINTENANCE_WINDOW_SET',
        [
          ...row('', timeOf(wanted), timeOf(window)),
          ...(planned === undefined ? [] : [instanceRow(config, 'scheduledMaintenance.startTime', 'to be known', planned)]),
        ],
        args,
      ),
    )
  },

  plan: ({instance}, {config}) =>
    instance === undefined || !isReady(instance) || (config.env === 'dev' && instance.settings.maintenanceWindow === undefined)
      ? []
      : [setMaintenanceWindow(config)],
})
