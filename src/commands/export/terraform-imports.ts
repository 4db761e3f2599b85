import {BaseCommand} from '../../base-command.ts'
import {EXIT} from '../../errors.ts'
import {runFromFlags} from '../../open-run.ts'
import {openSources} from '../../open-sources.ts'
import {printable} from '../../reporters/printable.ts'
import {readExisting, type Existing} from '../../terraform/existing.ts'
import {renderImports} from '../../terraform/import-block.ts'

export default class ExportTerraformImports extends BaseCommand {
  static override summary = 'Print Terraform import blocks for what exists, so that Terraform takes it over as it is.'
  static override description =
    'Put the output into infra/environments/ENV/imports.tf, run terraform plan, and remove it after the apply. Reads only. Exit 3 when something could not be read; it is named in a comment.'
  static override examples = ['<%= config.bin %> <%= command.id %> > infra/environments/prod/imports.tf']

  async run(): Promise<{schemaVersion: 1} & Existing> {
    const {flags} = await this.parse(ExportTerraformImports)
    const run = await runFromFlags(flags, {signal: this.signal})
    const existing = await readExisting(openSources(run).cloud, run.config)
    const remarks = existing.notRead.map(({what, why}) => `# not read: ${what} (${printable(why)})`)
    const head = existing.blocks.length === 0 && remarks.length === 0 ? ['# nothing of the checklist exists yet'] : []
    this.log([...head, ...remarks, ...(existing.blocks.length === 0 ? [] : [renderImports(existing.blocks)])].join('\n'))
    if (existing.notRead.length > 0) process.exitCode = EXIT.unknown
    return {schemaVersion: 1, ...existing}
  }
}
