import {clientsOf} from './clients.ts'
import {awaitOperation, operationIn, startedOperation} from './operations.ts'
import type {Sender, Watch} from './send-write.ts'
import {sql} from './sql.ts'

/**
 * Waits for what runs on an instance already: the creation whose reply was lost, or one that somebody else has started.
 * @throws GcpError what it failed with
 */
export const awaitRunning = async ({transport, projectId, clock}: Sender, instance: string, watch: Watch): Promise<void> => {
  const reads = {transport, clients: clientsOf(transport), projectId, projectNumber: () => Promise.resolve('')}
  for (const running of await sql(reads).runningOperations(instance)) {
    const operation = operationIn(running, {kind: 'sql', api: 'sqladmin', method: 'sql.instances.insert', projectId})
    await watch.started(startedOperation(operation))
    await awaitOperation(transport, operation, {clock, notify: watch.notify, signal: watch.signal, usually: '5-15 min'})
  }
}
