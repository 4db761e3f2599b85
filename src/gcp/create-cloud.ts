import {artifactRegistry} from './artifact-registry.ts'
import {billing} from './billing.ts'
import {budgetsOf} from './budgets.ts'
import {clientsOf} from './clients.ts'
import type {Cloud} from './cloud.ts'
import {compute} from './compute.ts'
import {run} from './run.ts'
import {container} from './container.ts'
import {dns} from './dns.ts'
import {monitoring} from './monitoring.ts'
import {logging} from './logging.ts'
import {cloudBuild} from './cloud-build.ts'
import {GcpError} from './gcp-error.ts'
import {iam} from './iam.ts'
import {orgPolicy} from './org-policy.ts'
import type {Reads} from './reads.ts'
import {resourceManager} from './resource-manager.ts'
import {secretManager} from './secret-manager.ts'
import {serviceNetworking} from './service-networking.ts'
import {serviceUsage} from './service-usage.ts'
import {sql} from './sql.ts'
import {storage} from './storage.ts'
import type {Transport} from './transport.ts'
import {vpcAccess} from './vpc-access.ts'

/**
 * One observation of one project: every read is made at most once, and its promise (or error) serves everyone who asks.
 * Ask for a new one to observe again.
 */
export const createCloud = (transport: Transport, projectId: string): Cloud => {
  const clients = clientsOf(transport)
  const projects = resourceManager({transport, clients, projectId})
  const reads: Reads = {
    transport,
    clients,
    projectId,
    projectNumber: async () => {
      const project = await projects.project()
      if (project !== undefined) return project.projectNumber
      throw new GcpError({
        kind: 'not_found',
        method: 'cloudresourcemanager.projects.get',
        detail: `project ${projectId} does not exist or is not visible`,
      })
    },
  }
  return {
    resourceManager: projects,
    billing: billing(reads),
    serviceUsage: serviceUsage(reads),
    iam: iam(reads),
    orgPolicy: orgPolicy(reads),
    budgets: budgetsOf(reads),
    compute: compute(reads),
    vpcAccess: vpcAccess(reads),
    artifactRegistry: artifactRegistry(reads),
    sql: sql(reads),
    serviceNetworking: serviceNetworking(reads),
    secretManager: secretManager(reads),
    storage: storage(reads),
    cloudBuild: cloudBuild(reads),
    logging: logging(reads),
    monitoring: monitoring(reads),
    dns: dns(reads),
    container: container(reads),
    run: run(reads),
  }
}
