import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type ObjectValue} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform} from '../terraform-resources.ts'
import {apiServices, nameOf, runWorkloads, type RunWorkload} from '../terraform-services.ts'
import {described, textOf, valueAt} from '../terraform-values.ts'

const readiness = 'a startup or readiness probe on the readiness path'
const liveness = 'a liveness probe that does not ask the database'
const isReady = (path: string): boolean => /ready|readiness/.test(path)

const judge = (service: RunWorkload, container: ObjectValue, deep: string): Target[] => {
  const probe = (name: string) => valueAt(container, name, 'http_get', 'path') ?? undefined
  const starts = [probe('startup_probe'), probe('readiness_probe')].flatMap((one) => one ?? [])
  const ready = starts.find((one) => isReady(textOf(one) ?? ''))
  const open = starts.find((one) => textOf(one) === undefined)
  const [other] = starts
  const first =
    ready !== undefined
      ? held(ready, readiness, textOf(ready) ?? '')
      : open !== undefined
        ? undecided(open, readiness, described(open))
        : missed(other ?? container, readiness, other === undefined ? `${nameOf(service)} has none` : (textOf(other) ?? ''))
  const alive = probe('liveness_probe')
  if (alive === undefined) return [first]
  const path = textOf(alive)
  if (path === undefined) return [first, undecided(alive, liveness, described(alive))]
  if (isReady(path) || path === deep) return [first, missed(alive, liveness, `${path}, which asks the database`)]
  return [
    first,
    /live|alive|ping/.test(path)
      ? held(alive, liveness, path)
      : undecided(alive, liveness, `${path}: whether it asks the database is not known here`),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}, {config}) => {
    const services = terraform.roots.flatMap((root) => apiServices(runWorkloads({roots: [root]})))
    if (services.length === 0) return notApplicable('NO_API_SERVICE')
    return concludeTerraform(
      // Beside the application, which takes the requests on its port, there may be helpers.
      services.flatMap((one) => {
        const main = one.containers.find((container) => valueAt(container, 'ports') !== undefined) ?? one.containers[0]
        return main === undefined ? [] : judge(one, main, config.healthPath)
      }),
      {pass: 'PROBES_FIT', fail: 'PROBES_UNFIT', partly: 'PROBES_PARTLY_UNFIT'},
    )
  },
})
