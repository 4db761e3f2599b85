import type {Act} from './act.ts'

/** A peering has two ends, and the other one is Google's. */
const deactivatePeering: Act = {
  name: 'deactivate-peering',
  does: "Let the other side of the network's peering with Google's services go away.",
  needs: ['projectId', 'network'],
  perform: ({projectId = '', network = ''}, world) => {
    const key = `projects/${projectId}/global/networks/${network}#servicenetworking-googleapis-com`
    const peerings = world.table('compute.peerings')
    peerings.set(key, {...peerings.get(key), state: 'INACTIVE', stateDetails: 'Peer network deleted the peering.'})
    return `The peering of ${network} is inactive.`
  },
}

export default deactivatePeering
