import {direct, named, type Methods} from './method.ts'

export const dns: Methods = {
  'dns.managedZones.create': direct('dns', 'POST', '/dns/v1/projects/{project}/managedZones', 'dns.managedZones.create', {
    creates: named('name'),
  }),
  'dns.resourceRecordSets.create': direct(
    'dns',
    'POST',
    '/dns/v1/projects/{project}/managedZones/{managedZone}/rrsets',
    'dns.resourceRecordSets.create',
    {creates: named('name')},
  ),
  'dns.resourceRecordSets.patch': direct(
    'dns',
    'PATCH',
    '/dns/v1/projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}',
    'dns.resourceRecordSets.update',
  ),
}
