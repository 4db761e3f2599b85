import {scanningNote} from '../../changes/prices.ts'
import {enableServices} from '../../changes/projects.ts'
import {serviceName} from '../../changes/resource-names.ts'
import {container, requiredServices, scanning} from '../../config/required-services.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

/** Off, in the order of the lists; an API that is not in the map was never on. */
const missing = (states: ReadonlyMap<string, string>, services: readonly string[]) => services.filter((id) => states.get(id) !== 'ENABLED')

export default defineItem<ReadonlyMap<string, 'ENABLED' | 'DISABLED'>>({
  observe: ({cloud}, {config}) => cloud.serviceUsage.states([...new Set([...requiredServices(config), container, scanning])]),

  evaluate(states, {config}) {
    const row = (id: string, expected: string) => seen(serviceName(config.projectId, id), 'state', expected, states.get(id) ?? 'DISABLED')
    const off = missing(states, requiredServices(config))
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
        requiredServices(config).map((id) => row(id, 'ENABLED')),
        {count: requiredServices(config).length},
      ),
    )
  },

  plan(states, {config}) {
    const off = missing(states, [...new Set([...requiredServices(config), container])])
    return off.length === 0 ? [] : [enableServices(config.projectId, off, off.includes(scanning) ? scanningNote : undefined)]
  },

  fresh: () => new Map(),
})
