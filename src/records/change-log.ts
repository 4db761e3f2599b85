import type {PlannedChange} from '../engine/change.ts'
import type {ChangeLog} from '../engine/apply.ts'
import type {JsonObject} from '../engine/json.ts'
import type {Journal} from './journal.ts'

/** The engine's log of changes, written to the journal: what is asked, what was sent, what came back, what was seen afterwards. */
export const journalChanges = (
  journal: Journal,
  {by, project, environment}: {by: string; project: string; environment: string},
): ChangeLog => {
  const head = (change: PlannedChange): JsonObject => ({change: change.id, item: change.item})
  return {
    intent: async (change) => {
      await journal.append('intent', {
        ...head(change),
        by,
        project,
        environment,
        title: change.title,
        resource: change.resource,
        request: asData(change),
        gcloud: change.gcloud,
        undo: change.undo,
      })
    },
    started: async (change, operation) => {
      await journal.append('started', {...head(change), operation})
    },
    done: async (change, receipt) => {
      await journal.append('outcome', {...head(change), ok: true, sent: receipt.sent, received: receipt.received})
    },
    failed: async (change, error) => {
      await journal.append('outcome', {...head(change), ok: false, error: error instanceof Error ? error.message : String(error)})
    },
    observed: async (change, {finding, observedAt}) => {
      await journal.append('observed', {...head(change), status: finding.status, code: finding.code, observedAt: observedAt.toISOString()})
    },
  }
}

const asData = ({request}: PlannedChange): JsonObject => {
  switch (request.kind) {
    case 'call':
      return {kind: request.kind, method: request.method, params: request.params, body: request.body}
    case 'grant':
      return {kind: request.kind, policy: request.policy, add: request.add, remove: request.remove}
    case 'secret-version':
      return {kind: request.kind, secret: request.secret, value: 'generate' in request.value ? request.value : '[redacted]'}
    case 'kubernetes':
      return {kind: request.kind, cluster: request.cluster, verb: request.verb, path: request.path, body: request.body}
    case 'database-password':
      return {kind: request.kind, instance: request.instance, user: request.user, secret: request.secret, generate: request.generate}
    case 'audit-logs':
      return {kind: request.kind, services: request.services, types: request.types}
    case 'github':
      return {kind: request.kind, repository: request.repository, of: request.write.of, name: request.write.name}
    case 'program':
      return {kind: request.kind, program: request.program, args: request.args}
    case 'docker-helper':
      return {kind: request.kind, host: request.host, helper: request.helper}
    case 'file':
      return {kind: request.kind, path: request.path, append: request.append}
    case 'mode':
      return {kind: request.kind, path: request.path, mode: request.mode.toString(8)}
  }
}
