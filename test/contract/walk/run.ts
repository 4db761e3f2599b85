import {on, send} from './step.ts'
import type {Step} from './step.ts'

const project = 'walk-one'
const all = `/run/v2/projects/${project}/locations/us-central1/services`
const service = `${all}/walk-run`
const operations = `/run/v2/projects/${project}/locations/us-central1/operations`
const kept = {operation: 'name'}
const template = {
  revision: 'walk-run-first',
  scaling: {minInstanceCount: 1, maxInstanceCount: 3},
  containers: [
    {
      image: 'docker.io/acme/walk:1',
      ports: [{containerPort: 8000}],
      env: [{name: 'ENVIRONMENT', value: 'production'}],
      resources: {limits: {cpu: '2', memory: '1Gi'}, cpuIdle: true, startupCpuBoost: true},
      startupProbe: {httpGet: {path: '/api/health'}, periodSeconds: 5},
    },
    {name: 'side', image: 'docker.io/acme/side:1'},
  ],
  volumes: [{name: 'scratch', emptyDir: {medium: 'MEMORY'}}],
}
const binding = {bindings: [{role: 'roles/run.invoker', members: ['allUsers']}]}

const knative = (image: string) => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {name: 'walk-knative', annotations: {'run.googleapis.com/ingress': 'all'}},
  spec: {template: {spec: {containers: [{image}]}}},
})
/** By location on the global host: what a regional host serves by namespace is the same. */
const located = `/run/v1/projects/${project}/locations/us-central1`
const byNamespace = `/run/apis/serving.knative.dev/v1/namespaces/${project}`

/** Cloud Run: services, revisions, policies and operations of v2, and what gcloud asks by v1. */
export const runWalk: Step[] = [
  send(`POST /serviceusage/v1/projects/${project}/services:batchEnable`, {serviceIds: ['run.googleapis.com']}),
  on('GET /run/v1/projects/walk-one/locations'),
  send(`POST ${all}?serviceId=walk-run`, {template, labels: {app: 'qlogic'}}, kept),
  on(`GET ${operations}/\${operation}`),
  send(`POST ${operations}/\${operation}:wait`, {timeout: '1s'}),
  on(`GET ${operations}?pageSize=5`),
  on(`GET ${service}`),
  on(`GET ${all}?pageSize=1`),
  send(`PATCH ${service}?updateMask=scaling.minInstanceCount`, {scaling: {minInstanceCount: 1}}),
  on(`GET ${service}`),
  on(`GET ${service}/revisions`),
  on(`GET ${service}/revisions/walk-run-first`),
  send(`POST ${service}:setIamPolicy`, {policy: binding}),
  on(`GET ${service}:getIamPolicy?options.requestedPolicyVersion=3`),
  send(`POST ${service}:testIamPermissions`, {permissions: ['run.services.get']}),
  on(`GET ${located}/services/walk-run:getIamPolicy`),
  send(`POST ${located}/services/walk-run:setIamPolicy`, {policy: binding}),
  send(`POST ${located}/services/walk-run:testIamPermissions`, {permissions: ['run.services.get']}),
  send(`POST ${located}/services`, knative('docker.io/acme/walk:1'), {created: 'status.latestCreatedRevisionName'}),
  on(`GET /run/v1/projects/${project}/locations`),
  on(`GET ${located}/services`),
  on(`GET ${located}/services/walk-knative`),
  send(`PUT ${located}/services/walk-knative`, knative('docker.io/acme/walk:2')),
  on(`GET ${located}/revisions`),
  on(`GET ${located}/revisions/\${created}`),
  on(`DELETE ${located}/services/walk-knative`),
  // Without a regional host there is no namespace to look in.
  ...['GET /services', 'GET /services/s', 'DELETE /services/s', 'GET /revisions', 'GET /revisions/r'].map((one): Step => {
    const [method = '', path = ''] = one.split(' ')
    return {call: `${method} ${byNamespace}${path}`, status: 403}
  }),
  {call: `POST ${byNamespace}/services`, body: knative('docker.io/acme/walk:1'), status: 403},
  {call: `PUT ${byNamespace}/services/walk-knative`, body: knative('docker.io/acme/walk:1'), status: 403},
  {call: `POST ${located}/operations/none:wait`, body: {}, status: 404},
  on(`DELETE ${service}`),
]
