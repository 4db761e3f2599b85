import {fail} from '../../engine/finding.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readStartScripts} from '../../repo/docker/start-scripts.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {listeningOf, type Listening} from '../container-ports.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages, type DeployedImage} from '../deployed-images.ts'
import {healthProbeOf, stageHas, type Probe} from '../health-probes.ts'
import {servesPath, type PathFacts} from '../served-paths.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

type Place = {file: string; line: number}

const askedPort = (place: Place, {port, followsPort}: Probe, listening: Listening | undefined): Target => {
  const expected =
    listening === undefined ? 'the port that is listened on' : `port ${listening.followsPort ? 'PORT' : listening.ports.join(', ')}`
  const actual = followsPort ? 'PORT' : `port ${port ?? 'of a variable'}`
  if (listening === undefined || (port === undefined && !followsPort)) return undecided(place, expected, actual)
  const isSame = followsPort
    ? listening.followsPort || (port !== undefined && listening.ports.includes(port))
    : port !== undefined && listening.ports.includes(port)
  if (isSame) return held(place, expected, actual)
  // Where PORT has no value in the image, what the platform will send is not in the repository.
  return listening.followsPort && listening.ports.length === 0 ? undecided(place, expected, actual) : missed(place, expected, actual)
}

const judge = (image: DeployedImage, facts: PathFacts & Parameters<typeof listeningOf>[1]): Target[] => {
  const {dockerfile, stage} = image
  const probe = healthProbeOf(image, facts.scripts)
  const expected = 'a HEALTHCHECK in the deployed stage'
  if (probe === undefined) return [missed({file: dockerfile.file, line: stage.line}, expected, 'none')]
  const place = {file: dockerfile.file, line: probe.instruction.line}
  if (probe.none) return [missed(place, expected, 'HEALTHCHECK NONE')]
  const needed = [...new Set([...(probe.needsShell ? ['sh'] : []), probe.program])].filter((name) => name !== '')
  const programs = needed.map((name): Target => {
    const has = stageHas(image, name)
    const wanted = `${name} in the image`
    return has === undefined
      ? undecided(place, wanted, 'not known to be there')
      : has
        ? held(place, wanted, 'there')
        : missed(place, wanted, 'not there')
  })
  const own = probe.probes.filter(({host}) => /^(?:localhost|127\.|0\.0\.0\.0|\[::1\]|\$)/.test(host))
  const asked = own.length > 0 ? own : probe.probes
  const isKnown = asked.length > 0 || /^(?:pg_isready|redis-cli|valkey-cli|mysqladmin)$/.test(probe.program)
  const listening = listeningOf(image, facts)
  return [
    ...programs,
    ...(isKnown ? [] : [undecided(place, 'an address that is served', probe.instruction.text.slice(0, 80))]),
    ...asked.flatMap((one) => [askedPort(place, one, listening), servesPath(image, one.path, place, facts)]),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{docker: await read(readDockerfiles), builds: await read(readImageBuilds), compose: await read(readCompose)},
    ...{
      scripts: await read(readStartScripts),
      nginx: await read(readNginx),
      routes: await read(readRoutes),
      landmarks: await read(readLandmarks),
    },
  }),

  evaluate: (facts) => {
    const images = deployedImages(facts).filter(({kind}) => kind !== 'database')
    const open = undecidedImages(facts, 'a HEALTHCHECK')
    if (images.length === 0 && open.length === 0) {
      return fail('HEALTHCHECK_NO_DOCKERFILE', [
        {file: facts.landmarks.root ?? 'Dockerfile', line: 1, expected: 'a Dockerfile', actual: 'none'},
      ])
    }
    // A check in compose is half of it: other platforms do not see it.
    const composed = images.flatMap((image) => {
      const services = facts.compose.projects
        .flatMap((project) => project.services)
        .filter(({build}) => build?.dockerfile === image.dockerfile.file)
      const found = services.flatMap(({healthcheck}) => (healthcheck === undefined || healthcheck.disabled ? [] : [healthcheck]))
      return healthProbeOf(image, facts.scripts) === undefined
        ? found.slice(0, 1).map((one) => held(one, 'a health check', 'in compose only'))
        : []
    })
    const targets = [...images.flatMap((image) => judge(image, facts)), ...composed, ...open]
    return concludeTargets(targets, {pass: 'HEALTHCHECK', fail: 'HEALTHCHECK_MISSING', partly: 'HEALTHCHECK_PARTLY'})
  },
})
