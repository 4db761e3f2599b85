import type {Exporter, Telemetry} from '../repo/application/telemetry.ts'
import type {Place} from '../repo/application/settings.ts'
import type {Resource} from '../repo/terraform/terraform.ts'
import {absent} from './absent.ts'
import {deployedVariables} from './deployed-variables.ts'
import type {Running} from './running-environments.ts'
import {held, missed, undecided, unreadable, type Target} from './targets.ts'
import {best, runsWhereDeployed} from './telemetry-set-up.ts'
import {everywhere} from './terraform-resources.ts'
import {apiServices, runWorkloads} from './terraform-services.ts'
import {objectsAt, partsOfText, textOf, textsOf, valueAt, valuesAt} from './terraform-values.ts'

const exporting = 'metrics sent to Cloud Monitoring'
const granting = 'roles/monitoring.metricWriter for the runtime account'
const google = /telemetry\.googleapis\.com/
const toGoogle = /googlecloud|googlemanagedprometheus|telemetry\.googleapis\.com/
const short = (name: string): string => name.split('.').at(-1) ?? name

/** A container beside the application that takes its metrics to Google. */
const sidecar = ({terraform}: Running, {collectors}: Telemetry): {place: Place; image: string} | undefined => {
  const configured = collectors.some(({exporter}) => toGoogle.test(exporter))
  for (const {containers} of apiServices(runWorkloads(terraform)))
    for (const container of containers) {
      const value = valueAt(container, 'image')
      const image = textOf(value) ?? partsOfText(value)
      const builtByGoogle = /gmp|managed-prometheus|google-built-opentelemetry|otelcol-google/.test(image)
      if (value !== undefined && (builtByGoogle || (configured && /otel|opentelemetry|collector/.test(image)))) return {place: value, image}
    }
  return undefined
}

const judge = (one: Exporter, telemetry: Telemetry, running: Running): Target => {
  const runs = (actual: string) => runsWhereDeployed(one, running, exporting, actual)
  if (/CloudMonitoring|GoogleCloud/.test(one.name)) return runs(short(one.name))
  if (/(?:Console|InMemory)/.test(one.name)) return missed(one, exporting, `only ${short(one.name)}`)
  const beside = sidecar(running, telemetry)
  if (beside !== undefined) return runs(`${short(one.name)}, taken on by ${beside.image}`)
  if (/Prometheus/.test(one.name)) return missed(one, exporting, 'metrics that nobody fetches')
  if (one.endpoint !== undefined && google.test(one.endpoint)) return runs(`${short(one.name)} to telemetry.googleapis.com`)
  const given = deployedVariables(running, ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'])
  if (given.some(({values}) => values?.some((value) => google.test(value)) === true))
    return runs(`${short(one.name)} to telemetry.googleapis.com`)
  if (given.some(({values}) => values === undefined) || (one.endpointGiven && one.endpoint === undefined))
    return undecided(one, exporting, 'an endpoint that is only known at run time')
  return missed(one, exporting, `${short(one.name)} to an endpoint that is not Google’s, and no collector beside it`)
}

/** Whether metrics of the application's own reach Cloud Monitoring, by an exporter or by what stands beside it. */
export const exporters = (telemetry: Telemetry, running: Running): Target[] => {
  const {prometheus, unreached, applications, providers, wrappers} = telemetry
  const metrics = telemetry.exporters.filter(({of}) => of === 'metrics')
  const set = providers.some(({of}) => of === 'metrics') || wrappers.length > 0
  if (metrics.length > 0)
    return set
      ? best(metrics.map((one) => judge(one, telemetry, running)))
      : metrics.map((one) => missed(one, exporting, 'its provider is never set'))
  const beside = sidecar(running, telemetry)
  const [scraped] = prometheus
  if (scraped !== undefined && beside !== undefined) return [held(beside.place, exporting, `${beside.image} fetches them`)]
  if (scraped !== undefined) return [missed(scraped, exporting, 'metrics of prometheus_client that nobody fetches')]
  const [idle] = unreached.filter(({name}) => /Metric/.test(name))
  const place = idle ?? applications[0]
  return place === undefined
    ? []
    : [
        absent(
          telemetry,
          place,
          exporting,
          idle === undefined ? 'at most what Cloud Run measures itself' : `${short(idle.name)} in code that nothing calls`,
        ),
      ]
}

const role = /^roles\/(?:monitoring\.(?:metricWriter|editor|admin)|editor|owner)$/

/** Whether somebody is granted what writing metrics needs. */
export const grants = ({terraform}: Running, applications: readonly Place[]): Target[] => {
  const [unread] = terraform.unread
  const [app] = applications
  const services = apiServices(runWorkloads(terraform))
  // A grant to another account (that of the pipeline, say) lets the application write nothing.
  const accounts = new Set(services.flatMap(({serviceAccount}) => serviceAccount?.refs ?? []))
  const isTheirs = (resource: Resource): boolean => {
    const refs = ['member', 'members'].flatMap((name) => valuesAt(resource.body, name).flatMap((value) => value.refs ?? []))
    return accounts.size === 0 || refs.length === 0 || refs.some((one) => accounts.has(one))
  }
  const found = everywhere(terraform).flatMap((root) => [
    ...root.resources
      .filter((one) => one.mode === 'managed' && /^google_project_iam_(?:member|binding|policy)$/.test(one.type) && isTheirs(one))
      .flatMap((one) => valuesAt(one.body, 'role').map((value) => ({place: value, text: textOf(value)}))),
    ...root.calls.flatMap((call) => textsOf(call.args).map((text) => ({place: call, text}))),
    ...root.calls.flatMap((call) =>
      objectsAt(call.args).flatMap((args) =>
        Object.values(args.fields).flatMap((value) => textsOf(value).map((text) => ({place: value, text}))),
      ),
    ),
  ])
  const [granted] = found.filter(({text}) => text !== undefined && role.test(text))
  if (granted !== undefined) return [held(granted.place, granting, granted.text ?? '')]
  if (unread !== undefined) return [unreadable(unread, granting)]
  const [open] = found.filter(({text}) => text === undefined)
  if (open !== undefined) return [undecided(open.place, granting, 'a role that is only known to Terraform')]
  const [service] = services
  if (service !== undefined) return [missed(service.resource, granting, 'no such grant')]
  return app === undefined ? [] : [undecided(app, granting, 'no Terraform here says what the account may do')]
}
