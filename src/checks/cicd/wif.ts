import {poolName, providerName} from '../../changes/resource-names.ts'
import {fail, manual, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import {defineItem} from '../define-item.ts'
import {
  federationFaults,
  federationRemarks,
  githubIssuer,
  noFederation,
  planFederation,
  readFederation,
  type FaultKind,
  type Federation,
  type RemarkKind,
} from '../federation.ts'
import {worst} from '../worst.ts'

const faultCodes: Readonly<Record<FaultKind, string>> = {
  'pool-missing': 'WIF_POOL_MISSING',
  'pool-deleted': 'WIF_POOL_DELETED',
  'pool-disabled': 'WIF_POOL_DISABLED',
  'provider-missing': 'WIF_PROVIDER_MISSING',
  'provider-deleted': 'WIF_PROVIDER_DELETED',
  'provider-disabled': 'WIF_PROVIDER_DISABLED',
  'other-issuer': 'WIF_OTHER_ISSUER',
  'mapping-incomplete': 'WIF_MAPPING_INCOMPLETE',
  'mapping-forged': 'WIF_MAPPING_FORGED',
  'no-condition': 'WIF_NO_CONDITION',
  'condition-loose': 'WIF_CONDITION_LOOSE',
  'other-branch': 'WIF_OTHER_BRANCH',
  'other-provider': 'WIF_OTHER_PROVIDER',
  'whole-pool-bound': 'WIF_WHOLE_POOL_BOUND',
  'binding-missing': 'WIF_BINDING_MISSING',
}
const remarkCodes: Readonly<Record<RemarkKind, string>> = {
  'any-branch': 'WIF_ANY_BRANCH',
  'by-name-only': 'WIF_BY_NAME_ONLY',
  'bound-by-project-id': 'WIF_BOUND_BY_PROJECT_ID',
}

export default defineItem<Federation>({
  excluded: ({config}) => (config.ci === 'cloud-build' ? notApplicable('WIF_NOT_USED', [], {ci: config.ci}) : undefined),

  observe: (sources, {config}) => readFederation(sources, config),

  evaluate(federation, {config}) {
    const {projectId, wifPool, wifProvider, githubRepo} = config
    if (githubRepo === null) return manual('WIF_NO_REPOSITORY', [], {pool: wifPool})
    const faults = federationFaults(federation, config)
    return worst(
      [
        ...faults.map(({kind, evidence, args}) => fail(faultCodes[kind], evidence, args)),
        ...(faults.length === 0 ? federationRemarks(federation, config) : []).map(({kind, evidence, args}) =>
          warn(remarkCodes[kind], evidence, args),
        ),
      ],
      pass(
        'WIF_READY',
        [
          seen(poolName(projectId, wifPool), 'state', 'ACTIVE', federation.pool?.state),
          seen(providerName(projectId, wifPool, wifProvider), 'oidc.issuerUri', githubIssuer, federation.provider?.issuerUri),
          seen(providerName(projectId, wifPool, wifProvider), 'attributeCondition', githubRepo, federation.provider?.attributeCondition),
        ],
        {repository: githubRepo, provider: wifProvider},
      ),
    )
  },

  plan: (federation, {config}) => (config.githubRepo === null ? [] : planFederation(federation, config)),

  fresh: () => noFederation,
})
