import {readErrorHandling} from '../../repo/application/errors.ts'
import type {Leak} from '../../repo/application/error-flow.ts'
import {holds, openParts} from '../conditions.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {isDevelopment, observeRunning, runningEnvironments, type Running} from '../running-environments.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'an answer without the text of what was caught'

/** The environments beside development in which a leak shows, each with what deploys it. */
const leak = (one: Leak, running: Running): Target[] => {
  const about = `${one.how} of ${one.caught.what} at ${one.caught.file}:${one.caught.line}`
  if (one.condition.is === 'always') return [missed(one.response, expected, about)]
  const environments = runningEnvironments(running, [one.condition]).filter(({name}) => !isDevelopment(name))
  const shown = environments.filter(({around}) => holds(one.condition, around) === true)
  const unclear = environments.filter(({around}) => holds(one.condition, around) === undefined)
  if (shown.length > 0) {
    const deployed = shown.flatMap((each) => each.deployed ?? [])
    return [
      missed(one.response, expected, `${about}, in ${shown.map(({name}) => name).join(', ')}`),
      ...deployed.map((at) => missed(at, 'an ENVIRONMENT that shows no details', `${at.name} ${at.shown} lets them through`)),
    ]
  }
  if (unclear.length === 0) return [held(one.response, expected, `${one.how} only in development`)]
  return [
    undecided(
      one.response,
      expected,
      `${about}, behind ${openParts(one.condition)[0]?.text ?? 'a setting that is only known at run time'}`,
    ),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({errors: await read(readErrorHandling), running: await observeRunning(read)}),

  evaluate: ({errors, running}) => {
    const unread = unreadTargets('code that can be read', errors, {unread: errors.unfollowed})
    const [app] = errors.applications
    if (app === undefined && unread.length === 0) return dynamic('no application of FastAPI was found')
    const debug = errors.debug.map((one): Target => {
      const wanted = 'debug off outside of development'
      const each = runningEnvironments(running, [one.condition])
        .filter(({name}) => !isDevelopment(name))
        .map(({around}) => holds(one.condition, around))
      if (each.includes(true)) return missed(one, wanted, `debug=${one.text}`)
      return each.includes(undefined) ? undecided(one, wanted, `debug=${one.text}`) : held(one, wanted, `debug=${one.text}`)
    })
    const leaks = errors.leaks.flatMap((one) => leak(one, running))
    const none =
      app !== undefined && leaks.length + debug.length === 0 ? [held(app, expected, 'no caught exception reaches an answer')] : []
    return concludeTargets([...leaks, ...debug, ...none, ...unread], {
      pass: 'DETAILS_INSIDE',
      fail: 'DETAILS_LEAK',
      partly: 'DETAILS_PARTLY_LEAK',
    })
  },
})
