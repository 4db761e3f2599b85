import type {Finding} from '../engine/finding.ts'

/** Sentences by finding code: the sentence alone, or with what to type next. `{name}` is filled from the finding's arguments. */
export type Codes = Readonly<Record<string, string | {says: string; hint?: string | undefined}>>

/** The sentence and hint for a finding, from the item's own codes, then from those that every item can have. */
export const sentence = (own: Codes, common: Codes, finding: Pick<Finding, 'code' | 'args'>): {says: string; hint: string | undefined} => {
  const entry = own[finding.code] ?? common[finding.code]
  if (entry === undefined) return {says: finding.code, hint: undefined}
  const {says, hint} = typeof entry === 'string' ? {says: entry, hint: undefined} : entry
  return {says: fillArgs(says, finding.args), hint: hint === undefined ? undefined : fillArgs(hint, finding.args)}
}

const fillArgs = (text: string, args: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => args[name] ?? whole)
