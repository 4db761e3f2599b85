import {fixTags, scanRepository, tidyRepository} from '../../changes/registry.ts'
import {repositoryName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {Repository} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

type Observed = Pick<
  Repository,
  'immutableTags' | 'cleanupPolicies' | 'cleanupPolicyDryRun' | 'scanningConfig' | 'scanningState' | 'scanningReason' | 'sizeBytes'
>

const refOf = ({projectId: project, region: location, repository}: Config) => ({project, location, repository})
const active = 'SCANNING_ACTIVE'
const deletes = ({cleanupPolicies}: Observed) => cleanupPolicies.some(({action}) => action === 'DELETE')

export default defineItem<Observed | undefined>({
  observe: ({cloud}, {config}) => cloud.artifactRegistry.repository(config.region, config.repository),

  evaluate(repository, {config}) {
    const resource = repositoryName(refOf(config))
    const args = {repository: config.repository}
    // Its absence is another item's business.
    if (repository === undefined) return notApplicable('REGISTRY_NOT_THERE', [], args)
    const {immutableTags, cleanupPolicies, cleanupPolicyDryRun, scanningConfig, scanningState, scanningReason = ''} = repository
    const tags = seen(resource, 'dockerConfig.immutableTags', config.allowMutableTags ? 'true or false' : true, immutableTags)
    const named = cleanupPolicies.map(({id, action}) => `${id} (${action})`)
    const cleanup = seen(resource, 'cleanupPolicies', 'one that deletes', named)
    const dryRun = seen(resource, 'cleanupPolicyDryRun', false, cleanupPolicyDryRun)
    const scanning = seen(resource, 'vulnerabilityScanningConfig.enablementState', active, scanningState)
    const scans = {...args, reason: scanningReason === '' ? 'Google gives no reason' : scanningReason.replace(/\.$/, '')}
    const judged = deletes(repository)
    return worst(
      [
        immutableTags || config.allowMutableTags ? undefined : warn('REGISTRY_TAGS_MOVE', [tags], args),
        judged ? undefined : warn(named.length > 0 ? 'REGISTRY_ONLY_KEEPS' : 'REGISTRY_NEVER_TIDIED', [cleanup], args),
        judged && cleanupPolicyDryRun ? warn('REGISTRY_TIDIES_IN_THEORY', [dryRun], args) : undefined,
        config.scanning && scanningConfig === 'DISABLED' ? warn('REGISTRY_SCANNING_OFF', [scanning], args) : undefined,
        config.scanning && scanningConfig !== 'DISABLED' && scanningState !== active
          ? warn('REGISTRY_NOT_SCANNED', [scanning], scans)
          : undefined,
      ],
      pass('REGISTRY_HARDENED', [tags, cleanup, dryRun, ...(config.scanning ? [scanning] : [])], args),
    )
  },

  plan(repository, {config}) {
    if (repository === undefined) return []
    const ref = refOf(config)
    const {immutableTags, cleanupPolicies, cleanupPolicyDryRun, scanningConfig, sizeBytes = '0'} = repository
    const tidy = {policies: cleanupPolicies, dryRun: cleanupPolicyDryRun, holdsImages: sizeBytes !== '0'}
    return [
      ...(immutableTags || config.allowMutableTags ? [] : [fixTags(ref)]),
      ...(deletes(repository) && !cleanupPolicyDryRun ? [] : [tidyRepository(ref, tidy)]),
      // Where the project's own API is off, turning it on is an item of step 1.
      ...(config.scanning && scanningConfig === 'DISABLED' ? [scanRepository(ref)] : []),
    ]
  },

  // As it is created: empty, and with nothing set.
  fresh: () => ({immutableTags: false, cleanupPolicies: [], cleanupPolicyDryRun: false}),
})
