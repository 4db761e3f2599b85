import type {Status} from './finding.ts'
import type {ItemResult} from './result.ts'

/** A waiver or an attestation as it stands in qlogic.yaml; `until` and `date` are calendar days (UTC). */
export type Override = {
  item: string
  kind: 'waived' | 'attested'
  owner: string
  reason?: string | undefined
  note?: string | undefined
  evidence?: string | undefined
  ticket?: string | undefined
  until?: string | undefined
  date?: string | undefined
}

/** An override laid over a finding: whether it counts, and why not. */
export type AppliedOverride = Override & {
  /** Counts towards readiness. */
  valid: boolean
  /** False when the item holds without it. */
  stillNeeded: boolean
  /** Why it does not count, or what is coming: expired, expires within 14 days, contradicted by a live check. */
  remark?: string
}

const day = 86_400_000

/** True for the statuses that keep a dependent item from being observed. */
export const blocks = (status: Status): boolean => ['fail', 'manual', 'unknown', 'blocked'].includes(status)

/**
 * Lays overrides over results. An attestation stands only for what no live check can see (`manual`): a live `fail` voids it.
 * Expired ones do not count; those that end within 14 days say so.
 */
export const applyOverride = (result: Pick<ItemResult, 'finding'>, override: Override, now: Date): AppliedOverride => {
  const {status} = result.finding
  const stillNeeded = ['fail', 'manual', 'warn', 'unknown', 'blocked'].includes(status)
  if (override.until !== undefined) {
    const left = Math.floor((Date.parse(`${override.until}T23:59:59Z`) - now.getTime()) / day)
    if (left < 0) return {...override, valid: false, stillNeeded, remark: `expired on ${override.until}`}
    if (override.kind === 'attested' && status === 'fail') return contradicted(override, stillNeeded)
    if (left < 14) return {...override, valid: true, stillNeeded, remark: `expires on ${override.until}, in ${left} days`}
  }
  if (override.kind === 'attested' && status === 'fail') return contradicted(override, stillNeeded)
  return {...override, valid: true, stillNeeded, ...(stillNeeded ? {} : {remark: 'no longer needed: the item holds without it'})}
}

const contradicted = (override: Override, stillNeeded: boolean): AppliedOverride => ({
  ...override,
  valid: false,
  stillNeeded,
  remark: 'void: a live check contradicts it',
})
