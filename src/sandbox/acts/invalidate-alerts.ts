import type {Act} from './act.ts'

/** What Google finds some time after a policy was written, for instance where a metric changed its labels. */
const invalidateAlerts: Act = {
  name: 'invalidate-alerts',
  does: 'Lets Google find the conditions of every alert policy of the project invalid, until they are written again.',
  needs: ['projectId'],
  perform: ({projectId = ''}, world) => {
    const policies = world.table('monitoring.alertPolicies')
    const found = policies.entries().filter(([name]) => name.startsWith(`projects/${projectId}/`))
    for (const [name, row] of found)
      policies.set(name, {...row, validity: {code: 3, message: 'A field of the condition does not match its metric any more.'}})
    return `${found.length} alert policies are invalid.`
  },
}

export default invalidateAlerts
