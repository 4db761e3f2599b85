import {chmod, mkdir, readFile, stat} from 'node:fs/promises'
import {dirname} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type {Request} from '../engine/change.ts'
import {QlogicError} from '../errors.ts'
import {realPathInside, systemCode} from './paths.ts'

export type FileRequest = Extract<Request, {kind: 'file' | 'mode'}>

/**
 * Carries out a change of the app repository: appends the lines that are missing, or sets a file's permissions.
 * Never outside the root, not through a link either. Once done, doing it again changes nothing.
 */
export async function executeFileRequest(root: string, request: FileRequest): Promise<void> {
  const path = await realPathInside(root, request.path)
  if (request.kind === 'mode') return setMode(path, request)
  const before = await contentOf(path, request.path)
  const after = withLines(before, request.append)
  if (after === before) return
  await mkdir(dirname(path), {recursive: true})
  await writeFileAtomic(path, after)
}

async function setMode(path: string, {path: given, mode}: Extract<FileRequest, {kind: 'mode'}>): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) throw notAFile(given)
  await chmod(path, mode & 0o777)
}

async function contentOf(path: string, given: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return Buffer.alloc(0)
    if (systemCode(error) === 'EISDIR') throw notAFile(given)
    throw error
  }
}

/** What stands there is kept byte for byte, whatever its encoding; only the end is added to. */
function withLines(before: Buffer, wanted: readonly string[]): Buffer {
  const text = before.toString('utf8')
  const present = new Set(text.replace(/^\uFEFF/, '').split(/\r?\n/))
  const missing = [...new Set(wanted.flatMap((line) => line.split(/\r?\n/)))].filter((line) => line !== '' && !present.has(line))
  if (missing.length === 0) return before
  const end = (text.match(/\r\n/g)?.length ?? 0) * 2 > (text.match(/\n/g)?.length ?? 0) ? '\r\n' : '\n'
  const gap = text === '' || text.endsWith('\n') ? '' : end
  return Buffer.concat([before, Buffer.from(`${gap}${missing.join(end)}${end}`)])
}

const notAFile = (path: string): QlogicError =>
  new QlogicError('NOT_A_FILE', `${JSON.stringify(path)} is not a regular file of the app repository`, {hint: `ls -l ${path}`})
