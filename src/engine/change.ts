import type {JsonObject} from './json.ts'

/** One binding of a role to a member, without a condition: the only kind that qlogic adds or removes. */
export type Binding = {role: string; member: string}

/**
 * A resource that has an IAM policy. `name` is its id within the API: project id, secret id, bucket name, service account email, for a
 * repository `location/name`.
 */
export type PolicyTarget = {of: 'project' | 'secret' | 'bucket' | 'service-account' | 'repository'; name: string}

/**
 * A secret's value as data: how to make it, never the value of a generated one. `keep`: until the run ends it stays in memory, for the
 * database user that gets it as a password.
 */
export type SecretValue = {generate: {bytes: number; encoding: 'base64url'; keep?: true}} | {text: string}

/** What is written to a repository's settings at GitHub. `{projectNumber}` in a value is filled in when it is sent; none of them is sensitive. */
export type GitHubWrite =
  | {of: 'secret' | 'variable'; name: string; value: string}
  /** Only these branches may deploy to the environment. */
  | {of: 'environment'; name: string; branches: readonly string[]}

/**
 * What is sent, as data, so that showing, journalling and sending are one path.
 * - `call`: one method of Google's API by its discovery id, with path and query parameters and the body as the REST reference has it.
 * - `grant`: bindings to add to (and remove from) one IAM policy; those on the same policy become one write per run.
 * - `secret-version`: a new version of a secret; the value exists only in the request.
 * - `kubernetes`: one write of the API of a cluster in this project; a patch is a JSON merge patch.
 * - `database-password`: one generated value that becomes the latest version of a secret and the password of a database user, who is made
 *   with it when `create`. What this run has kept of that secret is used instead, so that both are the same after one run. The number of
 *   the version is recorded in an annotation of the secret.
 * - `audit-logs`: kinds of data access that the project's policy is to record for services, beside what it records already.
 * - `program`: a program of this machine, by its name on PATH, with its arguments; run without a shell.
 * - `docker-helper`: the credential helper that Docker on this machine uses for a registry.
 * - `github`: one setting of a repository at GitHub, as it is to be.
 * - `file`: lines appended to a file of the repository. `mode`: permissions of a file.
 */
export type Request =
  | {kind: 'call'; method: string; params: Readonly<Record<string, string>>; body: JsonObject}
  | {kind: 'grant'; policy: PolicyTarget; add: readonly Binding[]; remove: readonly Binding[]}
  | {kind: 'secret-version'; secret: string; value: SecretValue}
  | {kind: 'kubernetes'; cluster: {location: string; name: string}; verb: 'create' | 'patch'; path: string; body: JsonObject}
  | {
      kind: 'database-password'
      instance: string
      user: string
      create: boolean
      secret: string
      annotation: string
      generate: {bytes: number; encoding: 'base64url'}
    }
  | {kind: 'audit-logs'; services: readonly string[]; types: readonly ('DATA_READ' | 'DATA_WRITE')[]}
  | {kind: 'program'; program: string; args: readonly string[]}
  | {kind: 'docker-helper'; host: string; helper: string}
  | {kind: 'github'; repository: string; write: GitHubWrite}
  | {kind: 'file'; path: string; append: readonly string[]}
  | {kind: 'mode'; path: string; mode: number}

/**
 * About what a change costs: US dollars a month, a note where the number alone would mislead, and of which day and page the price is. None of
 * it is fetched.
 */
export type Cost = {monthlyUsd: number; note?: string; asOf?: string; source?: string}

/** A planned write, as data: what, where, request, cost, the equivalent gcloud command, how to undo it. */
export type Change = {
  /** Stable for the same write: item, verb and target. */
  id: string
  /** One line, imperative: `Create network qlogic-prod-vpc (custom mode)`. */
  title: string
  /** Full resource name: `//compute.googleapis.com/projects/p/global/networks/n`; a file is its path. */
  resource: string
  request: Request
  cost: Cost
  /** Lines that do the same by hand. */
  gcloud: readonly string[]
  /** How to take it back; null when it cannot be undone. */
  undo: string | null
  /** How long it usually takes: `10-40 s`. */
  takes: string
  /** `each`: asked for by itself, and not covered by `--yes`; why it is. */
  consent?: {each: string}
}

/** A change together with the item that wants it; `expected` when it is planned for a state that could not be observed yet. */
export type PlannedChange = Change & {item: string; expected: boolean}
