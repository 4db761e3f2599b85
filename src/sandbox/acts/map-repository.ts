import {mappingTable} from '../cloudbuild/triggers.ts'
import type {Act} from './act.ts'

/** How repositories were connected before there were connections: in the console alone. */
const mapRepository: Act = {
  name: 'map-repository',
  does: 'In the console, connects the GitHub repository to Cloud Build the first-generation way.',
  needs: ['projectId', 'githubRepo'],
  perform: (given, world) => {
    const [id = '', repository = ''] = [given['projectId'], given['githubRepo']]
    world.table(mappingTable).set(`${world.project(id)?.projectId ?? id}/${repository}`, {repository})
    return `${repository} is connected to Cloud Build of ${id}.`
  },
}

export default mapRepository
