import {fail} from '../../engine/finding.ts'
import {readEngines} from '../../repo/application/engines.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {applicationEngines, mainSettings, unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

const wanted = ['pool_size', 'max_overflow', 'pool_pre_ping', 'pool_recycle']

export default defineRepositoryItem({
  observe: async (read) => ({engines: await read(readEngines), settings: await read(readSettings)}),
  evaluate: ({engines, settings}) => {
    const all = applicationEngines(engines)
    // Beside an engine with a pool, one without (a worker's, a task's) holds no connections to tune.
    const pooled = all.filter(({poolClass}) => poolClass !== 'NullPool')
    const own = pooled.length > 0 ? pooled : all
    if (own.length === 0) {
      const [unread] = engines.unread
      const place = engines.engines[0] ?? mainSettings(settings)
      if (unread !== undefined) return dynamic(`${unread.file}:${unread.line}: ${unread.why}`)
      if (place === undefined) return dynamic('no engine of SQLAlchemy was found')
      return fail('NO_ENGINE', [{file: place.file, line: place.line, expected: 'an engine that serves requests', actual: 'none'}])
    }
    const targets = own.flatMap((engine): Target[] => {
      if (engine.poolClass === 'NullPool')
        return [undecided(engine, 'a pool of known size', 'NullPool: a pooler outside of the application may take its place')]
      return wanted.map((name) => {
        const option = engine.pool.find((one) => one.name === name)
        if (option === undefined)
          return engine.open
            ? undecided(engine, name, 'arguments that are only known at run time')
            : missed(engine, name, `an engine without ${name}`)
        if (!option.given) return missed(option, name, `${name} is None`)
        if (name === 'pool_pre_ping' && option.value !== true)
          return option.value === undefined && option.field === undefined
            ? undecided(option, 'pool_pre_ping=True', 'a value that is only known at run time')
            : missed(option, 'pool_pre_ping=True', `pool_pre_ping=${option.value === false ? 'False' : 'something else'}`)
        return held(option, name, option.field ?? String(option.value ?? 'given'))
      })
    })
    return concludeTargets([...targets, ...unreadTargets('an engine that can be read', engines)], {
      pass: 'POOL_TUNED',
      fail: 'POOL_NOT_TUNED',
      partly: 'POOL_PARTLY_TUNED',
    })
  },
})
