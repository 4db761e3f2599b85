import {anchorTrigger, connectionId, enableTrigger, exactly} from '../../changes/cloud-build.ts'
import {restrictEnvironment} from '../../changes/github.ts'
import {buildName, githubName} from '../../changes/resource-names.ts'
import {environments, type Config, type Environment} from '../../config/parameters.ts'
import type {Change} from '../../engine/change.ts'
import {fail, manual, pass, seen, unknown, warn, type Finding} from '../../engine/finding.ts'
import type {BuildConnection, BuildTrigger} from '../../gcp/cloud.ts'
import type {GitHubBranch, GitHubEnvironment} from '../../github/github.ts'
import type {Repo} from '../../repo/repo.ts'
import type {WorkflowFacts} from '../../repo/workflows/facts.ts'
import {defineItem} from '../define-item.ts'
import {ownBranch, planTrigger, readBuilds, triggersOf, type Builds} from '../triggers.ts'
import {problem, worst} from '../worst.ts'
import {bareDeployments, leadOf, otherEnvironmentNames, otherServices, type Seen} from '../branch-leads.ts'

/** What GitHub knows; undefined without a token. */
type AtGitHub = {
  branches: readonly {env: Environment; name: string; found: GitHubBranch | undefined}[]
  environments: readonly GitHubEnvironment[]
}
/** `workflows`: undefined without an app repository; `builds`: only with Cloud Build. */
type Observed = {
  atGitHub: AtGitHub | undefined
  workflows: WorkflowFacts | undefined
  builds: (Builds & {connection: BuildConnection | undefined}) | undefined
}

/** The workflows, loaded only where they are read; undefined where there is none and no application that should have one. */
async function workflowsOf(repo: Repo): Promise<WorkflowFacts | undefined> {
  const {readWorkflows} = await import('../../repo/workflows/workflows.ts')
  const facts = await repo.reading.read(readWorkflows)
  const isThere = facts.workflows.length > 0 || facts.unread.some(({file}) => file.startsWith('.github/workflows/'))
  return isThere || (await repo.isApplication()) ? facts : undefined
}

const environmentNames: Readonly<Record<Environment, readonly [string, string]>> = {
  prod: ['production', 'prod'],
  staging: ['staging', 'stage'],
  dev: ['development', 'dev'],
}
const mapped = ({branches}: Config): {env: Environment; branch: string}[] =>
  environments.flatMap((env) => {
    const branch = branches[env]
    return branch === undefined ? [] : [{env, branch}]
  })
const environmentOf = ({environments: all}: AtGitHub, env: Environment): GitHubEnvironment | undefined =>
  all.find(({name}) => environmentNames[env].includes(name))
const isOpen = (environment: GitHubEnvironment | undefined, branch: string): boolean =>
  environment?.branches === undefined || (environment.branches !== 'protected' && !environment.branches.includes(branch))

const fileRows = (places: readonly Seen[], expected: string) => places.map(({file, line, actual}) => ({file, line, expected, actual}))

const githubProblems = (atGitHub: AtGitHub, config: Config): (Finding | undefined)[] => {
  const repository = config.githubRepo ?? ''
  const absent = atGitHub.branches.filter(({found}) => found === undefined)
  const bare = atGitHub.branches.filter(({env, found}) => env === 'prod' && found?.protected === false)
  const withEnvironments = config.ci === 'github-actions'
  const open = withEnvironments ? mapped(config).filter(({env, branch}) => isOpen(environmentOf(atGitHub, env), branch)) : []
  const production = environmentOf(atGitHub, 'prod')
  const named = (env: Environment): string => environmentOf(atGitHub, env)?.name ?? environmentNames[env][0]
  return [
    problem(
      fail,
      'BRANCH_MISSING',
      absent.map(({name}) => seen(githubName(repository, `tree/${name}`), 'name', name, undefined)),
      {repository, branches: absent.map(({name}) => name).join(', ')},
    ),
    problem(
      warn,
      'BRANCH_UNPROTECTED',
      bare.map(({name}) => seen(githubName(repository, `tree/${name}`), 'protected', true, false)),
      {repository, branch: bare.map(({name}) => name).join(', ')},
    ),
    problem(
      warn,
      'ENVIRONMENT_OPEN',
      open.map(({env, branch}) =>
        seen(
          githubName(repository, `settings/environments/${named(env)}`),
          'deployment_branch_policy',
          branch,
          environmentOf(atGitHub, env)?.branches ?? 'any branch',
        ),
      ),
      {repository, environments: open.map(({env}) => named(env)).join(', ')},
    ),
    withEnvironments && config.branches.prod !== undefined && production?.approval !== true
      ? warn(
          'PRODUCTION_WITHOUT_APPROVAL',
          [seen(githubName(repository, `settings/environments/${named('prod')}`), 'required_reviewers', 'somebody', 'nobody')],
          {
            repository,
            environment: named('prod'),
          },
        )
      : undefined,
  ]
}

const leadProblem = (workflows: WorkflowFacts, {env, branch}: {env: Environment; branch: string}): Finding | undefined => {
  const lead = leadOf(workflows, branch)
  const args = {branch, environment: environmentNames[env][0]}
  if (lead.started.length === 0) {
    if (lead.unread !== undefined) {
      const detail = `${lead.unread.file}:${lead.unread.line}: ${lead.unread.actual}`
      return unknown('BRANCH_WORKFLOW_UNREAD', {kind: 'dynamic', detail}, {...args, detail})
    }
    const [first] = workflows.workflows
    return fail(
      'BRANCH_DEPLOYS_NOWHERE',
      [{file: first?.file ?? '.github/workflows', line: 1, expected: `deploys on a push to ${branch}`, actual: 'does not'}],
      args,
    )
  }
  if (lead.environments.has(env)) return undefined
  if (lead.dynamic !== undefined) {
    const detail = `${lead.dynamic.file}:${lead.dynamic.line}: ${lead.dynamic.actual}`
    return unknown('BRANCH_TARGET_DYNAMIC', {kind: 'dynamic', detail}, {...args, detail})
  }
  const seenAs = [...lead.environments].map((one) => environmentNames[one][0]).join(', ')
  if (lead.environments.size > 0)
    return fail(
      'BRANCH_DEPLOYS_ELSEWHERE',
      fileRows(
        lead.started.map((one) => ({...one, actual: seenAs})),
        args.environment,
      ),
      {...args, other: seenAs},
    )
  return fail(
    'BRANCH_TARGET_UNCLEAR',
    fileRows(
      lead.started.map((one) => ({...one, actual: 'no environment named'})),
      args.environment,
    ),
    args,
  )
}

const workflowProblems = (workflows: WorkflowFacts, config: Config): (Finding | undefined)[] => {
  const branch = ownBranch(config)
  const names = [config.runServices.backend, config.runServices.frontend]
  const services = branch === undefined || config.compute !== 'cloud-run' ? [] : otherServices(workflows, branch, names)
  const bare = branch === undefined ? [] : bareDeployments(workflows, branch)
  const wrong = otherEnvironmentNames(workflows)
  return [
    ...mapped(config).map((one) => leadProblem(workflows, one)),
    problem(warn, 'WORKFLOW_OTHER_SERVICES', fileRows(services, names.join(' or ')), {
      services: [...new Set(services.map(({actual}) => actual))].join(', '),
      expected: names.join(', '),
    }),
    problem(warn, 'WORKFLOW_ENVIRONMENT_NAME', fileRows(wrong, 'production, staging or development'), {
      names: [...new Set(wrong.map(({actual}) => actual))].join(', '),
    }),
    problem(warn, 'WORKFLOW_BARE_DEPLOYMENT', fileRows(bare, '--network, --service-account and --set-secrets')),
  ]
}

const triggerProblems = (
  {connection, ...builds}: Builds & {connection: BuildConnection | undefined},
  config: Config,
): (Finding | undefined)[] => {
  const branch = ownBranch(config)
  if (branch === undefined) return []
  if (connection !== undefined && connection.stage !== 'COMPLETE')
    return [manual('TRIGGERS_WAIT_FOR_CONSENT', [], {connection: connectionId, stage: connection.stage})]
  const {exact, loose} = triggersOf(builds, config.githubRepo ?? '', branch)
  const row = (one: BuildTrigger, field: string, expected: unknown, actual: unknown) =>
    seen(buildName(one.resourceName), field, expected, actual)
  const off = exact.filter(({disabled}) => disabled)
  const names = (those: readonly BuildTrigger[]): string => those.map(({name}) => name).join(', ')
  return [
    exact.length + loose.length === 0
      ? fail(
          'TRIGGER_FOR_BRANCH_MISSING',
          [seen(buildName(`projects/${config.projectId}/locations/${config.region}/triggers`), 'push.branch', exactly(branch), undefined)],
          {
            branch,
            environment: environmentNames[config.env][0],
          },
        )
      : undefined,
    problem(
      fail,
      'TRIGGER_NOT_ANCHORED',
      loose.map((one) => row(one, 'push.branch', exactly(branch), one.invertRegex ? `not ${one.branch ?? ''}` : one.branch)),
      {triggers: names(loose), branch},
    ),
    problem(
      fail,
      'TRIGGER_SWITCHED_OFF',
      off.map((one) => row(one, 'disabled', false, true)),
      {triggers: names(off), branch},
    ),
  ]
}

export default defineItem<Observed>({
  async observe({cloud, github, repo}, {config}) {
    const repository = config.githubRepo
    if (repository === null) return {atGitHub: undefined, workflows: undefined, builds: undefined}
    const withBuild = config.ci === 'cloud-build'
    const readGitHub = async (): Promise<AtGitHub | undefined> => {
      if (github === undefined) return undefined
      const [branches, found] = await Promise.all([
        Promise.all(mapped(config).map(async ({env, branch}) => ({env, name: branch, found: await github.branch(repository, branch)}))),
        withBuild ? [] : github.environments(repository),
      ])
      return {branches, environments: found}
    }
    const readTriggers = async () => ({
      ...(await readBuilds(cloud, config)),
      connection: await cloud.cloudBuild.connection(config.region, connectionId),
    })
    const [atGitHub, workflows, builds] = await Promise.all([
      readGitHub(),
      withBuild || repo === undefined ? undefined : workflowsOf(repo),
      withBuild ? readTriggers() : undefined,
    ])
    return {atGitHub, workflows, builds}
  },

  evaluate({atGitHub, workflows, builds}, {config}) {
    const repository = config.githubRepo
    if (repository === null) return manual('BRANCHES_NO_REPOSITORY')
    const map = mapped(config)
      .map(({env, branch}) => `${branch} → ${environmentNames[env][0]}`)
      .join(', ')
    return worst(
      [
        ...(builds === undefined ? [] : triggerProblems(builds, config)),
        ...(workflows === undefined ? [] : workflowProblems(workflows, config)),
        ...(atGitHub === undefined ? [manual('BRANCHES_NOT_READABLE', [], {repository, map})] : githubProblems(atGitHub, config)),
        config.ci === 'github-actions' && workflows === undefined ? manual('WORKFLOW_NOT_READABLE', [], {repository, map}) : undefined,
      ],
      pass(
        'BRANCHES_DEPLOY',
        mapped(config).map(({branch}) => seen(githubName(repository, `tree/${branch}`), 'name', branch, branch)),
        {repository, map},
      ),
    )
  },

  plan({atGitHub, builds}, {config}) {
    const repository = config.githubRepo
    if (repository === null) return []
    const branch = ownBranch(config)
    const changes: Change[] = []
    if (builds?.connection?.stage === 'COMPLETE' && branch !== undefined) {
      const {exact, loose} = triggersOf(builds, repository, branch)
      const ref = ({resourceName, name}: BuildTrigger) => ({project: config.projectId, resourceName, name})
      changes.push(
        ...planTrigger(builds, config),
        ...exact.filter(({disabled}) => disabled).map((one) => enableTrigger(ref(one))),
        ...loose
          .filter(({invertRegex}) => !invertRegex)
          .map((one) => anchorTrigger({...ref(one), branch, before: one.branch ?? '', linkedAs: one.repository})),
      )
    }
    if (atGitHub !== undefined && config.ci === 'github-actions')
      changes.push(
        ...mapped(config)
          .filter(({env, branch: name}) => isOpen(environmentOf(atGitHub, env), name))
          .map(({env, branch: name}) => {
            const found = environmentOf(atGitHub, env)
            const environment = found?.name ?? environmentNames[env][0]
            return restrictEnvironment({repository, environment, branch: name, exists: found !== undefined})
          }),
      )
    return changes
  },
})
