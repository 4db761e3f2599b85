import {pathFrom as below} from '../packages/paths.ts'

/** A path from the root out of a folder and a relative path; undefined where it leads out of the repository. A leading slash is the root. */
export const pathFrom = (folder: string, path: string): string | undefined =>
  path.startsWith('/') ? below('', path.replace(/^\/+/, '')) : below(folder, path)

/** Where `cd` leads; the runner's own folders (`$GITHUB_WORKSPACE`) are known as the root. */
export const folderAfter = (directory: string, path: string): string | undefined =>
  path.startsWith('~') ? undefined : pathFrom(directory, path)
