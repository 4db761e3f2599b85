import type {SetUp} from '../repo/application/logging.ts'
import type {Telemetry} from '../repo/application/telemetry.ts'
import {absent} from './absent.ts'
import {holds, settingsOf} from './conditions.ts'
import {isDeploymentKnown, isDevelopment, runningEnvironments, type Running} from './running-environments.ts'
import {held, missed, undecided, type Target} from './targets.ts'

/** A set-up as a target: whether it runs where the application is deployed, or only when a setting says so that nothing gives. */
export const runsWhereDeployed = (one: SetUp, running: Running, expected: string, actual: string): Target => {
  if (one.condition.is === 'always') return held(one, expected, actual)
  const each = runningEnvironments(running, [one.condition])
    .filter(({name}) => !isDevelopment(name))
    .map(({around}) => holds(one.condition, around))
  if (each.length > 0 && each.every((runs) => runs === true)) return held(one, expected, actual)
  const by = [...new Set(settingsOf(one.condition).map(({variables}) => variables[0] ?? ''))].join(', ') || 'a test'
  // Where nothing says what the services are given, a switch that is off by default may be on.
  if (each.includes(false) && isDeploymentKnown(running)) return missed(one, expected, `${actual}, which ${by} switches off`)
  return undecided(one, expected, `${actual}, only when ${by} says so`)
}

/** The best of several ways to have something: one that holds, else one that may, else those that do not. */
export const best = (targets: readonly Target[]): Target[] => {
  for (const verdict of ['held', 'undecided'] as const) {
    const [first] = targets.filter((one) => one.verdict === verdict)
    if (first !== undefined) return [first]
  }
  return [...targets]
}

export const instrumented = 'FastAPI instrumented at start-up'
export const exported = 'a tracer provider with an exporter that sends traces'
const local = /(?:Console|InMemory)\w*Exporter$/
const short = (name: string): string => name.split('.').at(-1) ?? name

/** Instrumentation and exporter as code sets them up. */
export const tracingInCode = (telemetry: Telemetry, running: Running): Target[] => {
  const {
    instruments,
    exporters,
    providers,
    wrappers,
    unreached,
    applications: [app],
  } = telemetry
  const [idle] = unreached.filter(({name}) => /instrument/i.test(name))
  const first =
    instruments.length > 0
      ? best(instruments.map((one) => runsWhereDeployed(one, running, instrumented, one.name)))
      : idle !== undefined
        ? [missed(idle, instrumented, `${idle.name} in code that nothing calls`)]
        : app === undefined
          ? []
          : [absent(telemetry, app, instrumented, 'nothing instruments it')]
  const all = exporters.filter((one) => one.of === 'traces')
  const sending = all.filter(({name}) => !local.test(name))
  const set = providers.some((one) => one.of === 'traces')
  const second =
    wrappers.length > 0
      ? best(wrappers.map((one) => runsWhereDeployed(one, running, exported, one.name)))
      : sending.length > 0
        ? set
          ? best(sending.map((one) => runsWhereDeployed(one, running, exported, short(one.name))))
          : sending.map((one) => missed(one, exported, 'its provider is never set'))
        : all.length > 0
          ? all.map((one) => missed(one, exported, `only ${short(one.name)}`))
          : [instruments[0] ?? app].flatMap((place) =>
              place === undefined ? [] : [absent(telemetry, place, exported, 'no exporter is set up')],
            )
  return [...first, ...second]
}
