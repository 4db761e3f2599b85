import {notApplicable} from '../../engine/finding.ts'
import {textOf, type Word} from '../../repo/workflows/words.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deploymentsIn} from '../deployments.ts'
import {sharedTags} from '../pipeline-images.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

const expected = 'an image by digest (image@sha256:...)'

const reference = (place: {file: string; line: number}, image: Word): Target => {
  const text = textOf(image)
  if (/@sha256:[0-9a-f]{64}$/.test(text) || /@/.test(text.replaceAll(/\$\{\{[^}]*\}\}/g, '')) || /digest/i.test(text))
    return held(place, expected, text)
  const tag = /:([^/]*)$/.exec(text.replaceAll(/\$\{\{[^}]*\}\}|\$\{[^}]*\}/g, '•'))?.[1]
  // `${{ inputs.image }}` may hold a digest.
  if (tag === undefined && image.some((part) => 'dynamic' in part) && !/\/[\w.-]+$/.test(text)) return undecided(place, expected, text)
  return missed(place, expected, tag === undefined ? `${text}, which is :latest` : text)
}

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows)}),
  evaluate: ({workflows}) => {
    const images = deploymentsIn(workflows).flatMap((one) => (one.image === undefined ? [] : [reference(one, one.image)]))
    const distinct = [...new Map([...images, ...sharedTags(workflows)].map((one) => [JSON.stringify(one.evidence), one])).values()]
    if (distinct.length === 0) return notApplicable('NO_IMAGE_DEPLOYED')
    return concludeTargets(distinct, {pass: 'IMAGES_BY_DIGEST', fail: 'IMAGES_BY_TAG', partly: 'IMAGES_BY_TAG_IN_PART'})
  },
})
