import {expect, test} from 'vitest'
import vpcConnector from '../../src/checks/compute/vpc-connector.ts'
import type {Connector} from '../../src/gcp/cloud.ts'
import {context, freshPlan, judge} from './judge.ts'

const wanted = {vpcAccess: 'connector'} as const
const own = {name: 'qlogic-prod-connector', ipCidrRange: '10.8.0.0/28'}
const ready: Connector = {
  name: 'projects/acme-prod/locations/us-central1/connectors/qlogic-connector',
  state: 'READY',
  subnet: 'qlogic-prod-connector',
  minInstances: 2,
  maxInstances: 3,
  machineType: 'e2-micro',
  connectedProjects: [],
}
const app = {name: 'qlogic-prod-private', ipCidrRange: '10.0.0.0/20'}
const all = {connector: ready, network: true, subnets: [app, own]}
const none = {...all, connector: undefined, subnets: [app]}
const row = {config: wanted, observed: all}
const resize = ['resize-connector-qlogic-connector']

judge('compute.vpc-connector', vpcConnector, [
  {when: 'Direct VPC egress was chosen', observed: none, is: 'not_applicable', code: 'CONNECTOR_NOT_CHOSEN'},
  {
    when: 'a cluster was chosen',
    observed: none,
    config: {...wanted, compute: 'gke-autopilot'},
    is: 'not_applicable',
    code: 'CONNECTOR_NOT_FOR_GKE',
  },
  {
    ...row,
    when: 'there is none',
    observed: none,
    is: 'fail',
    code: 'CONNECTOR_MISSING',
    plans: ['create-subnet-qlogic-prod-connector', 'create-connector-qlogic-connector'],
  },
  {
    ...row,
    when: 'its subnet is there already',
    observed: {...none, subnets: [own]},
    is: 'fail',
    code: 'CONNECTOR_MISSING',
    plans: ['create-connector-qlogic-connector'],
  },
  {
    ...row,
    when: 'there is none in staging',
    env: 'staging',
    observed: none,
    is: 'fail',
    code: 'CONNECTOR_MISSING',
    plans: ['create-subnet-qlogic-staging-connector', 'create-connector-qlogic-connector'],
  },
  {
    ...row,
    when: 'there is no network yet',
    observed: {...none, network: false, subnets: []},
    is: 'fail',
    code: 'CONNECTOR_WITHOUT_NETWORK',
  },
  {
    ...row,
    when: 'the subnet of its name is wider',
    observed: {...none, subnets: [{...own, ipCidrRange: '10.8.0.0/24'}]},
    is: 'fail',
    code: 'CONNECTOR_SUBNET_UNFIT',
  },
  {
    ...row,
    when: 'it stands on a subnet that was widened',
    observed: {...all, subnets: [{...own, ipCidrRange: '10.8.0.0/24'}]},
    is: 'fail',
    code: 'CONNECTOR_SUBNET_UNFIT',
  },
  {...row, when: 'it is broken', observed: {...all, connector: {...ready, state: 'ERROR'}}, is: 'fail', code: 'CONNECTOR_BROKEN'},
  {...row, when: 'it is being deleted', observed: {...all, connector: {...ready, state: 'DELETING'}}, is: 'fail', code: 'CONNECTOR_GOING'},
  {
    ...row,
    when: 'its subnet is in another network',
    observed: {...all, connector: {...ready, subnet: 'elsewhere'}},
    is: 'fail',
    code: 'CONNECTOR_OTHER_NETWORK',
  },
  {
    ...row,
    when: "its subnet is another project's",
    observed: {...all, connector: {...ready, subnetProject: 'host-project'}},
    is: 'fail',
    code: 'CONNECTOR_OTHER_NETWORK',
  },
  {
    ...row,
    when: 'it has a hidden subnet in another network',
    observed: {...all, connector: {...ready, subnet: undefined, network: 'default', ipCidrRange: '10.8.0.0/28'}},
    is: 'fail',
    code: 'CONNECTOR_OTHER_NETWORK',
  },
  {
    ...row,
    when: 'it has a hidden subnet in our network',
    observed: {...all, connector: {...ready, subnet: undefined, network: 'qlogic-prod-vpc', ipCidrRange: '10.8.0.0/28'}},
    is: 'warn',
    code: 'CONNECTOR_SUBNET_HIDDEN',
  },
  {
    ...row,
    when: 'it stands on another subnet of our network',
    observed: {...all, connector: {...ready, subnet: 'spare'}, subnets: [own, {name: 'spare', ipCidrRange: '10.9.0.0/28'}]},
    is: 'fail',
    code: 'CONNECTOR_OTHER_SUBNET',
  },
  {...row, when: 'it is being made', observed: {...all, connector: {...ready, state: 'CREATING'}}, is: 'warn', code: 'CONNECTOR_PENDING'},
  {
    ...row,
    when: 'it is being changed',
    observed: {...all, connector: {...ready, state: 'UPDATING'}},
    is: 'warn',
    code: 'CONNECTOR_PENDING',
  },
  {
    ...row,
    when: 'nobody said how large it may grow',
    observed: {...all, connector: {...ready, maxInstances: 10}},
    is: 'warn',
    code: 'CONNECTOR_MAXIMUM_UNNOTICED',
    plans: resize,
  },
  {
    ...row,
    when: 'its size was changed',
    observed: {...all, connector: {...ready, minInstances: 4, maxInstances: 6}},
    is: 'warn',
    code: 'CONNECTOR_OTHER_SIZE',
    plans: resize,
  },
  {
    ...row,
    when: 'its size was changed while it is broken',
    observed: {...all, connector: {...ready, state: 'ERROR', maxInstances: 6}},
    is: 'fail',
    code: 'CONNECTOR_BROKEN',
  },
  {
    ...row,
    when: 'ten machines are wanted',
    config: {...wanted, connectorMaxInstances: 10},
    observed: {...all, connector: {...ready, maxInstances: 10}},
    is: 'pass',
    code: 'CONNECTOR_READY',
  },
  {...row, when: 'all is well', is: 'pass', code: 'CONNECTOR_READY'},
])

test('a connector is planned whole where the network is only planned', () => {
  expect(freshPlan(vpcConnector, context(wanted)).map(({id}) => id)).toEqual([
    'create-subnet-qlogic-prod-connector',
    'create-connector-qlogic-connector',
  ])
})

test('changing its size is asked for by itself, and says how it was', () => {
  const [change] = vpcConnector.plan?.({...all, connector: {...ready, maxInstances: 10}}, context(wanted)) ?? []
  expect(change?.consent?.each).toMatch(/connections/)
  expect(change?.undo).toContain('--max-instances=10')
})
