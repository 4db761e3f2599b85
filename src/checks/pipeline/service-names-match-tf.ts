import {notApplicable} from '../../engine/finding.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {textOf} from '../../repo/workflows/words.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {isManaged, managedServices, namesOf} from '../cloud-run-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deploymentsIn} from '../deployments.ts'
import {concludeTargets, held, missed, undecided, unreadable} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows), terraform: await read(readTerraform)}),
  evaluate: ({workflows, terraform}) => {
    const services = managedServices(terraform)
    const deployments = deploymentsIn(workflows).filter(({service}) => service !== undefined)
    if (terraform.unread.length === 0 && (services.length === 0 || deployments.length === 0)) return notApplicable('NOTHING_TO_COMPARE')
    const expected = `a service of Terraform: ${namesOf(services)}`
    const distinct = new Map(deployments.map((one) => [`${one.file}:${one.line} ${textOf(one.service ?? [])}`, one]))
    const targets = [...distinct.values()].map((one) => {
      const service = one.service ?? []
      const managed = isManaged(service, services)
      const actual = `${textOf(service)}${one.branch === undefined ? '' : ` on ${one.branch}`}`
      if (managed === undefined) return undecided(one, expected, actual)
      return managed ? held(one, expected, actual) : missed(one, expected, actual)
    })
    const unread =
      services.length === 0 || deployments.length === 0
        ? terraform.unread.map((one) => unreadable(one, 'Cloud Run services of Terraform'))
        : []
    return concludeTargets([...targets, ...unread], {
      pass: 'SERVICE_NAMES_MATCH',
      fail: 'SERVICE_NAMES_DIFFER',
      partly: 'SERVICE_NAMES_DIFFER_IN_PART',
    })
  },
})
