import {notApplicable, warn} from '../../engine/finding.ts'
import {readImageBuilds} from '../../repo/docker/builds.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {externalImages, type ExternalImage} from '../external-images.ts'
import {imageName} from '../base-images.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {undecidedImages} from '../deployed-images.ts'
import {concludeTargets, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const expected = 'an image pinned by @sha256'

const judge = ({image, text, ...place}: ExternalImage): {target: Target; floats: boolean} => {
  if (image === undefined)
    return {target: undecided(place, expected, `${withoutBraces(text)}, which is only known when it runs`), floats: false}
  const {digest, tag} = imageName(image)
  if (digest !== undefined)
    return {
      target: /^sha256:[0-9a-f]{64}$/.test(digest)
        ? held(place, expected, image.slice(0, 80))
        : missed(place, expected, `${image.slice(0, 80)}, which is no digest`),
      floats: false,
    }
  // With a version the tag moves within it; without, it moves to whatever is newest.
  return {
    target: missed(place, expected, tag === undefined ? `${image} without a tag` : image),
    floats: tag !== undefined && /\d/.test(tag) && !/^(?:latest|stable|edge|nightly)/.test(tag),
  }
}

export default defineRepositoryItem({
  observe: async (read) => ({docker: await read(readDockerfiles), builds: await read(readImageBuilds), compose: await read(readCompose)}),

  evaluate: (facts) => {
    const judged = externalImages(facts).map(judge)
    const open = [
      ...undecidedImages({...facts, builds: {builds: []}}, expected),
      ...facts.compose.unread.map((place) => unreadable(place, expected)),
    ]
    if (judged.length === 0 && open.length === 0) return notApplicable('BASE_PINNED_NO_IMAGE')
    const floating = judged.filter(({floats}) => floats).map(({target}) => target.evidence)
    const targets = [...judged.filter(({floats}) => !floats).map(({target}) => target), ...open]
    const finding = concludeTargets(targets, {pass: 'BASE_PINNED', fail: 'BASE_UNPINNED'})
    if (finding.status === 'fail') return {...finding, evidence: [...finding.evidence, ...floating]}
    return floating.length > 0 && targets.every(({verdict}) => verdict === 'held') ? warn('BASE_FLOATS', floating) : finding
  },
})
