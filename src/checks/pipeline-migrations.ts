import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf, textOf} from '../repo/workflows/words.ts'
import {isJobVerb, jobIn, mayBeSame, type CloudRunJob} from './cloud-run-jobs.ts'
import {hasFlag, isBefore, mayBeSkipped, whyGoesOn, wordsOf, type Act} from './pipeline-acts.ts'
import {lacking} from './pipeline-branches.ts'
import {type Component} from './pipeline-components.ts'
import {deploymentsFor, pipelinesOf} from './pipeline-stages.ts'
import {doingOf} from './pipeline-tools.ts'
import {hasPostgres} from './tested-migrations.ts'
import {held, missed, undecided, type Target} from './targets.ts'

/** Something that migrates: Alembic itself, or a Cloud Run job that runs it. `wrong`: why it does not; `unsure`: why that cannot be said. */
export type Migration = {act: Act; job?: CloudRunJob; wrong?: string; unsure?: string}

const runsAlembic = (command: string): boolean => /(^|[\s/])alembic\s(?:.*\s)?upgrade\b/.test(command)
const soundsLikeIt = (text: string): boolean => /migrat|alembic|schema|db[-_]?up/i.test(text)

/** A database that lives as long as the job is not the one that the release needs. */
const isForTests = (act: Act, acts: readonly Act[]): boolean => {
  if (act.command?.via.some(({text}) => /^(ssh|gcloud compute ssh)\b/.test(text)) === true) return false
  if (hasPostgres(act, acts) || inCompose(act)) return true
  const proxied = acts.some((one) => one.job === act.job && /cloud[-_]sql[-_]proxy/.test(one.text))
  const local = [...Object.values(act.command?.env ?? {}), ...Object.values(act.step.env), ...Object.values(act.job.env)].map(textOf)
  const settings = Object.entries({...act.job.env, ...act.step.env, ...act.command?.env})
  if (settings.some(([name, word]) => /DATABASE|DB|POSTGRES|PG|DSN/i.test(name) && /(^|[^a-z])test/i.test(textOf(word)))) return true
  return !proxied && local.some((text) => /^(localhost|127\.0\.0\.1)$|@(localhost|127\.0\.0\.1)\b|^sqlite/.test(text))
}

/** In a service of compose on a machine that is thrown away: its database is too. */
const inCompose = ({command, job, step}: Act): boolean => {
  const words = (command?.words ?? []).map((word) => literalOf(word))
  const compose = words.includes('docker-compose') || (words.includes('docker') && words.includes('compose'))
  const elsewhere = words.some((word) => word === '--context' || word === '-H') || 'DOCKER_HOST' in {...step.env, ...command?.env}
  return compose && !elsewhere && job.runner.some((label) => /^(ubuntu|windows|macos)-/.test(label))
}

/** Whether an act migrates. */
export const migrationOf = (act: Act, jobs: readonly CloudRunJob[], acts: readonly Act[]): Migration | undefined => {
  const words = wordsOf(act)
  if (words[0] === 'alembic') return words.includes('upgrade') && !words.includes('--sql') && !isForTests(act, acts) ? {act} : undefined
  if (words[0] === 'kubectl' && words[1] === 'wait' && /job/.test(words.join(' ')) && soundsLikeIt(words.join(' ')))
    return {act, unsure: 'what the Kubernetes job runs is not read'}
  const name = jobIn(act)
  if (name === undefined) return undefined
  const flags = textOf(act.step.with['flags'] ?? [])
  const waits = hasFlag(act, '--wait') || /--wait\b/.test(flags)
  if (!isJobVerb(act, 'execute') && !waits && !hasFlag(act, '--execute-now') && !flags.includes('--execute-now')) return undefined
  const same = jobs.filter((job) => mayBeSame(job.name, name))
  const exact = same.filter((job) => textOf(job.name) === textOf(name))
  const known = (exact.some(({command}) => command !== undefined) ? exact : same).filter(({command}) => command !== undefined)
  const job = known.find(({command}) => runsAlembic(command ?? ''))
  if (job === undefined && (known.length > 0 ? !known.some(({command}) => soundsLikeIt(command ?? '')) : !soundsLikeIt(textOf(name))))
    return undefined
  const network = same.find((one) => one.network === true)
  const found = job === undefined ? same[0] : {...job, ...(network === undefined ? {} : {network: true})}
  return {
    act,
    ...(found === undefined ? {} : {job: found}),
    ...(waits ? {} : {wrong: 'it does not wait (--wait)'}),
    ...(job === undefined ? {unsure: `what job ${textOf(name)} runs is not said in the repository`} : {}),
  }
}

/** What gives traffic to a new version. */
export const shiftsTraffic = (act: Act): boolean => {
  if (doingOf(act)?.stages.includes('deploy') !== true || jobIn(act) !== undefined) return false
  const given = act.step.with
  if (hasFlag(act, '--no-traffic') || literalOf(given['no_traffic'] ?? []) === 'true' || /--no-traffic/.test(textOf(given['flags'] ?? [])))
    return false
  const [name, , second] = wordsOf(act)
  return !(name === 'kubectl' && second === 'status')
}

const expected = 'alembic upgrade before the new version gets traffic, waited for'

/** Every deployment of the backend, with the migration that comes before it. */
export const migrationTargets = (
  facts: WorkflowFacts,
  components: readonly Component[],
  jobs: readonly CloudRunJob[],
  more: (migration: Migration, deployment: Act) => Target = ({act}) => held(act.place, expected, `${act.text} (job ${act.job.job})`),
): Target[] => {
  const targets = pipelinesOf(facts).flatMap((pipeline) => {
    const migrations = pipeline.acts.flatMap((act) => migrationOf(act, jobs, pipeline.acts) ?? [])
    const backends = components.filter(({kind}) => kind === 'backend').flatMap((one) => deploymentsFor(one, pipeline, components))
    const all = backends.length > 0 ? backends : pipeline.acts
    const shifting = all.filter(shiftsTraffic)
    const deployments = shifting.length > 0 ? shifting : pipeline.acts.filter(shiftsTraffic)
    return deployments.map((deployment) => migrationTarget(facts, migrations, deployment, more))
  })
  return [...new Map(targets.map((one) => [JSON.stringify(one), one])).values()]
}

const migrationTarget = (
  facts: WorkflowFacts,
  migrations: readonly Migration[],
  deployment: Act,
  more: (migration: Migration, deployment: Act) => Target,
): Target => {
  const before = migrations.filter(({act}) => isBefore(act, deployment))
  const sound = before.filter(({act, wrong}) => wrong === undefined && whyGoesOn(act, deployment) === undefined)
  const sure = sound.find(({act, unsure}) => unsure === undefined && !mayBeSkipped(act, deployment))
  if (sure !== undefined) return more(sure, deployment)
  const [open] = sound
  if (open !== undefined)
    return undecided(
      open.act.place,
      expected,
      `${open.act.text}: ${open.unsure ?? 'it may be left out, by a condition that is only known when it runs'}`,
    )
  const [weak] = before
  if (weak !== undefined)
    return missed(weak.act.place, expected, `${weak.act.text}: ${weak.wrong ?? whyGoesOn(weak.act, deployment) ?? ''}`)
  const [late] = migrations
  if (late !== undefined)
    return missed(
      late.act.place,
      expected,
      `${late.act.text}: ${deployment.place.file}:${deployment.place.line} (${deployment.text}) does not wait for it`,
    )
  return lacking(facts, deployment.place, expected, `${deployment.text} without a migration before it`)
}
