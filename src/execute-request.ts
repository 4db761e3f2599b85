import type {Execute} from './engine/apply.ts'
import {createCloud} from './gcp/create-cloud.ts'
import {createExecutor} from './gcp/execute.ts'
import {GcpError} from './gcp/gcp-error.ts'
import {executeGitHub} from './github/execute.ts'
import {executeKubernetes} from './kubernetes/execute.ts'
import {executeOnMachine} from './machine/execute.ts'
import {withGivenSecrets} from './given-secrets.ts'
import {executeFileRequest} from './repo/change-file.ts'
import type {Run} from './run-context.ts'

/** Sends every kind of request to the one who can carry it out. */
export const executorOf = ({transport, config, clock, root}: Pick<Run, 'transport' | 'config' | 'clock' | 'root'>): Execute => {
  const send = createExecutor(transport, {projectId: config.projectId, clock})
  return async (request, hooks) => {
    if (request.kind === 'kubernetes') return executeKubernetes(transport, config.projectId, request, hooks)
    if (request.kind === 'program' || request.kind === 'docker-helper')
      return executeOnMachine(request, {env: process.env, now: clock.now(), signal: hooks.signal})
    if (request.kind === 'github') {
      const access = {endpoint: transport.endpoint, clock, env: process.env}
      const projectNumber = async () => {
        const project = await createCloud(transport, config.projectId).resourceManager.project()
        if (project !== undefined) return project.projectNumber
        const detail = `project ${config.projectId} does not exist or is not visible`
        throw new GcpError({kind: 'not_found', method: 'cloudresourcemanager.projects.get', detail})
      }
      return executeGitHub(access, request, {...hooks, projectNumber})
    }
    if (request.kind === 'call') return withGivenSecrets(request, (filled) => send(filled, hooks))
    if (request.kind !== 'file' && request.kind !== 'mode') return send(request, hooks)
    await executeFileRequest(root, request)
    return {sent: {path: request.path}, received: {}}
  }
}
