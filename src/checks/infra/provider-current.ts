import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Root, type TerraformFacts} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, type Target} from '../targets.ts'
import {concludeTerraform, titleOf} from '../terraform-resources.ts'
import {isAtLeast} from '../version-constraints.ts'

const judge = ({locks}: TerraformFacts, root: Root): Target[] => {
  const place = {file: root.files[0] ?? root.folder, line: 1}
  const lock = locks.find(({file}) => file === root.lock)
  const locked = lock?.providers.find(({source}) => /\/hashicorp\/google$/.test(source))
  const provider = `the google provider from version 7 for ${titleOf(root)}`
  const terraform = `required_version from 1.11 for ${titleOf(root)}`
  const lockFile = `a committed .terraform.lock.hcl for ${titleOf(root)}`
  const google = root.requiredProviders.filter(
    ({name, source, constraint}) => constraint !== null && /^google(-beta)?$/.test(source?.split('/').at(-1) ?? name),
  )
  const current = google.find(({constraint}) => isAtLeast(constraint ?? '', '7'))
  const newest =
    lock !== undefined && locked?.version != null && isAtLeast(locked.version, '7') ? {file: lock.file, line: locked.line} : undefined
  const [stated] = google
  const enough = root.requiredVersions.find(({constraint}) => isAtLeast(constraint ?? '', '1.11'))
  const [version] = root.requiredVersions
  return [
    current !== undefined
      ? held(current, provider, current.constraint ?? '')
      : newest !== undefined
        ? held(newest, provider, `${locked?.version ?? ''} is locked`)
        : missed(stated ?? place, provider, stated?.constraint ?? 'no constraint'),
    enough !== undefined
      ? held(enough, terraform, enough.constraint ?? '')
      : missed(version ?? place, terraform, version?.constraint ?? 'no constraint'),
    lock === undefined ? missed(place, lockFile, 'absent') : held({file: lock.file, line: 1}, lockFile, 'it is there'),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    // Several configurations of one folder have the same constraints.
    const roots = [...new Map(terraform.roots.map((root) => [root.folder, root])).values()]
    if (roots.length === 0) return notApplicable('NO_ROOTS')
    return concludeTerraform(
      roots.flatMap((root) => judge(terraform, root)),
      {
        pass: 'PROVIDER_CURRENT',
        fail: 'PROVIDER_OLD',
        partly: 'PROVIDER_PARTLY_CURRENT',
      },
    )
  },
})
