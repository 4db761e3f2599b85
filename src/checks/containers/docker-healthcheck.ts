import {fail} from '../../engine/finding.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readStartScripts} from '../../repo/docker/start-scripts.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {applicationProjects} from '../compose-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages} from '../deployed-images.ts'
import {healthTargets} from '../health-targets.ts'
import {healthProbeOf} from '../health-probes.ts'
import {concludeTargets, held} from '../targets.ts'

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
      const services = applicationProjects(facts.compose)
        .flatMap((project) => project.services)
        .filter(({build}) => build?.dockerfile === image.dockerfile.file)
      const found = services.flatMap(({healthcheck}) => (healthcheck === undefined || healthcheck.disabled ? [] : [healthcheck]))
      return healthProbeOf(image, facts.scripts) === undefined
        ? found.slice(0, 1).map((one) => held(one, 'a health check', 'in compose only'))
        : []
    })
    const targets = [...images.flatMap((image) => healthTargets(image, facts)), ...composed, ...open]
    return concludeTargets(targets, {pass: 'HEALTHCHECK', fail: 'HEALTHCHECK_MISSING', partly: 'HEALTHCHECK_PARTLY'})
  },
})
