import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type ObjectValue} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform} from '../terraform-resources.ts'
import {runWorkloads, type RunWorkload} from '../terraform-services.ts'
import {described, partsOfText, textOf, valueAt} from '../terraform-values.ts'

const expected = 'an image by digest, or ignore_changes on the image'
/** Helpers that others release: a fixed version of them is as good as it gets. */
const helper = /cloud-sql-connectors|cloud-sql-proxy|opentelemetry|otel|fluent-bit|envoy/

const judge = ({resource}: RunWorkload, container: ObjectValue): Target[] => {
  const image = valueAt(container, 'image')
  const left = resource.ignoreChanges.find((one) => one === 'all' || /(^|\.)(image|template(\[\d+\])?|containers(\[\d+\])?)$/.test(one))
  if (left !== undefined) return [held(image ?? container, expected, `changes of ${left} are ignored`)]
  if (image === undefined) return [missed(container, expected, 'no image')]
  const text = textOf(image)
  const whole = text ?? partsOfText(image)
  const tag = /:([^/:@]*)$/.exec(whole)?.[1]
  if (/@sha256:/.test(whole) || /@…/.test(whole)) return [held(image, expected, 'a digest')]
  if (tag === 'latest') return [missed(image, expected, whole)]
  if (text === undefined) return [undecided(image, expected, described(image))]
  if (helper.test(text) && tag !== undefined) return []
  return [missed(image, expected, tag === undefined ? `${text}, which means latest` : text)]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const workloads = runWorkloads(terraform)
    if (workloads.length === 0) return notApplicable('NO_SERVICES')
    return concludeTerraform(
      workloads.flatMap((one) => one.containers.flatMap((container) => judge(one, container))),
      {pass: 'IMAGES_FIXED', fail: 'IMAGES_FLOAT', partly: 'SOME_IMAGES_FLOAT'},
    )
  },
})
