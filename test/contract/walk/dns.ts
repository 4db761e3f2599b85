import {on, send} from './step.ts'
import type {Step} from './step.ts'

const zones = '/dns/dns/v1/projects/walk-one/managedZones'
const zone = `${zones}/walk`
const set = {name: 'www.walk.example.', type: 'A', ttl: 300, rrdatas: ['192.0.2.1']}

/** Cloud DNS, and the public resolvers that see a zone once it is delegated. */
export const dnsWalk: Step[] = [
  send('POST /serviceusage/v1/projects/walk-one/services/dns.googleapis.com:enable', {}),
  on('GET /dns/dns/v1/projects/walk-one'),
  send(`POST ${zones}`, {
    name: 'walk',
    dnsName: 'walk.example.',
    description: '',
    dnssecConfig: {state: 'on'},
    labels: {a: 'b'},
    cloudLoggingConfig: {enableLogging: true},
  }),
  on(`GET ${zones}?dnsName=walk.example.`),
  on(`GET ${zone}`),
  on(`GET ${zone}/dnsKeys`),
  on(`GET ${zone}/dnsKeys/0`),
  send(`PATCH ${zone}`, {dnssecConfig: {state: 'off'}}, {operation: 'id'}),
  on(`GET ${zone}/operations`),
  on(`GET ${zone}/operations/\${operation}`),
  send(`PUT ${zone}`, {name: 'walk', dnsName: 'walk.example.', description: 'd'}),
  send(`POST ${zone}/rrsets`, set),
  on(`GET ${zone}/rrsets`),
  on(`GET ${zone}/rrsets/www.walk.example./A`),
  send(`PATCH ${zone}/rrsets/www.walk.example./A`, {ttl: 60}),
  send(`POST ${zone}/changes`, {
    additions: [{name: 'walk.example.', type: 'CAA', ttl: 300, rrdatas: ['0 issue "pki.goog"']}],
    deletions: [{...set, ttl: 60}],
  }),
  on(`GET ${zone}/changes?sortBy=changeSequence&sortOrder=descending`),
  on(`GET ${zone}/changes/1`),
  on(`DELETE ${zone}/rrsets/walk.example./CAA`),
  send('POST /sandbox/v1/acts/delegate-domain', {projectId: 'walk-one', domain: 'www.walk.example'}),
  on('GET /dns-google/resolve?name=walk.example&type=NS'),
  on('GET /dns-cloudflare/dns-query?name=walk.example&type=SOA'),
  on('GET /sandbox/v1/public-dns/records'),
  on(`DELETE ${zone}`),
]
