import {constants} from 'node:fs'
import {open, readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {QlogicError} from '../errors.ts'
import {realPathInside} from './paths.ts'
import type {TextFile} from './repo.ts'

const folder = '.github/workflows'
const maxFiles = 100
const maxBytes = 512 * 1024

/** What GitHub reads as workflows: `*.yml` and `*.yaml` directly in their folder; links and larger files are passed over. */
export const findWorkflows = async (root: string): Promise<TextFile[]> => {
  const place = await realPathInside(root, folder)
  const entries = await readdir(place, {withFileTypes: true}).catch(() => [])
  const names = entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name)).map(({name}) => name)
  if (names.length > maxFiles)
    throw new QlogicError('REPO_TOO_LARGE', `${folder} has more than ${maxFiles} workflows`, {
      hint: '--repo DIR with the folder of the application',
    })
  const files = await Promise.all(
    names.toSorted().map(async (name) => ({path: `${folder}/${name}`, text: await readText(join(place, name))})),
  )
  return files.flatMap(({path, text}) => (text === undefined ? [] : [{path, text}]))
}

const readText = async (path: string): Promise<string | undefined> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const found = await file.stat()
    return found.isFile() && found.size <= maxBytes ? await file.readFile('utf8') : undefined
  } finally {
    await file.close()
  }
}
