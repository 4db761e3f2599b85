import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {billingName, projectName, serviceName} from './resource-names.ts'

type Labels = Readonly<Record<string, string>>
type NewProject = {project: string; displayName: string; parent: string | null; labels: Labels}

const pairs = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

export const createProject = ({project, displayName, parent, labels}: NewProject): Change => {
  const under =
    parent === null ? '' : ` --${parent.startsWith('folders/') ? 'folder' : 'organization'}=${parent.slice(parent.indexOf('/') + 1)}`
  return {
    id: `create-project-${project}`,
    title: `Create project ${project}${parent === null ? '' : ` under ${parent}`}`,
    resource: projectName(project),
    request: call(
      'cloudresourcemanager.projects.create',
      {},
      {projectId: project, displayName, ...(parent === null ? {} : {parent}), labels},
    ),
    cost: free,
    gcloud: [gcloud`projects create ${project} --name=${displayName} --labels=${pairs(labels)}` + under],
    undo: `${gcloud`projects delete ${project}`} (the id can never be used again)`,
    takes: '5-60 s',
  }
}

export const undeleteProject = (project: string): Change => ({
  id: `undelete-project-${project}`,
  title: `Bring project ${project} back before its deletion is final`,
  resource: projectName(project),
  request: call('cloudresourcemanager.projects.undelete', {name: `projects/${project}`}),
  cost: {monthlyUsd: 0, note: 'what is in the project costs again'},
  gcloud: [gcloud`projects undelete ${project}`],
  undo: gcloud`projects delete ${project}`,
  takes: '5-30 s',
})

/** `before` is what the project has: a patch of labels replaces them all. */
export const labelProject = (project: string, before: Labels, labels: Labels): Change => ({
  id: `label-project-${project}`,
  title: `Label project ${project} with ${pairs(labels)}`,
  resource: projectName(project),
  request: call(
    'cloudresourcemanager.projects.patch',
    {name: `projects/${project}`, updateMask: 'labels'},
    {labels: {...before, ...labels}},
  ),
  cost: free,
  gcloud: [gcloud`alpha projects update ${project} --update-labels=${pairs(labels)}`],
  undo: gcloud`alpha projects update ${project} --remove-labels=${Object.keys(labels).join(',')}`,
  takes: '1-5 s',
})

/** `account` is the bare id; an empty or a closed one would switch billing off, so neither is ever passed. */
export const linkBilling = (project: string, account: string): Change => ({
  id: `link-billing-${project}`,
  title: `Link project ${project} to billing account ${account}`,
  resource: billingName(project),
  request: call(
    'cloudbilling.projects.updateBillingInfo',
    {name: `projects/${project}`},
    {billingAccountName: `billingAccounts/${account}`},
  ),
  cost: {monthlyUsd: 0, note: 'nothing by itself; from here on resources can cost money'},
  gcloud: [gcloud`billing projects link ${project} --billing-account=${account}`],
  undo: `${gcloud`billing projects unlink ${project}`} (stops everything that is paid for)`,
  takes: '2-10 s',
})

export const enableServices = (project: string, services: readonly string[], note?: string): Change => ({
  id: `enable-services-${project}`,
  title: `Enable ${services.length} API${services.length === 1 ? '' : 's'}: ${services.map((id) => id.replace('.googleapis.com', '')).join(', ')}`,
  resource: services.length === 1 ? serviceName(project, services.join('')) : `//serviceusage.googleapis.com/projects/${project}/services`,
  request: call('serviceusage.services.batchEnable', {parent: `projects/${project}`}, {serviceIds: services}),
  cost: note === undefined ? free : {monthlyUsd: 0, note},
  gcloud: [`gcloud services enable ${services.join(' ')} --project=${project}`],
  undo: `gcloud services disable SERVICE --project=${project} (only while nothing uses the API)`,
  takes: '10 s - 2 min',
})
