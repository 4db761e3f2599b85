import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Files, FileText} from './files.ts'
import {walkFiles} from './walk.ts'

/** The files below a folder. */
export const openFiles = ({root, ignores}: {root: string; ignores: (path: string) => Promise<boolean>}): Files => {
  let paths: Promise<readonly string[]> | undefined
  const texts = new Map<string, Promise<FileText | undefined>>()
  const list = async () => {
    const found: string[] = []
    for await (const path of walkFiles(root)) if (!(await ignores(path))) found.push(path)
    return found.sort()
  }
  const readText = async (path: string): Promise<FileText | undefined> => {
    const text = await readFile(join(root, path), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : {text}
  }
  return {
    list: () => (paths ??= list()),
    text: async (path) => {
      const known = texts.get(path) ?? readText(path)
      texts.set(path, known)
      return known
    },
    leftOut: () => [],
    ignores,
  }
}
