import {keyName} from '../../changes/resource-names.ts'
import {disableKey} from '../../changes/service-accounts.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {ServiceAccountKey} from '../../gcp/cloud.ts'
import {ageInDays} from '../age.ts'
import {defineItem, type Context} from '../define-item.ts'
import {worst} from '../worst.ts'

const isOld = (key: ServiceAccountKey, {config, now}: Context): boolean => ageInDays(key.validAfterTime, now) > config.maxKeyAgeDays
const wasExposed = (key: ServiceAccountKey): boolean => key.disabled && (key.disableReason ?? '').endsWith('EXPOSED')

export default defineItem<readonly ServiceAccountKey[]>({
  async observe({cloud}) {
    const accounts = await cloud.iam.serviceAccounts()
    return (await Promise.all(accounts.map(({email}) => cloud.iam.userKeys(email)))).flat()
  },

  evaluate(keys, context) {
    const {config, now} = context
    const enabled = keys.filter((key) => !key.disabled)
    const old = enabled.filter((key) => isOld(key, context))
    const rows = (those: readonly ServiceAccountKey[], expected: string) =>
      those.map((key) =>
        seen(keyName(key.name), 'validAfterTime', expected, `${key.validAfterTime} (${ageInDays(key.validAfterTime, now)} days)`),
      )
    const args = (those: readonly ServiceAccountKey[]) => ({count: those.length, maxDays: config.maxKeyAgeDays})
    const young = enabled.filter((key) => !isOld(key, context))
    const exposed = keys.filter(wasExposed)
    return worst(
      [
        old.length === 0 ? undefined : fail('USER_KEYS_OLD', rows(old, 'no key'), args(old)),
        exposed.length === 0
          ? undefined
          : warn(
              'USER_KEYS_EXPOSED',
              exposed.map((key) => seen(keyName(key.name), 'disableReason', 'absent', key.disableReason)),
              args(exposed),
            ),
        young.length === 0 ? undefined : warn('USER_KEYS_YOUNG', rows(young, 'no key'), args(young)),
      ],
      pass('USER_KEYS_NONE', [
        seen(`//iam.googleapis.com/projects/${config.projectId}/serviceAccounts`, 'keys', 'none enabled', 'none enabled'),
      ]),
    )
  },

  plan: (keys, context) =>
    keys
      .filter((key) => !key.disabled && isOld(key, context))
      .map((key) => disableKey(key.name, `it is older than ${context.config.maxKeyAgeDays} days`)),

  fresh: () => [],
})
