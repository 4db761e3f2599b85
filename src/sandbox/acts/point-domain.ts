import {ApiError} from '../api.ts'
import {text} from '../json.ts'
import {writeForeign} from '../public-dns/records.ts'
import {heldByCloudDns} from '../public-dns/resolve.ts'
import type {Act} from './act.ts'

const notReady = (message: string) => new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', message)

/** What only whoever runs the domain's name servers can do, where they are not Cloud DNS. */
const pointDomain: Act = {
  name: 'point-domain',
  does: "At the domain's DNS provider, writes the A record of the domain: the address of the load balancer.",
  needs: ['projectId', 'domain', 'env'],
  perform: (given, world) => {
    const [project = '', domain = '', env = ''] = [given['projectId'], given['domain'], given['env']]
    const path = `projects/${project}/global/addresses/qlogic-${env}-lb-ip`
    const address = text(world.table('compute.addresses').get(path)?.address)
    if (address === '') throw notReady(`There is no address ${path} yet: the load balancer comes first.`)
    if (heldByCloudDns(world, domain)) throw notReady(`${domain} is delegated to Cloud DNS: its records are written there.`)
    writeForeign(world, {name: domain, type: 'A', ttl: 300, data: [address]})
    return `${domain} points to ${address}`
  },
}

export default pointDomain
