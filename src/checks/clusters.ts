import type {ClusterTarget} from '../changes/gke.ts'
import type {Config} from '../config/parameters.ts'

export const isAutopilot = ({compute}: Config): boolean => compute === 'gke-autopilot'

export const clusterTarget = ({projectId, region, cluster}: Config): ClusterTarget => ({project: projectId, region, cluster})

/** The namespace that this environment's workloads live in: the configured one that ends with the environment's name, else the first. */
export const ownNamespace = ({namespaces, env}: Config): string =>
  namespaces.find((name) => name === env || name.endsWith(`-${env}`)) ?? namespaces[0] ?? `qlogic-${env}`
