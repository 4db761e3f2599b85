import {ApiError} from '../api.ts'
import {connectionTable} from '../cloudbuild/connections.ts'
import {object} from '../json.ts'
import {bindingsOf} from '../policies.ts'
import type {Act} from './act.ts'

const notReady = (message: string) => new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', message)

/** The consent of Cloud Build's connection to GitHub: two pages in a browser. */
const connectGitHub: Act = {
  name: 'connect-github',
  does: "In a browser, authorizes Cloud Build at GitHub and installs its app, for the project's connection qlogic-github.",
  needs: ['projectId', 'region'],
  perform: (given, world) => {
    const [id = '', region = ''] = [given['projectId'], given['region']]
    const project = world.project(id)
    const name = `projects/${project?.projectId ?? id}/locations/${region}/connections/qlogic-github`
    const row = world.table(connectionTable).get(name)
    if (!row) throw notReady(`There is no connection ${name} yet.`)
    const agent = `serviceAccount:service-${project?.projectNumber ?? ''}@gcp-sa-cloudbuild.iam.gserviceaccount.com`
    const policy = bindingsOf(world.policies.get(`projects/${project?.projectId ?? id}`))
    if (!policy.some(({role, members}) => role === 'roles/secretmanager.admin' && members.includes(agent)))
      throw notReady(`${agent} lacks roles/secretmanager.admin: the token of GitHub cannot be stored.`)
    const token = `projects/${project?.projectId ?? id}/secrets/qlogic-github-github-oauthtoken/versions/latest`
    const githubConfig = {
      ...object(row.githubConfig),
      authorizerCredential: {oauthTokenSecretVersion: token, username: 'robot'},
      appInstallationId: world.newId(8),
    }
    world.table(connectionTable).set(name, {...row, githubConfig, installationState: {stage: 'COMPLETE'}})
    return `${name} is complete.`
  },
}

export default connectGitHub
