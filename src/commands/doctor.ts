import {BaseCommand} from '../base-command.ts'
import {examineCredentials} from '../doctor/credential.ts'
import type {Diagnosis} from '../doctor/diagnosis.ts'
import {examineNetwork} from '../doctor/network.ts'
import {examinePlace} from '../doctor/place.ts'
import {examinePrograms} from '../doctor/programs.ts'
import {examineTerminal} from '../doctor/terminal.ts'
import {EXIT} from '../errors.ts'
import {runFromFlags} from '../open-run.ts'
import {renderDoctor} from '../reporters/doctor.ts'

export default class Doctor extends BaseCommand {
  static override summary = 'This machine: credentials, network, clock, project, optional programs, terminal.'
  static override description = 'Reads only, and shows no secret. Exit 1 when something does not work, 3 when something could not be told.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --project acme-qlogic-prod --json',
  ]

  async run(): Promise<{schemaVersion: 1; findings: Diagnosis[]}> {
    const {flags} = await this.parse(Doctor)
    const given = process.env['QLOGIC_API_ENDPOINT']
    const endpoint = given === undefined || given === '' ? undefined : given
    const simulated = flags.sandbox || endpoint !== undefined
    const findings = (
      await Promise.all([
        Promise.resolve([
          {id: 'node', status: 'ok', says: `Node ${process.versions.node} on ${process.platform} ${process.arch}.`, hint: ''} as const,
        ]),
        examineCredentials(process.env, {simulated, now: new Date(), project: flags.project}),
        flags.sandbox && endpoint === undefined
          ? Promise.resolve([])
          : examineNetwork(process.env, {endpoint, now: () => new Date(), signal: this.signal}),
        examinePlace(() => runFromFlags(flags, {signal: this.signal})),
        examinePrograms(this.signal),
        Promise.resolve(examineTerminal(process, process.env)),
      ])
    ).flat()
    const has = (status: Diagnosis['status']) => findings.some((finding) => finding.status === status)
    process.exitCode = has('fail') ? EXIT.notReady : has('unknown') ? EXIT.unknown : EXIT.ready
    this.log(renderDoctor(findings, this.look))
    return {schemaVersion: 1, findings}
  }
}
