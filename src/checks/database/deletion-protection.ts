import {protectInstance} from '../../changes/sql.ts'
import {fail, notApplicable, pass, warn} from '../../engine/finding.ts'
import type {SqlInstance} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'
import {worst} from '../worst.ts'

type Observed = {instance: SqlInstance | undefined}

const survives = ({settings}: SqlInstance): boolean => settings.retainBackupsOnDelete || settings.finalBackup

export default defineItem<Observed>({
  excluded: ({config}) => (config.env === 'dev' ? notApplicable('PROTECTION_NOT_IN_DEV', [], {instance: config.sqlInstance}) : undefined),

  observe: async ({cloud}, {config}) => ({instance: await cloud.sql.instance(config.sqlInstance)}),

  evaluate({instance}, {config}) {
    const args = {instance: config.sqlInstance, env: config.env}
    if (instance === undefined) return notApplicable('NO_INSTANCE', [], args)
    const {deletionProtectionEnabled, retainBackupsOnDelete} = instance.settings
    const row = (field: string, actual: unknown) => instanceRow(config, `settings.${field}`, true, actual)
    return worst(
      [
        deletionProtectionEnabled
          ? undefined
          : (config.env === 'prod' ? fail : warn)('PROTECTION_OFF', [row('deletionProtectionEnabled', false)], args),
        survives(instance) ? undefined : warn('PROTECTION_BACKUPS_GO', [row('retainBackupsOnDelete', retainBackupsOnDelete)], args),
      ],
      pass('PROTECTION_ON', [row('deletionProtectionEnabled', true)], args),
    )
  },

  plan: ({instance}, {config}) => (instance === undefined || !isReady(instance) ? [] : [protectInstance(config)]),
})
