import {mkdir, readFile, rm} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {z} from 'zod'
import {parameters, type ParameterName} from '../config/parameters.ts'
import type {Interview} from './interview.ts'

const isParameter = (name: string): name is ParameterName => name in parameters
const name = z.custom<ParameterName>((value) => typeof value === 'string' && isParameter(value))

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  place: z.enum(['simulator', 'google']).optional(),
  asked: z.array(name),
  answers: z.record(z.string(), z.string()),
})

/** What a wizard that was left has to know when it goes on: where, and the answers that are in no qlogic.yaml yet. */
export type Saved = Interview & {place?: Place | undefined}

export type Place = 'simulator' | 'google'

export const nothingAsked: Interview = {asked: [], answers: {}}

const fileIn = (root: string): string => join(root, '.qlogic', 'wizard.json')

/** What was kept under `root`; nothing when there is none, or none that can be read: answers can be given again. */
export const readSaved = async (root: string): Promise<Saved> => {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(fileIn(root), 'utf8')))
    if (!parsed.success) return nothingAsked
    const {place, asked, answers} = parsed.data
    return {place, asked, answers: Object.fromEntries(Object.entries(answers).filter(([key]) => isParameter(key)))}
  } catch {
    return nothingAsked
  }
}

/** Keeps where the wizard is. */
export const writeSaved = async (root: string, {place, asked, answers}: Saved): Promise<void> => {
  const file = fileIn(root)
  await mkdir(dirname(file), {recursive: true})
  await writeFileAtomic(file, `${JSON.stringify({schemaVersion: 1, place, asked, answers}, undefined, 2)}\n`)
}

/** There is nothing left to go on with. */
export const forgetSaved = (root: string): Promise<void> => rm(fileIn(root), {force: true})
