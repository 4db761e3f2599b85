import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {stringify} from 'yaml'
import {afterwards} from './afterwards.ts'

/** A temporary folder; the caller removes it. */
export const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'qlogic-test-'))

export const removeFolder = (folder: string): Promise<void> => rm(folder, {recursive: true, force: true, maxRetries: 3})

/** A temporary folder that is gone when the tests of the file are done. */
export const openFolder = async (): Promise<string> => {
  const folder = await makeFolder()
  afterwards(() => removeFolder(folder))
  return folder
}

/** Every project of these tests has this id; simulators are never shared between tests that write. */
export const projectId = 'acme-qlogic-prod'

/** Writes a qlogic.yaml in which nothing is missing that the four steps ask for. */
export const writeConfig = async (folder: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> => {
  const prod = {projectId, parent: 'organizations/100000000001', domain: 'qlogic.acme.example'}
  const {overrides, ...parameters} = more
  const document = {schemaVersion: 1, environments: {prod: {...prod, ...parameters}}, ...(overrides === undefined ? {} : {overrides})}
  await writeFile(join(folder, 'qlogic.yaml'), stringify(document))
}

/** Every file under a folder with its content, by its path from there. */
export const filesIn = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(await Promise.all(files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const)))
}
