import {join} from 'node:path'
import {onExit} from './cleanup.ts'
import {QlogicError} from './errors.ts'

/**
 * The embedded simulator of a folder, for the time of this process; answers where it listens. Loaded only when it is wanted.
 * @throws QlogicError when its state cannot be used: another process has it, or it is not a state
 */
export const openSimulator = async (root: string, given: {stateFile?: string; operationTimeMs?: number} = {}): Promise<string> => {
  const {startSandbox} = await import('./sandbox/server.ts')
  const {stateFile = join(root, '.qlogic', 'sandbox', 'state.json'), operationTimeMs} = given
  const server = await startSandbox({stateFile, ...(operationTimeMs === undefined ? {} : {operationTimeMs})}).catch((error: unknown) => {
    // A folder that cannot be written is told as such by whoever renders errors.
    if (error instanceof Error && 'code' in error && 'path' in error) throw error
    throw new QlogicError('SANDBOX_REFUSED', error instanceof Error ? error.message : String(error), {
      hint: `wait for it, or forget the simulated cloud: qlogic sandbox reset --state ${stateFile}`,
      cause: error,
    })
  })
  onExit(() => server.close())
  return server.url
}
