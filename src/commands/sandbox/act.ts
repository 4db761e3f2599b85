import {Args} from '@oclif/core'
import {z} from 'zod'
import {BaseCommand} from '../../base-command.ts'
import {closest} from '../../config/closest.ts'
import {QlogicError} from '../../errors.ts'
import {runFromFlags} from '../../open-run.ts'
import {performAct} from '../../perform-act.ts'
import {placeOf, type PlaceFlags} from '../../place-of-records.ts'
import {block, printable} from '../../reporters/printable.ts'

const listing = z.object({acts: z.array(z.object({name: z.string(), does: z.string()})).default([])})

const withoutProject = async <F extends PlaceFlags>(flags: F): Promise<F> => {
  try {
    await placeOf(flags, process.cwd())
    return flags
  } catch (error) {
    if (error instanceof QlogicError && error.code === 'PROJECT_MISSING') return {...flags, project: 'your-project-id'}
    throw error
  }
}

type Document = {schemaVersion: 1; acts: {name: string; does: string}[]} | {schemaVersion: 1; act: string; done: string}

export default class SandboxAct extends BaseCommand {
  static override summary = 'Do, in the simulator, what only a person could do: push images, point a domain, click a link in a mail.'
  static override description = 'Values come from the configuration. Without a name the acts are listed.'
  static override examples = ['<%= config.bin %> <%= command.id %> --sandbox', '<%= config.bin %> <%= command.id %> push-images --sandbox']
  static override args = {act: Args.string({description: 'the act; without it they are listed'})}

  async run(): Promise<Document> {
    const {args, flags} = await this.parse(SandboxAct)
    // The list is the same for every project, so none need be known for it.
    const listed = args.act === undefined ? await withoutProject(flags) : flags
    const run = await runFromFlags(listed, {signal: this.signal})
    if (run.transport.endpoint === undefined)
      throw new QlogicError('NOT_SIMULATED', 'Acts exist only in the simulator, and this run is pointed at Google.', {
        hint: 'qlogic sandbox act --sandbox, or QLOGIC_API_ENDPOINT',
      })
    const {acts} = listing.parse(await run.transport.request({method: 'sandbox.acts.list', http: 'GET', path: '/v1/acts'}))
    if (args.act === undefined) {
      this.log(acts.map(({name, does}) => `${name}\n${block(does, 2, this.look.columns)}`).join('\n'))
      return {schemaVersion: 1, acts}
    }
    const names = acts.map(({name}) => name)
    if (!names.includes(args.act)) {
      const near = closest(args.act, names)
      throw new QlogicError('UNKNOWN_ACT', `There is no act ${printable(args.act)}.`, {
        hint: near === undefined ? `one of ${names.join(', ')}` : `did you mean ${near}? qlogic sandbox act lists them all`,
      })
    }
    const told = await performAct(run, args.act)
    this.log(printable(told))
    return {schemaVersion: 1, act: args.act, done: told}
  }
}
