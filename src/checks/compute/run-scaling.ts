import {boundService, type Part} from '../../changes/run.ts'
import {sqlInstanceName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, notApplicable, pass, seen, warn, type Finding} from '../../engine/finding.ts'
import type {RunService, SqlInstance} from '../../gcp/cloud.ts'
import {maxConnections} from '../max-connections.ts'
import {defineItem} from '../define-item.ts'
import {connectionsWanted, nobody, present, readPair, serviceRow, underOptionB, wantedMin, type Pair} from '../run-service.ts'
import {worst} from '../worst.ts'

type Observed = {pair: Pair; instance: SqlInstance | undefined}

/** What Cloud Run takes for a revision that says nothing. */
const standardMax = 100

/** Both levels hold: the higher minimum, the lower maximum. Zero is "not set". */
const boundsOf = ({scaling, template}: RunService): {min: number; max: number} => ({
  min: Math.max(scaling.minInstanceCount ?? 0, template.scaling.minInstanceCount ?? 0),
  max: Math.min(scaling.maxInstanceCount || Infinity, template.scaling.maxInstanceCount || standardMax),
})

const isCold = (service: RunService, config: Config): boolean => config.env === 'prod' && boundsOf(service).min < wantedMin(config)
const isWide = (service: RunService, config: Config): boolean => boundsOf(service).max > config.runMax

const boundProblems = (service: RunService, config: Config): (Finding | undefined)[] => {
  const {min, max} = boundsOf(service)
  const args = {service: service.name, min, max, wantedMin: wantedMin(config), wantedMax: config.runMax}
  const row = (field: string, expected: unknown, actual: unknown) => [serviceRow(config, service.name, field, expected, actual)]
  return [
    isCold(service, config)
      ? fail('RUN_MIN_TOO_LOW', row('scaling.minInstanceCount', `at least ${wantedMin(config)}`, min), args)
      : undefined,
    isWide(service, config) ? fail('RUN_MAX_TOO_HIGH', row('scaling.maxInstanceCount', `at most ${config.runMax}`, max), args) : undefined,
    service.scaling.scalingMode === 'MANUAL'
      ? warn('RUN_SCALING_MANUAL', row('scaling.scalingMode', 'AUTOMATIC', 'MANUAL'), {
          ...args,
          count: service.scaling.manualInstanceCount ?? 0,
        })
      : undefined,
  ]
}

const crowd = (backend: RunService | undefined, instance: SqlInstance | undefined, config: Config): Finding | undefined => {
  const limit = instance && maxConnections(instance)
  if (backend === undefined || limit === undefined) return undefined
  const {max} = boundsOf(backend)
  const {connections, workers, pool} = connectionsWanted(backend, max)
  if (connections <= limit) return undefined
  const database = sqlInstanceName(config.projectId, config.sqlInstance)
  return warn('RUN_OUTGROWS_DATABASE', [seen(database, 'max_connections', `at least ${connections}`, limit)], {
    service: backend.name,
    max,
    workers,
    pool,
    connections,
    limit,
    instance: config.sqlInstance,
  })
}

export default defineItem<Observed>({
  excluded: ({config}) => underOptionB(config, 'RUN_NOT_CHOSEN'),

  async observe({cloud}, {config}) {
    const [pair, instance] = await Promise.all([readPair(cloud, config), cloud.sql.instance(config.sqlInstance)])
    return {pair, instance}
  },

  evaluate({pair, instance}, {config}) {
    const found = present(pair)
    if (found.length === 0) return notApplicable('RUN_SERVICES_ABSENT')
    const shown = found.map(({service}) => ({service, ...boundsOf(service)}))
    return worst(
      [...found.flatMap(({service}) => boundProblems(service, config)), crowd(pair.backend, instance, config)],
      pass(
        'RUN_BOUNDS_HELD',
        shown.map(({service, min, max}) =>
          serviceRow(config, service.name, 'scaling', `${wantedMin(config)} to ${config.runMax}`, `${min} to ${max}`),
        ),
        {bounds: shown.map(({service, min, max}) => `${service.name} ${min} to ${max}`).join(', ')},
      ),
    )
  },

  plan({pair}, {config}) {
    const bound = ({part, service}: {part: Part; service: RunService}) => {
      const {min, max} = boundsOf(service)
      if (!isCold(service, config) && !isWide(service, config)) return []
      const limits = {min: isCold(service, config) ? wantedMin(config) : Math.min(min, config.runMax), max: Math.min(max, config.runMax)}
      return [boundService(config, part, service.name, limits, {min, max})]
    }
    return present(pair).flatMap(bound)
  },

  fresh: () => ({pair: nobody, instance: undefined}),
})
