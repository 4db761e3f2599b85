import {mkdir, open, readFile, truncate} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {QlogicError} from '../errors.ts'

/** Where the records of one environment live. Files now; whatever else can do these four things later. */
export type Store = {
  /** What messages call a record: `.qlogic/prod/progress.json`. */
  place(name: string): string
  /** Undefined when there is none. */
  read(name: string): Promise<Uint8Array | undefined>
  /** Replaces the whole record in one step; on return it is on the disk. */
  write(name: string, content: string | Uint8Array): Promise<void>
  /** Adds to the end in one write; on return it is on the disk. What could only be written in part is taken back. */
  append(name: string, text: string): Promise<void>
  /** Cuts a record to its first `length` bytes. */
  cut(name: string, length: number): Promise<void>
}

/** The folder of an environment's records, from the folder of qlogic.yaml. */
export const recordsFolder = (root: string, env: string): string => join(root, '.qlogic', env)

/** A store in a folder; the folder is made with the first record. `shownAs` is what messages call the folder. */
export function fileStore(folder: string, shownAs = folder): Store {
  const path = (name: string) => join(folder, name)
  const guarded = async <Result>(name: string, verb: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw new QlogicError('RECORDS_UNAVAILABLE', `${join(shownAs, name)} cannot be ${verb} (${systemCode(error) ?? 'unknown error'})`, {
        hint: `ls -la ${shownAs}`,
        cause: error,
      })
    }
  }
  return {
    place: (name) => join(shownAs, name),
    read: (name) =>
      guarded(name, 'read', async () => {
        try {
          return await readFile(path(name))
        } catch (error) {
          if (systemCode(error) === 'ENOENT') return undefined
          throw error
        }
      }),
    write: (name, content) =>
      guarded(name, 'written', async () => {
        await mkdir(folder, {recursive: true})
        await writeFileAtomic(path(name), typeof content === 'string' ? content : Buffer.from(content))
      }),
    append: (name, text) =>
      guarded(name, 'written', async () => {
        await mkdir(folder, {recursive: true})
        await appendWhole(path(name), Buffer.from(text))
      }),
    cut: (name, length) => guarded(name, 'written', () => truncate(path(name), length)),
  }
}

async function appendWhole(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'a')
  try {
    const {size} = await file.stat()
    const {bytesWritten} = await file.write(bytes)
    if (bytesWritten !== bytes.length) {
      await file.truncate(size)
      throw Object.assign(new Error('the disk took only a part of the line'), {code: 'ENOSPC'})
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The code of an operating system's error (`ENOENT`). */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
