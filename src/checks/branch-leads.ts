import {environments, type Environment} from '../config/parameters.ts'
import {anyBranch, takes} from '../repo/workflows/events.ts'
import type {Place, Run, RunJob, WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf, textOf, valuesOf, type Word} from '../repo/workflows/words.ts'
import {mayBeSame} from './cloud-run-jobs.ts'
import {deploymentOf, flagIn, type Deployment} from './deployments.ts'
import {actsOf, allActs, flagOf, runsOnPush, type Act} from './pipeline-acts.ts'
import {doingOf} from './pipeline-tools.ts'

export type Seen = Place & {actual: string}

const deploys = (act: Act): boolean => doingOf(act)?.stages.includes('deploy') === true

/** Runs that a push to a branch starts; one that no file speaks of is like any other. */
const startedBy = (facts: WorkflowFacts, branch: string): Run[] => {
  const runs = runsOnPush(facts, facts.branches.includes(branch) ? branch : anyBranch)
  const pushed = runs.filter(({event, workflow}) => event.name === 'push' && startsOn(facts, workflow, branch))
  return [...pushed, ...runs.filter(({event}) => event.name === 'workflow_run' && pushed.some(({name}) => event.after?.includes(name)))]
}

const startsOn = ({workflows}: WorkflowFacts, path: string, branch: string): boolean =>
  workflows.some(({file, triggers}) => file === path && triggers.some((one) => one.name === 'push' && takes(one, branch)))

const words: Readonly<Record<Environment, RegExp>> = {
  prod: /(?<![A-Za-z]|\b(?:non|pre)[-_])prod(uction)?(?![A-Za-z])/i,
  staging: /(?<![A-Za-z])stag(e|ing)(?![A-Za-z])/i,
  dev: /(?<![A-Za-z.]|^\/)dev(elopment)?(?![A-Za-z])/i,
}
const environmentsIn = (text: string): Environment[] => environments.filter((env) => words[env].test(text))

const saysEnvironment = (name: string): boolean =>
  /(environment|env|stage|target)$/i.test(name) && !/^(NODE_ENV|RAILS_ENV|GITHUB_ENV|BUN_ENV)$/.test(name)
const named = (words: Readonly<Record<string, Word>> | undefined): Word[] =>
  Object.entries(words ?? {}).flatMap(([name, word]) => (saysEnvironment(name) ? [word] : []))

/** Under names of an environment: of the job, its row of a matrix, its variables, and what its steps set or are given. */
const namesOf = (job: RunJob): Word[] => [
  ...(job.environment === undefined ? [] : [job.environment]),
  ...[job.matrix, job.env, ...job.steps.map(({sets}) => sets)].flatMap(named),
]

const placeFlags = '--project -n --namespace --context --kube-context -k --kustomize -f --filename --values -var-file -chdir'.split(' ')

/** What a deployment goes to: its service, and the flags that choose a place. */
const placesOf = (act: Act): Word[] =>
  [deploymentOf(act)?.service, ...placeFlags.map((flag) => flagOf(act, flag))].filter((word) => word !== undefined)

type Said = {word: Word; place: Place}
const definite = (said: readonly Said[]): Environment[] => said.flatMap(({word}) => environmentsIn(literalOf(word) ?? ''))
/** What may become the name of an environment when it runs. */
const open = (said: readonly Said[]): Seen[] =>
  said
    .filter(({word}) => literalOf(word) === undefined && valuesOf(word)?.every((value) => environmentsIn(value).length === 0) !== true)
    .map(({word, place: {file, line}}) => ({file, line, actual: textOf(word)}))

/**
 * Where a push to a branch leads. `dynamic`: an environment that is only known when it runs. `unread`: what keeps it from being said whether
 * anything is deployed, where nothing was seen that deploys.
 */
export type Lead = {environments: ReadonlySet<Environment>; dynamic?: Seen; unread?: Seen; started: Place[]}

export const leadOf = (facts: WorkflowFacts, branch: string): Lead => {
  const runs = startedBy(facts, branch)
  const deploying = runs.filter((run) => actsOf(run).some(deploys))
  const acts = deploying.flatMap(actsOf).filter(deploys)
  const jobs = new Set(acts.map(({job}) => job))
  const ofJob = (job: RunJob): Said[] => namesOf(job).map((word) => ({word, place: job}))
  const gates = [...jobs].flatMap((job) => (job.environment === undefined ? [] : [{word: job.environment, place: job}]))
  const ofAct = ({step, command, place}: Act): Said[] => [step.env, step.with, command?.env].flatMap(named).map((word) => ({word, place}))
  const names = [...[...jobs].flatMap(ofJob), ...acts.flatMap(ofAct)]
  const places = acts.flatMap((act) => placesOf(act).map((word) => ({word, place: act.place})))
  const others = deploying.flatMap((run) => run.jobs.filter((job) => !jobs.has(job)).flatMap(ofJob))
  const titles = deploying.flatMap(({name, workflow}) => [name, workflow.split('/').at(-1) ?? '']).concat([...jobs].map(({job}) => job))
  const found = [...[names, places, others].map(definite), titles.flatMap(environmentsIn)].find((some) => some.length > 0) ?? []
  const [dynamic] = open(found.length > 0 ? gates : [...names, ...places])
  const [unread] = deploying.length > 0 ? [] : unsaid(facts, branch, runs)
  return {
    environments: new Set(found),
    ...(dynamic === undefined ? {} : {dynamic}),
    ...(unread === undefined ? {} : {unread}),
    started: deploying.map(({trigger: {file, line}}) => ({file, line})),
  }
}

/** What could hold a deployment, and cannot be seen: files that were not understood, workflows of other repositories, branches known by a pattern only. */
const unsaid = ({unread, workflows, branches}: WorkflowFacts, branch: string, runs: readonly Run[]): Seen[] => [
  ...unread.filter(({file}) => !/cloudbuild[^/]*$/i.test(file)).map(({file, line, why}) => ({file, line, actual: why})),
  ...runs
    .flatMap(actsOf)
    .flatMap(({step, place: {file, line}}) =>
      step.uses?.action.includes('/.github/workflows/') === true && !step.uses.action.startsWith('.')
        ? [{file, line, actual: `what ${step.uses.action} does is not in the repository`}]
        : [],
    ),
  ...workflows.flatMap(({file, triggers}) =>
    triggers
      .filter((one) => one.name === 'push' && takes(one, branch) && !branches.includes(branch) && !takes(one, anyBranch))
      .map(({line, branches: patterns}) => ({file, line, actual: patterns.join(', ')})),
  ),
]

const distinct = (places: readonly Seen[]): Seen[] => [
  ...new Map(places.map((one) => [`${one.file}:${one.line} ${one.actual}`, one])).values(),
]

const deploymentsOn = (facts: WorkflowFacts, branch: string): Deployment[] =>
  startedBy(facts, branch)
    .flatMap(actsOf)
    .flatMap((act) => deploymentOf(act) ?? [])

/** Services that are deployed under names other than these; what is only known when it runs is taken to fit where it can. */
export const otherServices = (facts: WorkflowFacts, branch: string, names: readonly string[]): Seen[] =>
  distinct(
    deploymentsOn(facts, branch).flatMap(({service, file, line}) => {
      if (service === undefined || service.length === 0) return []
      const fits = valuesOf(service)?.some((value) => names.includes(value)) ?? names.some((name) => mayBeSame(service, [{literal: name}]))
      return fits ? [] : [{file, line, actual: textOf(service)}]
    }),
  )

/** Where the application is told another environment than it knows: it expects `production`, not `prod`. */
export const otherEnvironmentNames = (facts: WorkflowFacts): Seen[] => {
  const short = (value: string): boolean => /^(prod|stage|dev)$/.test(value)
  const told = (act: Act): string[] => {
    const set = deploymentOf(act)?.env['ENVIRONMENT']
    if (set !== undefined) return [...(valuesOf(set) ?? [])]
    return (act.command?.program ?? []).flatMap((word) => /(?:^|[.,])ENVIRONMENT=["']?(\w+)["']?$/.exec(textOf(word))?.[1] ?? [])
  }
  return distinct(
    allActs(facts)
      .filter(deploys)
      .flatMap((act) =>
        told(act)
          .filter(short)
          .map((actual) => ({...act.place, actual})),
      ),
  )
}

/** Deployments that replace every variable and say neither network, account nor secrets. */
export const bareDeployments = (facts: WorkflowFacts, branch: string): Seen[] =>
  distinct(
    deploymentsOn(facts, branch).flatMap(({verb, replacesEnv, words: all, file, line}) => {
      // Flags that come out of a variable are not seen.
      const hidden = all.some(
        (word) => word.length > 0 && word.every((part) => 'dynamic' in part && /flags|args|opts|options/i.test(part.dynamic)),
      )
      if (verb !== 'deploy' || replacesEnv === undefined || hidden) return []
      const missing = needed.filter((flags) => flagIn(all, ...flags) === undefined).map(([name]) => name)
      return missing.length === 0 ? [] : [{file, line, actual: `without ${missing.join(', ')}`}]
    }),
  )

const needed = [['--network', '--vpc-connector', '--subnet'], ['--service-account'], ['--set-secrets', '--update-secrets']] as const
