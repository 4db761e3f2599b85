import {notApplicable, warn} from '../../engine/finding.ts'
import {readCompose, type ComposeProject, type ComposeService} from '../../repo/docker/compose.ts'
import {applicationProjects, isDatabaseService, runningServices, unreadServices, type Running} from '../compose-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

const isLoopback = (address: string | undefined): boolean => address !== undefined && /^(?:127\.|::1$|localhost$)/.test(address)

/** Started only when it is asked for: by a profile, or by naming a file for development. */
const isOptional = ({profiles}: ComposeService, {kind, purpose}: ComposeProject): boolean =>
  profiles.length > 0 || (kind === 'variant' && purpose === 'development')

type Judged = {target: Target; softened: boolean}

const judge = ({project, service}: Running): Judged[] => {
  const expected = `${service.name}: no published port`
  if (service.networkMode?.value === 'host')
    return [{target: missed(service.networkMode, expected, 'network_mode: host'), softened: isOptional(service, project)}]
  if (service.ports.length === 0) return [{target: held(service, expected, 'none'), softened: false}]
  return service.ports.map((port) => ({
    target: missed(port, expected, `ports: ${port.text}`),
    softened: isLoopback(port.hostIp) || isOptional(service, project),
  }))
}

export default defineRepositoryItem({
  observe: async (read) => ({compose: await read(readCompose)}),

  evaluate: ({compose}) => {
    const running = runningServices(compose)
    const others = applicationProjects(compose).flatMap((project) => project.services.map((service) => ({project, service})))
    const aside = others.filter(
      (one) =>
        !running.some(({service}) => service === one.service) &&
        !running.some(({service: {file, line}}) => file === one.service.file && line === one.service.line),
    )
    const judged = running.filter(isDatabaseService).flatMap(judge)
    // What a file for development publishes on the machine itself only is what such a file is for.
    const extra = aside
      .filter(isDatabaseService)
      .flatMap((one) => (one.service.ports.every(({hostIp}) => isLoopback(hostIp)) ? [] : judge(one)))
    const targets = [...judged, ...extra]
    const unread = unreadServices(compose, 'no published database port')
    if (targets.length === 0 && unread.length === 0) return notApplicable('DB_PORT_NO_DATABASE')
    const hard = targets.filter(({softened}) => !softened).map(({target}) => target)
    const soft = targets.filter(({softened}) => softened).map(({target}) => target.evidence)
    const finding = concludeTargets([...hard, ...unread], {pass: 'DB_PORT_PRIVATE', fail: 'DB_PORT_PUBLISHED'})
    if (soft.length === 0 || finding.status === 'fail' || unread.length > 0) return finding
    return warn('DB_PORT_LOCAL', soft)
  },
})
