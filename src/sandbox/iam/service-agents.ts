import type {SimulatedProject, World} from '../api.ts'
import {knownService, serviceAgent} from '../known-services.ts'
import {bindingsOf} from '../policies.ts'
import {accountTable, addAccount} from './accounts.ts'

const grant = (world: World, {projectId}: SimulatedProject, role: string, member: string): void => {
  const policy = world.policies.get(`projects/${projectId}`)
  const rows = bindingsOf(policy).map(({role: name, members, condition}) => ({role: name, members, ...(condition ? {condition} : {})}))
  world.policies.set(`projects/${projectId}`, {...policy, bindings: [...rows, {role, members: [member]}]})
}

/**
 * What Google makes in IAM when a service is enabled: its service agent with its role; for Compute Engine also the default service account
 * and the Google APIs service agent, both editors (the first unless iam.automaticIamGrantsForDefaultServiceAccounts is enforced).
 */
export const makeServiceAgents = (service: string, project: SimulatedProject, world: World): void => {
  const known = knownService(service)
  const email = known && serviceAgent(known, project.projectNumber)
  const agents = world.table('iam.agents')
  if (email !== undefined && !agents.get(email)) {
    agents.set(email, {email, uniqueId: world.newId(21)})
    if (known?.agentRole !== undefined) grant(world, project, known.agentRole, `serviceAccount:${email}`)
  }
  if (service !== 'compute.googleapis.com') return
  const apis = `${project.projectNumber}@cloudservices.gserviceaccount.com`
  if (!agents.get(apis)) {
    agents.set(apis, {email: apis, uniqueId: world.newId(21)})
    grant(world, project, 'roles/editor', `serviceAccount:${apis}`)
  }
  const standard = `${project.projectNumber}-compute@developer.gserviceaccount.com`
  if (accountTable(world).get(standard)) return
  const row = addAccount(world, project.projectId, standard, 'Compute Engine default service account', '')
  // Google makes it before it tells that the API is enabled: nobody waits for it.
  accountTable(world).set(standard, {...row, createdAt: row.createdAt - world.propagationMs.serviceAccount})
  if (!world.enforced('iam.automaticIamGrantsForDefaultServiceAccounts', project.projectId))
    grant(world, project, 'roles/editor', `serviceAccount:${standard}`)
}
