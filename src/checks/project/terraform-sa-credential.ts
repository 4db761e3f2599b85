import {emailOf, keyName, poolName, serviceAccountName} from '../../changes/resource-names.ts'
import {fail, manual, pass, seen, warn, type Finding} from '../../engine/finding.ts'
import type {Config} from '../../config/parameters.ts'
import type {ServiceAccountKey} from '../../gcp/cloud.ts'
import {ageInDays} from '../age.ts'
import {defineItem, type Context} from '../define-item.ts'
import {federationFaults, noFederation, readFederation, type Federation} from '../federation.ts'
import {problem, worst} from '../worst.ts'

/** The second is the managed twin; secure-by-default organizations enforce either. */
const constraints = ['iam.disableServiceAccountKeyCreation', 'iam.managed.disableServiceAccountKeyCreation']

type Observed = {keys: readonly ServiceAccountKey[]; federation: Federation; keysForbidden: boolean}

/** The same judgement as cicd.wif: the two never say different things. */
const isFederated = (federation: Federation, config: Config): boolean =>
  config.ci === 'github-actions' && config.githubRepo !== null && federationFaults(federation, config).length === 0

const judge = ({keys, federation, keysForbidden}: Observed, {config, now}: Context): Finding => {
  const email = emailOf(config.projectId, config.terraformSa)
  const enabled = keys.filter((key) => !key.disabled)
  const old = enabled.filter((key) => ageInDays(key.validAfterTime, now) > config.maxKeyAgeDays)
  const args = {email, pool: config.wifPool, maxDays: config.maxKeyAgeDays, count: (old.length > 0 ? old : enabled).length}
  const rows = (those: readonly ServiceAccountKey[], expected: string) =>
    those.map((key) =>
      seen(keyName(key.name), 'validAfterTime', expected, `${key.validAfterTime} (${ageInDays(key.validAfterTime, now)} days)`),
    )
  const federated = isFederated(federation, config)
  const faults = federated || config.githubRepo === null ? [] : federationFaults(federation, config).flatMap(({evidence}) => evidence)
  const pool = seen(poolName(config.projectId, config.wifPool), 'state', 'ACTIVE', federation.pool?.state)
  const noKey = seen(serviceAccountName(config.projectId, email), 'keys', 'none', 'none')

  if (old.length > 0) return fail('TERRAFORM_KEY_OLD', rows(old, `at most ${config.maxKeyAgeDays} days old`), args)
  if (federated) {
    return enabled.length === 0
      ? pass('TERRAFORM_FEDERATED', [pool, noKey], args)
      : warn('TERRAFORM_KEY_BESIDE_FEDERATION', rows(enabled, 'no key'), args)
  }
  if (enabled.length > 0) {
    return config.allowSaKey
      ? warn('TERRAFORM_KEY_ALLOWED', rows(enabled, 'workload identity federation'), args)
      : warn('TERRAFORM_KEY_IN_USE', rows(enabled, 'workload identity federation'), args)
  }
  if (config.ci === 'cloud-build') return pass('TERRAFORM_NO_CREDENTIAL_NEEDED', [noKey], args)
  if (keysForbidden) return manual('TERRAFORM_KEY_FORBIDDEN', [pool], args)
  if (config.githubRepo === null) return manual('TERRAFORM_NO_REPOSITORY', [pool], args)
  return fail('TERRAFORM_NO_CREDENTIAL', faults, args)
}

export default defineItem<Observed>({
  async observe({cloud, github}, {config}) {
    const keys = await cloud.iam.userKeys(emailOf(config.projectId, config.terraformSa))
    const federation = config.ci === 'github-actions' ? await readFederation({cloud, github}, config) : noFederation
    const askedForKey = config.allowSaKey && keys.every((key) => key.disabled) && !isFederated(federation, config)
    const policies = askedForKey ? await Promise.all(constraints.map((constraint) => cloud.orgPolicy.effective(constraint))) : []
    return {keys, federation, keysForbidden: policies.some((policy) => policy.enforced)}
  },

  evaluate(observed, context) {
    const finding = judge(observed, context)
    const exposed = observed.keys.filter((key) => key.disabled && (key.disableReason ?? '').endsWith('EXPOSED'))
    const rows = exposed.map((key) => seen(keyName(key.name), 'disableReason', 'absent', key.disableReason))
    const email = emailOf(context.config.projectId, context.config.terraformSa)
    return worst(
      [finding.status === 'pass' ? undefined : finding, problem(warn, 'TERRAFORM_KEY_EXPOSED', rows, {email, count: exposed.length})],
      finding,
    )
  },

  fresh: () => ({keys: [], federation: noFederation, keysForbidden: false}),
})
