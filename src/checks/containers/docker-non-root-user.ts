import {fail} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {userOf} from '../container-users.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedImages, undecidedImages, type DeployedImage} from '../deployed-images.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'a user other than root'

const judge = (image: DeployedImage): Target => {
  const user = userOf(image)
  if (user.is === 'root') return missed(user, expected, user.text)
  return user.is === 'unknown' ? undecided(user, expected, user.text) : held(user, expected, user.text)
}

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{docker: await read(readDockerfiles), builds: await read(readImageBuilds), landmarks: await read(readLandmarks)},
  }),

  evaluate: (facts) => {
    const targets = [...deployedImages(facts).map(judge), ...undecidedImages(facts, expected)]
    if (targets.length === 0) {
      const file = facts.landmarks.root ?? 'Dockerfile'
      return fail('USER_NO_DOCKERFILE', [{file, line: 1, expected: 'a Dockerfile', actual: 'none'}])
    }
    return concludeTargets(targets, {pass: 'USER_NOT_ROOT', fail: 'USER_ROOT', partly: 'USER_ROOT_PARTLY'})
  },
})
