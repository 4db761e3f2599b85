import {z} from 'zod'
import type {Run} from './run-context.ts'

const done = z.object({done: z.string()})

/**
 * Does, in the simulator, what at Google only a person could do, with the values of the configuration; answers what was done.
 * @throws GcpError where the cloud is not ready for it
 */
export const performAct = async ({transport, config}: Pick<Run, 'transport' | 'config'>, act: string): Promise<string> => {
  const body = Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return done.parse(await transport.request({method: 'sandbox.acts.perform', http: 'POST', path: `/v1/acts/${act}`, body})).done
}
