import type {Reading} from './files.ts'

/** The app repository as checks see it. Read-only; paths are relative to its root. */
export type Repo = {
  root: string
  /** Facts of its files. */
  reading: Reading
  /** Service-account key files by path: tracked now, present in any commit, or lying in the work tree. Contents never leave the reader. */
  keyFiles(): Promise<KeyFile[]>
  /** True when git (or the .gitignore, without git) ignores the path. */
  ignores(path: string): Promise<boolean>
  /** Whether it looks like the application, and is not only the place of a configuration. */
  isApplication(): Promise<boolean>
}

export type KeyFile = {
  path: string
  where: 'tracked' | 'history' | 'worktree'
  ignored: boolean
  /** `private_key_id` of the key. */
  keyId: string
  clientEmail?: string | undefined
  /** File mode bits (0o600), with `worktree` and `tracked`. */
  mode?: number | undefined
}
