import {z} from 'zod'
import {QlogicError} from './errors.ts'
import {GcpError} from './gcp/gcp-error.ts'
import type {Run} from './run-context.ts'

const done = z.object({done: z.string()})

/**
 * Does, in the simulator, what at Google only a person could do, with the values of the configuration; answers what was done.
 * @throws QlogicError where the cloud is not ready for it
 */
export const performAct = async ({transport, config}: Pick<Run, 'transport' | 'config'>, act: string): Promise<string> => {
  const body = Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  const answer = await transport
    .request({method: 'sandbox.acts.perform', http: 'POST', path: `/v1/acts/${act}`, body})
    .catch((error: unknown) => {
      if (!(error instanceof GcpError) || error.status === undefined || error.status >= 500) throw error
      throw new QlogicError('ACT_NOT_READY', error.detail, {hint: 'qlogic plan shows what is to be set up first', cause: error})
    })
  return done.parse(answer).done
}
