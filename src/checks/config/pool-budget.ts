import {notApplicable} from '../../engine/finding.ts'
import {readEngines} from '../../repo/application/engines.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {applicationEngines, unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedVariables} from '../deployed-variables.ts'
import {connectionsOf} from '../max-connections.ts'
import {poolFactor, workerFactor, type Factor} from '../pool-demand.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'
import {apiServices, databases, runWorkloads} from '../terraform-services.ts'
import {textOf} from '../terraform-values.ts'

/** Of max_connections; the rest is for migrations, people, and Cloud SQL itself. */
const share = 0.8

export default defineRepositoryItem({
  observe: async (read) => ({
    engines: await read(readEngines),
    settings: await read(readSettings),
    docker: await read(readDockerfiles),
    builds: await read(readImageBuilds),
    compose: await read(readCompose),
    workflows: await read(readWorkflows),
    terraform: await read(readTerraform),
  }),
  evaluate: ({engines, settings, docker, builds, terraform, ...deployed}, {config}) => {
    const own = applicationEngines(engines)
    const pooled = own.filter(({poolClass}) => poolClass !== 'NullPool')
    const [engine] = pooled.length > 0 ? pooled : own
    const unread = unreadTargets('an engine that can be read', engines)
    if (engine === undefined)
      return unread.length > 0 ? concludeTargets(unread, {pass: 'POOLS_FIT', fail: 'POOLS_TOO_LARGE'}) : notApplicable('NO_ENGINE')
    if (pooled.length === 0) return notApplicable('NO_POOL')
    const names = [...settings.fields.flatMap(({variables}) => variables), 'WEB_CONCURRENCY']
    // What compose gives is for a developer's machine.
    const given = deployedVariables({...deployed, terraform}, names).filter(({by}) => by !== 'compose')
    const workers = workerFactor(docker, builds, given) ?? {file: engine.file, line: engine.line, value: 1, what: 'workers'}
    const pools = pooled.map((one) => {
      const size = poolFactor(one, 'pool_size', settings, given)
      const overflow = poolFactor(one, 'max_overflow', settings, given)
      return {size, overflow, connections: (size.value ?? NaN) + (overflow.value ?? NaN)}
    })
    // The largest is judged, one that is not known first: of several engines an application may only use one, or all.
    const largest = pools.reduce((one, other) => (other.connections > one.connections || Number.isNaN(other.connections) ? other : one))
    const {size, overflow} = largest
    const roots = terraform.roots.some(({environment}) => environment === config.env) ? config.env : null
    const services = apiServices(runWorkloads(terraform)).filter(({environment}) => roots === null || environment === roots)
    const stated = services.flatMap(({maxInstances}) => (maxInstances === undefined ? [] : [maxInstances]))
    const instances: Factor =
      stated[0] === undefined
        ? {file: engine.file, line: engine.line, value: config.runMax, what: 'instances (runMax of the configuration)'}
        : {file: stated[0].file, line: stated[0].line, value: numberOf(textOf(stated[0])), what: 'instances'}
    const factors = [workers, size, overflow, instances]
    const open = factors.find(({value}) => value === undefined || Number.isNaN(value))
    const limit = limitOf(
      databases(terraform).filter(({environment}) => roots === null || environment === roots),
      config.dbTier,
      engine,
    )
    const demand = (workers.value ?? 0) * ((size.value ?? 0) + (overflow.value ?? 0)) * (instances.value ?? 0)
    const together = (workers.value ?? 0) * (instances.value ?? 0) * pools.reduce((all, one) => all + one.connections, 0)
    const sum = `${workers.value ?? '?'} × (${size.value ?? '?'} + ${overflow.value ?? '?'}) × ${instances.value ?? '?'} = ${demand}`
    const expected =
      limit.value === undefined ? 'a known max_connections' : `at most ${Math.floor(limit.value * share)} of ${limit.value} connections`
    const places = factors.map((factor): Target => held(factor, factor.what, String(factor.value ?? 'unknown')))
    const verdict =
      open !== undefined
        ? undecided(open, `${open.what} that are known`, 'a number that is only known at run time')
        : limit.value === undefined
          ? undecided(limit, expected, 'a machine type that is not known')
          : demand > limit.value * share
            ? missed(size, expected, sum)
            : together > limit.value * share
              ? undecided(size, expected, `${sum}, and ${together} where all ${pools.length} engines are in use at once`)
              : held(size, expected, sum)
    return concludeTargets(
      [verdict, ...(verdict.verdict === 'undecided' ? [] : places), ...unread],
      {pass: 'POOLS_FIT', fail: 'POOLS_TOO_LARGE'},
      {sum},
    )
  },
})

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))

type Found = ReturnType<typeof databases>

/** Connections that the database admits: its flag, its machine type, or the machine type that is configured for it. */
const limitOf = (found: Found, tier: string, place: {file: string; line: number}): Factor => {
  const [database] = found
  if (database === undefined) return {file: place.file, line: place.line, value: connectionsOf(tier), what: 'max_connections'}
  const flag = database.flags.find(({name}) => name === 'max_connections')
  const {file, line} = flag?.value ?? database.tier ?? database.resource
  const type = textOf(database.tier) ?? (database.tier === undefined ? tier : undefined)
  const value = flag === undefined ? (type === undefined ? undefined : connectionsOf(type)) : numberOf(textOf(flag.value))
  return {file, line, value, what: 'max_connections'}
}
