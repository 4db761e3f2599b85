import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {textOf, variantsOf, type Word} from '../repo/workflows/words.ts'
import {isJobVerb, jobIn, mayBeSame} from './cloud-run-jobs.ts'
import {deploymentsIn} from './deployments.ts'
import {actsOf, flagOf, isBefore, wordsOf, type Act} from './pipeline-acts.ts'
import type {Migration} from './pipeline-migrations.ts'
import {held, missed, undecided, type Target} from './targets.ts'

const network = 'a migration that reaches the private database (a Cloud Run job in the network)'
const released = 'a migration with the image that is released'

/** Hosted runners are in nobody's network. https://docs.github.com/en/actions/reference/runners/github-hosted-runners */
const hosted = /^(ubuntu|windows|macos)-|^cloud build$/

/** Judges a migration that comes in time: whether it reaches the database, and with which image. */
export const reachesWithReleasedImage =
  (facts: WorkflowFacts) =>
  (migration: Migration, deployment: Act): Target => {
    const {act} = migration
    return reach(migration) ?? image(facts, migration, deployment) ?? held(act.place, `${network}, ${released}`, act.text)
  }

const reach = ({act, job}: Migration): Target | undefined => {
  if (jobIn(act) !== undefined) {
    if (job?.network === true) return undefined
    if (job?.network === false) return missed(act.place, network, `${act.text}: the job at ${job.file}:${job.line} has no VPC access`)
    return undecided(act.place, network, `${act.text}: whether the job has VPC access is not said in the repository`)
  }
  const through = act.command?.via.some(({text}) => /^(ssh|gcloud compute ssh)\b/.test(text)) === true
  const {runner} = act.job
  if (through || runner.some((label) => label === 'self-hosted' || label === 'private pool')) return undefined
  if (runner.some((label) => hosted.test(label))) return missed(act.place, network, `${act.text} on ${runner.join(', ')}`)
  return undecided(act.place, network, `${act.text} on ${runner.join(', ') || 'an unknown machine'}`)
}

/** What the backend's release is made of: the image of the deployment, or of those of the same service before it. */
const releasedImages = (facts: WorkflowFacts, deployment: Act): Word[] => {
  const all = deploymentsIn(facts).filter(
    ({act}) =>
      act.run.workflow === deployment.run.workflow &&
      act.run.event.branch === deployment.run.event.branch &&
      act.run.event.name === deployment.run.event.name,
  )
  const own = all.find(
    ({act}) => act.place.file === deployment.place.file && act.place.line === deployment.place.line && act.job.id === deployment.job.id,
  )
  const service = own?.service
  const same =
    own?.image !== undefined
      ? [own]
      : all.filter((one) => service !== undefined && one.service !== undefined && mayBeSame(one.service, service))
  return same.flatMap((one) => one.image ?? []).length === 0 ? [] : same.flatMap((one) => (one.image === undefined ? [] : [one.image]))
}

const image = (facts: WorkflowFacts, {act}: Migration, deployment: Act): Target | undefined => {
  const wanted = releasedImages(facts, deployment)
  const [first] = wanted
  if (first === undefined) return undecided(act.place, released, `${deployment.text}: its image is not said`)
  const texts = wanted.flatMap(variantsOf)
  const matches = (word: Word) => texts.includes(textOf(word))
  const name = jobIn(act)
  if (name === undefined) {
    const container = act.command?.container
    if (container === undefined) return missed(act.place, released, `${act.text} from the checkout`)
    return texts.includes(container) ? undefined : missed(act.place, released, `${act.text} in ${container}, released is ${textOf(first)}`)
  }
  const ownImage = imageOf(act)
  if (ownImage !== undefined)
    return matches(ownImage) ? undefined : missed(act.place, released, `${textOf(ownImage)}, released is ${textOf(first)}`)
  const updates = actsOf(act.run).filter((one) => {
    const job = jobIn(one)
    return job !== undefined && !isJobVerb(one, 'execute') && mayBeSame(job, name) && isBefore(one, act)
  })
  const given = updates.map(imageOf).find((word) => word !== undefined)
  if (given !== undefined) return matches(given) ? undefined : missed(act.place, released, `${textOf(given)}, released is ${textOf(first)}`)
  const applied = actsOf(act.run).find(
    (one) => ['terraform', 'tofu', 'terragrunt'].includes(wordsOf(one)[0] ?? '') && wordsOf(one).includes('apply') && isBefore(one, act),
  )
  if (applied !== undefined) return undecided(act.place, released, `${applied.text} may set the image of the job`)
  return missed(act.place, released, `${act.text}: no step gives the job its new image`)
}

const imageOf = (act: Act): Word | undefined => act.step.with['image'] ?? flagOf(act, '--image')
