import {Args, Flags} from '@oclif/core'
import {attest} from '../attest.ts'
import {BaseCommand} from '../base-command.ts'
import {loadChecklist} from '../checklist/checklist.ts'
import {selectItems} from '../checklist/select.ts'
import {findConfig} from '../config/find-config.ts'
import {environments} from '../config/parameters.ts'
import type {Attestation} from '../config/override.ts'
import {QlogicError} from '../errors.ts'
import {input} from '../terminal/ask.ts'

export default class Attest extends BaseCommand {
  static override summary = "Record a person's confirmation of an item in qlogic.yaml."
  static override description = 'For what no tool can see. It is reviewed like code; a live check that contradicts it voids it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> project.terraform-sa-credential --note "key sits in the vault, seen by two" --by jane@acme.example',
  ]
  static override args = {item: Args.string({required: true, description: 'the item that holds'})}
  static override flags = {
    note: Flags.string({summary: 'what was confirmed, in a sentence', env: 'QLOGIC_NOTE'}),
    evidence: Flags.string({summary: 'link to what proves it', env: 'QLOGIC_EVIDENCE', helpValue: 'URL'}),
    by: Flags.string({summary: 'who confirms it; default: the git user', env: 'QLOGIC_BY', helpValue: 'NAME'}),
    until: Flags.string({summary: 'last day on which it counts', env: 'QLOGIC_UNTIL', helpValue: 'DATE'}),
  }

  async run(): Promise<{schemaVersion: 1; override: Attestation; file: string}> {
    const {args, flags} = await this.parse(Attest)
    const [item] = selectItems(loadChecklist(), [args.item])
    if (item?.id !== args.item) throw new QlogicError('UNKNOWN_ITEM', `${args.item} is not an item.`, {hint: 'qlogic checklist lists them'})
    const path = await findConfig(process.cwd(), flags.config)
    if (path === undefined)
      throw new QlogicError('CONFIG_MISSING', 'There is no qlogic.yaml to write the attestation into.', {hint: 'qlogic init'})
    const env = environments.find((name) => name === flags.env)
    if (flags.env !== undefined && env === undefined)
      throw new QlogicError('CONFIG_INVALID', `--env: expected one of ${environments.join(', ')}, found ${flags.env}`, {hint: '--env prod'})
    const asking = {interactive: this.interactive(flags), signal: this.signal}
    const note =
      flags.note ??
      (flags.evidence === undefined
        ? await input(
            {
              message: `What did you confirm of "${item.title}"?`,
              flag: '--note',
              fallback: undefined,
              check: (text) => text.trim() !== '' || 'a sentence, please',
            },
            asking,
          )
        : undefined)
    const override = await attest({path, item: item.id, env, note, evidence: flags.evidence, by: flags.by, until: flags.until})
    this.log(`${item.id} is attested by ${override.author} in ${path}.\n→ qlogic verify ${item.id}`)
    return {schemaVersion: 1, override, file: path}
  }
}
