import {statSync} from 'node:fs'
import {dirname, relative, resolve} from 'node:path'
import {findConfig} from './config/find-config.ts'
import type {Config} from './config/parameters.ts'
import {readConfigFile, type ConfigFile} from './config/qlogic-yaml.ts'
import {resolveConfig} from './config/resolve-config.ts'
import {QlogicError} from './errors.ts'
import {fileStore, recordsFolder, type Store} from './records/store.ts'

export type PlaceFlags = {config?: string | undefined; env?: string | undefined; project?: string | undefined; repo?: string | undefined}

/** The configuration in force and the folder that holds `.qlogic/`: --repo, what qlogic.yaml names, where it lies, or `cwd`. @throws QlogicError for a --repo that is no folder */
export const placeOf = async (
  flags: PlaceFlags,
  cwd: string,
): Promise<{config: Config; configFile: ConfigFile | undefined; root: string}> => {
  const path = await findConfig(cwd, flags.config)
  const configFile = path === undefined ? undefined : await readConfigFile(path)
  const {config} = resolveConfig({file: configFile, env: flags.env, project: flags.project})
  if (flags.repo !== undefined && statSync(resolve(cwd, flags.repo), {throwIfNoEntry: false})?.isDirectory() !== true)
    throw new QlogicError('FLAG_INVALID', `--repo: there is no folder ${flags.repo}`, {hint: '--repo DIR of the app repository'})
  const root = flags.repo !== undefined ? resolve(cwd, flags.repo) : (configFile?.repo ?? (path === undefined ? cwd : dirname(path)))
  return {config, configFile, root}
}

/** The records of the environment, for commands that read nothing else. */
export const placeOfRecords = async (flags: PlaceFlags, cwd: string): Promise<{config: Config; store: Store}> => {
  const {config, root} = await placeOf(flags, cwd)
  return {config, store: fileStore(recordsFolder(root, config.env), recordsFolder(relative(cwd, root) || '.', config.env))}
}
