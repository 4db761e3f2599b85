import {makeRegional} from '../../changes/sql.ts'
import {fail, notApplicable, pass, warn} from '../../engine/finding.ts'
import type {SqlInstance} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'

type Observed = {instance: SqlInstance | undefined}

export default defineItem<Observed>({
  observe: async ({cloud}, {config}) => ({instance: await cloud.sql.instance(config.sqlInstance)}),

  evaluate({instance}, {config}) {
    if (instance === undefined) return notApplicable('NO_INSTANCE', [], {instance: config.sqlInstance})
    const {ha, env} = config
    const actual = instance.settings.availabilityType ?? 'ZONAL'
    const args = {instance: config.sqlInstance, env, wanted: ha, actual}
    const row = (expected: string) => [instanceRow(config, 'settings.availabilityType', expected, actual)]
    if (actual === 'ZONAL') {
      if (ha === 'REGIONAL') return (env === 'prod' ? fail : warn)('AVAILABILITY_NO_STANDBY', row('REGIONAL'), args)
      return env === 'prod' ? warn('AVAILABILITY_ACCEPTED_ZONAL', row('REGIONAL'), args) : pass('AVAILABILITY_AS_DECIDED', row(ha), args)
    }
    // The standby is paid for in an environment that can do without, or although it was decided otherwise.
    return env === 'prod' && ha === 'REGIONAL'
      ? pass(
          'AVAILABILITY_AS_DECIDED',
          [...row(ha), instanceRow(config, 'secondaryGceZone', 'another zone', instance.secondaryGceZone)],
          args,
        )
      : warn('AVAILABILITY_COSTS_DOUBLE', row('ZONAL'), args)
  },

  plan: ({instance}, {config}) =>
    instance !== undefined && isReady(instance) && config.ha === 'REGIONAL' && instance.settings.availabilityType !== 'REGIONAL'
      ? [makeRegional(config)]
      : [],
})
