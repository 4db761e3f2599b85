import {fail} from '../../engine/finding.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {concludeServices, each, runningServices} from '../compose-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'

const expected = 'a memory limit'

export default defineRepositoryItem({
  observe: async (read) => ({compose: await read(readCompose), landmarks: await read(readLandmarks)}),

  evaluate: ({compose, landmarks}) =>
    concludeServices(
      compose,
      // Zero is Docker's word for no limit.
      each(
        runningServices(compose),
        expected,
        ({memory}) => memory,
        (value) => /^0*[1-9]|\.\d/.test(value),
      ),
      expected,
      {pass: 'MEMORY_LIMITED', fail: 'MEMORY_UNLIMITED', partly: 'MEMORY_LIMITED_PARTLY'},
      fail('MEMORY_NO_COMPOSE', [{file: landmarks.root ?? 'compose.yaml', line: 1, expected: 'a compose file', actual: 'none'}]),
    ),
})
