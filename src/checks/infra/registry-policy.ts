import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Resource} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, everywhere, made} from '../terraform-resources.ts'
import {attributeTarget, described, objectsAt, textOf, valueAt, valuesAt} from '../terraform-values.ts'

const cleaning = 'a cleanup policy with action DELETE'

const cleanup = (repository: Resource): Target => {
  const {body} = repository
  const actions = objectsAt(body, 'cleanup_policies').map((policy) => valueAt(policy, 'action'))
  const rehearsed = valueAt(body, 'cleanup_policy_dry_run')
  const deletes = actions.find((action) => textOf(action)?.toUpperCase() === 'DELETE')
  if (deletes !== undefined) {
    if (rehearsed === undefined || textOf(rehearsed) === 'false') return held(deletes, cleaning, 'DELETE')
    return textOf(rehearsed) === 'true'
      ? missed(rehearsed, cleaning, 'cleanup_policy_dry_run = true, so nothing is deleted')
      : undecided(rehearsed, cleaning, described(rehearsed))
  }
  const open = [...actions.flatMap((action) => action ?? []), ...valuesAt(body, 'cleanup_policies')].find(
    (one) => one.is === 'dynamic' || (one.is === 'list' && one.open === true),
  )
  if (open !== undefined) return undecided(open, cleaning, described(open))
  const [keep] = actions
  return missed(keep ?? repository, cleaning, keep === undefined ? 'no cleanup policy' : 'KEEP alone, which deletes nothing')
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const repositories = everywhere(terraform)
      .flatMap((root) => made(root, 'google_artifact_registry_repository'))
      .filter(({body}) => (textOf(valueAt(body, 'format')) ?? 'DOCKER').toUpperCase() === 'DOCKER')
    if (repositories.length === 0) return notApplicable('NO_REGISTRY')
    return concludeTerraform(
      repositories.flatMap((one) => [
        cleanup(one),
        attributeTarget(one, ['docker_config', 'immutable_tags'], 'immutable_tags = true', (text) => text === 'true', 'false'),
      ]),
      {pass: 'REGISTRY_KEPT', fail: 'REGISTRY_UNKEPT', partly: 'REGISTRY_PARTLY_KEPT'},
    )
  },
})
