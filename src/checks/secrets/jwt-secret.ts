import {secretName} from '../../changes/resource-names.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import type {RunService} from '../../gcp/cloud.ts'
import {ageInDays} from '../age.ts'
import {defineItem} from '../define-item.ts'
import {isLiteral, serviceRow, variableOf} from '../run-service.ts'
import {makeReadable, readSecret, unreadable, type KeptSecret} from '../secret-state.ts'

const id = 'jwt-secret'
const codes = {
  missing: 'JWT_SECRET_MISSING',
  noVersion: 'JWT_SECRET_WITHOUT_VERSION',
  disabled: 'JWT_SECRET_DISABLED',
  destroyed: 'JWT_SECRET_DESTROYED',
}

/** `backend`: the service that signs with it, where there is one. */
type Observed = KeptSecret & {backend?: RunService | undefined}

const variable = 'JWT_SECRET'

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const service = config.compute === 'cloud-run' ? cloud.run.service(config.region, config.runServices.backend) : undefined
    const [kept, backend] = await Promise.all([readSecret(cloud, id), service])
    return {...kept, backend}
  },

  evaluate({backend, ...kept}, {config, now}) {
    const broken = unreadable(kept, id, config, codes)
    if (broken !== undefined) return broken
    const resource = secretName(config.projectId, id)
    const days = ageInDays(kept.latest?.createTime ?? now.toISOString(), now)
    const args = {secret: id, days, maxDays: config.secretMaxAgeDays, service: config.runServices.backend}
    if (backend !== undefined && variableOf(backend, variable)?.secret !== id) {
      const literal = isLiteral(variableOf(backend, variable))
      const row = serviceRow(
        config,
        backend.name,
        `template.containers[].env[${variable}]`,
        `secret ${id}`,
        literal ? 'a value in plain text' : variableOf(backend, variable)?.secret,
      )
      return warn(literal ? 'JWT_SECRET_LITERAL' : 'JWT_SECRET_NOT_USED', [row], args)
    }
    return days > config.secretMaxAgeDays
      ? warn(
          'JWT_SECRET_OLD',
          [seen(resource, 'versions/latest.createTime', `at most ${config.secretMaxAgeDays} days ago`, `${days} days ago`)],
          args,
        )
      : pass('JWT_SECRET_ENABLED', [seen(resource, 'versions/latest.state', 'ENABLED', 'ENABLED')], args)
  },

  plan: (kept, {config}) =>
    makeReadable(kept, config, {
      id,
      value: {generate: {bytes: 64, encoding: 'base64url'}},
      replacing: 'with a new value everybody is signed out once',
    }),

  fresh: () => ({secret: undefined, latest: undefined}),
})
