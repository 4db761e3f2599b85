import type {JsonObject} from './json.ts'

/** One binding of a role to a member, without a condition: the only kind that qlogic adds or removes. */
export type Binding = {role: string; member: string}

/** A resource that has an IAM policy. `name` is its id within the API: project id, secret id, bucket name, service account email. */
export type PolicyTarget = {of: 'project' | 'secret' | 'bucket'; name: string}

/** A secret's value as data: how to make it, never the value of a generated one. */
export type SecretValue = {generate: {bytes: number; encoding: 'base64url'}} | {text: string}

/**
 * What is sent, as data, so that showing, journalling and sending are one path.
 * - `call`: one method of Google's API by its discovery id, with path and query parameters and the body as the REST reference has it.
 * - `grant`: bindings to add to (and remove from) one IAM policy; those on the same policy become one write per run.
 * - `secret-version`: a new version of a secret; the value exists only in the request.
 * - `file`: lines appended to a file of the repository. `mode`: permissions of a file.
 */
export type Request =
  | {kind: 'call'; method: string; params: Readonly<Record<string, string>>; body: JsonObject}
  | {kind: 'grant'; policy: PolicyTarget; add: readonly Binding[]; remove: readonly Binding[]}
  | {kind: 'secret-version'; secret: string; value: SecretValue}
  | {kind: 'file'; path: string; append: readonly string[]}
  | {kind: 'mode'; path: string; mode: number}

/** About what a change costs: US dollars a month, and a note where the number alone would mislead. */
export type Cost = {monthlyUsd: number; note?: string}

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
