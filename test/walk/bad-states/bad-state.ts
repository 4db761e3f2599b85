import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {stringify} from 'yaml'
import {z} from 'zod'
import type {Status} from '../../../src/engine/finding.ts'
import {projectId} from '../../support/folder.ts'
import {editPolicy} from '../../support/simulator.ts'
import type {Base, ChosenParameters, Walked} from '../../support/walked-cloud.ts'

/**
 * One bad state of one item: made in a cloud that was walked as far as `from`, judged `is`, and after applying all that is planned
 * `ends` (pass unless said; then `because` says why qlogic goes no further).
 */
export type BadState = {
  item: string
  when: string
  from?: Base
  /** Of qlogic.yaml, instead of those of the walk, which is one of Cloud Run. */
  parameters?: ChosenParameters
  /** Of qlogic.yaml, which `make` then writes. */
  env?: 'dev' | 'staging'
  make?: (walked: Walked & {setClock: (daysAgo: number) => void}) => Promise<unknown>
  is?: Status
  /** Which finding says so. */
  code?: string
} & ({ends?: 'pass'} | {ends: Exclude<Status, 'pass'>; because: string})

export const p = projectId
export const terraform = `terraform@${p}.iam.gserviceaccount.com`
export const app = `qlogic-app@${p}.iam.gserviceaccount.com`
export const bucket = `${p}-terraform-state`
export const compute = `/compute/compute/v1/projects/${p}`
export const subnet = `${compute}/regions/us-central1/subnetworks/qlogic-prod-private`
export const network = `projects/${p}/global/networks/qlogic-prod-vpc`
export const secret = (id: string) => `projects/${p}/secrets/${id}`
export const billing = `/cloudbilling/v1/projects/${p}/billingInfo`
export const account = '/billingbudgets/v1/billingAccounts/01A2B3-C4D5E6-F70819/budgets'
export const accessor = 'roles/secretmanager.secretAccessor'

export const fingerprint = z.object({fingerprint: z.string()})
export const budgetList = z.object({budgets: z.array(z.object({name: z.string()}))})
export const numbered = z.object({projectNumber: z.string()})

export const disableLatest =
  (id: string) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/secretmanager/v1/${secret(id)}/versions/latest:disable`, {})
export const newVersion =
  (id: string) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/secretmanager/v1/${secret(id)}:addVersion`, {payload: {data: 'aGVsbG8='}})
export const inProject =
  (edit: Parameters<typeof editPolicy>[3]) =>
  ({cloud}: Walked) =>
    editPolicy(cloud, 'project', p, edit)
export const patchBucket =
  (fields: object) =>
  ({cloud}: Walked) =>
    cloud.call('PATCH', `/storage/storage/v1/b/${bucket}`, fields)
/** As it was possible before step 1 enforced the constraint. */
export const newKey = async (email: string, {cloud}: Walked) => {
  await cloud.call('DELETE', `/orgpolicy/v2/projects/${p}/policies/iam.disableServiceAccountKeyCreation`)
  await cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts/${email}/keys`, {})
}

/** As another environment of qlogic.yaml, one that names what the walk made for prod. */
export const asEnvironment = (env: 'dev' | 'staging') => {
  const names = {
    network: 'qlogic-prod-vpc',
    subnet: 'qlogic-prod-private',
    psaRange: 'qlogic-prod-private-ip',
    sqlInstance: 'qlogic-prod-db',
  }
  const parameters = {projectId, parent: 'organizations/100000000001', domain: 'qlogic.acme.example', ...names}
  const document = {schemaVersion: 1, environments: {[env]: parameters}}
  return {env, make: ({folder}: Walked) => writeFile(join(folder, 'qlogic.yaml'), stringify(document))}
}
/** What at Google only Google or another person does. */
export const act =
  (name: string, given: Readonly<Record<string, string>> = {}) =>
  ({cloud}: Walked) =>
    cloud.call('POST', `/sandbox/v1/acts/${name}`, {projectId, ...given})
/** One after the other. */
export const all =
  (...makes: readonly NonNullable<BadState['make']>[]): NonNullable<BadState['make']> =>
  async (walked) => {
    for (const make of makes) await make(walked)
  }

export const later = 'another step of the checklist makes it'
export const deletes = 'qlogic deletes nothing in the cloud'
export const person = 'only a person can choose it'
