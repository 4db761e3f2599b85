import {sentence} from './checklist/sentence.ts'
import type {ChecklistItem} from './checklist/checklist.ts'
import type {ItemResult} from './engine/result.ts'
import {mergeProgress, readProgress, writeProgress, type ProgressItem} from './records/progress.ts'
import type {Anchor} from './records/journal.ts'
import type {Store} from './records/store.ts'
import type {Run} from './run-context.ts'
import {version} from './version.ts'

/** Writes what was observed of `words` into progress.json; other items stay as they were recorded. */
export const recordProgress = async ({
  run,
  store,
  results,
  words,
  journal,
}: {
  run: Run
  store: Store
  results: readonly ItemResult[]
  words: readonly ChecklistItem[]
  journal?: Anchor | undefined
}): Promise<void> => {
  const {principal} = await run.identity()
  const byId = new Map(results.map((result) => [result.id, result]))
  const observed: Record<string, ProgressItem> = {}
  for (const word of words) {
    const result = byId.get(word.id)
    if (result === undefined || !result.built) continue
    const {finding} = result
    const laid = run.override(result)
    observed[word.id] = {
      status: finding.status,
      code: finding.code,
      message: sentence(word.codes, run.checklist.codes, finding).says,
      observedAt: result.observedAt.toISOString(),
      by: principal,
      ...(result.blockedBy.length === 0 ? {} : {blockedBy: [...result.blockedBy]}),
      ...(finding.evidence.length === 0 ? {} : {evidence: finding.evidence.map((row) => ({...row}))}),
      ...(laid?.valid === true
        ? {
            override: {
              kind: laid.kind,
              owner: laid.owner,
              ...(laid.until === undefined ? {} : {until: laid.until}),
              ...(laid.note === undefined ? {} : {note: laid.note}),
            },
          }
        : {}),
    }
  }
  const old = await readProgress(store, {projectId: run.config.projectId})
  const head = {
    projectId: run.config.projectId,
    projectNumber: (await run.projectNumber()) ?? old?.projectNumber ?? null,
    environment: run.config.env,
    updatedAt: run.clock.now().toISOString(),
    by: principal,
    tool: {name: 'qlogic' as const, version},
    ...(journal === undefined ? (old?.journal === undefined ? {} : {journal: old.journal}) : {journal}),
  }
  await writeProgress(store, mergeProgress(old, head, observed))
}
