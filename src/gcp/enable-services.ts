import {z} from 'zod'
import type {Receipt} from '../engine/apply.ts'
import {GcpError} from './gcp-error.ts'
import {settle} from './recent.ts'
import {sendWrite, type Sender, type Watch, type Write} from './send-write.ts'

/** services:batchEnable takes at most this many ids, and enables all of them or none. */
const atOnce = 20

/** Refusals that are about one service of the batch; the others would be the same for each. */
const perService = new Set(['invalid', 'precondition', 'permission', 'not_found', 'internal'])

const serviceIds = z.object({serviceIds: z.array(z.string())})

/**
 * Enables services in batches of 20. When a batch is refused, each of its services is enabled alone, so that the error names the one that
 * cannot be; the others are enabled.
 * @throws GcpError with `service`
 */
export const enableServices = async (sender: Sender, write: Write, watch: Watch): Promise<Receipt> => {
  const services = serviceIds.parse(write.body).serviceIds
  const parent = write.params['parent'] ?? `projects/${sender.projectId}`
  const {recent} = sender.transport
  const receipts: Receipt[] = []

  const send = async (one: Write, enabled: readonly string[]) => {
    const patience = {recent, clock: sender.clock, notify: watch.notify, signal: watch.signal}
    receipts.push(
      await settle(
        patience,
        () => ({write: true}),
        () => sendWrite(sender, one, watch),
      ),
    )
    recent.enabled(enabled)
  }

  for (let n = 0; n < services.length; n += atOnce) {
    const chunk = services.slice(n, n + atOnce)
    try {
      await send({...write, params: {...write.params, parent}, body: {serviceIds: chunk}}, chunk)
    } catch (error) {
      if (!(error instanceof GcpError) || !perService.has(error.kind)) throw error
      await oneByOne(chunk, error, (service) =>
        send({method: 'serviceusage.services.enable', params: {name: `${parent}/services/${service}`}, body: {}}, [service]),
      )
    }
  }
  const [only] = receipts
  if (receipts.length === 1 && only !== undefined) return only
  return {sent: {batches: receipts.map((receipt) => receipt.sent)}, received: {batches: receipts.map((receipt) => receipt.received)}}
}

const oneByOne = async (services: readonly string[], whole: GcpError, enable: (service: string) => Promise<void>): Promise<void> => {
  const refused: {service: string; error: GcpError}[] = []
  for (const service of services) {
    try {
      await enable(service)
    } catch (error) {
      if (!(error instanceof GcpError) || !perService.has(error.kind)) throw error
      refused.push({service, error})
    }
  }
  const [first] = refused
  if (first === undefined) return
  if (refused.length === services.length && services.length > 1) throw whole
  const names = refused.map(({service}) => service).join(', ')
  throw first.error.but({detail: `${names}: ${first.error.detail}`, service: first.service})
}
