import {fail} from '../../engine/finding.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {readNginx} from '../../repo/nginx/nginx.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {balancerHeaders} from '../balancer-headers.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {cachingTargets, compressionTarget, headerTargets} from '../nginx-delivery.ts'
import {sitesOf} from '../nginx-locations.ts'
import {concludeTargets, dynamic, unreadable} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{
      nginx: await read(readNginx),
      docker: await read(readDockerfiles),
      terraform: await read(readTerraform),
      landmarks: await read(readLandmarks),
    },
  }),

  evaluate: ({nginx, docker, terraform, landmarks}) => {
    const sites = sitesOf(nginx)
    if (sites.length === 0 && nginx.unread.length === 0) {
      if (landmarks.hosting !== null) return dynamic(`the frontend is served by what ${landmarks.hosting} describes, which is not read`)
      const stage = docker.dockerfiles
        .flatMap(({file, stages}) => stages.map((one) => ({file, line: one.line, text: one.text})))
        .find(({text}) => text.includes('nginx'))
      const place = stage ?? {file: landmarks.frontend ?? landmarks.root ?? 'nginx.conf', line: 1}
      return fail('NGINX_NOT_CONFIGURED', [
        {file: place.file, line: place.line, expected: 'a configuration of nginx for the frontend', actual: 'none'},
      ])
    }
    const balanced = balancerHeaders(terraform)
    const targets = sites.flatMap((site) => [...headerTargets(site, balanced), compressionTarget(site), ...cachingTargets(site)])
    const open = nginx.unread.map((place) => unreadable(place, 'an nginx configuration'))
    return concludeTargets([...targets, ...open], {
      pass: 'NGINX_CONFIGURED',
      fail: 'NGINX_CONFIGURED_BADLY',
      partly: 'NGINX_CONFIGURED_PARTLY',
    })
  },
})
