import type {Policy, WorkloadIdentityPool, WorkloadIdentityProvider} from '../../src/gcp/cloud.ts'

const pool: WorkloadIdentityPool = {
  name: 'projects/123/locations/global/workloadIdentityPools/github-pool',
  state: 'ACTIVE',
  disabled: false,
}
export const condition =
  "assertion.repository == 'acme/q-logic' && assertion.repository_id == '11' && assertion.repository_owner_id == '22' && assertion.ref == 'refs/heads/main'"
const provider: WorkloadIdentityProvider = {
  name: `${pool.name}/providers/github-provider`,
  state: 'ACTIVE',
  disabled: false,
  issuerUri: 'https://token.actions.githubusercontent.com',
  attributeMapping: {
    'google.subject': 'assertion.sub',
    'attribute.actor': 'assertion.actor',
    'attribute.repository': 'assertion.repository',
    'attribute.ref': 'assertion.ref',
  },
  attributeCondition: condition,
}
export const ownPrincipal = (project: string) =>
  `principalSet://iam.googleapis.com/projects/${project}/locations/global/workloadIdentityPools/github-pool/attribute.repository/acme/q-logic`
export const bound = (...members: string[]): Policy => ({bindings: [{role: 'roles/iam.workloadIdentityUser', members}]})

/** A federation with which all is well, of acme/q-logic in production. */
export const federation = {
  pool,
  provider,
  others: [],
  policy: bound(ownPrincipal('123')),
  projectNumber: '123',
  atGitHub: {fullName: 'acme/q-logic', id: '11', ownerId: '22'},
}
