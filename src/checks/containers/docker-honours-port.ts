import {notApplicable} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readStartScripts} from '../../repo/docker/start-scripts.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {listeningOf} from '../container-ports.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages} from '../deployed-images.ts'
import {portsSent} from '../platform-ports.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{docker: await read(readDockerfiles), builds: await read(readImageBuilds), scripts: await read(readStartScripts)},
    ...{nginx: await read(readNginx), terraform: await read(readTerraform), workflows: await read(readWorkflows)},
  }),

  evaluate: (facts) => {
    const images = deployedImages(facts).filter(({kind}) => kind === 'python' || kind === 'static' || kind === 'node')
    const targets = images.flatMap((image): Target[] => {
      const place = {file: image.dockerfile.file, line: image.stage.line}
      const listening = listeningOf(image, facts)
      if (listening === undefined) return [undecided(place, 'the port that the platform sends to', 'the port of the process is not known')]
      if (listening.broken !== undefined) return [missed(listening, 'a port', listening.broken)]
      if (listening.followsPort) return [held(listening, 'the port that the platform sends to', 'follows PORT')]
      return portsSent(facts, image.kind).flatMap(({port, unless, file, line, text}): Target[] => {
        const expected = port === undefined ? text : `${port}, ${text}`
        if (unless !== undefined && listening.ports.includes(unless))
          return [held(listening, `${unless}, Cloud Run’s default`, listening.text)]
        if (port === undefined)
          return [undecided({file: file ?? listening.file, line: line ?? listening.line}, 'the port that the container listens on', text)]
        return [listening.ports.includes(port) ? held(listening, expected, listening.text) : missed(listening, expected, listening.text)]
      })
    })
    const open = undecidedImages(facts, 'the port that the platform sends to')
    if (targets.length === 0 && open.length === 0) return notApplicable('PORT_NO_IMAGE')
    return concludeTargets([...targets, ...open], {pass: 'PORT_HONOURED', fail: 'PORT_WRONG', partly: 'PORT_HONOURED_PARTLY'})
  },
})
