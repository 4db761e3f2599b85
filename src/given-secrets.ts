import type {JsonObject} from './engine/json.ts'
import type {Request} from './engine/change.ts'
import type {GivenSecrets} from './checks/define-item.ts'
import {GcpError} from './gcp/gcp-error.ts'

const key = (): string | undefined => process.env['QLOGIC_PAGERDUTY_SERVICE_KEY'] || undefined

/** Secrets that a run is given in the environment and that are kept nowhere: whether they are there. */
export const givenSecrets = (): GivenSecrets => ({pagerdutyServiceKey: key() !== undefined})

const token = '{pagerdutyServiceKey}'

type Call = Extract<Request, {kind: 'call'}>

/** Sends a request with what stands for a given secret replaced by it; the secret is in neither the receipt nor an error. */
export const withGivenSecrets = async <T>(request: Call, send: (filled: Call) => Promise<T>): Promise<T> => {
  if (!JSON.stringify(request.body).includes(token)) return send(request)
  const secret = key()
  if (secret === undefined) throw new Error('QLOGIC_PAGERDUTY_SERVICE_KEY is not set in the environment any more')
  const labels = request.body['labels']
  const body: JsonObject = {...request.body, labels: {...(isObject(labels) ? labels : {}), service_key: secret}}
  try {
    return await send({...request, body})
  } catch (error) {
    if (error instanceof GcpError && error.detail.includes(secret.slice(0, 8)))
      throw error.but({detail: 'refused; the message is withheld because it quotes the key'})
    throw error
  }
}

const isObject = (value: JsonObject[string]): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)
