import {readFile} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {z} from 'zod'
import {describeCredential, loadCredential} from './credentials.ts'
import {GcpError} from './gcp-error.ts'

/** What can be said of the application-default credential without ever showing it. */
export type Credential = {
  /** `authorized_user`, `service_account`, `external_account`, `impersonated_service_account`, `metadata`, … */
  kind: string
  /** The file that it was read from; undefined when it comes from a metadata server. */
  file: string | undefined
  principal: string
  /** When the access token ends, which is renewed by itself; undefined when there is none. */
  expires: Date | undefined
  quotaProject: string | undefined
  /** Why no access token could be had. */
  problem: string | undefined
}

const keyFile = z.object({type: z.string().optional(), quota_project_id: z.string().optional()})

/** Where Google's libraries look: the environment first, then gcloud's well-known file. */
const fileOf = (env: Readonly<Record<string, string | undefined>>): string =>
  env['GOOGLE_APPLICATION_CREDENTIALS'] ??
  join(env['CLOUDSDK_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.config', 'gcloud'), 'application_default_credentials.json')

const readKind = async (file: string): Promise<z.infer<typeof keyFile> | undefined> => {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    const read = keyFile.safeParse(value)
    return read.success ? read.data : {}
  } catch {
    return undefined
  }
}

/** Looks at the credential that qlogic would use. Undefined: there is none. */
export const examineCredential = async (env: Readonly<Record<string, string | undefined>>): Promise<Credential | undefined> => {
  const file = fileOf(env)
  const kept = await readKind(file)
  try {
    const client = await loadCredential(undefined)
    const {principal} = await describeCredential(client)
    let problem: string | undefined
    try {
      await client.getAccessToken()
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
    const expiry = client.credentials.expiry_date
    return {
      kind: kept?.type ?? 'metadata',
      file: kept === undefined ? undefined : file,
      principal,
      expires: typeof expiry === 'number' ? new Date(expiry) : undefined,
      quotaProject: client.quotaProjectId ?? kept?.quota_project_id,
      problem,
    }
  } catch (error) {
    if (error instanceof GcpError && error.kind === 'unauthenticated') return undefined
    throw error
  }
}
