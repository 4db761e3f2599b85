import {readTerraform, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, unreadable, type Target} from '../targets.ts'
import {concludeTerraform, nowhere, titleOf} from '../terraform-resources.ts'
import {isBounded} from '../version-constraints.ts'

const isGoogle = ({name, source}: {name: string; source: string | null}): boolean =>
  /^google(-beta)?$/.test(source?.split('/').at(-1) ?? name)

const judge = (root: Root): Target[] => {
  const place = {file: root.files[0] ?? root.folder, line: 1}
  const [unread] = root.unread
  const absent = (expected: string) => (unread === undefined ? missed(place, expected, 'absent') : unreadable(unread, expected))
  const [version] = root.requiredVersions
  const terraform = `a required_version for ${titleOf(root)}`
  const provider = `a bounded version of the google provider for ${titleOf(root)}`
  const providers = root.requiredProviders.filter((one) => isGoogle(one) && one.constraint !== null)
  const bounded = providers.find(({constraint}) => isBounded(constraint ?? ''))
  const [loose] = providers
  return [
    version === undefined ? absent(terraform) : held(version, terraform, version.constraint ?? ''),
    bounded !== undefined
      ? held(bounded, provider, bounded.constraint ?? '')
      : loose !== undefined
        ? missed(loose, provider, `${loose.constraint ?? ''} has no upper bound`)
        : absent(provider),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const place = {file: terraform.folders[0]?.files[0]?.file ?? 'infra/versions.tf', line: 1}
    const targets =
      terraform.roots.length === 0
        ? [nowhere(terraform, place, 'version constraints', 'no root states any')]
        : terraform.roots.flatMap(judge)
    return concludeTerraform(targets, {pass: 'VERSIONS_BOUNDED', fail: 'VERSIONS_OPEN', partly: 'VERSIONS_PARTLY_BOUNDED'})
  },
})
