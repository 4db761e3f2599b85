import type {Change} from '../engine/change.ts'
import {free, quote} from './gcloud.ts'

export const ignoreFiles = (lines: readonly string[]): Change => ({
  id: 'ignore-key-files',
  title: `Add ${lines.join(', ')} to .gitignore`,
  resource: '.gitignore',
  request: {kind: 'file', path: '.gitignore', append: lines},
  cost: free,
  gcloud: [],
  undo: `take ${lines.join(', ')} out of .gitignore`,
  takes: 'no time',
})

/** Nobody but the owner may read the file. */
export const restrictFile = (path: string, mode: number): Change => ({
  id: `restrict-${path}`,
  title: `Let only the owner read ${path} (mode 0600)`,
  resource: path,
  request: {kind: 'mode', path, mode: 0o600},
  cost: free,
  gcloud: [],
  undo: `chmod ${(mode & 0o777).toString(8).padStart(4, '0')} ${quote(path)}`,
  takes: 'no time',
})
