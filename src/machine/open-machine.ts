import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {readDockerConfig, type MachineEnvironment} from './docker-config.ts'
import type {DockerConfig, Machine} from './machine.ts'

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

const find = async (name: string, env: MachineEnvironment): Promise<string | undefined> => {
  const endings = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD;.BAT').toLowerCase().split(';') : ['']
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    // An empty entry means the current folder: what lies there is not to be run.
    if (folder === '') continue
    for (const ending of endings) if (await isProgram(join(folder, name + ending))) return join(folder, name + ending)
  }
  return undefined
}

/** Reads of this machine, each made once: what is on PATH, and Docker's configuration. Writes and runs nothing. */
export const openMachine = (env: MachineEnvironment): Machine => {
  const programs = new Map<string, Promise<string | undefined>>()
  let config: Promise<DockerConfig> | undefined
  return {
    program: (name) => {
      const found = programs.get(name) ?? find(name, env)
      programs.set(name, found)
      return found
    },
    dockerConfig: () => (config ??= readDockerConfig(env)),
  }
}
