import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import type {CleanupPolicy} from '../gcp/cloud.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {imageStorageCost, scanningCost} from './prices.ts'
import {repositoryName} from './resource-names.ts'

export type RepositoryRef = {project: string; location: string; repository: string}

const nameOf = ({project, location, repository}: RepositoryRef): string =>
  `projects/${project}/locations/${location}/repositories/${repository}`

export const createDockerRepository = (ref: RepositoryRef): Change => ({
  id: `create-repository-${ref.repository}`,
  title: `Create Docker repository ${ref.repository} in ${ref.location}`,
  resource: repositoryName(ref),
  request: call(
    'artifactregistry.projects.locations.repositories.create',
    {parent: `projects/${ref.project}/locations/${ref.location}`, repositoryId: ref.repository},
    {format: 'DOCKER', mode: 'STANDARD_REPOSITORY', description: 'Q-Logic Docker images', labels: {app: 'qlogic'}},
  ),
  cost: imageStorageCost,
  gcloud: [
    gcloud`artifacts repositories create ${ref.repository} --repository-format=docker --location=${ref.location} --description=${'Q-Logic Docker images'} --labels=app=qlogic --project=${ref.project}`,
  ],
  undo: gcloud`artifacts repositories delete ${ref.repository} --location=${ref.location} --project=${ref.project}`,
  takes: '5-20 s',
})

const patch = (ref: RepositoryRef, updateMask: string, body: JsonObject) =>
  call('artifactregistry.projects.locations.repositories.patch', {name: nameOf(ref), updateMask}, body)

const keepRecent: CleanupPolicy = {id: 'keep-recent', action: 'KEEP', mostRecentVersions: {keepCount: 10}}
const deleteUntagged: CleanupPolicy = {
  id: 'delete-untagged',
  action: 'DELETE',
  condition: {tagState: 'UNTAGGED', olderThan: '2592000s'},
}

/** Those that are there, and ours where nothing is deleted yet: untagged images older than 30 days go, but for the ten most recent. */
const tidied = (policies: readonly CleanupPolicy[]): CleanupPolicy[] => {
  if (policies.some(({action}) => action === 'DELETE')) return [...policies]
  const taken = policies.some(({mostRecentVersions}) => mostRecentVersions !== undefined)
  return [...policies, ...(taken ? [] : [keepRecent]), deleteUntagged]
}

/** A policy as gcloud's policy files have it. */
const inFile = ({id, action, ...rest}: CleanupPolicy): JsonObject => ({
  name: id,
  action: {type: action === 'DELETE' ? 'Delete' : 'Keep'},
  ...body(rest),
})
const body = (rest: Omit<CleanupPolicy, 'id' | 'action'>): JsonObject => ({
  ...(rest.condition === undefined ? {} : {condition: {...rest.condition}}),
  ...(rest.mostRecentVersions === undefined ? {} : {mostRecentVersions: {...rest.mostRecentVersions}}),
})

type Tidy = {policies: readonly CleanupPolicy[]; dryRun: boolean; holdsImages: boolean}

/** A patch replaces the whole map, so what is there is sent again. */
export const tidyRepository = (ref: RepositoryRef, {policies, dryRun, holdsImages}: Tidy): Change => {
  const wanted = tidied(policies)
  const added = wanted.filter((policy) => !policies.includes(policy))
  const map = Object.fromEntries(wanted.map(({id, action, ...rest}) => [id, {id, action, ...body(rest)}]))
  const file = JSON.stringify(wanted.map(inFile))
  const names = added.map(({id}) => id)
  return {
    id: `tidy-repository-${ref.repository}`,
    title:
      added.length === 0
        ? `Let the clean-up policies of repository ${ref.repository} delete, not only try`
        : `Let repository ${ref.repository} delete untagged images after 30 days, but for the 10 most recent`,
    resource: repositoryName(ref),
    request: patch(ref, 'cleanupPolicies,cleanupPolicyDryRun', {cleanupPolicies: map, cleanupPolicyDryRun: false}),
    cost: free,
    gcloud: [
      `printf %s ${quote(file)} >qlogic-cleanup.json && ${gcloud`artifacts repositories set-cleanup-policies ${ref.repository} --location=${ref.location} --policy=qlogic-cleanup.json --no-dry-run --project=${ref.project}`} && rm qlogic-cleanup.json`,
    ],
    undo: dryRun
      ? gcloud`artifacts repositories set-cleanup-policies ${ref.repository} --location=${ref.location} --policy=POLICIES.json --dry-run --project=${ref.project}`
      : gcloud`artifacts repositories delete-cleanup-policies ${ref.repository} --location=${ref.location} --policynames=${names.join(',')} --project=${ref.project}`,
    takes: '1-3 s; Google tidies about once a day',
    ...(holdsImages ? {consent: {each: 'within about a day Google deletes images of this repository that nobody can bring back'}} : {}),
  }
}

export const fixTags = (ref: RepositoryRef): Change => ({
  id: `fix-tags-of-repository-${ref.repository}`,
  title: `Make the tags of repository ${ref.repository} immutable`,
  resource: repositoryName(ref),
  request: patch(ref, 'dockerConfig.immutableTags', {dockerConfig: {immutableTags: true}}),
  cost: free,
  gcloud: [gcloud`artifacts repositories update ${ref.repository} --location=${ref.location} --immutable-tags --project=${ref.project}`],
  undo: gcloud`artifacts repositories update ${ref.repository} --location=${ref.location} --no-immutable-tags --project=${ref.project}`,
  takes: '1-3 s',
  consent: {each: 'a pipeline that pushes the same tag twice, such as :latest, fails from then on'},
})

export const scanRepository = (ref: RepositoryRef): Change => ({
  id: `scan-repository-${ref.repository}`,
  title: `Let repository ${ref.repository} be scanned as the project is`,
  resource: repositoryName(ref),
  request: patch(ref, 'vulnerabilityScanningConfig.enablementConfig', {vulnerabilityScanningConfig: {enablementConfig: 'INHERITED'}}),
  cost: scanningCost,
  gcloud: [
    gcloud`artifacts repositories update ${ref.repository} --location=${ref.location} --allow-vulnerability-scanning --project=${ref.project}`,
  ],
  undo: gcloud`artifacts repositories update ${ref.repository} --location=${ref.location} --disable-vulnerability-scanning --project=${ref.project}`,
  takes: '1-3 s',
})

/** The person's own file is changed, so it is never covered by `--yes`. */
const ownFile = (path: string) => ({each: `it changes ${path}, which is yours and counts for every use of Docker on this machine`})

/** What the plan has a person type, run as it is shown. */
export const configureDocker = (host: string, path: string): Change => {
  const args = ['auth', 'configure-docker', host, '--quiet']
  return {
    id: `configure-docker-${host}`,
    title: `Let Docker sign in to ${host} with gcloud`,
    resource: path,
    request: {kind: 'program', program: 'gcloud', args},
    cost: free,
    gcloud: [['gcloud', ...args].join(' ')],
    undo: `take ${host} out of credHelpers in ${path}`,
    takes: '1-5 s',
    consent: ownFile(path),
  }
}

/** The same without gcloud at hand: the one line of the file that it would write. */
export const nameDockerHelper = (host: string, path: string): Change => ({
  id: `name-docker-helper-${host}`,
  title: `Name docker-credential-gcloud as Docker's helper for ${host}`,
  resource: path,
  request: {kind: 'docker-helper', host, helper: 'gcloud'},
  cost: free,
  gcloud: [gcloud`auth configure-docker ${host} --quiet`],
  undo: `take ${host} out of credHelpers in ${path}; the file as it was is kept beside it`,
  takes: 'no time',
  consent: ownFile(path),
})
