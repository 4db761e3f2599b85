import {lastSegment, secretName} from '../../changes/resource-names.ts'
import {disableSecretVersions, passwordAnnotation} from '../../changes/secrets.ts'
import {passwordSecret} from '../../changes/sql-users.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import type {SecretVersion} from '../../gcp/cloud.ts'
import {ageInDays} from '../age.ts'
import {defineItem} from '../define-item.ts'
import {makePasswordReadable, readSecret, unreadable, type KeptSecret} from '../secret-state.ts'
import {worst} from '../worst.ts'

const codes = {
  missing: 'PASSWORD_MISSING',
  noVersion: 'PASSWORD_WITHOUT_VERSION',
  disabled: 'PASSWORD_DISABLED',
  destroyed: 'PASSWORD_DESTROYED',
}

type Observed = KeptSecret & {enabled: readonly SecretVersion[]}

const older = ({latest, enabled}: Observed): string[] => enabled.map(({name}) => name).filter((name) => name !== latest?.name)

export default defineItem<Observed>({
  async observe({cloud}) {
    const kept = await readSecret(cloud, passwordSecret)
    return {...kept, enabled: kept.secret === undefined ? [] : await cloud.secretManager.enabledVersions(passwordSecret)}
  },

  evaluate(observed, {config, now}) {
    const {latest} = observed
    const resource = secretName(config.projectId, passwordSecret)
    const days = ageInDays(latest?.createTime ?? now.toISOString(), now)
    const old = older(observed).map(lastSegment)
    const args = {secret: passwordSecret, days, maxDays: config.secretMaxAgeDays, versions: old.join(', ')}
    return worst(
      [
        unreadable(observed, passwordSecret, config, codes),
        days > config.secretMaxAgeDays
          ? warn(
              'PASSWORD_OLD',
              [seen(resource, 'versions/latest.createTime', `at most ${config.secretMaxAgeDays} days ago`, `${days} days ago`)],
              args,
            )
          : undefined,
        old.length > 0 ? warn('PASSWORD_OLDER_ENABLED', [seen(resource, 'enabled versions', 'only the latest', old)], args) : undefined,
      ],
      pass('PASSWORD_ENABLED', [seen(resource, 'versions/latest.state', 'ENABLED', latest?.state)], args),
    )
  },

  plan(observed, {config}) {
    const {secret, latest} = observed
    const repair = makePasswordReadable(observed, config)
    if (repair.length > 0) return repair
    // The older ones are of no use once the user has the latest: before that one of them may still be the user's.
    const given = secret?.annotations[passwordAnnotation]
    return given !== undefined && latest !== undefined && given === lastSegment(latest.name)
      ? disableSecretVersions(config.projectId, passwordSecret, older(observed))
      : []
  },

  fresh: () => ({secret: undefined, latest: undefined, enabled: []}),
})
