import {on, send} from './step.ts'
import type {Step} from './step.ts'

const place = '/projects/walk-one/locations/europe-west1'
const connections = `/cloudbuild/v2${place}/connections`
const connection = `${connections}/qlogic-github`
const repositories = `${connection}/repositories`
const triggers = `/cloudbuild/v1${place}/triggers`
const operation = {operation: 'name'}
const repo = '/github/repos/example/walk'
const refused = (call: string, status: number, body?: Step['body']): Step => ({call, status, ...(body === undefined ? {} : {body})})
const first = {name: 'first', filename: 'f', github: {owner: 'example', name: 'walk', push: {branch: 'main'}}}

/** Cloud Build with its connection to GitHub, and GitHub itself. */
export const cicdWalk: Step[] = [
  send('POST /serviceusage/v1/projects/walk-one/services/cloudbuild.googleapis.com:enable', {}),
  send(`POST ${connections}?connectionId=qlogic-github`, {githubConfig: {}, annotations: {a: 'b'}}, operation),
  on(`GET /cloudbuild/v2${place}/operations/\${operation}`),
  on(`GET ${connections}?pageSize=1`),
  on(`GET ${connection}`),
  send(`PATCH ${connection}?updateMask=disabled`, {disabled: true}),
  send(`PATCH ${connection}?updateMask=disabled`, {disabled: false}),
  refused(`POST ${repositories}?repositoryId=walk`, 400, {remoteUri: 'https://github.com/example/walk.git'}),
  refused('POST /sandbox/v1/acts/connect-github', 400, {projectId: 'walk-one', region: 'europe-west1'}),
  on('GET /cloudresourcemanager/v3/projects/walk-one', {number: 'name'}),
  send('POST /cloudresourcemanager/v3/projects/walk-one:setIamPolicy', {
    policy: {
      bindings: [
        {role: 'roles/secretmanager.admin', members: ['serviceAccount:service-${number}@gcp-sa-cloudbuild.iam.gserviceaccount.com']},
        {role: 'roles/owner', members: ['user:operator@example.com']},
      ],
    },
  }),
  send('POST /sandbox/v1/acts/connect-github', {projectId: 'walk-one', region: 'europe-west1'}),
  on(`GET ${connection}`),
  send(`POST ${repositories}?repositoryId=walk`, {remoteUri: 'https://github.com/example/walk.git'}, operation),
  on(`GET /cloudbuild/v2${place}/operations/\${operation}`),
  on(`GET ${repositories}`),
  on(`GET ${repositories}/walk`),
  send(
    `POST ${triggers}`,
    {
      name: 'walk-main',
      filename: 'cloudbuild.yaml',
      repositoryEventConfig: {
        repository: 'projects/walk-one/locations/europe-west1/connections/qlogic-github/repositories/walk',
        push: {branch: '^main$'},
      },
      approvalConfig: {approvalRequired: true},
    },
    {trigger: 'id'},
  ),
  refused(`POST ${triggers}`, 400, first),
  send('POST /sandbox/v1/acts/map-repository', {projectId: 'walk-one', githubRepo: 'example/walk'}),
  send(`POST ${triggers}`, first),
  refused(`POST ${triggers}`, 409, first),
  on(`GET ${triggers}?pageSize=1`),
  on(`GET ${triggers}/\${trigger}`),
  send(`PATCH ${triggers}/\${trigger}?updateMask=disabled`, {disabled: true}),
  on(`DELETE ${triggers}/first`),
  on(`DELETE ${repositories}/walk`),
  on(`DELETE ${connection}`),

  on(`GET ${repo}`),
  on(`GET ${repo}/branches/main`),
  refused(`GET ${repo}/branches/none`, 404),
  on(`GET ${repo}/branches/main/protection`),
  on(`DELETE ${repo}/branches/main/protection`),
  send(`PUT ${repo}/branches/main/protection`, {enforce_admins: true}),
  send(`POST ${repo}/git/refs`, {ref: 'refs/heads/feature/x', sha: 'a'}),
  on(`DELETE ${repo}/git/refs/heads/feature/x`),
  on(`GET ${repo}/actions/secrets/public-key`, {key: 'key_id'}),
  send(`PUT ${repo}/actions/secrets/NAME`, {encrypted_value: Buffer.alloc(60).toString('base64'), key_id: '${key}'}),
  on(`GET ${repo}/actions/secrets?per_page=100&page=1`),
  on(`GET ${repo}/actions/secrets/NAME`),
  on(`DELETE ${repo}/actions/secrets/NAME`),
  send(`POST ${repo}/actions/variables`, {name: 'V', value: 'a'}),
  refused(`POST ${repo}/actions/variables`, 409, {name: 'V', value: 'a'}),
  send(`PATCH ${repo}/actions/variables/V`, {name: 'V', value: 'b'}),
  on(`GET ${repo}/actions/variables/V`),
  on(`GET ${repo}/actions/variables`),
  on(`DELETE ${repo}/actions/variables/V`),
  send(`PUT ${repo}/environments/production`, {
    wait_timer: 30,
    deployment_branch_policy: {protected_branches: false, custom_branch_policies: true},
  }),
  send(`POST ${repo}/environments/production/deployment-branch-policies`, {name: 'main'}, {policy: 'id'}),
  send('POST /sandbox/v1/acts/require-reviewers', {githubRepo: 'example/walk'}),
  on(`GET ${repo}/environments/production`),
  on(`GET ${repo}/environments/production/deployment-branch-policies`),
  on(`GET ${repo}/environments`),
  on(`DELETE ${repo}/environments/production/deployment-branch-policies/\${policy}`),
  on(`DELETE ${repo}/environments/production`),
]
