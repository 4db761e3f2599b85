import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {dnsZoneCost} from './prices.ts'
import {recordName, zoneName} from './resource-names.ts'

/** Seconds that resolvers keep a record. */
const ttl = 300

/**
 * A zone of the domain alone (`qlogic.acme.example.`), not of its parent: delegating it moves no other name of the organization, no mail
 * and no web site, to Cloud DNS.
 */
export const createZone = (project: string, zone: string, dnsName: string): Change => ({
  id: `create-zone-${zone}`,
  title: `Create DNS zone ${zone} (${dnsName})`,
  resource: zoneName(project, zone),
  request: call(
    'dns.managedZones.create',
    {project},
    {name: zone, dnsName, description: 'qlogic', visibility: 'public', dnssecConfig: {state: 'on'}},
  ),
  cost: dnsZoneCost,
  gcloud: [
    gcloud`dns managed-zones create ${zone} --dns-name=${dnsName} --description=qlogic --visibility=public --dnssec-state=on --project=${project}`,
  ],
  undo: gcloud`dns managed-zones delete ${zone} --project=${project}`,
  takes: '2 s; who administers the parent domain then delegates it',
})

type AddressRecord = {project: string; zone: string; name: string; address: string}

export const createAddressRecord = ({project, zone, name, address}: AddressRecord): Change => ({
  id: `create-record-${name}A`,
  title: `Create A record ${name} with ${address} in zone ${zone}`,
  resource: recordName(project, zone, name, 'A'),
  request: call('dns.resourceRecordSets.create', {project, managedZone: zone}, {name, type: 'A', ttl, rrdatas: [address]}),
  cost: free,
  gcloud: [gcloud`dns record-sets create ${name} --zone=${zone} --type=A --ttl=${ttl} --rrdatas=${address} --project=${project}`],
  undo: gcloud`dns record-sets delete ${name} --zone=${zone} --type=A --project=${project}`,
  takes: 'less than a minute, and the time that resolvers keep "there is none"',
})

/** Whatever the name leads to now is no longer reached by it, so it is asked for by itself. */
export const moveAddressRecord = (given: AddressRecord & {before: {ttl: number; rrdatas: readonly string[]}}): Change => {
  const {project, zone, name, address, before} = given
  const old = before.rrdatas.join(', ')
  return {
    id: `move-record-${name}A`,
    title: `Change A record ${name} in zone ${zone} from ${old} to ${address}`,
    resource: recordName(project, zone, name, 'A'),
    request: call(
      'dns.resourceRecordSets.patch',
      {project, managedZone: zone, name, type: 'A'},
      {name, type: 'A', ttl, rrdatas: [address]},
    ),
    cost: free,
    gcloud: [gcloud`dns record-sets update ${name} --zone=${zone} --type=A --ttl=${ttl} --rrdatas=${address} --project=${project}`],
    undo: gcloud`dns record-sets update ${name} --zone=${zone} --type=A --ttl=${before.ttl} --rrdatas=${before.rrdatas.join(',')} --project=${project}`,
    takes: `less than a minute, and up to ${before.ttl} s until resolvers forget the old one`,
    consent: {each: `${name} leads to ${old} now, and will lead to ${address}`},
  }
}
