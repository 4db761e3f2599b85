import type {Act} from './act.ts'

/** Google suspends an instance that endangers others; unpaid ones are suspended without this act. */
const suspendInstance: Act = {
  name: 'suspend-instance',
  does: 'Let Google suspend the Cloud SQL instance.',
  needs: ['projectId', 'sqlInstance'],
  perform: ({projectId = '', sqlInstance = ''}, world) => {
    const path = `projects/${projectId}/instances/${sqlInstance}`
    const instances = world.table('sqladmin.instances')
    instances.set(path, {...instances.get(path), state: 'SUSPENDED', suspensionReason: ['OPERATIONAL_ISSUE']})
    return `Instance ${sqlInstance} is suspended.`
  },
}

export default suspendInstance
