import type {Condition} from '../repo/application/conditions.ts'
import type {Chain, LogFormatter, Logging, StructlogSetUp} from '../repo/application/logging.ts'
import type {Processor} from '../repo/application/processors.ts'
import {holds, openParts, type Surroundings} from './conditions.ts'

/** A chain as it is in one environment; `open`: there may be more in it, or what is in it may not be. */
export type LiveChain = {processors: readonly Processor[]; open: boolean}

export const chainIn = ({processors, open}: Chain, around: Surroundings): LiveChain => {
  const live = processors.filter(({condition}) => holds(condition, around) !== false)
  return {processors: live, open: open || live.some(({condition}) => holds(condition, around) === undefined)}
}

export const rendersJson = ({name, own, json}: Processor): boolean =>
  own ? json : /(?:^|\.)JSONRenderer$|^structlog_gcp\b|^structlog_google\w*\b|\bjson\b.*[rR]ender/.test(name)
const rendersText = ({name}: Processor): boolean => /(?:ConsoleRenderer|KeyValueRenderer|LogfmtRenderer)$/.test(name)
const handsOn = ({name}: Processor): boolean => /(?:wrap_for_formatter|render_to_log_kwargs|render_to_log_args_and_kwargs)$/.test(name)
/** Processors that bring all that Google wants, by their package. */
export const isForGoogle = ({name}: Processor): boolean => /^structlog_gcp\b|^structlog_google/.test(name)

/** One way of a line through structlog: what set it up, every step in order, and how it ends. */
export type LineWay = {
  setUp: StructlogSetUp
  formatter: LogFormatter | undefined
  steps: readonly Processor[]
  ends: 'json' | 'text' | 'nowhere' | 'open'
  last: Processor | undefined
}

/** The ways of structlog's lines in an environment: what the last set-up that runs there does with them. */
export const lineWays = ({structlog, formatters}: Pick<Logging, 'structlog' | 'formatters'>, around: Surroundings): LineWay[] => {
  const live = structlog.filter(({condition}) => holds(condition, around) !== false)
  return live.flatMap((setUp): LineWay[] => {
    const own = chainIn(setUp, around)
    const last = own.processors.at(-1)
    if (holds(setUp.condition, around) === undefined) return [{setUp, formatter: undefined, steps: own.processors, ends: 'open', last}]
    if (!setUp.given) return [{setUp, formatter: undefined, steps: [], ends: 'text', last: undefined}]
    if (own.processors.some(rendersJson))
      return [{setUp, formatter: undefined, steps: own.processors, ends: 'json', last: own.processors.findLast(rendersJson)}]
    if (last !== undefined && handsOn(last)) {
      const takers = formatters.filter(({condition}) => holds(condition, around) !== false)
      if (takers.length === 0) return [{setUp, formatter: undefined, steps: own.processors, ends: 'nowhere', last}]
      const ways = takers.map((formatter) => ofFormatter(setUp, formatter, own, around))
      // Several formatters: one for each handler. One that makes JSON is enough where the others are for files and terminals.
      return ways.some(({ends}) => ends === 'json') ? ways.filter(({ends}) => ends === 'json') : ways
    }
    const text = own.processors.find(rendersText)
    if (text !== undefined && !own.open) return [{setUp, formatter: undefined, steps: own.processors, ends: 'text', last: text}]
    return [{setUp, formatter: undefined, steps: own.processors, ends: own.open || last === undefined ? 'open' : 'nowhere', last}]
  })
}

const ofFormatter = (setUp: StructlogSetUp, formatter: LogFormatter, own: LiveChain, around: Surroundings): LineWay => {
  const chain = chainIn(formatter, around)
  const steps = [...own.processors, ...chain.processors]
  if (formatter.kind === 'json') return {setUp, formatter, steps, ends: 'json', last: own.processors.at(-1)}
  const json = chain.processors.findLast(rendersJson)
  if (json !== undefined) return {setUp, formatter, steps, ends: 'json', last: json}
  const text = chain.processors.find(rendersText)
  return {setUp, formatter, steps, ends: chain.open ? 'open' : text === undefined ? 'nowhere' : 'text', last: text}
}

/** Every condition in the set-up, to know which settings have a say. */
export const conditionsIn = ({structlog, formatters}: Pick<Logging, 'structlog' | 'formatters'>): Condition[] =>
  [...structlog, ...formatters].flatMap((one) => [one.condition, ...one.processors.map(({condition}) => condition)])

/** Why it cannot be said how lines end, in a few words. */
export const whyOpen = (logging: Pick<Logging, 'structlog' | 'formatters'>): string =>
  conditionsIn(logging).flatMap(openParts)[0]?.text ?? 'processors that are only known at run time'
