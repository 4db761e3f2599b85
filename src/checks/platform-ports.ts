import {withoutBraces} from '../repo/docker/interpolation.ts'
import type {TerraformFacts} from '../repo/terraform/terraform.ts'
import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf, textOf as wordText} from '../repo/workflows/words.ts'
import type {ImageKind} from './deployed-images.ts'
import {apiServices, portsOf, runWorkloads} from './terraform-services.ts'
import {textOf} from './terraform-values.ts'

/** Where a platform sends requests, and who says so; `port` is absent where it is only known when it runs. */
export type SentPort = {port?: number; text: string; file?: string; line?: number}

/** Cloud Run's own: https://cloud.google.com/run/docs/container-contract#port */
const usual = 8080

/** The ports that every deployment path of a half of the app sends to; Cloud Run's default where none says one. */
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
  const steps = workflows.runs.flatMap(({jobs}) => jobs.flatMap((job) => job.steps))
  const deployed = steps.flatMap(({commands}) =>
    commands.flatMap(({program, file, line}): SentPort[] => {
      const words = program.map(wordText)
      if (literalOf(program[0]) !== 'gcloud' || !/^gcloud (?:beta |alpha )?run deploy\b/.test(words.join(' '))) return []
      if (/front|web|(?:^|[-_])ui(?:$|[-_])|client|nginx/.test(words.join(' ')) === isBackend) return []
      const at = words.findIndex((word) => word === '--port' || word.startsWith('--port='))
      // A service that Terraform made keeps the port that it was given there.
      if (at < 0) return own.length > 0 ? [] : [{port: usual, text: 'Cloud Run’s default', file, line}]
      const text = words[at]?.includes('=') === true ? words[at].slice('--port='.length) : (words[at + 1] ?? '')
      return /^\d+$/.test(text)
        ? [{port: Number(text), text: `--port of gcloud run deploy`, file, line}]
        : [{text: `--port ${withoutBraces(text)}`, file, line}]
    }),
  )
  const all = [...declared, ...deployed]
  const unique = [...new Map(all.map((one) => [`${one.port ?? ''} ${one.file ?? ''}:${one.line ?? 0}`, one])).values()]
  return unique.length > 0 ? unique : [{port: usual, text: 'Cloud Run’s default, as no deployment says another'}]
}
