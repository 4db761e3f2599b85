import {Args} from '@oclif/core'
import {BaseCommand} from '../base-command.ts'
import {loadChecklist} from '../checklist/checklist.ts'
import {selectItems} from '../checklist/select.ts'
import {builtItems} from '../load-items.ts'
import {knownPlaceholders} from '../placeholders.ts'
import {explainItem, renderExplanation, type Explanation} from '../reporters/explanation.ts'

export default class Explain extends BaseCommand {
  static override summary = 'Why an item matters, how it is checked, how to do it by hand. Works offline.'
  static override examples = ['<%= config.bin %> <%= command.id %> network.psa-connection']
  static override args = {item: Args.string({required: true, description: 'an item, or a step or phase for all of its items'})}

  async run(): Promise<{schemaVersion: 1; items: Explanation[]}> {
    const {args, flags} = await this.parse(Explain)
    const checklist = loadChecklist()
    const built = builtItems()
    const parameters = await knownPlaceholders(flags, process.cwd())
    const items = selectItems(checklist, [args.item]).map((item) => explainItem(item, built.has(item.id), parameters))
    this.log(items.map((item) => renderExplanation(item, this.look)).join('\n\n'))
    return {schemaVersion: 1, items}
  }
}
