import {pathFrom as below} from '../packages/paths.ts'

/** A path from the root out of a folder and a relative path; undefined where it leads out of the repository. A leading slash is the root. */
export const pathFrom = (folder: string, path: string): string | undefined =>
  path.startsWith('/') ? below('', path.replace(/^\/+/, '')) : below(folder, path)
