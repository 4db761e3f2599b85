import {
  createPool,
  createProvider,
  disableProvider,
  enablePool,
  undeletePool,
  undeleteProvider,
  updateProvider,
  type ProviderSettings,
} from '../changes/federation.ts'
import {grantRoles, revokeRoles} from '../changes/grants.ts'
import {emailOf, lastSegment, poolName, providerName, serviceAccountName} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import type {Change} from '../engine/change.ts'
import {seen, type CloudEvidence} from '../engine/finding.ts'
import type {Cloud, Policy, WorkloadIdentityPool, WorkloadIdentityProvider} from '../gcp/cloud.ts'
import type {GitHub, GitHubRepository} from '../github/github.ts'
import {heldRoles, holds} from './bindings.ts'
import {requires, type Atom} from './cel.ts'

/** Where GitHub's tokens come from. */
export const githubIssuer = 'https://token.actions.githubusercontent.com'
const role = 'roles/iam.workloadIdentityUser'
const mapping = {
  'google.subject': 'assertion.sub',
  'attribute.actor': 'assertion.actor',
  'attribute.repository': 'assertion.repository',
  'attribute.ref': 'assertion.ref',
}
/** Without these nobody can be bound by repository. */
const needed = ['google.subject', 'attribute.repository'] as const

/**
 * The federation as it is. `others`: providers of the pool beside ours; `policy`: who may act as the Terraform account; `atGitHub`: the
 * repository as GitHub knows it, where it could be asked.
 */
export type Federation = {
  pool: WorkloadIdentityPool | undefined
  provider: WorkloadIdentityProvider | undefined
  others: readonly WorkloadIdentityProvider[]
  policy: Policy | undefined
  projectNumber: string | undefined
  atGitHub: GitHubRepository | undefined
}

export const noFederation: Federation = {
  pool: undefined,
  provider: undefined,
  others: [],
  policy: undefined,
  projectNumber: undefined,
  atGitHub: undefined,
}

/** Reads all parts. What GitHub knows only helps: without an answer the condition is judged and written by name. */
export const readFederation = async ({cloud, github}: {cloud: Cloud; github: GitHub | undefined}, config: Config): Promise<Federation> => {
  const {wifPool, wifProvider, githubRepo} = config
  const asked = github === undefined || githubRepo === null ? undefined : github.repository(githubRepo).catch(() => undefined)
  const [pool, provider, policy, project, atGitHub] = await Promise.all([
    cloud.iam.workloadIdentityPool(wifPool),
    cloud.iam.workloadIdentityProvider(wifPool, wifProvider),
    cloud.iam.serviceAccountPolicy(emailOf(config.projectId, config.terraformSa)),
    cloud.resourceManager.project(),
    asked,
  ])
  const all = pool === undefined ? [] : await cloud.iam.workloadIdentityProviders(wifPool)
  const others = all.filter(({name}) => lastSegment(name) !== wifProvider)
  return {pool, provider, others, policy, projectNumber: project?.projectNumber, atGitHub}
}

const branchRef = ({env, branches}: Config): string | undefined => {
  const branch = branches[env]
  return branch === undefined ? undefined : `refs/heads/${branch}`
}

/** The name can be taken over by somebody else, the numbers cannot; production is for its branch alone. */
const wantedCondition = (config: Config, atGitHub: GitHubRepository | undefined): string => {
  const ref = config.env === 'prod' ? branchRef(config) : undefined
  return [
    `assertion.repository == '${config.githubRepo ?? ''}'`,
    ...(atGitHub === undefined
      ? []
      : [`assertion.repository_id == '${atGitHub.id}'`, `assertion.repository_owner_id == '${atGitHub.ownerId}'`]),
    ...(ref === undefined ? [] : [`assertion.ref == '${ref}'`]),
  ].join(' && ')
}

const all = (atom: Atom, wanted: (value: string) => boolean): boolean => atom.values.length > 0 && atom.values.every(wanted)
const byName =
  (repository: string) =>
  (atom: Atom): boolean =>
    (atom.claim === 'repository' && !atom.prefix && all(atom, (value) => value === repository)) ||
    (atom.claim === 'sub' && all(atom, (value) => value.startsWith(`repo:${repository}:`)))
const byNumber =
  (atGitHub: GitHubRepository | undefined) =>
  (atom: Atom): boolean =>
    !atom.prefix &&
    ((atom.claim === 'repository_id' && all(atom, (value) => atGitHub === undefined || value === atGitHub.id)) ||
      (atom.claim === 'repository_owner_id' && all(atom, (value) => atGitHub === undefined || value === atGitHub.ownerId)))
const byBranch = (atom: Atom): boolean =>
  (['ref', 'ref_name', 'environment', 'job_workflow_ref', 'workflow_ref'].includes(atom.claim) && all(atom, (value) => value !== '')) ||
  (atom.claim === 'sub' && all(atom, (value) => /^repo:[^:]+:(ref|environment):./.test(value)))
const byOtherBranch =
  (ref: string) =>
  (atom: Atom): boolean =>
    atom.claim === 'ref' && !atom.prefix && all(atom, (value) => value !== ref)

/** Nobody but the repository gets in. */
const isTied = (condition: string | undefined, repository: string, atGitHub: GitHubRepository | undefined): boolean =>
  requires(condition ?? '', (atom) => byName(repository)(atom) || byNumber(atGitHub)(atom))

const usable = ({state, disabled}: {state?: string | undefined; disabled: boolean}): boolean => state === 'ACTIVE' && !disabled

/** Everybody of the pool who comes from the repository. `project`: Google understands only the number. */
const principalSet = (project: string, {wifPool, githubRepo}: Config): string =>
  `principalSet://iam.googleapis.com/projects/${project}/locations/global/workloadIdentityPools/${wifPool}/attribute.repository/${githubRepo ?? ''}`

/** The whole pool, by number or id. */
const wholePool = ({policy}: Federation, {wifPool}: Config): string[] =>
  heldRoles(policy).flatMap((held) =>
    held.role === role && new RegExp(`^principalSet://.*/workloadIdentityPools/${wifPool}/\\*$`).test(held.member) ? [held.member] : [],
  )

/** What is wrong, or could be better, with what was seen and the words for a sentence. */
export type Fault<Kind extends string> = {kind: Kind; evidence: readonly CloudEvidence[]; args: Readonly<Record<string, string>>}
export type FaultKind =
  | 'pool-missing'
  | 'pool-deleted'
  | 'pool-disabled'
  | 'provider-missing'
  | 'provider-deleted'
  | 'provider-disabled'
  | 'other-issuer'
  | 'mapping-incomplete'
  | 'mapping-forged'
  | 'no-condition'
  | 'condition-loose'
  | 'other-branch'
  | 'other-provider'
  | 'whole-pool-bound'
  | 'binding-missing'
export type RemarkKind = 'any-branch' | 'by-name-only' | 'bound-by-project-id'

const fault = <Kind extends string>(kind: Kind, evidence: Fault<Kind>['evidence'], args: Fault<Kind>['args']): Fault<Kind> => ({
  kind,
  evidence,
  args,
})

/** What keeps the pipeline from signing in, or lets somebody else in: each by itself, first what the others stand on. */
export const federationFaults = (federation: Federation, config: Config): Fault<FaultKind>[] => {
  const {pool, provider, others, policy, projectNumber = '-', atGitHub} = federation
  const [project, repository] = [config.projectId, config.githubRepo ?? '']
  const inPool = poolName(project, config.wifPool)
  const atProvider = providerName(project, config.wifPool, config.wifProvider)
  const email = emailOf(project, config.terraformSa)
  const args = {pool: config.wifPool, provider: config.wifProvider, repository, email}
  const faults: Fault<FaultKind>[] = []
  const no = (kind: FaultKind, resource: string, field: string, expected: unknown, actual: unknown, more = {}) =>
    faults.push({kind, evidence: [seen(resource, field, expected, actual)], args: {...args, ...more}})

  if (pool === undefined) no('pool-missing', inPool, 'name', config.wifPool, undefined)
  else if (pool.state !== 'ACTIVE') no('pool-deleted', inPool, 'state', 'ACTIVE', pool.state)
  else if (pool.disabled) no('pool-disabled', inPool, 'disabled', false, true)
  if (provider === undefined) {
    if (pool !== undefined) no('provider-missing', atProvider, 'name', config.wifProvider, undefined)
  } else {
    if (provider.state !== 'ACTIVE') no('provider-deleted', atProvider, 'state', 'ACTIVE', provider.state)
    else if (provider.disabled) no('provider-disabled', atProvider, 'disabled', false, true)
    if (provider.issuerUri !== githubIssuer) no('other-issuer', atProvider, 'oidc.issuerUri', githubIssuer, provider.issuerUri)
    const unmapped = needed.filter((target) => (provider.attributeMapping[target] ?? '') === '')
    if (unmapped.length > 0)
      no('mapping-incomplete', atProvider, 'attributeMapping', needed, Object.keys(provider.attributeMapping), {
        missing: unmapped.join(', '),
      })
    else if (provider.attributeMapping['attribute.repository'] !== mapping['attribute.repository'])
      no(
        'mapping-forged',
        atProvider,
        'attributeMapping[attribute.repository]',
        mapping['attribute.repository'],
        provider.attributeMapping['attribute.repository'],
      )
    const condition = provider.attributeCondition
    const wanted = wantedCondition(config, atGitHub)
    const ref = branchRef(config)
    if (condition === undefined) no('no-condition', atProvider, 'attributeCondition', wanted, undefined)
    else if (!isTied(condition, repository, atGitHub)) no('condition-loose', atProvider, 'attributeCondition', wanted, condition)
    else if (ref !== undefined && requires(condition, byOtherBranch(ref)))
      no('other-branch', atProvider, 'attributeCondition', wanted, condition, {ref})
  }
  const foreign = others.filter(
    (other) => usable(other) && !(other.issuerUri === githubIssuer && isTied(other.attributeCondition, repository, atGitHub)),
  )
  if (foreign.length > 0)
    faults.push(
      fault(
        'other-provider',
        foreign.map((other) => seen(providerName(project, config.wifPool, lastSegment(other.name)), 'disabled', true, false)),
        {...args, providers: foreign.map(({name}) => lastSegment(name)).join(', ')},
      ),
    )
  const whole = wholePool(federation, config)
  const row = (expected: string | undefined, actual: string | undefined) =>
    seen(serviceAccountName(project, email), `bindings[${role}].members`, expected, actual)
  if (whole.length > 0)
    faults.push(
      fault(
        'whole-pool-bound',
        whole.map((member) => row(undefined, member)),
        args,
      ),
    )
  const member = principalSet(projectNumber, config)
  if (!holds(policy, role, member)) faults.push(fault('binding-missing', [row(member, undefined)], args))
  return faults
}

/** What works and could be better. */
export const federationRemarks = (federation: Federation, config: Config): Fault<RemarkKind>[] => {
  const {provider, policy, atGitHub} = federation
  const [project, repository] = [config.projectId, config.githubRepo ?? '']
  const atProvider = providerName(project, config.wifPool, config.wifProvider)
  const condition = provider?.attributeCondition ?? ''
  const args = {provider: config.wifProvider, repository, branch: config.branches[config.env] ?? ''}
  const stray = principalSet(project, config)
  const email = emailOf(project, config.terraformSa)
  const wanted = wantedCondition(config, atGitHub)
  return [
    ...(config.env === 'prod' && branchRef(config) !== undefined && !requires(condition, byBranch)
      ? [fault('any-branch', [seen(atProvider, 'attributeCondition', wanted, condition)], args)]
      : []),
    ...(requires(condition, byNumber(atGitHub))
      ? []
      : [
          fault('by-name-only', [seen(atProvider, 'attributeCondition', 'assertion.repository_id == …', condition)], {
            ...args,
            first: atGitHub === undefined ? "set GITHUB_TOKEN, so that the repository's numbers can be read, then " : '',
          }),
        ]),
    ...(heldRoles(policy).some((held) => held.role === role && held.member === stray)
      ? [fault('bound-by-project-id', [seen(serviceAccountName(project, email), `bindings[${role}].members`, undefined, stray)], args)]
      : []),
  ]
}

const strangers = 'workflows of other repositories or branches that sign in by it now are turned away, as are pull requests'

/** The provider as it is to be: what stands there and is right stays. */
const providerPlan = (federation: Federation, config: Config): Change[] => {
  const {provider, atGitHub} = federation
  const ref = {project: config.projectId, pool: config.wifPool, provider: config.wifProvider}
  const wanted: ProviderSettings = {
    issuerUri: githubIssuer,
    attributeMapping: mapping,
    attributeCondition: wantedCondition(config, atGitHub),
  }
  if (provider === undefined) return [createProvider(ref, wanted)]
  const kinds: string[] = [...federationFaults(federation, config), ...federationRemarks(federation, config)].map(({kind}) => kind)
  const has = (...some: string[]): boolean => some.some((kind) => kinds.includes(kind))
  const improves = has('any-branch') || (has('by-name-only') && atGitHub !== undefined)
  const broken = has('no-condition', 'condition-loose', 'other-branch')
  const update = {
    ...(has('provider-disabled') ? {enable: true as const} : {}),
    ...(has('other-issuer') ? {issuerUri: githubIssuer} : {}),
    ...(has('mapping-incomplete', 'mapping-forged')
      ? {attributeMapping: {...mapping, ...provider.attributeMapping, 'attribute.repository': mapping['attribute.repository']}}
      : {}),
    ...(broken || improves ? {attributeCondition: wanted.attributeCondition} : {}),
  }
  const before = {
    issuerUri: provider.issuerUri ?? '',
    attributeMapping: provider.attributeMapping,
    attributeCondition: provider.attributeCondition ?? '',
  }
  return [
    ...(has('provider-deleted') ? [undeleteProvider(ref)] : []),
    ...(Object.keys(update).length === 0 ? [] : [updateProvider(ref, {...update, before, why: strangers})]),
  ]
}

/** What brings the federation to what is wanted, in the order in which it can be sent. */
export const planFederation = (federation: Federation, config: Config): Change[] => {
  const kinds = federationFaults(federation, config).map(({kind}) => kind)
  const project = config.projectId
  const pool = {project, pool: config.wifPool}
  const email = emailOf(project, config.terraformSa)
  const policy = {of: 'service-account', name: email} as const
  const grant = grantRoles({project, policy, member: principalSet('{projectNumber}', config), roles: [role]})
  const known = federation.projectNumber ?? 'PROJECT_NUMBER'
  const typed = (text: string): string => text.replaceAll('{projectNumber}', known)
  const foreign = federationFaults(federation, config)
    .find(({kind}) => kind === 'other-provider')
    ?.args['providers']?.split(', ')
  return [
    ...(kinds.includes('pool-missing') ? [createPool(pool)] : []),
    ...(kinds.includes('pool-deleted') ? [undeletePool(pool)] : []),
    ...(kinds.includes('pool-disabled') ? [enablePool(pool)] : []),
    ...providerPlan(federation, config),
    ...(kinds.includes('binding-missing')
      ? [
          {
            ...grant,
            id: `bind-repository-to-${config.terraformSa}`,
            title: `Let ${config.githubRepo ?? ''} act as ${email} (${role})`,
            gcloud: grant.gcloud.map(typed),
            undo: typed(grant.undo ?? ''),
          },
        ]
      : []),
    ...wholePool(federation, config).map((member) => ({
      ...revokeRoles({
        project,
        policy,
        member,
        roles: [role],
        why: 'whoever signs in by the pool acts as this account now, and then only the repository does',
      }),
      id: `unbind-whole-pool-from-${config.terraformSa}${member.includes(`/projects/${project}/`) ? '-by-id' : ''}`,
    })),
    ...(foreign ?? []).map((provider) =>
      disableProvider(
        {...pool, provider},
        'whoever signs in by this provider is turned away; through it others could act as the repository',
      ),
    ),
  ]
}
