import {posix} from 'node:path'
import type {Reader, Unread} from './files.ts'

/** An import of an Angular environment file: `../environments/environment`, also by a path alias. */
export type EnvironmentImport = {file: string; line: number; from: string}

export type EnvironmentImports = {
  /** The environment files (`src/environments/environment.prod.ts`). */
  files: string[]
  imports: EnvironmentImport[]
  unread: Unread[]
}

const environmentFile = /(?:^|\/)environments?\/environment(?:\.[\w-]+)?\.ts$/
const maxFiles = 20_000

/** Environment files of a frontend, and who imports the one that a build replaces. */
export const readEnvironmentImports: Reader<EnvironmentImports> = async ({files}) => {
  const facts: EnvironmentImports = {files: [], imports: [], unread: []}
  const paths = (await files.list()).filter((path) => /\.[cm]?tsx?$/.test(path) && !path.endsWith('.d.ts'))
  facts.files = paths.filter((path) => environmentFile.test(path))
  if (facts.files.length === 0) return facts
  const {parse} = await import('@babel/parser')
  for (const path of paths.slice(0, maxFiles)) {
    if (/\.(?:spec|test)\.ts$/.test(path) || environmentFile.test(path)) continue
    const found = await files.text(path)
    if (found === undefined || 'unread' in found || !/environments?\/environment/.test(found.text)) continue
    try {
      const {program} = parse(found.text, {
        sourceType: 'module',
        errorRecovery: true,
        plugins: ['typescript', 'decorators-legacy', ...(path.endsWith('x') ? (['jsx'] as const) : [])],
      })
      for (const statement of program.body) {
        const text = 'source' in statement ? (statement.source?.value ?? '') : ''
        if (/(?:^|\/)environments?\/environment$/.test(posix.normalize(text)))
          facts.imports.push({file: path, line: statement.loc?.start.line ?? 1, from: text})
      }
    } catch {
      facts.unread.push({file: path, line: 1, why: 'TypeScript that cannot be read'})
    }
  }
  return facts
}
