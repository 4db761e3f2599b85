import type {TerraformFacts} from '../repo/terraform/terraform.ts'
import {fitsPattern} from '../repo/workflows/events.ts'
import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {textOf} from '../repo/workflows/words.ts'
import {allActs, hasFlag, isBefore, wordsOf, type Act} from './pipeline-acts.ts'
import {lacking} from './pipeline-branches.ts'
import {terraformVerb} from './pipeline-gates.ts'
import {isTerraform} from './pipeline-tools.ts'
import {held, missed, undecided, type Target} from './targets.ts'

const onRequest = 'terraform plan on a pull request that touches the infrastructure'
const onPush = 'terraform apply on a push, of a saved plan or behind an environment'

/** Whether the paths of a trigger take a change of the infrastructure. */
const touches = ({run}: Act, folders: readonly string[]): boolean =>
  run.paths.length === 0 ||
  folders.length === 0 ||
  folders.some((folder) => run.paths.some((pattern) => fitsPattern(pattern, `${folder === '' ? '' : `${folder}/`}main.tf`)))

const savedPlan = (act: Act): boolean => {
  const last = wordsOf(act).at(-1)
  return act.command !== undefined && last !== undefined && last !== 'apply' && !last.startsWith('-') && !/^\w+=/.test(last)
}

export const terraformTargets = (facts: WorkflowFacts, terraform: TerraformFacts): Target[] => {
  const folders = terraform.roots.map(({folder}) => folder)
  // Atlantis plans on a pull request and applies on a comment, behind its own approval.
  const [atlantis] = facts.atlantis
  if (atlantis !== undefined) return [held(atlantis, onRequest, 'Atlantis'), held(atlantis, onPush, 'Atlantis')]
  const acts = allActs(facts)
  const some = acts.filter((act) => isTerraform(wordsOf(act)[0] ?? '') || terraformVerb(act) !== undefined)
  const plans = acts.filter((act) => terraformVerb(act) === 'plan')
  const applies = acts.filter((act) => terraformVerb(act) === 'apply')
  const place = some[0]?.place ?? facts.workflows[0]
  if (place === undefined) return []
  return [planTarget(facts, plans, folders, place), ...applyTargets(facts, applies, plans, folders, place)]
}

type Place = {file: string; line: number}

const planTarget = (facts: WorkflowFacts, plans: readonly Act[], folders: readonly string[], place: Place): Target => {
  const requested = plans.filter(({run}) => run.event.name.startsWith('pull_request'))
  const sound = requested.find((act) => touches(act, folders) && act.command?.tolerated === undefined)
  if (sound !== undefined) return held(sound.place, onRequest, sound.text)
  const [narrow] = requested
  if (narrow !== undefined) return missed(narrow.place, onRequest, narrow.command?.tolerated ?? `only for ${narrow.run.paths.join(', ')}`)
  const built = plans.find(({run}) => run.event.name === 'build')
  if (built !== undefined)
    return undecided(built.place, onRequest, `${built.text}: what starts ${built.run.workflow} is not in the repository`)
  const [other] = plans
  if (other !== undefined) return missed(other.place, onRequest, `${other.text} only on ${other.run.event.name}`)
  return lacking(facts, place, onRequest, 'no terraform plan')
}

const applyTargets = (
  facts: WorkflowFacts,
  applies: readonly Act[],
  plans: readonly Act[],
  folders: readonly string[],
  place: Place,
): Target[] => {
  const pushed = applies.filter(({run}) => ['push', 'workflow_run', 'tag', 'release'].includes(run.event.name))
  if (pushed.length === 0) {
    const built = applies.find(({run}) => run.event.name === 'build')
    if (built !== undefined)
      return [undecided(built.place, onPush, `${built.text}: what starts ${built.run.workflow} is not in the repository`)]
    const [other] = applies
    return [
      other === undefined
        ? lacking(facts, place, onPush, 'no terraform apply')
        : missed(other.place, onPush, `${other.text} only on ${other.run.event.name}`),
    ]
  }
  const targets = pushed.map((act): Target => {
    if (!touches(act, folders)) return missed(act.place, onPush, `only for ${act.run.paths.join(', ')}`)
    if (act.command?.tolerated !== undefined) return missed(act.place, onPush, act.command.tolerated)
    if (act.step.uses !== undefined) return held(act.place, onPush, act.text)
    if (savedPlan(act))
      return plans.some((plan) => isBefore(plan, act)) ||
        act.job.steps.some(({uses}) => uses?.action === 'actions/download-artifact') ||
        act.job.environment !== undefined
        ? held(act.place, onPush, act.text)
        : undecided(act.place, onPush, `${act.text}: where the plan comes from is not seen`)
    if (!hasFlag(act, '-auto-approve', '--auto-approve', '--terragrunt-non-interactive', '--non-interactive'))
      return missed(act.place, onPush, `${act.text} waits for an answer that nobody gives`)
    return act.job.environment === undefined
      ? missed(act.place, onPush, `${act.text} in no environment`)
      : held(act.place, onPush, `${act.text} in ${textOf(act.job.environment)}`)
  })
  return [...new Map(targets.map((one) => [JSON.stringify(one), one])).values()]
}
