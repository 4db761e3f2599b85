import type {Change} from '../engine/change.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {buildName, emailOf, lastSegment} from './resource-names.ts'

/** Names that the plan and Cloud Build's triggers use. */
export const connectionId = 'qlogic-github'
export const ciAccount = 'qlogic-ci'

type Place = {project: string; region: string}
type Linked = Place & {repository: string}

export const connectionPath = ({project, region}: Place): string => `projects/${project}/locations/${region}/connections/${connectionId}`
/** What Cloud Build calls a repository: its name without the owner. */
const repositoryId = (repository: string): string => lastSegment(repository).replaceAll('.', '-')
export const repositoryPath = (linked: Linked): string => `${connectionPath(linked)}/repositories/${repositoryId(linked.repository)}`
export const remoteUri = (repository: string): string => `https://github.com/${repository}.git`
export const ciEmail = (project: string): string => emailOf(project, ciAccount)

export const createConnection = ({project, region}: Place): Change => ({
  id: `create-connection-${connectionId}`,
  title: `Create Cloud Build connection ${connectionId} to GitHub in ${region}; a person consents to it in a browser afterwards`,
  resource: buildName(connectionPath({project, region})),
  request: call(
    'cloudbuild.projects.locations.connections.create',
    {parent: `projects/${project}/locations/${region}`, connectionId},
    {githubConfig: {}},
  ),
  cost: free,
  gcloud: [gcloud`builds connections create github ${connectionId} --region=${region} --project=${project}`],
  undo: gcloud`builds connections delete ${connectionId} --region=${region} --project=${project}`,
  takes: '10 s, then a person in a browser',
})

export const enableConnection = ({project, region}: Place): Change => ({
  id: `enable-connection-${connectionId}`,
  title: `Enable Cloud Build connection ${connectionId}`,
  resource: buildName(connectionPath({project, region})),
  request: call(
    'cloudbuild.projects.locations.connections.patch',
    {name: connectionPath({project, region}), updateMask: 'disabled'},
    {disabled: false},
  ),
  cost: free,
  // gcloud has no flag for it.
  gcloud: [gcloud`builds connections describe ${connectionId} --region=${region} --project=${project}`],
  undo: `disable it on https://console.cloud.google.com/cloud-build/repositories/2nd-gen?project=${project}`,
  takes: '5-20 s',
  consent: {each: 'somebody disabled this connection; pushes start builds again'},
})

export const linkRepository = (linked: Linked): Change => ({
  id: `link-repository-${repositoryId(linked.repository)}`,
  title: `Link ${linked.repository} to Cloud Build`,
  resource: buildName(repositoryPath(linked)),
  request: call(
    'cloudbuild.projects.locations.connections.repositories.create',
    {parent: connectionPath(linked), repositoryId: repositoryId(linked.repository)},
    {remoteUri: remoteUri(linked.repository)},
  ),
  cost: free,
  gcloud: [
    gcloud`builds repositories create ${repositoryId(linked.repository)} --remote-uri=${remoteUri(linked.repository)} --connection=${connectionId} --region=${linked.region} --project=${linked.project}`,
  ],
  undo: gcloud`builds repositories delete ${repositoryId(linked.repository)} --connection=${connectionId} --region=${linked.region} --project=${linked.project}`,
  takes: '5-20 s',
})

/** A pattern of RE2 that one branch alone matches. */
export const exactly = (branch: string): string => `^${branch.replaceAll(/[.+*?()|[\]{}^$\\]/g, String.raw`\$&`)}$`

type NewTrigger = Linked & {branch: string; linkedAs: string}
const account = (project: string): string => `projects/${project}/serviceAccounts/${ciEmail(project)}`

/** `linkedAs`: full name of the linked repository. */
export const createTrigger = ({project, region, branch, linkedAs}: NewTrigger): Change => {
  const name = `qlogic-${branch.replaceAll(/[^A-Za-z0-9-]+/g, '-')}`
  return {
    id: `create-trigger-${name}`,
    title: `Create Cloud Build trigger ${name}: a push to ${branch} runs cloudbuild.yaml as ${ciEmail(project)}`,
    resource: buildName(`projects/${project}/locations/${region}/triggers/${name}`),
    request: call(
      'cloudbuild.projects.locations.triggers.create',
      {parent: `projects/${project}/locations/${region}`},
      {
        name,
        filename: 'cloudbuild.yaml',
        repositoryEventConfig: {repository: linkedAs, push: {branch: exactly(branch)}},
        serviceAccount: account(project),
      },
    ),
    cost: {monthlyUsd: 0, note: 'about $0.006 per build minute after the first 2,500 of a month'},
    gcloud: [
      gcloud`builds triggers create github --name=${name} --region=${region} --repository=${linkedAs} --branch-pattern=${exactly(branch)} --build-config=cloudbuild.yaml --service-account=${account(project)} --project=${project}`,
    ],
    undo: gcloud`builds triggers delete ${name} --region=${region} --project=${project}`,
    takes: '1-3 s',
  }
}

type TriggerRef = {project: string; resourceName: string; name: string}
const regionOf = (resourceName: string): string => /\/locations\/([^/]+)\//.exec(resourceName)?.[1] ?? 'global'

const patchTrigger = (trigger: TriggerRef, updateMask: string, body: Parameters<typeof call>[2]) =>
  call('cloudbuild.projects.locations.triggers.patch', {resourceName: trigger.resourceName, updateMask}, body)

/** What no flag of gcloud changes: the trigger as a file, edited by a script of sed. */
const byFile = ({project, resourceName, name}: TriggerRef, script: string): string => {
  const region = regionOf(resourceName)
  const [out, back] = [
    gcloud`beta builds triggers export ${name} --destination=trigger.yaml --region=${region} --project=${project}`,
    gcloud`beta builds triggers import --source=trigger.yaml --region=${region} --project=${project}`,
  ]
  return `${out} && sed -i ${quote(script)} trigger.yaml && ${back}`
}

export const enableTrigger = (trigger: TriggerRef): Change => ({
  id: `enable-trigger-${trigger.name}`,
  title: `Enable Cloud Build trigger ${trigger.name}`,
  resource: buildName(trigger.resourceName),
  request: patchTrigger(trigger, 'disabled', {disabled: false}),
  cost: free,
  gcloud: [byFile(trigger, '/^disabled:/d')],
  undo: `disable it on https://console.cloud.google.com/cloud-build/triggers?project=${trigger.project}`,
  takes: '1-3 s',
  consent: {each: 'somebody disabled this trigger; pushes deploy again'},
})

/** `before`: its pattern so far; `linkedAs`: full name of its repository; undefined for one of the first generation. */
export const anchorTrigger = (trigger: TriggerRef & {branch: string; before: string; linkedAs: string | undefined}): Change => {
  const line = (pattern: string): string =>
    trigger.linkedAs === undefined
      ? gcloud`builds triggers update github ${trigger.name} --branch-pattern=${pattern} --region=${regionOf(trigger.resourceName)} --project=${trigger.project}`
      : byFile(trigger, `s|branch: .*|branch: ${pattern.replaceAll(/[\\&|]/g, String.raw`\$&`)}|`)
  return {
    id: `anchor-trigger-${trigger.name}`,
    title: `Let only ${trigger.branch} start Cloud Build trigger ${trigger.name} (${exactly(trigger.branch)} instead of ${trigger.before})`,
    resource: buildName(trigger.resourceName),
    request: patchTrigger(
      trigger,
      trigger.linkedAs === undefined ? 'github.push.branch' : 'repositoryEventConfig.push.branch',
      trigger.linkedAs === undefined
        ? {github: {push: {branch: exactly(trigger.branch)}}}
        : {repositoryEventConfig: {push: {branch: exactly(trigger.branch)}}},
    ),
    cost: free,
    gcloud: [line(exactly(trigger.branch))],
    undo: line(trigger.before),
    takes: '1-3 s',
    consent: {each: 'pushes to other branches that match now start no build any more'},
  }
}

export const setTriggerAccount = (trigger: TriggerRef): Change => ({
  id: `set-account-of-trigger-${trigger.name}`,
  title: `Let Cloud Build trigger ${trigger.name} build as ${ciEmail(trigger.project)}`,
  resource: buildName(trigger.resourceName),
  request: patchTrigger(trigger, 'serviceAccount', {serviceAccount: account(trigger.project)}),
  cost: free,
  gcloud: [
    gcloud`builds triggers update github ${trigger.name} --service-account=${account(trigger.project)} --region=${regionOf(trigger.resourceName)} --project=${trigger.project}`,
  ],
  undo: `choose its account on https://console.cloud.google.com/cloud-build/triggers?project=${trigger.project}`,
  takes: '1-3 s',
  consent: {each: 'builds lose what the default account may do and this one may not, and need options.logging in cloudbuild.yaml'},
})
