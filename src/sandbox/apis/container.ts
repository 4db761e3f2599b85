import type {Api} from '../api.ts'
import {clusterRoutes} from '../container/clusters.ts'
import {operationRoutes} from '../container/operations.ts'

/** Kubernetes Engine v1: clusters of Autopilot, and standard ones as far as that they can be told apart. What runs in them: kubernetes.ts. */
const container: Api = {
  name: 'container',
  service: 'container.googleapis.com',
  title: 'Kubernetes Engine API',
  errorStyle: 'both',
  routes: [...clusterRoutes, ...operationRoutes],
}

export default container
