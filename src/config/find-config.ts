import {stat} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {QlogicError} from '../errors.ts'

export const configName = 'qlogic.yaml'

/**
 * The configuration to use: the one given by --config, else the nearest qlogic.yaml in `from` or above it.
 * Undefined when there is none; what was given but is not there is an error.
 */
export async function findConfig(from: string, given?: string): Promise<string | undefined> {
  if (given !== undefined) {
    const path = resolve(from, given)
    if (!(await exists(path)))
      throw new QlogicError('CONFIG_NOT_FOUND', `--config: there is no ${path}`, {hint: 'qlogic init, or --config FILE'})
    return path
  }
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, configName)
    if (await exists(path)) return path
    if (folder === dirname(folder)) return undefined
  }
}

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
