import {z} from 'zod'
import {artefacts} from './artefacts.ts'
import type {Codes} from './sentence.ts'

const text = z.string().trim().min(1)
const link = z.url({protocol: /^https$/})
const id = z.string().regex(/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/, {error: 'an id is <step-or-phase>.<kebab-slug>'})
const code = z.string().regex(/^[A-Z][A-Z0-9_]*$/, {error: 'a code is in capitals, such as RANGE_MISSING'})
const group = z.string().regex(/^[a-z]+$/, {error: 'the id of a step or phase is one word in lower case'})
const command = z.string().regex(/^(gcloud|openssl|printf) /, {error: 'a command starts with gcloud, openssl or printf'})
const title = z.string().regex(/^\S.{1,67}[^.?!\s]$/, {error: 'a title is a statement of less than 70 characters without a full stop'})

const step = z.strictObject({id: group, number: z.int().min(1), title: text, why: text, cost: text})
const phase = z.strictObject({id: group, letter: z.string().regex(/^[A-Z]$/), priority: z.enum(['P0', 'P1']), title: text, why: text})

const codes = z.record(code, z.union([text, z.strictObject({says: text, hint: text.optional()})]))

const item = z.strictObject({
  id,
  source: z.enum(['plan', 'hardening']),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  mode: z.enum(['auto', 'assisted', 'manual', 'decision', 'scaffold', 'patch']),
  /** What `qlogic scaffold` is asked for to write it or to show its patch. */
  artefact: z.enum(artefacts).optional(),
  plan: text.optional(),
  title,
  why: text,
  check: text,
  byHand: text.optional(),
  needs: z.array(id),
  after: z.array(id),
  permissions: z.strictObject({observe: z.array(text), apply: z.array(text)}),
  gcloud: z.array(command),
  docs: link,
  console: text.regex(/^https:\/\//).optional(),
  cost: text,
  controls: z.array(z.strictObject({benchmark: text, version: text, id: text})),
  codes: codes.default({}),
})

/** The file as it is written: what checklist.yaml may hold. */
export const checklistSchema = z.strictObject({
  schemaVersion: z.literal(1),
  steps: z.array(step).min(1),
  phases: z.array(phase),
  /** Sentences for the codes that every item can have. */
  codes: codes.default({}),
  items: z.array(item).min(1),
})

/** checklist.yaml, read and checked for its form. */
export type ChecklistFile = z.output<typeof checklistSchema>

/** One of the steps of PART 1. */
export type ChecklistStep = Readonly<z.output<typeof step>>

/** One of the phases of PART 2, in execution order. */
export type ChecklistPhase = Readonly<z.output<typeof phase>>

/** The words of one item, with the step or phase that it belongs to. */
export type ChecklistItem = Readonly<Omit<z.output<typeof item>, 'codes'>> & {
  readonly codes: Codes
  /** The step, or in PART 2 the phase: the id up to its dot. */
  readonly step: string
  readonly part: 1 | 2
}

/** All steps, phases and items; items in the order in which they are walked. */
export type Checklist = {
  readonly steps: readonly ChecklistStep[]
  readonly phases: readonly ChecklistPhase[]
  /** Sentences for the codes that every item can have. */
  readonly codes: Codes
  readonly items: readonly ChecklistItem[]
}
