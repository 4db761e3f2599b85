import {configureDocker, nameDockerHelper} from '../../changes/registry.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {DockerConfig} from '../../machine/machine.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

type Observed = {
  docker: boolean
  gcloud: boolean
  /** docker-credential-gcloud is on PATH. */
  gcloudHelper: boolean
  /** The program of the helper that the file names for the registry is on PATH. */
  namedHelper: boolean
  config: DockerConfig
}

const hostOf = (region: string) => `${region}-docker.pkg.dev`
const helperOf = (config: DockerConfig, host: string) => (config.state === 'read' ? config.credHelpers[host] : undefined)

export default defineItem<Observed>({
  async observe({machine}, {config: {region}}) {
    const has = async (program: string) => (await machine.program(program)) !== undefined
    const [docker, gcloud, gcloudHelper, config] = await Promise.all([
      has('docker'),
      has('gcloud'),
      has('docker-credential-gcloud'),
      machine.dockerConfig(),
    ])
    const helper = helperOf(config, hostOf(region))
    return {docker, gcloud, gcloudHelper, namedHelper: helper !== undefined && (await has(`docker-credential-${helper}`)), config}
  },

  evaluate({docker, gcloudHelper, namedHelper, config}, {config: {region}}) {
    const host = hostOf(region)
    const {path} = config
    if (!docker) return notApplicable('DOCKER_NOT_INSTALLED')
    if (config.state === 'unreadable')
      return warn('DOCKER_CONFIG_BROKEN', [seen(path, 'the file', "Docker's JSON", config.why)], {path, why: config.why})
    const helper = helperOf(config, host)
    const args = {host, path, helper: helper ?? 'gcloud'}
    const row = seen(path, `credHelpers["${host}"]`, 'gcloud', helper)
    const program = seen(`docker-credential-${args.helper}`, 'on PATH', true, helper === undefined ? gcloudHelper : namedHelper)
    const key = config.state === 'read' && config.stored[host] === 'key'
    return worst(
      [
        problem(warn, 'DOCKER_KEY_STORED', key ? [seen(path, `auths["${host}"]`, 'absent', 'a service-account key')] : [], args),
        helper !== undefined && !namedHelper ? warn('DOCKER_HELPER_GONE', [program], args) : undefined,
        helper === undefined && gcloudHelper ? warn('DOCKER_NOT_CONFIGURED', [row], args) : undefined,
        helper === undefined && !gcloudHelper ? warn('DOCKER_WITHOUT_GCLOUD', [row, program], args) : undefined,
      ],
      pass('DOCKER_SIGNS_IN', [seen(path, `credHelpers["${host}"]`, helper, helper), program], args),
    )
  },

  plan({docker, gcloud, gcloudHelper, namedHelper, config}, {config: {region}}) {
    const host = hostOf(region)
    // Without its helper the configuration would be there and signing in would still fail; a broken file is never written to.
    if (!docker || config.state === 'unreadable' || namedHelper || !gcloudHelper) return []
    return [gcloud ? configureDocker(host, config.path) : nameDockerHelper(host, config.path)]
  },
})
