import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {edgeName, lastSegment} from './resource-names.ts'

/** Domains of a certificate can never be changed. */
export const createCertificate = (project: string, certificate: string, domain: string): Change => ({
  id: `create-certificate-${certificate}`,
  title: `Order the managed certificate ${certificate} for ${domain}`,
  resource: edgeName(project, 'sslCertificates', certificate),
  request: call('compute.sslCertificates.insert', {project}, {name: certificate, type: 'MANAGED', managed: {domains: [domain]}}),
  cost: free,
  gcloud: [gcloud`compute ssl-certificates create ${certificate} --domains=${domain} --global --project=${project}`],
  undo: `${gcloud`compute ssl-certificates delete ${certificate} --global --project=${project}`} (not while a proxy uses it)`,
  takes: 'seconds to order; active 15-60 min after the domain leads to the load balancer, at most 24 h',
})

type Attachment = {project: string; proxy: string; certificate: string; attached: readonly string[]}

/** Beside those that the proxy has: none is ever taken off. */
export const attachCertificate = ({project, proxy, certificate, attached}: Attachment): Change => {
  const all = [...attached, `projects/${project}/global/sslCertificates/${certificate}`]
  const names = (list: readonly string[]) => list.map(lastSegment).join(',')
  return {
    id: `attach-certificate-${certificate}-to-${proxy}`,
    title: `Attach certificate ${certificate} to HTTPS proxy ${proxy}${attached.length === 0 ? '' : `, beside ${names(attached)}`}`,
    resource: edgeName(project, 'targetHttpsProxies', proxy),
    request: call('compute.targetHttpsProxies.setSslCertificates', {project, targetHttpsProxy: proxy}, {sslCertificates: all}),
    cost: free,
    gcloud: [gcloud`compute target-https-proxies update ${proxy} --ssl-certificates=${names(all)} --global --project=${project}`],
    undo:
      attached.length === 0
        ? null
        : gcloud`compute target-https-proxies update ${proxy} --ssl-certificates=${names(attached)} --global --project=${project}`,
    takes: '10 s, and up to 10 min until it is served everywhere',
  }
}
