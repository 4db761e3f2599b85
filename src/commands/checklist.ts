import {BaseCommand} from '../base-command.ts'
import {loadChecklist} from '../checklist/checklist.ts'
import {builtItems} from '../load-items.ts'
import {renderChecklist, type ChecklistDocument} from '../reporters/checklist.ts'

export default class Checklist extends BaseCommand {
  static override summary = 'List steps, phases and items. Works offline.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<ChecklistDocument> {
    await this.parse(Checklist)
    const {steps, phases, items} = loadChecklist()
    const built = builtItems()
    const document: ChecklistDocument = {
      schemaVersion: 1,
      steps: steps.map(({id, number, title}) => ({id, number, title})),
      phases: phases.map(({id, letter, title}) => ({id, letter, title})),
      items: items.map(({id, step, title, severity, source, mode}) => ({id, step, title, severity, source, mode, built: built.has(id)})),
    }
    this.log(renderChecklist(document, this.look))
    return document
  }
}
