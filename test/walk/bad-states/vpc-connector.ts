import type {Walked} from '../../support/walked-cloud.ts'
import {compute, deletes, network, p, type BadState} from './bad-state.ts'

const all = `/vpcaccess/v1/projects/${p}/locations/us-central1/connectors`
const one = `${all}/qlogic-connector`

/** The connector instead of Direct VPC egress, as the plan says. */
const parameters = {vpcAccess: 'connector'}
/** Step 1 enables the API where the connector is chosen; the walk chose otherwise. */
const enabled = ({cloud}: Walked) => cloud.call('POST', `/serviceusage/v1/projects/${p}/services/vpcaccess.googleapis.com:enable`, {})
const subnet = ({cloud}: Walked, name: string, ipCidrRange: string, of = network) =>
  cloud.call('POST', `${compute}/regions/us-central1/subnetworks`, {name, ipCidrRange, network: of})
const connect = ({cloud}: Walked, body: object) => cloud.call('POST', `${all}?connectorId=qlogic-connector`, body)
const given = {item: 'compute.vpc-connector', from: 'network', parameters} as const

export const vpcConnectorStates: readonly BadState[] = [
  {...given, when: 'there is none', make: enabled},
  {
    ...given,
    when: 'its subnet is there, and it is not',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.9.0.0/28')
    },
  },
  {
    ...given,
    when: "it was given the application's subnet, and is broken",
    make: async (walked) => {
      await enabled(walked)
      await connect(walked, {subnet: {name: 'qlogic-prod-private'}, minInstances: 2, maxInstances: 3})
    },
    ends: 'fail',
    because: deletes,
  },
  {
    ...given,
    when: 'it stands on another subnet',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'spare', '10.9.0.0/28')
      await connect(walked, {subnet: {name: 'spare'}, minInstances: 2, maxInstances: 3})
    },
    ends: 'fail',
    because: deletes,
  },
  {
    ...given,
    when: 'it leads to another network',
    make: async (walked) => {
      await enabled(walked)
      await connect(walked, {network: 'default', ipCidrRange: '10.9.0.0/28', minInstances: 2, maxInstances: 3})
    },
    ends: 'fail',
    because: deletes,
  },
  {
    ...given,
    when: 'it was made by a range, in a subnet that Google hides',
    make: async (walked) => {
      await enabled(walked)
      await connect(walked, {network: 'qlogic-prod-vpc', ipCidrRange: '10.9.0.0/28', minInstances: 2, maxInstances: 3})
    },
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    ...given,
    when: 'nobody said how large it may grow',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.8.0.0/28')
      await connect(walked, {subnet: {name: 'qlogic-prod-connector'}, minInstances: 2, maxInstances: 10})
    },
    is: 'warn',
  },
  {
    ...given,
    when: 'its smallest size was changed',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.8.0.0/28')
      await connect(walked, {subnet: {name: 'qlogic-prod-connector'}, minInstances: 2, maxInstances: 3})
      await walked.cloud.call('PATCH', `${one}?updateMask=minInstances,maxInstances`, {minInstances: 3, maxInstances: 5})
    },
    is: 'warn',
  },
]
