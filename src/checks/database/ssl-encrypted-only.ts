import {requireTls} from '../../changes/sql.ts'
import {fail, notApplicable, pass, warn} from '../../engine/finding.ts'
import type {SqlInstance} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'
import {worst} from '../worst.ts'

type Observed = {instance: SqlInstance | undefined}

const accepted = ['ENCRYPTED_ONLY', 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED']
/** Warned of this many days ahead: the application has to be given the new one first. */
const renewalDays = 90

/** The older switch demands a client's certificate as well, so it is stricter than what is wanted, not weaker. */
const isLegacy = ({settings: {ipConfiguration}}: SqlInstance): boolean =>
  ipConfiguration.sslMode === undefined && ipConfiguration.requireSsl
const isAccepted = ({settings: {ipConfiguration}}: SqlInstance): boolean => accepted.includes(ipConfiguration.sslMode ?? '')

export default defineItem<Observed>({
  observe: async ({cloud}, {config}) => ({instance: await cloud.sql.instance(config.sqlInstance)}),

  evaluate({instance}, {config, now}) {
    if (instance === undefined) return notApplicable('NO_INSTANCE', [], {instance: config.sqlInstance})
    const {sslMode, requireSsl} = instance.settings.ipConfiguration
    const ends = instance.serverCaExpirationTime
    const days = ends === undefined ? undefined : Math.floor((Date.parse(ends) - now.getTime()) / 86_400_000)
    const args = {instance: config.sqlInstance, mode: sslMode ?? 'unset', ends: ends ?? '', days: days ?? ''}
    const mode = instanceRow(config, 'settings.ipConfiguration.sslMode', 'ENCRYPTED_ONLY', sslMode)
    return worst(
      [
        isAccepted(instance) || isLegacy(instance) ? undefined : fail('TLS_NOT_REQUIRED', [mode], args),
        days !== undefined && days < renewalDays
          ? warn(
              'TLS_CERTIFICATE_ENDS',
              [instanceRow(config, 'serverCaCert.expirationTime', `in more than ${renewalDays} days`, ends)],
              args,
            )
          : undefined,
        isLegacy(instance)
          ? warn('TLS_OLD_SWITCH', [mode, instanceRow(config, 'settings.ipConfiguration.requireSsl', false, requireSsl)], args)
          : undefined,
      ],
      pass('TLS_REQUIRED', [instanceRow(config, 'settings.ipConfiguration.sslMode', accepted, sslMode)], args),
    )
  },

  plan: ({instance}, {config}) =>
    instance === undefined || !isReady(instance) || isAccepted(instance) || isLegacy(instance) ? [] : [requireTls(config)],
})
