import {emailOf, keyName, poolName, serviceAccountName} from '../../changes/resource-names.ts'
import {fail, manual, pass, seen, warn} from '../../engine/finding.ts'
import type {ServiceAccountKey, WorkloadIdentityProvider} from '../../gcp/cloud.ts'
import {ageInDays} from '../age.ts'
import {defineItem} from '../define-item.ts'

const github = 'https://token.actions.githubusercontent.com'
/** The second is the managed twin; secure-by-default organizations enforce either. */
const constraints = ['iam.disableServiceAccountKeyCreation', 'iam.managed.disableServiceAccountKeyCreation']

type Observed = {keys: readonly ServiceAccountKey[]; providers: readonly WorkloadIdentityProvider[]; keysForbidden: boolean}

const federated = (providers: readonly WorkloadIdentityProvider[]): boolean =>
  providers.some((provider) => provider.state === 'ACTIVE' && !provider.disabled && provider.issuerUri === github)

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const keys = await cloud.iam.userKeys(emailOf(config.projectId, config.terraformSa))
    const providers = config.ci === 'github-actions' ? await cloud.iam.workloadIdentityProviders(config.wifPool) : []
    const askedForKey = config.allowSaKey && keys.every((key) => key.disabled) && !federated(providers)
    const policies = askedForKey ? await Promise.all(constraints.map((constraint) => cloud.orgPolicy.effective(constraint))) : []
    return {keys, providers, keysForbidden: policies.some((policy) => policy.enforced)}
  },

  evaluate({keys, providers, keysForbidden}, {config, now}) {
    const email = emailOf(config.projectId, config.terraformSa)
    const enabled = keys.filter((key) => !key.disabled)
    const old = enabled.filter((key) => ageInDays(key.validAfterTime, now) > config.maxKeyAgeDays)
    const args = {email, pool: config.wifPool, maxDays: config.maxKeyAgeDays, count: (old.length > 0 ? old : enabled).length}
    const rows = (those: readonly ServiceAccountKey[], expected: string) =>
      those.map((key) =>
        seen(keyName(key.name), 'validAfterTime', expected, `${key.validAfterTime} (${ageInDays(key.validAfterTime, now)} days)`),
      )
    const pool = seen(
      poolName(config.projectId, config.wifPool),
      'providers',
      `ACTIVE, issuer ${github}`,
      federated(providers) ? 'ACTIVE' : undefined,
    )
    const noKey = seen(serviceAccountName(config.projectId, email), 'keys', 'none', 'none')

    if (old.length > 0) return fail('TERRAFORM_KEY_OLD', rows(old, `at most ${config.maxKeyAgeDays} days old`), args)
    if (federated(providers)) {
      return enabled.length === 0
        ? pass('TERRAFORM_FEDERATED', [pool, noKey], args)
        : warn('TERRAFORM_KEY_BESIDE_FEDERATION', [pool, ...rows(enabled, 'no key')], args)
    }
    if (enabled.length > 0) {
      return config.allowSaKey
        ? warn('TERRAFORM_KEY_ALLOWED', rows(enabled, 'workload identity federation'), args)
        : warn('TERRAFORM_KEY_IN_USE', rows(enabled, 'workload identity federation'), args)
    }
    if (config.ci === 'cloud-build') return pass('TERRAFORM_NO_CREDENTIAL_NEEDED', [noKey], args)
    return keysForbidden ? manual('TERRAFORM_KEY_FORBIDDEN', [pool], args) : fail('TERRAFORM_NO_CREDENTIAL', [pool], args)
  },

  fresh: () => ({keys: [], providers: [], keysForbidden: false}),
})
