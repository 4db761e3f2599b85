import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'vitest'
import {verifyJournal, type JournalLine} from '../../src/records/journal.ts'
import {readProgress, type Progress} from '../../src/records/progress.ts'
import {fileStore} from '../../src/records/store.ts'
import {projectId} from './folder.ts'

const recordsOf = (folder: string, env = 'prod') => join(folder, '.qlogic', env)

/** The journal's lines, after its chain was proven; none when there is no journal. */
export const journalOf = async (folder: string): Promise<readonly JournalLine[]> => {
  const path = join(recordsOf(folder), 'journal.jsonl')
  if (!existsSync(path)) return []
  const text = await readFile(path, 'utf8')
  const verdict = verifyJournal(text)
  expect(verdict).toMatchObject({ok: true})
  return verdict.ok ? verdict.lines : []
}

/** What progress.json holds, after it was read as qlogic reads it. */
export const progressOf = (folder: string): Promise<Progress | undefined> => readProgress(fileStore(recordsOf(folder)), {projectId})

/** True while a run holds the environment. */
export const isLocked = (folder: string): boolean => existsSync(join(recordsOf(folder), 'lock'))
