import {ApiError} from '../api.ts'
import type {JsonObject, Request, Table, World} from '../api.ts'

/** A service account as it is kept. */
export type AccountRow = {
  email: string
  projectId: string
  uniqueId: string
  displayName: string
  description: string
  etag: string
  disabled: boolean
  createdAt: number
}

/** Service accounts that exist, by email. */
export const accountTable = (world: World): Table<AccountRow> => world.table<AccountRow>('iam.serviceAccounts')

/** Deleted ones, by unique id: they can be undeleted for 30 days. */
export const deletedTable = (world: World): Table<AccountRow & {deletedAt: number}> => world.table('iam.deletedServiceAccounts')

/** Full name without the host. */
export const accountName = (row: AccountRow): string => `projects/${row.projectId}/serviceAccounts/${row.email}`

/** The service account as IAM shows it; what is empty or false is left out. */
export const accountView = (row: AccountRow): JsonObject => ({
  name: accountName(row),
  projectId: row.projectId,
  uniqueId: row.uniqueId,
  email: row.email,
  ...(row.displayName === '' ? {} : {displayName: row.displayName}),
  etag: row.etag,
  ...(row.description === '' ? {} : {description: row.description}),
  oauth2ClientId: row.uniqueId,
  ...(row.disabled ? {disabled: true} : {}),
})

/** The account in the path, by email or unique id; `projects/-` takes any project. Undefined when it is not there, or not noticed yet. */
export const findAccount = ({params}: Request, world: World): AccountRow | undefined => {
  const {project = '', account = ''} = params
  const table = accountTable(world)
  const row = table.get(account) ?? table.entries().find(([, {uniqueId}]) => uniqueId === account)?.[1]
  if (!row || (project !== '-' && world.project(project)?.projectId !== row.projectId)) return undefined
  return world.now().getTime() >= row.createdAt + world.propagationMs.serviceAccount ? row : undefined
}

/** The account in the path, or Google's 404, which does not name it. */
export const accountOf = (request: Request, world: World): AccountRow => {
  const row = findAccount(request, world)
  if (!row) throw new ApiError(404, 'NOT_FOUND', 'notFound', 'Unknown service account')
  return row
}

/** Where a permission on the account is tested: on it, or on the project when it is not there. */
export const accountResource = (request: Request, world: World): string | undefined => {
  const row = findAccount(request, world)
  if (row) return accountName(row)
  return request.params.project === '-' ? undefined : `projects/${request.params.project ?? ''}`
}

/** The project of the account, also for `projects/-`: whose API must be enabled. */
export const accountProject = (request: Request, world: World): string | undefined =>
  request.params.project === '-' ? findAccount(request, world)?.projectId : request.params.project

/** Writes a new account with its Google-managed key. */
export const addAccount = (world: World, projectId: string, email: string, displayName: string, description: string): AccountRow => {
  const row: AccountRow = {
    email,
    projectId,
    uniqueId: world.newId(21),
    displayName,
    description,
    etag: 'MDEwMjE5MjA=',
    disabled: false,
    createdAt: world.now().getTime(),
  }
  accountTable(world).set(email, row)
  const keyId = world.uuid().replaceAll('-', '') + world.newId(8)
  world.table('iam.keys').set(`${email}/${keyId}`, {
    name: `${accountName(row)}/keys/${keyId}`,
    validAfterTime: seconds(row.createdAt),
    validBeforeTime: seconds(row.createdAt + 16 * 24 * 3600 * 1000),
    keyAlgorithm: 'KEY_ALG_RSA_2048',
    keyOrigin: 'GOOGLE_PROVIDED',
    keyType: 'SYSTEM_MANAGED',
  })
  return row
}

/** A time with whole seconds, as IAM gives the times of keys. */
export const seconds = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
