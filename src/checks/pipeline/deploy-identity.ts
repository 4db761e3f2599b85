import {notApplicable} from '../../engine/finding.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readAngular} from '../../repo/packages/angular.ts'
import {readNodePackages} from '../../repo/packages/node-packages.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {isManaged, managedServices} from '../cloud-run-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deploymentsIn, flagIn, type Deployment} from '../deployments.ts'
import {componentsOf} from '../pipeline-components.ts'
import {deploymentsFor, pipelinesOf} from '../pipeline-stages.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'account, VPC egress and secrets set, or the service left to Terraform'
const wanted: readonly (readonly string[])[] = [
  ['--service-account'],
  ['--network', '--subnet', '--vpc-connector'],
  ['--set-secrets', '--update-secrets'],
]

/** A page for browsers needs neither database nor secrets, and is open to everyone. */
const identity = (one: Deployment, managed: boolean | undefined, isPage: boolean): Target[] => {
  const open = one.words.some((word) => word.some((part) => 'literal' in part && part.literal === '--allow-unauthenticated'))
  const opened = open && !isPage ? [missed(one, 'no --allow-unauthenticated on the API', '--allow-unauthenticated')] : []
  if (one.verb !== 'deploy') return [...opened, held(one, expected, `${one.act.text} keeps what is set`)]
  const missing = (isPage ? wanted.slice(0, 1) : wanted).filter((names) => flagIn(one.words, ...names) === undefined).map(([name]) => name)
  if (missing.length === 0 || managed === true)
    return [...opened, held(one, expected, managed === true ? 'the service is of Terraform' : 'all set')]
  if (managed === undefined)
    return [...opened, undecided(one, expected, `without ${missing.join(', ')}, and the service's name is only known when it runs`)]
  return [...opened, missed(one, expected, `without ${missing.join(', ')}`)]
}

export default defineRepositoryItem({
  observe: async (read) => ({
    workflows: await read(readWorkflows),
    terraform: await read(readTerraform),
    python: await read(readPythonDependencies),
    node: await read(readNodePackages),
    angular: await read(readAngular),
    docker: await read(readDockerfiles),
  }),
  evaluate: ({workflows, terraform, ...packages}) => {
    const services = managedServices(terraform)
    const deployments = new Map(
      deploymentsIn(workflows)
        .filter(({verb}) => verb === 'deploy' || verb === 'update')
        .map((one) => [`${one.file}:${one.line} ${one.act.job.id}`, one]),
    )
    if (deployments.size === 0) return notApplicable('NOT_DEPLOYED_TO_CLOUD_RUN')
    const components = componentsOf(packages)
    const places = (kind: 'backend' | 'frontend') =>
      new Set(
        pipelinesOf(workflows)
          .flatMap((pipeline) => components.filter((one) => one.kind === kind).flatMap((one) => deploymentsFor(one, pipeline, components)))
          .map(({place, job}) => `${place.file}:${place.line} ${job.id}`),
      )
    const [pages, interfaces] = [places('frontend'), places('backend')]
    const targets = [...deployments].flatMap(([key, one]) =>
      identity(
        one,
        services.length === 0 ? false : one.service === undefined ? undefined : isManaged(one.service, services),
        pages.has(key) && !interfaces.has(key),
      ),
    )
    const distinct = [...new Map(targets.map((one) => [JSON.stringify(one), one])).values()]
    return concludeTargets(distinct, {
      pass: 'DEPLOYED_WITH_IDENTITY',
      fail: 'DEPLOYED_WITHOUT_IDENTITY',
      partly: 'DEPLOYED_WITH_IDENTITY_IN_PART',
    })
  },
})
