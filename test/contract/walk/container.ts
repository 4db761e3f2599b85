import {on, send} from './step.ts'
import type {Step} from './step.ts'

const project = '/container/v1/projects/walk-one'
const location = `${project}/locations/europe-west1`
const clusters = `${location}/clusters`
const one = `${clusters}/walk`
const compute = '/compute/compute/v1/projects/walk-one'
const kept = {operation: 'name'}
const poll = on(`GET ${location}/operations/\${operation}`)

const inside = '/kubernetes/projects/walk-one/locations/europe-west1/clusters/walk'
const spaces = `${inside}/api/v1/namespaces`
const accounts = `${spaces}/walkers/serviceaccounts`
const deployments = `${inside}/apis/apps/v1/namespaces/walkers/deployments`

/** A cluster of Autopilot from its making to its end, and what is asked inside of it. */
export const containerWalk: Step[] = [
  send('POST /serviceusage/v1/projects/walk-one/services:batchEnable', {serviceIds: ['container.googleapis.com']}),
  send(`POST ${compute}/global/networks`, {name: 'walk-gke', autoCreateSubnetworks: false}),
  send(`POST ${compute}/regions/europe-west1/subnetworks`, {
    name: 'walk-gke',
    network: 'global/networks/walk-gke',
    ipCidrRange: '10.20.0.0/20',
  }),
  on(`GET ${location}/serverConfig`),
  on(`GET ${clusters}`),
  {call: `GET ${one}`, status: 404},
  {
    call: `POST ${clusters}`,
    body: {cluster: {name: 'walk', network: 'elsewhere', autopilot: {enabled: true}}},
    status: 400,
  },
  send(
    `POST ${clusters}`,
    {
      parent: 'projects/walk-one/locations/europe-west1',
      cluster: {
        name: 'walk',
        network: 'walk-gke',
        subnetwork: 'walk-gke',
        autopilot: {enabled: true},
        releaseChannel: {channel: 'STABLE'},
        resourceLabels: {a: 'b'},
        controlPlaneEndpointsConfig: {dnsEndpointConfig: {allowExternalTraffic: true}},
        maintenancePolicy: {window: {dailyMaintenanceWindow: {startTime: '03:00'}}},
      },
    },
    kept,
  ),
  poll,
  on(`GET ${location}/operations`),
  {call: `POST ${location}/operations/\${operation}:cancel`, body: {}, status: 400},
  on(`GET ${project}/locations/-/clusters`),
  on(`GET ${one}`, {labels: 'labelFingerprint', maintenance: 'maintenancePolicy.resourceVersion'}),
  on(`GET ${one}/nodePools`),
  send(`PUT ${one}`, {update: {desiredControlPlaneEndpointsConfig: {ipEndpointsConfig: {enabled: false}}}}, kept),
  poll,
  on(`GET ${one}`),
  send(`POST ${one}:setResourceLabels`, {resourceLabels: {a: 'c'}, labelFingerprint: '${labels}'}, kept),
  poll,
  send(`POST ${one}:setMaintenancePolicy`, {maintenancePolicy: {resourceVersion: '${maintenance}'}}, kept),
  poll,
  on(`GET ${spaces}?limit=500`),
  ...['/api', '/apis', '/api/v1', '/apis/apps/v1'].map((path) => on(`GET ${inside}${path}`)),
  send(`POST ${spaces}`, {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'walkers', labels: {a: 'b'}}}),
  {call: `POST ${spaces}`, body: {metadata: {name: 'walkers'}}, status: 409},
  on(`GET ${spaces}/walkers`),
  {call: `PATCH ${spaces}/walkers`, body: {metadata: {labels: {a: 'c'}}}, status: 415},
  on(`GET ${accounts}`),
  send(`POST ${accounts}`, {metadata: {name: 'backend'}}),
  on(`GET ${accounts}/backend`),
  {call: `PATCH ${accounts}/backend`, body: {metadata: {annotations: {a: 'b'}}}, status: 415},
  send(`POST ${deployments}`, {metadata: {name: 'backend'}, spec: {template: {spec: {containers: []}}}}),
  on(`GET ${deployments}`),
  on(`GET ${deployments}/backend`),
  {call: `PATCH ${deployments}/backend`, body: {metadata: {labels: {a: 'b'}}}, status: 415},
  on(`DELETE ${deployments}/backend`),
  on(`DELETE ${accounts}/backend`),
  on(`DELETE ${spaces}/walkers`),
  {call: `GET ${spaces}/walkers`, status: 404},
  on(`DELETE ${one}`, kept),
  poll,
  {call: `GET ${one}`, status: 404},
]
