import {ApiError} from '../api.ts'
import {text, texts} from '../json.ts'
import {absolute, writeForeign} from '../public-dns/records.ts'
import type {Act} from './act.ts'

/** What only the holder of a domain can do at the registrar. */
const delegateDomain: Act = {
  name: 'delegate-domain',
  does: 'At the registrar, points the domain (or the parent that has a zone) to the name servers of its Cloud DNS zone.',
  needs: ['projectId', 'domain'],
  perform: (given, world) => {
    const [project = '', domain = ''] = [given['projectId'], given['domain']]
    const name = absolute(domain)
    const zones = world
      .table('dns.managedZones')
      .entries()
      .filter(([key, row]) => key.startsWith(`${project}/`) && row.visibility === 'public')
      .map(([, row]) => row)
      .filter(({dnsName}) => name === dnsName || name.endsWith(`.${text(dnsName)}`))
      .sort((one, other) => text(other.dnsName).length - text(one.dnsName).length)
    const [zone] = zones
    if (!zone)
      throw new ApiError(
        400,
        'FAILED_PRECONDITION',
        'failedPrecondition',
        `Project ${project} has no public zone of Cloud DNS that holds ${domain}.`,
      )
    const servers = texts(zone.nameServers)
    writeForeign(world, {name: text(zone.dnsName), type: 'NS', ttl: 21_600, data: servers})
    return `${text(zone.dnsName)} is delegated to ${servers.join(' ')}`
  },
}

export default delegateDomain
