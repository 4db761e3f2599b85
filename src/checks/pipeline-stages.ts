import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf, textOf, variantsOf} from '../repo/workflows/words.ts'
import {actsOf, flagOf, hasFlag, isBefore, runsOnPush, whyGoesOn, wordsOf, type Act} from './pipeline-acts.ts'
import {anyBranchRuns, lacking} from './pipeline-branches.ts'
import {imagesOf, inside, worksOn, type Component, type Packages} from './pipeline-components.ts'
import {doingOf, type Stage} from './pipeline-tools.ts'
import {held, missed, undecided, type Target} from './targets.ts'

const stages = ['lint', 'test', 'build', 'push', 'deploy'] as const
const names: Readonly<Record<Stage, string>> = {lint: 'lint', test: 'test', build: 'build', push: 'push of the image', deploy: 'deployment'}

/** A pipeline that deploys: what a push to one branch (or a tag, a release, a build) sets off. */
export type Pipeline = {on: string; acts: Act[]}

export const branchesThatPush = (facts: WorkflowFacts): string[] => [
  ...new Set(facts.runs.filter(({event}) => event.name === 'push').flatMap(({event}) => event.branch ?? [])),
]

const deploys = (act: Act): boolean => doingOf(act)?.stages.includes('deploy') === true

/** Every pipeline that deploys; where none does, what runs on a push. */
export const pipelinesOf = (facts: WorkflowFacts): Pipeline[] => {
  const pushed = branchesThatPush(facts)
    .filter((branch) => !anyBranchRuns(branch))
    .map((branch) => ({on: `push to ${branch}`, acts: runsOnPush(facts, branch).flatMap(actsOf)}))
  const others = facts.runs
    .filter(({event}) => ['tag', 'release', 'workflow_dispatch', 'build'].includes(event.name))
    .map((run) => ({on: run.event.name === 'build' ? run.workflow : run.event.name, acts: actsOf(run)}))
  for (const some of [pushed, others]) {
    const deploying = some.filter(({acts}) => acts.some(deploys))
    if (deploying.length > 0) return deploying
  }
  return pushed.length > 0 ? pushed.slice(0, 1) : others.slice(0, 1)
}

/** Acts of a stage that are for a component. */
const actsFor = (component: Component, stage: Stage, {acts}: Pipeline, components: readonly Component[]): Act[] => {
  const ofStage = (wanted: Stage) => acts.filter((act) => doingOf(act)?.stages.includes(wanted) === true)
  const of = ofStage(stage)
  const direct = of.filter((act) => worksOn(act, components).includes(component))
  if (stage === 'lint' || stage === 'test') return direct
  const named = (some: readonly Act[]) => some.filter((act) => namesFolder(act, component, components))
  const builds = ofStage('build').filter((act) => worksOn(act, components).includes(component) || namesFolder(act, component, components))
  const images = new Set(builds.flatMap(imagesOf))
  const byImage = of.filter((act) => imagesOf(act).some((image) => images.has(image)))
  const found = [...new Set([...direct, ...byImage, ...named(of)])]
  if (found.length > 0) return found
  const jobs = new Set(builds.map(({job}) => job.job))
  const byJob = of.filter((act) => [...textOfAct(act).matchAll(/needs\.([\w-]+)\.outputs/g)].some(([, job]) => jobs.has(job ?? '')))
  if (byJob.length > 0) return byJob
  const whole = of.filter((act) => isWhole(act))
  return whole.length > 0 ? whole : enough(unsaidOf(of, components), components)
}

/** Acts of which nothing says which half they are for. */
const unsaidOf = (acts: readonly Act[], components: readonly Component[]): Act[] =>
  acts.filter((act) => worksOn(act, components).length === 0 && components.every((one) => !namesFolder(act, one, components)))

/** As many different ones as there are components: then each has one, though nothing says which. */
const enough = (acts: Act[], components: readonly Component[]): Act[] =>
  new Set(acts.map(({text, place}) => `${text} ${place.file}:${place.line}`)).size >= components.length ? acts : []

/** Deployments of a component in a pipeline. */
export const deploymentsFor = (component: Component, pipeline: Pipeline, components: readonly Component[]): Act[] =>
  actsFor(component, 'deploy', pipeline, components)

const textOfAct = ({command, step}: Act): string => [...(command?.program ?? []), ...Object.values(step.with)].map(textOf).join(' ')

/** A service or an image that carries the name of the component's folder. */
const namesFolder = (act: Act, {folder}: Component, components: readonly Component[]): boolean => {
  const name = folder.split('/').at(-1) ?? ''
  if (name === '' || components.filter((one) => one.folder.endsWith(name)).length > 1) return false
  const said = [...servicesOf(act), ...imagesOf(act)]
  return said.some((text) => text.split(/[-_./]/).includes(name))
}

const servicesOf = (act: Act): readonly string[] => {
  const given = act.step.with['service']
  if (given !== undefined) return variantsOf(given)
  const words = act.command?.program ?? []
  const at = words.findIndex((word) => ['deploy', 'update', 'update-traffic'].includes(literalOf(word) ?? ''))
  const next = at < 0 ? undefined : words[at + 1]
  return next === undefined ? [] : variantsOf(next)
}

/** Deploys everything there is: a compose file, a chart, a folder of manifests. */
const isWhole = (act: Act): boolean => {
  const [name, first, second] = wordsOf(act)
  if (name === 'docker') return first === 'compose' || second === 'bake' || hasFlag(act, '--all-tags')
  return (
    ['skaffold', 'helm', 'helmfile', 'terraform', 'tofu', 'terragrunt', 'argocd', 'pulumi', 'gke-deploy'].includes(name ?? '') ||
    (name === 'kubectl' && flagOf(act, '-k', '-f', '--kustomize', '--filename') !== undefined) ||
    (name === 'gcloud' && first === 'deploy')
  )
}

/** Why an act can only fail, although it is run. */
export const cannotRun = (act: Act, {angular, node}: Packages): string | undefined => {
  if (act.command?.missing !== undefined) return act.command.missing
  const directory = act.command?.directory
  const target = doingOf(act)?.needsTarget
  if (target !== undefined && directory !== undefined) {
    const workspace = angular.workspaces.find(({folder}) => directory === folder || inside(directory, folder))
    if (workspace !== undefined && !workspace.projects.some(({targets}) => targets.some(({name}) => name === target)))
      return `${workspace.file} has no target ${target}`
  }
  const [name, first] = wordsOf(act)
  const frozen = hasFlag(act, '--frozen-lockfile', '--immutable')
  if (
    directory === undefined ||
    !((name === 'npm' && (first === 'ci' || first === 'clean-install')) || (frozen && ['yarn', 'pnpm', 'bun'].includes(name ?? '')))
  )
    return undefined
  const own = node.packages.find(({folder}) => folder === directory)
  return own === undefined || own.locks.some(({manager}) => manager === name) ? undefined : `${own.file} has no lock file of ${name ?? ''}`
}

const said = (act: Act): string => `${act.text} (job ${act.job.job})`

const stageTarget = (
  facts: WorkflowFacts,
  component: Component,
  stage: Stage,
  pipeline: Pipeline,
  components: readonly Component[],
  packages: Packages,
): Target => {
  const expected = `${component.kind} in ${component.folder === '' ? 'the root' : component.folder}: ${names[stage]}, on ${pipeline.on}`
  const acts = actsFor(component, stage, pipeline, components)
  const able = acts.filter((act) => cannotRun(act, packages) === undefined)
  const [first] = acts
  if (first === undefined) {
    const broken = pipeline.acts.find(
      ({command}) => command?.missing !== undefined && new RegExp(`\\b${stage}\\b`).test(command.words.map(textOf).join(' ')),
    )
    const open =
      broken === undefined
        ? unsaidOf(
            pipeline.acts.filter((act) => doingOf(act)?.stages.includes(stage) === true),
            components,
          )[0]
        : undefined
    if (open !== undefined) return undecided(open.place, expected, `${open.text}: nothing says which half it is for`)
    const asked = stage === 'push' || stage === 'deploy' ? undefined : actOnRequest(facts, component, stage, components)
    const place = broken?.place ?? asked?.place ?? pipeline.acts[0]?.run.trigger ?? component
    return lacking(
      facts,
      place,
      expected,
      broken?.command?.missing ?? (asked === undefined ? 'nothing does it' : `${asked.text}: only on pull requests`),
    )
  }
  if (able.length === 0) return missed(first.place, expected, `${first.text}: ${cannotRun(first, packages) ?? ''}`)
  const deployments = stage === 'deploy' ? [] : actsFor(component, 'deploy', pipeline, components)
  const [one] = able
  if (deployments.length === 0 || one === undefined) return held(one?.place ?? first.place, expected, said(one ?? first))
  const late = deployments.find(
    (deployment) => !able.some((act) => act === deployment || sameStep(act, deployment) || isBefore(act, deployment)),
  )
  if (late !== undefined)
    return missed(one.place, `${expected}, before ${late.text}`, `${said(one)}; ${late.place.file}:${late.place.line} does not wait for it`)
  const free = deployments.find(
    (deployment) =>
      able.filter((act) => act !== deployment && isBefore(act, deployment)).every((act) => whyGoesOn(act, deployment) !== undefined) &&
      !able.includes(deployment),
  )
  const loose = free === undefined ? undefined : able.find((act) => isBefore(act, free))
  if (free !== undefined && loose !== undefined)
    return missed(loose.place, `${expected}; its failure stops the deployment`, `${said(loose)}: ${whyGoesOn(loose, free) ?? ''}`)
  return held(one.place, expected, said(one))
}

/** What a pull request runs of a stage, for a component. */
const actOnRequest = (facts: WorkflowFacts, component: Component, stage: Stage, components: readonly Component[]): Act | undefined => {
  const acts = facts.runs.filter(({event}) => event.name.startsWith('pull_request')).flatMap(actsOf)
  return actsFor(component, stage, {on: 'a pull request', acts}, components)[0]
}

const sameStep = (one: Act, other: Act): boolean => one.step === other.step && one.place.line === other.place.line

/** Component by stage: each is run, can succeed, and the deployment waits for it; and only a push to a branch that is named deploys. */
export const stageTargets = (facts: WorkflowFacts, components: readonly Component[], packages: Packages): Target[] => {
  const found = pipelinesOf(facts).flatMap((pipeline) => [
    ...components.flatMap((component) => stages.map((stage) => stageTarget(facts, component, stage, pipeline, components, packages))),
    ...pipeline.acts.flatMap((act): Target[] => {
      const why =
        ['npm', 'yarn', 'pnpm', 'bun'].includes(wordsOf(act)[0] ?? '') && doingOf(act) === undefined && act.command?.missing === undefined
          ? cannotRun(act, packages)
          : undefined
      return why === undefined ? [] : [missed(act.place, 'a lock file that is committed', `${act.text}: ${why}`)]
    }),
  ])
  return [...distinct(found), ...distinct(gateTargets(facts))]
}

const distinct = (targets: readonly Target[]): Target[] => [
  ...new Map(
    targets.map((one) => [
      `${one.evidence.file}:${one.evidence.line} ${one.evidence.expected.replace(/, on .*$/, '')} ${one.verdict}`,
      one,
    ]),
  ).values(),
]

/** Deployments that a pull request, or a push to any branch at all, would run. */
const gateTargets = (facts: WorkflowFacts): Target[] =>
  facts.runs
    .filter(({event}) => event.name.startsWith('pull_request') || anyBranchRuns(event.branch))
    .flatMap((run) =>
      actsOf(run).flatMap((act): Target[] => {
        if (!deploys(act) || hasFlag(act, '--no-traffic') || /preview|review|\bpr\b/i.test(textOf(act.job.environment ?? []))) return []
        if (
          /channel|preview|no_traffic/.test(Object.keys(act.step.with).join(' ')) ||
          [...(act.command?.program ?? [])].map(textOf).some((word) => word.startsWith('hosting:channel'))
        )
          return []
        // A condition that asks for the branch and cannot be worked out here.
        if ((act.job.conditional || act.step.conditional) && /ref|branch/.test(act.job.condition)) return []
        const on = run.event.name.startsWith('pull_request') ? 'a pull request' : 'a push to any branch'
        return [missed(act.place, 'deploys only on a push to a named branch', `${act.text} on ${on}`)]
      }),
    )
