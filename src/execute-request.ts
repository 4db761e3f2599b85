import type {Execute} from './engine/apply.ts'
import {createExecutor} from './gcp/execute.ts'
import {executeFileRequest} from './repo/change-file.ts'
import type {Run} from './run-context.ts'

/** Sends every kind of request to the one who can carry it out. */
export const executorOf = ({transport, config, clock, root}: Pick<Run, 'transport' | 'config' | 'clock' | 'root'>): Execute => {
  const send = createExecutor(transport, {projectId: config.projectId, clock})
  return async (request, hooks) => {
    if (request.kind !== 'file' && request.kind !== 'mode') return send(request, hooks)
    await executeFileRequest(root, request)
    return {sent: {path: request.path}, received: {}}
  }
}
