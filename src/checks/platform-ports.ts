import {withoutBraces} from '../repo/docker/interpolation.ts'
import type {TerraformFacts} from '../repo/terraform/terraform.ts'
import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {textOf as wordText} from '../repo/workflows/words.ts'
import type {ImageKind} from './deployed-images.ts'
import {deploymentsIn, flagIn} from './deployments.ts'
import {apiServices, portsOf, runWorkloads} from './terraform-services.ts'
import {textOf} from './terraform-values.ts'

/** Where a platform sends requests, and who says so; `port` is absent where it is not known; `unless`: what it would be. */
export type SentPort = {port?: number; unless?: number; text: string; file?: string; line?: number}

/** Cloud Run's own: https://cloud.google.com/run/docs/container-contract#port */
const usual = 8080

/**
 * The ports that every deployment path of a half of the app sends to; Cloud Run's default where none says one. Unknown where nothing in the
 * repository deploys to Cloud Run: another platform may send to any port.
 */
export const portsSent = ({terraform, workflows}: {terraform: TerraformFacts; workflows: WorkflowFacts}, kind: ImageKind): SentPort[] => {
  const workloads = runWorkloads(terraform).filter((one) => one.kind === 'service')
  const backends = apiServices(workloads)
  const isBackend = kind === 'python'
  const own = workloads.filter((one) => backends.includes(one) === isBackend)
  const declared = own.flatMap((workload): SentPort[] => {
    const {file, line} = workload.resource
    const ports = portsOf(workload)
    if (ports.length === 0) return [{port: usual, text: `Cloud Run’s default for ${workload.resource.name}`, file, line}]
    return ports.map((value) => {
      const text = textOf(value)
      const place = {file: value.file, line: value.line}
      return text === undefined
        ? {...place, text: 'a port that is only known when Terraform runs'}
        : {...place, port: Number(text), text: `container_port of ${workload.resource.name}`}
    })
  })
  const deployments = deploymentsIn(workflows)
  const deployed = deployments.flatMap(({verb, service, image, words, file, line}): SentPort[] => {
    const said = [...[service, image].map((word) => wordText(word ?? [])), ...words.map(wordText)].join(' ')
    if (verb !== 'deploy' || /front|web|(?:^|[-_ ])ui(?:$|[-_ ])|client|nginx/.test(said) === isBackend) return []
    const flag = flagIn(words, '--port')
    // A service that Terraform made keeps the port that it was given there.
    if (flag === undefined) return own.length > 0 ? [] : [{port: usual, text: 'Cloud Run’s default', file, line}]
    const text = wordText(flag)
    return /^\d+$/.test(text)
      ? [{port: Number(text), text: '--port of the deployment', file, line}]
      : [{text: `--port ${withoutBraces(text)}`, file, line}]
  })
  const all = [...declared, ...deployed]
  const unique = [...new Map(all.map((one) => [`${one.port ?? ''} ${one.file ?? ''}:${one.line ?? 0}`, one])).values()]
  if (unique.length > 0) return unique
  return workloads.length > 0 || deployments.length > 0
    ? [{port: usual, text: 'Cloud Run’s default, as no deployment says another'}]
    : [{text: 'nothing here deploys to Cloud Run, whose default is 8080', unless: usual}]
}
