import {execa} from 'execa'
import {tmpdir} from 'node:os'
import {fileURLToPath} from 'node:url'
import {expect} from 'vitest'
import {z} from 'zod'
import {pathWithPrograms} from './programs.ts'

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export type Started = {cwd: string; env?: Readonly<Record<string, string>>}

/** Starts qlogic as a user would, without a terminal; for tests that stop it on its way. */
export const startQlogic = (args: readonly string[], {cwd, env = {}}: Started) =>
  execa(process.execPath, [bin, ...args], {
    cwd,
    reject: false,
    extendEnv: false,
    stdin: 'ignore',
    env: {PATH: pathWithPrograms(), HOME: cwd, TMPDIR: tmpdir(), GIT_CONFIG_NOSYSTEM: '1', ...env},
  })

export type Ran = {exit: number | undefined; stdout: string; stderr: string}

/** Runs qlogic to its end. */
export const qlogic = async (args: readonly string[], started: Started): Promise<Ran> => {
  const {exitCode, stdout, stderr} = await startQlogic(args, started)
  return {exit: exitCode, stdout, stderr}
}

const parsed = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  return value
}

const errorSchema = z.strictObject({
  schemaVersion: z.literal(1),
  error: z.strictObject({code: z.string(), message: z.string(), hint: z.string(), exit: z.number()}),
})

/** The error document that stdout holds, and nothing else. */
export const errorIn = ({stdout, exit}: Ran) => {
  const {error} = errorSchema.parse(parsed(stdout))
  expect(error.exit).toBe(exit)
  expect(error.hint).not.toBe('')
  return error
}

const text = z.string().min(1)
const utc = z.iso.datetime()
const count = z.int().min(0)
const statuses = ['pass', 'fail', 'warn', 'manual', 'unknown', 'blocked', 'not_applicable'] as const

const evidenceSchema = z.union([
  z.strictObject({resource: text, field: text, expected: z.string(), actual: z.string(), observedAt: utc}),
  z.strictObject({file: text, line: z.int().min(1), expected: z.string(), actual: z.string(), holds: z.literal(true).optional()}),
])

const itemSchema = z.strictObject({
  id: z.string().regex(/^[a-z]+\.[a-z0-9-]+$/),
  step: text,
  title: text,
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  source: z.enum(['plan', 'hardening']),
  status: z.enum(statuses),
  code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
  message: text,
  reason: z
    .strictObject({
      kind: z.enum(['permission', 'api_disabled', 'quota', 'network', 'timeout', 'dynamic', 'crash']),
      permission: text.optional(),
      service: text.optional(),
      detail: z.string().optional(),
    })
    .optional(),
  blockedBy: z.array(text),
  evidence: z.array(evidenceSchema),
  hint: z.string(),
  gcloud: z.array(text),
  docs: z.string(),
  console: z.string(),
  controls: z.array(z.strictObject({benchmark: text, version: z.string(), id: text})),
  override: z
    .strictObject({
      kind: z.enum(['waived', 'attested']),
      reason: z.string(),
      owner: text,
      until: z.string(),
      note: z.string(),
      stillNeeded: z.boolean(),
      valid: z.boolean(),
      remark: z.string(),
    })
    .optional(),
  durationMs: z.number().min(0),
})

/** The document of `verify --json`, key by key as the contract has it. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({name: z.literal('qlogic'), version: text}),
  project: z.strictObject({id: text, number: z.string()}),
  environment: z.enum(['dev', 'staging', 'prod']),
  repo: z.strictObject({path: text, commit: z.string(), dirty: z.boolean()}).nullable(),
  identity: z.strictObject({principal: text, source: z.enum(['adc', 'impersonated', 'none', 'sandbox'])}),
  startedAt: utc,
  finishedAt: utc,
  durationMs: count,
  apiCalls: count,
  summary: z.strictObject({
    total: count,
    pass: count,
    fail: count,
    warn: count,
    manual: count,
    unknown: count,
    blocked: count,
    not_applicable: count,
    not_built: count,
    waived: count,
    attested: count,
    ready: z.boolean(),
  }),
  items: z.array(itemSchema),
})

export type ReportDocument = z.output<typeof reportSchema>

/** The report that stdout holds, and nothing else. */
export const reportIn = ({stdout}: Ran): ReportDocument => reportSchema.parse(parsed(stdout))

/** The item of a report by its id. */
export const itemIn = (report: ReportDocument, id: string): ReportDocument['items'][number] => {
  const item = report.items.find((one) => one.id === id)
  if (item === undefined) throw new Error(`the report has no ${id}`)
  return item
}

const changeSchema = z.looseObject({
  id: text,
  title: text,
  resource: text,
  item: text,
  request: z.looseObject({kind: text}),
  gcloud: z.array(text),
  consent: z.looseObject({each: text}).optional(),
})

/** The document of `setup <step> --json`. */
export const setupSchema = z.strictObject({
  schemaVersion: z.literal(1),
  step: text,
  dryRun: z.boolean(),
  appliedBy: z.strictObject({principal: text, source: text}),
  declined: z.boolean(),
  planned: z.array(changeSchema),
  applied: z.array(text),
  notObserved: z.array(text),
  failed: z.strictObject({change: text, message: text}).nullable(),
  left: z.array(text),
  report: reportSchema,
})

export const setupIn = ({stdout}: Ran): z.output<typeof setupSchema> => setupSchema.parse(parsed(stdout))

/** Nothing that a terminal would take as a command. */
export const isPlain = (output: string): boolean => !output.includes('\u001b')
