import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type TerraformFacts} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, type Target} from '../targets.ts'
import {concludeTerraform} from '../terraform-resources.ts'

type Folder = TerraformFacts['folders'][number]

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const isSetting = (type: string): boolean => type === 'terraform' || type === 'provider'

/** A file in a folder where Terraform is never run, against the roots below that folder. */
const judge = (facts: TerraformFacts, folder: Folder, {file, fingerprint}: Folder['files'][number]): Target[] => {
  const roots = facts.folders.filter((one) => one.kind === 'root' && (folder.folder === '' || one.folder.startsWith(`${folder.folder}/`)))
  const expected = `${baseName(file)} of ${folder.folder === '' ? 'the root folder' : folder.folder} in every root`
  return roots.map((root) => {
    const same = root.files.find((one) => one.fingerprint === fingerprint)
    if (same !== undefined) return held({file: same.file, line: 1}, expected, 'the same text')
    const copy = root.files.find((one) => baseName(one.file) === baseName(file))
    return copy === undefined
      ? missed({file, line: 1}, expected, `${root.folder} does not load it`)
      : missed({file: copy.file, line: 1}, expected, 'a copy that has come to differ')
  })
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const targets = terraform.folders
      .filter(({kind}) => kind === 'loose')
      .flatMap((folder) =>
        folder.files
          .filter(({file}) => {
            const blocks = folder.blocks.filter((block) => block.file === file)
            return blocks.length > 0 && blocks.every(({type}) => isSetting(type))
          })
          .flatMap((file) => judge(terraform, folder, file)),
      )
    if (targets.length === 0) return notApplicable('NO_SHARED_FILES')
    return concludeTerraform(targets, {pass: 'SHARED_FILES_LOADED', fail: 'SHARED_FILES_ORPHANED', partly: 'SHARED_FILES_PARTLY_LOADED'})
  },
})
