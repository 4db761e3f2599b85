import {notApplicable} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {userOf} from '../container-users.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages, type DeployedImage} from '../deployed-images.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'USER as numbers, like 10001:10001'

const judge = (image: DeployedImage): Target[] => {
  const user = userOf(image)
  // Root, and no USER at all, is the business of the item on root.
  if (user.is === 'root') return []
  if (user.is === 'unknown') return [undecided(user, expected, user.text)]
  // The unprivileged base images say theirs as a number.
  if (user.name === undefined) return [held(user, expected, user.text)]
  return [/^\d+(?::\d+)?$/.test(user.name) ? held(user, expected, user.text) : missed(user, expected, user.text)]
}

export default defineRepositoryItem({
  observe: async (read) => ({docker: await read(readDockerfiles), builds: await read(readImageBuilds)}),

  evaluate: (facts) => {
    const targets = [...deployedImages(facts).flatMap(judge), ...undecidedImages(facts, expected)]
    if (targets.length === 0) return notApplicable('NUMERIC_USER_NONE')
    return concludeTargets(targets, {pass: 'USER_NUMERIC', fail: 'USER_NAMED'})
  },
})
