/** The contract's seven statuses, in the order in which they win when several hold. */
export const statuses = ['not_applicable', 'blocked', 'unknown', 'fail', 'manual', 'warn', 'pass'] as const
export type Status = (typeof statuses)[number]

/** Where a fact was read in Google Cloud: full resource name, field, what was wanted, what stands there. */
export type CloudEvidence = {resource: string; field: string; expected: string; actual: string; observedAt?: string}
/**
 * Where a fact was read in the app repository: path from its root, 1-based line. `holds` marks, in a finding that holds only in part, what
 * does hold, so that nobody takes it for a fault.
 */
export type FileEvidence = {file: string; line: number; expected: string; actual: string; holds?: true}
export type Evidence = CloudEvidence | FileEvidence

/** Why something could not be determined. `crash` is a fault of qlogic's own, never of the project. */
export type UnknownReason = {
  kind: 'permission' | 'api_disabled' | 'quota' | 'network' | 'timeout' | 'dynamic' | 'crash'
  /** The permission that was missing, with `permission`. */
  permission?: string
  /** The service that is off, with `api_disabled`. */
  service?: string
  /** What the API said, one line. */
  detail?: string
}

/**
 * What is true of one item: a status, a stable code and its arguments. The sentence for a code stands in checklist.yaml
 * (`codes:` of the item), where `{name}` is filled from `args`.
 */
export type Finding = {
  status: Status
  code: string
  args: Readonly<Record<string, string>>
  evidence: readonly Evidence[]
  reason?: UnknownReason
}

type Args = Readonly<Record<string, string | number>>

const finding =
  (status: Status) =>
  (code: string, evidence: readonly Evidence[] = [], args: Args = {}): Finding => ({
    status,
    code,
    evidence,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, String(value)])),
  })

/** Observed, and holds. */
export const pass = finding('pass')
/** Observed, and does not hold; evidence says what was expected and what stands there. */
export const fail = finding('fail')
/** Works, but below the recommendation, or still pending. */
export const warn = finding('warn')
/** Only a person can do or confirm it. */
export const manual = finding('manual')
/** Excluded by configuration. */
export const notApplicable = finding('not_applicable')

/** Could not be determined; never shown as pass or fail. */
export const unknown = (code: string, reason: UnknownReason, args: Args = {}): Finding => ({...finding('unknown')(code, [], args), reason})

/** One row of evidence from the cloud; values are printed as text (`absent` for undefined). */
export const seen = (resource: string, field: string, expected: unknown, actual: unknown): CloudEvidence => ({
  resource,
  field,
  expected: text(expected),
  actual: text(actual),
})

const text = (value: unknown): string =>
  value === undefined || value === null
    ? 'absent'
    : typeof value === 'string'
      ? value
      : Array.isArray(value)
        ? value.length === 0
          ? 'none'
          : value.map(text).join(', ')
        : JSON.stringify(value)
