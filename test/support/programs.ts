import {mkdir, symlink} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {fileURLToPath} from 'node:url'

/** Programs that stand in for those of a machine, so that no test depends on what this one has. */
export const programs = fileURLToPath(new URL('programs', import.meta.url))

/** PATH with the stand-ins in front. */
export const pathWithPrograms = (): string => [programs, process.env['PATH'] ?? ''].join(delimiter)

/** A folder with some of them. */
export const fakePrograms = async (folder: string, names: readonly string[]): Promise<string> => {
  const bin = join(folder, 'programs')
  await mkdir(bin, {recursive: true})
  for (const name of names) await symlink(join(programs, name), join(bin, name))
  return bin
}

/** Lets this process have Docker, gcloud, and under `folder` a Docker configuration of its own: no test touches that of the machine. */
export const useOwnDocker = (folder: string): void => {
  if (process.env['PATH']?.startsWith(programs) !== true) process.env['PATH'] = pathWithPrograms()
  process.env['DOCKER_CONFIG'] = join(folder, 'docker')
}
