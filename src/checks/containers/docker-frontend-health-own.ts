import {notApplicable} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {readStartScripts} from '../../repo/docker/start-scripts.ts'
import {readNginx, type NginxFacts} from '../../repo/nginx/nginx.ts'
import {configsOf} from '../container-ports.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages, type DeployedImage} from '../deployed-images.ts'
import {healthProbeOf, type HealthProbe} from '../health-probes.ts'
import {answerOf, scopeFor} from '../nginx-locations.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'a probe of its own static path on 127.0.0.1'

const judge = ({dockerfile}: DeployedImage, {instruction, probes}: HealthProbe, nginx: NginxFacts): Target[] => {
  const place = {file: dockerfile.file, line: instruction.line}
  if (probes.length === 0) return [undecided(place, expected, withoutBraces(instruction.text).slice(0, 80))]
  return probes.map(({host, path}) => {
    if (host.startsWith('$')) return undecided(place, expected, `the host ${withoutBraces(host)}`)
    if (!/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(host)) return missed(place, expected, `asks ${host}`)
    const servers = configsOf(dockerfile.file, nginx).flatMap((config) => config.servers)
    const answers = servers.map((server) => scopeFor(server, path)).map((scope) => (scope === undefined ? undefined : answerOf(scope)))
    if (answers.includes('upstream')) return missed(place, expected, `${path}, which goes to the backend`)
    if (answers.includes(undefined)) return undecided(place, expected, `${path}, in a location that cannot be followed`)
    return held(place, expected, `${host}${path}`)
  })
}

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{docker: await read(readDockerfiles), builds: await read(readImageBuilds)},
    ...{scripts: await read(readStartScripts), nginx: await read(readNginx)},
  }),

  evaluate: (facts) => {
    const frontends = deployedImages(facts).filter(({kind}) => kind === 'static')
    const targets = frontends.flatMap((image) => {
      const probe = healthProbeOf(image, facts.scripts)
      return probe === undefined || probe.none ? [] : judge(image, probe, facts.nginx)
    })
    const open = undecidedImages(facts, expected)
    if (targets.length === 0 && open.length === 0) return notApplicable('FRONTEND_HEALTH_NONE')
    return concludeTargets([...targets, ...open], {pass: 'FRONTEND_HEALTH_OWN', fail: 'FRONTEND_HEALTH_FOREIGN'})
  },
})
