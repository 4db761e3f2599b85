import {reservePeeringRange} from '../../changes/compute.ts'
import {addressName, lastSegment} from '../../changes/resource-names.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Address} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

/** `others`: ranges for peering on the same network under another name. */
type Observed = {range: Address | undefined; others: readonly Address[]}

const [recommended, smallest] = [20, 24]
const isPrivate = (address: string): boolean => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const [range, ranges] = await Promise.all([cloud.compute.globalAddress(config.psaRange), cloud.compute.peeringRanges()])
    return {range, others: ranges.filter(({name, network = ''}) => lastSegment(network) === config.network && name !== config.psaRange)}
  },

  evaluate({range, others}, {config}) {
    const resource = addressName(config.projectId, config.psaRange)
    const args = {range: config.psaRange, network: config.network, wanted: config.psaPrefixLength}
    if (range === undefined) {
      const named = others.map(({name}) => name).join(', ')
      const evidence = [seen(resource, 'name', config.psaRange, named === '' ? undefined : `absent; the network has ${named}`)]
      return named === '' ? fail('PSA_RANGE_MISSING', evidence, args) : fail('PSA_RANGE_OTHER_NAME', evidence, {...args, others: named})
    }
    const fields = [
      seen(resource, 'purpose', 'VPC_PEERING', range.purpose),
      seen(resource, 'addressType', 'INTERNAL', range.addressType),
      seen(resource, 'network', config.network, range.network === undefined ? undefined : lastSegment(range.network)),
    ]
    const wrong = fields.filter(({expected, actual}) => expected !== actual)
    if (wrong.length > 0) return fail('PSA_RANGE_TAKEN', wrong, args)
    const {prefixLength = 32, address = ''} = range
    const size = {...args, prefix: prefixLength, address}
    const prefix = (expected: string) => [seen(resource, 'prefixLength', expected, `${prefixLength}`)]
    return worst(
      [
        prefixLength > smallest ? fail('PSA_RANGE_TOO_SMALL', prefix(`at most ${smallest}`), size) : undefined,
        range.status === 'RESERVING' ? warn('PSA_RANGE_PENDING', [seen(resource, 'status', 'RESERVED', range.status)], size) : undefined,
        prefixLength > recommended && prefixLength <= smallest ? warn('PSA_RANGE_SMALL', prefix('16, at most 20'), size) : undefined,
        address === '' || isPrivate(address)
          ? undefined
          : warn('PSA_RANGE_NOT_PRIVATE', [seen(resource, 'address', 'in 10/8, 172.16/12 or 192.168/16', address)], size),
      ],
      pass('PSA_RANGE_RESERVED', [...fields, ...prefix(`at most ${recommended}`)], size),
    )
  },

  plan: ({range}, {config}) =>
    range === undefined ? [reservePeeringRange(config.projectId, config.network, config.psaRange, config.psaPrefixLength)] : [],

  fresh: () => ({range: undefined, others: []}),
})
