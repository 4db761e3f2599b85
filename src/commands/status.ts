import {BaseCommand} from '../base-command.ts'
import {loadChecklist} from '../checklist/checklist.ts'
import {placeOfRecords} from '../place-of-records.ts'
import {readProgress} from '../records/progress.ts'
import {renderStatus, statusDocument, type StatusDocument} from '../reporters/status.ts'

export default class Status extends BaseCommand {
  static override summary = 'Progress as it was recorded, with its age. Reads no network.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --env staging --json']

  async run(): Promise<StatusDocument> {
    const {flags} = await this.parse(Status)
    const {config, store} = await placeOfRecords(flags, process.cwd())
    const progress = await readProgress(store, {projectId: config.projectId})
    const document = statusDocument({
      progress,
      projectId: config.projectId,
      environment: config.env,
      checklist: loadChecklist(),
      now: new Date(),
    })
    this.log(renderStatus(document, this.look))
    return document
  }
}
