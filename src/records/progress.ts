import {z} from 'zod'
import {statuses} from '../engine/finding.ts'
import {QlogicError} from '../errors.ts'
import {shown} from '../config/fill.ts'
import type {Store} from './store.ts'

const evidenceSchema = z.union([
  z.object({resource: z.string(), field: z.string(), expected: z.string(), actual: z.string(), observedAt: z.string().exactOptional()}),
  z.object({file: z.string(), line: z.int(), expected: z.string(), actual: z.string()}),
])

const overrideSchema = z.object({
  kind: z.enum(['waived', 'attested']),
  reason: z.string().exactOptional(),
  note: z.string().exactOptional(),
  owner: z.string(),
  until: z.string().exactOptional(),
  date: z.string().exactOptional(),
  evidence: z.string().exactOptional(),
  ticket: z.string().exactOptional(),
})

const itemSchema = z.object({
  status: z.enum(statuses),
  code: z.string(),
  message: z.string(),
  observedAt: z.iso.datetime(),
  by: z.string(),
  blockedBy: z.array(z.string()).exactOptional(),
  evidence: z.array(evidenceSchema).exactOptional(),
  override: overrideSchema.exactOptional(),
})

const progressSchema = z.object({
  schemaVersion: z.literal(1),
  projectId: z.string(),
  projectNumber: z.string().nullable(),
  environment: z.enum(['dev', 'staging', 'prod']),
  updatedAt: z.iso.datetime(),
  by: z.string(),
  tool: z.object({name: z.literal('qlogic'), version: z.string()}),
  journal: z.object({seq: z.int(), hash: z.string()}).exactOptional(),
  items: z.record(z.string(), itemSchema),
})

/** What was last observed of one item, when, and by whom. */
export type ProgressItem = z.output<typeof itemSchema>
/** What was last observed of an environment; `journal` is the journal's head at that time, which shows a cut at its end. */
export type Progress = z.output<typeof progressSchema>
/** Everything of a progress file that is not an item, as of one run. */
export type ProgressHead = Omit<Progress, 'schemaVersion' | 'items'>

export const progressName = 'progress.json'

/** What was recorded, or undefined when nothing was. Refused: a damaged file, one of a newer qlogic, another project's. */
export async function readProgress(store: Store, {projectId}: {projectId?: string | undefined} = {}): Promise<Progress | undefined> {
  const bytes = await store.read(progressName)
  if (bytes === undefined) return undefined
  const place = store.place(progressName)
  const progress = parseProgress(new TextDecoder().decode(bytes), place)
  if (projectId !== undefined) refuseOther(progress, projectId, place)
  return progress
}

/** Writes the record in one step. Another project's record is never replaced. */
export async function writeProgress(store: Store, progress: Progress): Promise<void> {
  await readProgress(store, {projectId: progress.projectId})
  await store.write(progressName, `${JSON.stringify(progress, null, 2)}\n`)
}

/** The record after a run: the items that it observed are replaced, every other one stays as it was. */
export function mergeProgress(old: Progress | undefined, head: ProgressHead, observed: Readonly<Record<string, ProgressItem>>): Progress {
  const items = Object.entries({...old?.items, ...observed}).sort(([one], [other]) => (one < other ? -1 : 1))
  return {schemaVersion: 1, ...head, items: Object.fromEntries(items)}
}

function parseProgress(text: string, place: string): Progress {
  const damaged = (what: string, cause?: unknown) =>
    new QlogicError('PROGRESS_DAMAGED', `${place}: ${what}`, {
      hint: `git checkout -- ${place}; or rm ${place}, and qlogic verify records anew`,
      cause,
    })
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw damaged('expected JSON; the file is damaged', error)
  }
  const version = typeof data === 'object' && data !== null && 'schemaVersion' in data ? data.schemaVersion : undefined
  if (typeof version === 'number' && version > 1) {
    throw new QlogicError('TOOL_TOO_OLD', `${place}: this is an older tool than the file, which has schemaVersion ${version}`, {
      hint: 'Install the newest qlogic, then run the command again',
    })
  }
  const checked = progressSchema.safeParse(data)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw damaged(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'expected another value'}`)
}

function refuseOther(progress: Progress, projectId: string, place: string): void {
  if (progress.projectId === projectId) return
  throw new QlogicError('OTHER_PROJECT', `${place} is of project ${progress.projectId}, not ${shown(projectId)}`, {
    hint: `--project ${progress.projectId}, another --env, or keep the old records under another name`,
  })
}
