import {notApplicable} from '../../engine/finding.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {concludeServices, each, runningServices} from '../compose-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'

const isLimit = (value: string): boolean => /[1-9]/.test(value) && !value.startsWith('-')

export default defineRepositoryItem({
  observe: async (read) => ({compose: await read(readCompose)}),

  evaluate: ({compose}) => {
    const running = runningServices(compose)
    const targets = [
      ...each(running, 'a CPU limit', ({cpus}) => cpus, isLimit),
      ...each(running, 'a limit of processes', ({pids}) => pids, isLimit),
    ]
    const codes = {pass: 'CPU_PIDS_LIMITED', fail: 'CPU_PIDS_UNLIMITED', partly: 'CPU_PIDS_LIMITED_PARTLY'}
    return concludeServices(compose, targets, 'limits of CPUs and processes', codes, notApplicable('CPU_PIDS_NO_COMPOSE'))
  },
})
