import {posix} from 'node:path'

/** The folder of a path; '' is the repository's root. */
export const folderOf = (path: string): string => {
  const end = path.lastIndexOf('/')
  return end === -1 ? '' : path.slice(0, end)
}

/** What a path in a file of `folder` means, as a path of the repository; undefined where it leads out of it. */
export const pathFrom = (folder: string, path: string): string | undefined => {
  if (path.startsWith('/')) return undefined
  const joined = posix.join(folder, path).replace(/\/$/, '')
  return joined === '..' || joined.startsWith('../') ? undefined : joined === '.' ? '' : joined
}

/** The folder itself and those above it, the nearest first, '' last. */
export const upwards = (folder: string): string[] => {
  const found = [folder]
  for (let at = folder; at !== '';) found.push((at = folderOf(at)))
  return found
}
