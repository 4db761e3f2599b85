import {lastSegment, secretName} from '../../changes/resource-names.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {SecretVersion} from '../../gcp/cloud.ts'
import {ageInDays} from '../age.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

const mostEnabled = 2

/** Secrets that exist, with the versions that can be read; no plan, because a new value has to reach whoever uses it. */
type Observed = readonly {id: string; enabled: readonly SecretVersion[]}[]

const newest = (versions: readonly SecretVersion[]): SecretVersion | undefined =>
  versions.toSorted((a, b) => Number(lastSegment(b.name)) - Number(lastSegment(a.name)))[0]

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const read = async (id: string) =>
      (await cloud.secretManager.secret(id)) === undefined ? [] : [{id, enabled: await cloud.secretManager.enabledVersions(id)}]
    return (await Promise.all(config.secretNames.map(read))).flat()
  },

  evaluate(secrets, {config, now}) {
    const {projectId, secretMaxAgeDays: maxDays} = config
    const used = secrets.filter(({enabled}) => enabled.length > 0)
    if (used.length === 0) return notApplicable('ROTATION_NO_SECRETS', [], {names: config.secretNames.join(', ')})
    const age = (versions: readonly SecretVersion[]): number => ageInDays(newest(versions)?.createTime ?? now.toISOString(), now)
    const old = used.filter(({enabled}) => age(enabled) > maxDays)
    const many = used.filter(({enabled}) => enabled.length > mostEnabled)
    const args = (those: Observed) => ({secrets: those.map(({id}) => id).join(', '), maxDays, most: mostEnabled})
    const ages = (those: Observed) =>
      those.map(({id, enabled}) =>
        seen(secretName(projectId, id), 'newest enabled version', `at most ${maxDays} days old`, `${age(enabled)} days old`),
      )
    return worst(
      [
        old.length === 0 ? undefined : warn('ROTATION_OVERDUE', ages(old), args(old)),
        many.length === 0
          ? undefined
          : warn(
              'ROTATION_MANY_VERSIONS',
              many.map(({id, enabled}) =>
                seen(secretName(projectId, id), 'enabled versions', `at most ${mostEnabled}`, `${enabled.length}`),
              ),
              args(many),
            ),
      ],
      pass('ROTATION_CURRENT', ages(used), args(used)),
    )
  },

  fresh: () => [],
})
