import {fail} from '../../engine/finding.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {concludeServices, isOneShot, runningServices, type Running} from '../compose-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'

const judge = (running: Running): Target => {
  const {name, restart, restartCondition} = running.service
  const said = restart ?? restartCondition
  if (isOneShot(running)) {
    const expected = `${name}: no or on-failure, as it ends by itself`
    if (said === undefined) return held(running.service, expected, 'absent, which is no')
    if (said.value === undefined) return undecided(said, expected, `${withoutBraces(said.text)}, which has no default`)
    return /^(?:no|none|false|on-failure(?::\d+)?)$/.test(said.value)
      ? held(said, expected, said.value)
      : missed(said, expected, said.value)
  }
  const expected = `${name}: restart always, unless-stopped or on-failure`
  if (said === undefined) return missed(running.service, expected, 'absent')
  if (said.value === undefined) return undecided(said, expected, `${withoutBraces(said.text)}, which has no default`)
  const isMet =
    restart === undefined ? /^(?:any|on-failure)$/.test(said.value) : /^(?:always|unless-stopped|on-failure(?::\d+)?)$/.test(said.value)
  return isMet ? held(said, expected, said.value) : missed(said, expected, said.value)
}

export default defineRepositoryItem({
  observe: async (read) => ({compose: await read(readCompose), landmarks: await read(readLandmarks)}),

  evaluate: ({compose, landmarks}) => {
    // What only runs when its profile is asked for is not expected to come back by itself.
    const running = runningServices(compose).filter(({service}) => service.profiles.length === 0)
    return concludeServices(
      compose,
      running.map(judge),
      'a restart policy',
      {pass: 'RESTARTS', fail: 'RESTART_MISSING', partly: 'RESTARTS_PARTLY'},
      fail('RESTART_NO_COMPOSE', [{file: landmarks.root ?? 'compose.yaml', line: 1, expected: 'a compose file', actual: 'none'}]),
    )
  },
})
