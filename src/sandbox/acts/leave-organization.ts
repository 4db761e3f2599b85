import type {Act} from './act.ts'

/** A person without an organization makes such projects; nothing moves one there through the API. */
const leaveOrganization: Act = {
  name: 'leave-organization',
  does: 'Take the project out of its organization, as one looks that was made by somebody without any.',
  needs: ['projectId'],
  perform: ({projectId = ''}, world) => {
    const projects = world.table('cloudresourcemanager.projects')
    projects.set(projectId, {...projects.get(projectId), parent: ''})
    return `Project ${projectId} belongs to no organization.`
  },
}

export default leaveOrganization
