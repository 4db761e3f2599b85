import {p, compute, subnet, network, numbered, deletes, fingerprint, type BadState} from './bad-state.ts'

export const networkStates: readonly BadState[] = [
  {
    item: 'network.region-chosen',
    when: 'a subnet lies in another region',
    make: ({cloud}) =>
      cloud.call('POST', `${compute}/regions/europe-west1/subnetworks`, {name: 'far', ipCidrRange: '10.64.0.0/20', network}),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {item: 'network.vpc-private-subnets', when: 'there is no network', from: 'project'},
  {
    item: 'network.vpc-private-subnets',
    when: 'private Google access was turned off',
    make: ({cloud}) => cloud.call('POST', `${subnet}/setPrivateIpGoogleAccess`, {privateIpGoogleAccess: false}),
  },
  {
    item: 'network.vpc-private-subnets',
    when: 'a rule lets the world in on 22',
    make: ({cloud}) =>
      cloud.call('POST', `${compute}/global/firewalls`, {
        name: 'ssh',
        network,
        direction: 'INGRESS',
        sourceRanges: ['0.0.0.0/0'],
        allowed: [{IPProtocol: 'tcp', ports: ['22']}],
      }),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.psa-range',
    when: 'no range is reserved',
    from: 'project',
    make: ({cloud}) => cloud.call('POST', `${compute}/global/networks`, {name: 'qlogic-prod-vpc', autoCreateSubnetworks: false}),
  },
  {
    item: 'network.psa-connection',
    when: 'our range was detached for another',
    make: async ({cloud}) => {
      const {projectNumber} = numbered.parse(await cloud.call('GET', `/cloudresourcemanager/v1/projects/${p}`))
      await cloud.call('POST', `${compute}/global/addresses`, {
        name: 'other',
        purpose: 'VPC_PEERING',
        addressType: 'INTERNAL',
        prefixLength: 20,
        network,
      })
      await cloud.call(
        'PATCH',
        '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections/-?updateMask=reservedPeeringRanges&force=true',
        {
          network: `projects/${projectNumber}/global/networks/qlogic-prod-vpc`,
          reservedPeeringRanges: ['other'],
        },
      )
    },
    ends: 'warn',
    because: 'the other range may be in use, and stays connected beside ours',
  },
  {
    item: 'network.psa-connection',
    when: 'the peering was removed by hand',
    make: ({cloud}) =>
      cloud.call('POST', `${compute}/global/networks/qlogic-prod-vpc/removePeering`, {name: 'servicenetworking-googleapis-com'}),
  },
  {
    item: 'network.no-default-network',
    when: 'there is a network named default',
    make: ({cloud}) => cloud.call('POST', `${compute}/global/networks`, {name: 'default', autoCreateSubnetworks: true}),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    item: 'network.flow-logs',
    when: 'flow logs were turned off',
    make: async ({cloud}) =>
      cloud.call('PATCH', subnet, {...fingerprint.parse(await cloud.call('GET', subnet)), logConfig: {enable: false}}),
    is: 'warn',
  },
]
