import type {Act} from './act.ts'

/** Maintenance comes when Google wants it, within the window. */
const maintainInstance: Act = {
  name: 'maintain-instance',
  does: 'Let Google begin the maintenance of the Cloud SQL instance.',
  needs: ['projectId', 'sqlInstance'],
  perform: ({projectId = '', sqlInstance = ''}, world) => {
    const path = `projects/${projectId}/instances/${sqlInstance}`
    const instances = world.table('sqladmin.instances')
    instances.set(path, {...instances.get(path), state: 'MAINTENANCE'})
    return `Instance ${sqlInstance} is being maintained.`
  },
}

export default maintainInstance
