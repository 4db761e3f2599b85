import {readTableCreations} from '../../repo/application/table-creation.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({creations: await read(readTableCreations)}),
  evaluate: ({creations}) => {
    const expected = 'a start that makes no tables'
    const found = creations.creations.map((one) => {
      const way = one.chain.map(({name, file, line}) => (name === file ? file : `${name}() at ${file}:${line}`)).join(', ')
      const guard = one.guard === undefined ? '' : `, if ${one.guard.text}`
      return missed(one, expected, `${one.name}${guard}, reached through ${way}`)
    })
    const quiet =
      found.length > 0
        ? []
        : creations.applications.map(({startup, ...place}) => held(startup ?? place, expected, 'no create_all is reached'))
    return concludeTargets([...found, ...quiet, ...unreadTargets(expected, creations)], {
      pass: 'NO_CREATE_ALL',
      fail: 'CREATE_ALL_AT_START',
    })
  },
})
