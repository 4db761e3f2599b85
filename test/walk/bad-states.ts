import type {BadState} from './bad-states/bad-state.ts'
import {cicdStates} from './bad-states/cicd.ts'
import {computeGkeStates} from './bad-states/compute-gke.ts'
import {computeRunStates} from './bad-states/compute-run.ts'
import {databaseStates} from './bad-states/database.ts'
import {dnsStates} from './bad-states/dns.ts'
import {monitoringStates} from './bad-states/monitoring.ts'
import {networkStates} from './bad-states/network.ts'
import {projectStates} from './bad-states/project.ts'
import {registryStates} from './bad-states/registry.ts'
import {secretsStates} from './bad-states/secrets.ts'
import {stateStates} from './bad-states/state.ts'
import {vpcConnectorStates} from './bad-states/vpc-connector.ts'

/** Of the steps that everything stands on. */
export const foundationStates: readonly BadState[] = [
  ...projectStates,
  ...networkStates,
  ...databaseStates,
  ...registryStates,
  ...secretsStates,
  ...stateStates,
]

/** Of the steps that run and watch the application. */
export const applicationStates: readonly BadState[] = [
  ...computeRunStates,
  ...vpcConnectorStates,
  ...computeGkeStates,
  ...dnsStates,
  ...monitoringStates,
  ...cicdStates,
]

/** At least one for every item that has code. */
export const badStates: readonly BadState[] = [...foundationStates, ...applicationStates]
