import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {edgeName} from './resource-names.ts'

const floor = {minTlsVersion: 'TLS_1_2', profile: 'MODERN'}

export const createTlsPolicy = (project: string, policy: string): Change => ({
  id: `create-tls-policy-${policy}`,
  title: `Create TLS policy ${policy}: TLS 1.2 or newer, modern ciphers`,
  resource: edgeName(project, 'sslPolicies', policy),
  request: call('compute.sslPolicies.insert', {project}, {name: policy, ...floor}),
  cost: free,
  gcloud: [gcloud`compute ssl-policies create ${policy} --profile=MODERN --min-tls-version=1.2 --global --project=${project}`],
  undo: gcloud`compute ssl-policies delete ${policy} --global --project=${project}`,
  takes: '10 s',
})

export const raiseTlsPolicy = (project: string, policy: string, fingerprint: string | undefined): Change => ({
  id: `raise-tls-policy-${policy}`,
  title: `Raise TLS policy ${policy} to TLS 1.2 or newer, modern ciphers`,
  resource: edgeName(project, 'sslPolicies', policy),
  request: call('compute.sslPolicies.patch', {project, sslPolicy: policy}, {...(fingerprint === undefined ? {} : {fingerprint}), ...floor}),
  cost: free,
  gcloud: [gcloud`compute ssl-policies update ${policy} --profile=MODERN --min-tls-version=1.2 --global --project=${project}`],
  undo: gcloud`compute ssl-policies update ${policy} --profile=COMPATIBLE --min-tls-version=1.0 --global --project=${project}`,
  takes: '10 s, and a few minutes until it works everywhere',
  consent: {each: 'clients that know only TLS 1.0 or 1.1 can no longer connect'},
})

/** Where another policy is attached now it is replaced, which is asked for by itself. */
export const attachTlsPolicy = (project: string, proxy: string, policy: string, before: string | undefined): Change => ({
  id: `attach-tls-policy-${policy}-to-${proxy}`,
  title: `Attach TLS policy ${policy} to HTTPS proxy ${proxy}${before === undefined ? '' : ` in place of ${before}`}`,
  resource: edgeName(project, 'targetHttpsProxies', proxy),
  request: call(
    'compute.targetHttpsProxies.setSslPolicy',
    {project, targetHttpsProxy: proxy},
    {sslPolicy: `projects/${project}/global/sslPolicies/${policy}`},
  ),
  cost: free,
  gcloud: [gcloud`compute target-https-proxies update ${proxy} --ssl-policy=${policy} --global --project=${project}`],
  undo:
    before === undefined
      ? gcloud`compute target-https-proxies update ${proxy} --clear-ssl-policy --global --project=${project}`
      : gcloud`compute target-https-proxies update ${proxy} --ssl-policy=${before} --global --project=${project}`,
  takes: '10 s, and a few minutes until it works everywhere',
  ...(before === undefined ? {} : {consent: {each: `policy ${before} is taken off; clients that know only old TLS can no longer connect`}}),
})
