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

const notChosen = {is: 'not_applicable', ends: 'not_applicable'} as const

export const vpcConnectorStates: readonly BadState[] = [
  {
    item: given.item,
    when: 'Direct VPC egress is chosen',
    code: 'CONNECTOR_NOT_CHOSEN',
    from: 'network',
    ...notChosen,
    because: 'the configuration says so',
  },
  {
    ...given,
    when: 'the application runs in a cluster',
    code: 'CONNECTOR_NOT_FOR_GKE',
    parameters: {...parameters, compute: 'gke-autopilot'},
    ...notChosen,
    because: 'the configuration says so',
  },
  {
    ...given,
    when: 'there is no network that it could lead to',
    code: 'CONNECTOR_WITHOUT_NETWORK',
    from: 'project',
    make: enabled,
    ends: 'fail',
    because: 'step 2 makes the network',
  },
  {
    ...given,
    when: 'the subnet of its name is too large',
    code: 'CONNECTOR_SUBNET_UNFIT',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.9.0.0/24')
    },
    ends: 'fail',
    because: deletes,
  },
  {
    ...given,
    when: 'it is being made',
    code: 'CONNECTOR_PENDING',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.9.0.0/28')
      walked.setClock(-1)
      await connect(walked, {subnet: {name: 'qlogic-prod-connector'}, minInstances: 2, maxInstances: 3})
      walked.setClock(0)
    },
    is: 'warn',
    ends: 'warn',
    because: 'Google is at work',
  },
  {
    ...given,
    when: 'it is being deleted',
    code: 'CONNECTOR_GOING',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.9.0.0/28')
      await connect(walked, {subnet: {name: 'qlogic-prod-connector'}, minInstances: 2, maxInstances: 3})
      walked.setClock(-1)
      await walked.cloud.call('DELETE', one)
      walked.setClock(0)
    },
    ends: 'fail',
    because: 'it can only be waited for',
  },
  {...given, when: 'there is none', code: 'CONNECTOR_MISSING', make: enabled},
  {
    ...given,
    when: 'its subnet is there, and it is not',
    code: 'CONNECTOR_MISSING',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.9.0.0/28')
    },
  },
  {
    ...given,
    when: "it was given the application's subnet, and is broken",
    code: 'CONNECTOR_BROKEN',
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
    code: 'CONNECTOR_OTHER_SUBNET',
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
    code: 'CONNECTOR_OTHER_NETWORK',
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
    code: 'CONNECTOR_SUBNET_HIDDEN',
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
    code: 'CONNECTOR_MAXIMUM_UNNOTICED',
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
    code: 'CONNECTOR_OTHER_SIZE',
    make: async (walked) => {
      await enabled(walked)
      await subnet(walked, 'qlogic-prod-connector', '10.8.0.0/28')
      await connect(walked, {subnet: {name: 'qlogic-prod-connector'}, minInstances: 2, maxInstances: 3})
      await walked.cloud.call('PATCH', `${one}?updateMask=minInstances,maxInstances`, {minInstances: 3, maxInstances: 5})
    },
    is: 'warn',
  },
]
