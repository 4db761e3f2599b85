import {
  ciAccount,
  connectionId,
  connectionPath,
  createConnection,
  enableConnection,
  enableTrigger,
  remoteUri,
  setTriggerAccount,
} from '../../changes/cloud-build.ts'
import {grantRoles} from '../../changes/grants.ts'
import {buildName, emailOf, projectName, serviceAccountName} from '../../changes/resource-names.ts'
import {createServiceAccount, enableServiceAccount, undeleteServiceAccount} from '../../changes/service-accounts.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, manual, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {BuildConnection, BuildTrigger, Policy, ServiceAccount} from '../../gcp/cloud.ts'
import {deletedAccount, holds} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {builderOf, linkedRepository, ownBranch, planTrigger, readBuilds, triggersOf, type Builds} from '../triggers.ts'
import {problem, worst} from '../worst.ts'

/** `runtimePolicy`: who may deploy as the account that the application runs as; undefined without that account. */
type Observed = {
  connection: BuildConnection | undefined
  builds: Builds
  builder: ServiceAccount | undefined
  policy: Policy
  runtimePolicy: Policy | undefined
  projectNumber: string | undefined
}

const keeper = 'roles/secretmanager.admin'
const actAs = 'roles/iam.serviceAccountUser'
/** What a build does: write its log, push images, deploy a revision. */
const builderRoles = ['roles/logging.logWriter', 'roles/artifactregistry.writer', 'roles/run.developer']

const complete = (connection: BuildConnection | undefined): boolean => connection?.stage === 'COMPLETE' && !connection.disabled
const agentOf = (number: string): string => `serviceAccount:service-${number}@gcp-sa-cloudbuild.iam.gserviceaccount.com`
const lacking = (policy: Policy, config: Config): string[] =>
  builderRoles.filter((role) => !holds(policy, role, `serviceAccount:${builderOf(config)}`))
const mayDeploy = ({runtimePolicy}: Observed, config: Config): boolean =>
  runtimePolicy === undefined || holds(runtimePolicy, actAs, `serviceAccount:${builderOf(config)}`)

const started = (builds: Builds, config: Config): BuildTrigger[] => {
  const branch = ownBranch(config)
  if (branch === undefined || config.githubRepo === null) return []
  const {exact, loose} = triggersOf(builds, config.githubRepo, branch)
  return [...exact, ...loose]
}

export default defineItem<Observed>({
  excluded: ({config}) => (config.ci === 'github-actions' ? notApplicable('BUILD_NOT_USED', [], {ci: config.ci}) : undefined),

  async observe({cloud}, {config}) {
    const [connection, builds, builder, policy, runtimePolicy, project] = await Promise.all([
      cloud.cloudBuild.connection(config.region, connectionId),
      readBuilds(cloud, config),
      cloud.iam.serviceAccount(builderOf(config)),
      cloud.resourceManager.policy(),
      cloud.iam.serviceAccountPolicy(emailOf(config.projectId, config.runtimeSa)),
      cloud.resourceManager.project(),
    ])
    return {connection, builds, builder, policy, runtimePolicy, projectNumber: project?.projectNumber}
  },

  evaluate(observed, {config}) {
    const {connection, builds, builder, policy} = observed
    const repository = config.githubRepo
    if (repository === null) return manual('BUILD_NO_REPOSITORY')
    const place = {project: config.projectId, region: config.region}
    const at = buildName(connectionPath(place))
    const triggers = started(builds, config)
    const branch = ownBranch(config)
    const row = ({resourceName}: BuildTrigger, field: string, expected: unknown, actual: unknown) =>
      seen(buildName(resourceName), field, expected, actual)
    const names = (those: readonly BuildTrigger[]): string => those.map(({name}) => name).join(', ')
    const off = triggers.filter(({disabled}) => disabled)
    const anonymous = triggers.filter(({serviceAccount}) => serviceAccount === undefined)
    const old = triggers.filter(({github}) => github !== undefined)
    const email = builderOf(config)
    const missing = lacking(policy, config)
    const waits = connection !== undefined && connection.stage !== 'COMPLETE'
    return worst(
      [
        connection === undefined
          ? fail('BUILD_CONNECTION_MISSING', [seen(at, 'name', connectionId, undefined)], {connection: connectionId})
          : undefined,
        connection?.disabled === true
          ? fail('BUILD_CONNECTION_DISABLED', [seen(at, 'disabled', false, true)], {connection: connectionId})
          : undefined,
        waits
          ? manual('BUILD_CONSENT_NEEDED', [seen(at, 'installationState.stage', 'COMPLETE', connection.stage)], {
              stage: connection.stage,
              url: connection.actionUri ?? `https://console.cloud.google.com/cloud-build/repositories/2nd-gen?project=${config.projectId}`,
            })
          : undefined,
        builder === undefined || builder.disabled
          ? fail('BUILD_ACCOUNT_MISSING', [seen(serviceAccountName(config.projectId, email), 'disabled', false, builder?.disabled)], {
              email,
            })
          : undefined,
        builder === undefined || mayDeploy(observed, config)
          ? problem(
              fail,
              'BUILD_ACCOUNT_ROLES',
              builder === undefined
                ? []
                : missing.map((role) => seen(projectName(config.projectId), `bindings[${role}].members`, email, undefined)),
              {email, roles: missing.join(', ')},
            )
          : fail(
              'BUILD_ACCOUNT_ROLES',
              [
                seen(
                  serviceAccountName(config.projectId, emailOf(config.projectId, config.runtimeSa)),
                  `bindings[${actAs}].members`,
                  email,
                  undefined,
                ),
              ],
              {email, roles: [...missing, actAs].join(', ')},
            ),
        complete(connection) && linkedRepository(builds, repository) === undefined
          ? fail(
              'BUILD_REPOSITORY_NOT_LINKED',
              [
                seen(
                  at,
                  'repositories',
                  remoteUri(repository),
                  builds.repositories.map(({remoteUri: uri}) => uri),
                ),
              ],
              {repository},
            )
          : undefined,
        complete(connection) && branch !== undefined && triggers.length === 0
          ? fail(
              'BUILD_TRIGGER_MISSING',
              [seen(buildName(`projects/${config.projectId}/locations/${config.region}/triggers`), 'push.branch', branch, undefined)],
              {branch, repository},
            )
          : undefined,
        problem(
          fail,
          'BUILD_TRIGGER_DISABLED',
          off.map((one) => row(one, 'disabled', false, true)),
          {triggers: names(off)},
        ),
        problem(
          warn,
          'BUILD_DEFAULT_ACCOUNT',
          anonymous.map((one) => row(one, 'serviceAccount', email, undefined)),
          {triggers: names(anonymous)},
        ),
        problem(
          warn,
          'BUILD_FIRST_GENERATION',
          old.map((one) => row(one, 'repositoryEventConfig', remoteUri(repository), undefined)),
          {triggers: names(old)},
        ),
      ],
      pass(
        'BUILD_TRIGGERS_READY',
        [
          seen(at, 'installationState.stage', 'COMPLETE', connection?.stage),
          ...triggers.map((one) => row(one, 'serviceAccount', email, one.serviceAccount)),
        ],
        {repository, triggers: names(triggers)},
      ),
    )
  },

  plan(observed, {config}) {
    const {connection, builds, builder, policy, projectNumber = 'PROJECT_NUMBER'} = observed
    if (config.githubRepo === null) return []
    const place = {project: config.projectId, region: config.region}
    const email = builderOf(config)
    const onProject = {of: 'project', name: config.projectId} as const
    const agent = grantRoles({project: config.projectId, policy: onProject, member: agentOf('{projectNumber}'), roles: [keeper]})
    const typed = (text: string): string => text.replaceAll('{projectNumber}', projectNumber)
    const keeps = complete(connection) || holds(policy, keeper, agentOf(projectNumber))
    const uniqueId = builder === undefined ? deletedAccount(policy, email) : undefined
    const roles = lacking(policy, config)
    const runtime = {of: 'service-account', name: emailOf(config.projectId, config.runtimeSa)} as const
    const member = `serviceAccount:${email}`
    return [
      ...(keeps
        ? []
        : [
            {
              ...agent,
              id: 'grant-cloud-build-agent-secretmanager.admin',
              title: typed(agent.title),
              gcloud: agent.gcloud.map(typed),
              undo: typed(agent.undo ?? ''),
            },
          ]),
      ...(connection === undefined ? [createConnection(place)] : []),
      ...(connection?.disabled === true ? [enableConnection(place)] : []),
      ...(uniqueId === undefined
        ? builder === undefined
          ? [createServiceAccount({project: config.projectId, account: ciAccount, displayName: 'Q-Logic Cloud Build'})]
          : builder.disabled
            ? [enableServiceAccount(config.projectId, email)]
            : []
        : [undeleteServiceAccount(config.projectId, email, uniqueId)]),
      ...(roles.length === 0 ? [] : [grantRoles({project: config.projectId, policy: onProject, member, roles})]),
      ...(mayDeploy(observed, config) ? [] : [grantRoles({project: config.projectId, policy: runtime, member, roles: [actAs]})]),
      ...(complete(connection) ? planTrigger(builds, config) : []),
      ...started(builds, config).flatMap((one) => {
        const trigger = {project: config.projectId, resourceName: one.resourceName, name: one.name}
        return [
          ...(one.disabled ? [enableTrigger(trigger)] : []),
          ...(one.serviceAccount === undefined ? [setTriggerAccount(trigger)] : []),
        ]
      }),
    ]
  },

  fresh: () => ({
    connection: undefined,
    builds: {repositories: [], triggers: []},
    builder: undefined,
    policy: {bindings: []},
    runtimePolicy: undefined,
    projectNumber: undefined,
  }),
})
