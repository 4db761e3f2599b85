import {objects} from '../json.ts'
import type {Act} from './act.ts'

/** Who approves is a choice of people: the tool cannot make it. */
const requireReviewers: Act = {
  name: 'require-reviewers',
  does: 'In the settings of the GitHub repository, requires a reviewer for deployments to the environment production.',
  needs: ['githubRepo'],
  perform: (given, world) => {
    const repository = given['githubRepo'] ?? ''
    const environments = world.table('github.environments')
    const place = `${repository.toLowerCase()}/production`
    const now = world.now().toISOString()
    const row = environments.get(place) ?? {id: Number(world.newId(8)), name: 'production', waitTimer: 0, policy: null, created_at: now}
    const reviewers = objects(row.reviewers)
    environments.set(place, {...row, reviewers: reviewers.length > 0 ? reviewers : [{type: 'User', id: 1}], updated_at: now})
    return `Deployments of ${repository} to production need an approval.`
  },
}

export default requireReviewers
