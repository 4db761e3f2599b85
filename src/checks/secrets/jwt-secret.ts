import {secretName} from '../../changes/resource-names.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import {ageInDays} from '../age.ts'
import {defineItem} from '../define-item.ts'
import {makeReadable, readSecret, unreadable, type KeptSecret} from '../secret-state.ts'

const id = 'jwt-secret'
const codes = {
  missing: 'JWT_SECRET_MISSING',
  noVersion: 'JWT_SECRET_WITHOUT_VERSION',
  disabled: 'JWT_SECRET_DISABLED',
  destroyed: 'JWT_SECRET_DESTROYED',
}

export default defineItem<KeptSecret>({
  observe: ({cloud}) => readSecret(cloud, id),

  evaluate(kept, {config, now}) {
    const broken = unreadable(kept, id, config, codes)
    if (broken !== undefined) return broken
    const resource = secretName(config.projectId, id)
    const days = ageInDays(kept.latest?.createTime ?? now.toISOString(), now)
    const args = {secret: id, days, maxDays: config.secretMaxAgeDays}
    return days > config.secretMaxAgeDays
      ? warn(
          'JWT_SECRET_OLD',
          [seen(resource, 'versions/latest.createTime', `at most ${config.secretMaxAgeDays} days ago`, `${days} days ago`)],
          args,
        )
      : pass('JWT_SECRET_ENABLED', [seen(resource, 'versions/latest.state', 'ENABLED', 'ENABLED')], args)
  },

  plan: (kept, {config}) =>
    makeReadable(kept, config, {
      id,
      value: {generate: {bytes: 64, encoding: 'base64url'}},
      replacing: 'with a new value everybody is signed out once',
    }),

  fresh: () => ({secret: undefined, latest: undefined}),
})
