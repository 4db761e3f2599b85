import {posix} from 'node:path'
import {notApplicable} from '../../engine/finding.ts'
import {readCompose, type ComposeMount, type ComposeService} from '../../repo/docker/compose.ts'
import {readDockerfiles, type DockerfileFacts} from '../../repo/docker/dockerfiles.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {workdirIn, stageCalled} from '../../repo/docker/stages.ts'
import {concludeServices, runningServices} from '../compose-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'

/** Where the image of a service has its code; undefined when that cannot be said. */
const workdirOf = ({build}: ComposeService, {dockerfiles}: DockerfileFacts): string | undefined => {
  const dockerfile = dockerfiles.find(({file}) => file === build?.dockerfile)
  const named = build?.target?.value
  const stage = dockerfile === undefined ? undefined : named === undefined ? dockerfile.stages.at(-1) : stageCalled(dockerfile, named)
  return dockerfile === undefined || stage === undefined ? undefined : workdirIn(dockerfile, stage)
}

const isWithin = (inner: string, outer: string): boolean => inner === outer || outer === '/' || inner.startsWith(`${outer}/`)

const judge = (service: ComposeService, mount: ComposeMount, workdir: string | undefined): Target[] => {
  const expected = `${service.name}: nothing mounted over the code`
  const target = posix.normalize(mount.target ?? '').replace(/(?<=.)\/$/, '')
  const isFolder = !posix
    .basename(mount.source ?? '')
    .replace(/^\.+/, '')
    .includes('.')
  const actual = `${mount.source ?? ''} over ${target}`
  if (workdir === undefined) return [undecided(mount, expected, `${withoutBraces(actual)}, and the work directory is not known`)]
  // Over it or a folder above it hides all of it, over a folder below it a part; single files (settings) and data are no code.
  const isCode =
    isWithin(workdir, target) ||
    (isWithin(target, workdir) &&
      isFolder &&
      !/(?:^|\/)(?:data|uploads?|media|logs?|tmp|cache|storage|static|secrets?|certs?|config|backups?|volumes?)(?:\/|$)/.test(
        target.slice(workdir.length),
      ))
  return isCode ? [missed(mount, expected, actual)] : []
}

export default defineRepositoryItem({
  observe: async (read) => ({compose: await read(readCompose), docker: await read(readDockerfiles)}),

  evaluate: ({compose, docker}) => {
    const built = runningServices(compose).filter(({service}) => service.build !== undefined)
    if (built.length === 0 && compose.unread.length === 0) return notApplicable('SOURCE_MOUNT_NO_SERVICE')
    const targets = built.flatMap(({service}) => {
      // A mount in the override file is where development belongs.
      const mounts = service.volumes.filter(({type, file}) => type === 'bind' && !/override\.ya?ml$/.test(file))
      const found = mounts.flatMap((mount) => judge(service, mount, workdirOf(service, docker)))
      return found.length > 0 ? found : [held(service, `${service.name}: nothing mounted over the code`, 'none')]
    })
    const codes = {pass: 'SOURCE_NOT_MOUNTED', fail: 'SOURCE_MOUNTED'}
    return concludeServices(compose, targets, 'nothing mounted over the code', codes, notApplicable('SOURCE_MOUNT_NO_SERVICE'))
  },
})
