import {scanningNote} from '../../changes/prices.ts'
import {enableServices} from '../../changes/projects.ts'
import {serviceName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

const googleapis = (names: readonly string[]): string[] => names.map((name) => `${name}.googleapis.com`)
const [container, scanning] = ['container.googleapis.com', 'containerscanning.googleapis.com']

const seed = [
  'compute',
  'sqladmin',
  'secretmanager',
  'artifactregistry',
  'cloudresourcemanager',
  'iam',
  'logging',
  'monitoring',
  'servicenetworking',
  'run',
]
/** What the checks of other items read, or every project needs. */
const always = ['serviceusage', 'cloudbilling', 'storage', 'billingbudgets', 'orgpolicy']

const required = (config: Config): string[] => [
  ...googleapis([
    ...seed,
    ...always,
    ...(config.compute === 'cloud-run' && config.vpcAccess === 'connector' ? ['vpcaccess'] : []),
    ...(config.ci === 'github-actions' ? ['sts', 'iamcredentials'] : ['cloudbuild']),
    ...(config.dnsZone === null ? [] : ['dns']),
  ]),
  ...(config.compute === 'gke-autopilot' ? [container] : []),
  ...(config.scanning ? [scanning] : []),
]

/** Off, in the order of the lists; an API that is not in the map was never on. */
const missing = (states: ReadonlyMap<string, string>, services: readonly string[]) => services.filter((id) => states.get(id) !== 'ENABLED')

export default defineItem<ReadonlyMap<string, 'ENABLED' | 'DISABLED'>>({
  observe: ({cloud}, {config}) => cloud.serviceUsage.states([...new Set([...required(config), container, scanning])]),

  evaluate(states, {config}) {
    const row = (id: string, expected: string) => seen(serviceName(config.projectId, id), 'state', expected, states.get(id) ?? 'DISABLED')
    const off = missing(states, required(config))
    const args = {count: off.length, services: off.join(', ')}
    return worst(
      [
        off.length === 0
          ? undefined
          : fail(
              'APIS_DISABLED',
              off.map((id) => row(id, 'ENABLED')),
              args,
            ),
        config.compute === 'cloud-run' && states.get(container) !== 'ENABLED'
          ? warn('API_CONTAINER_DISABLED', [row(container, 'ENABLED (the plan lists it)')])
          : undefined,
        !config.scanning && states.get(scanning) === 'ENABLED' ? warn('API_SCANNING_UNASKED', [row(scanning, 'DISABLED')]) : undefined,
      ],
      pass(
        'APIS_ENABLED',
        required(config).map((id) => row(id, 'ENABLED')),
        {count: required(config).length},
      ),
    )
  },

  plan(states, {config}) {
    const off = missing(states, [...new Set([...required(config), container])])
    return off.length === 0 ? [] : [enableServices(config.projectId, off, off.includes(scanning) ? scanningNote : undefined)]
  },

  fresh: () => new Map(),
})
