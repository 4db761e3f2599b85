import {pushImage} from '../artifactregistry/images.ts'
import type {Act} from './act.ts'

/** What the pipeline does on its first run. The tag is one that no run uses twice, so that immutable tags do not stand in its way. */
const pushImages: Act = {
  name: 'push-images',
  does: 'Build the images backend and frontend and push them to the Docker repository.',
  needs: ['projectId', 'region', 'repository'],
  perform: ({projectId = '', region = '', repository = ''}, world) => {
    const name = `projects/${world.project(projectId)?.projectId ?? projectId}/locations/${region}/repositories/${repository}`
    const tag = `v${world.now().getTime()}`
    const pushed = ['backend', 'frontend'].map((image) => pushImage(world, name, image, tag))
    return `Pushed ${pushed.join(' and ')}.`
  },
}

export default pushImages
