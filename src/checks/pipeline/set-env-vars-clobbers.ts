import {notApplicable} from '../../engine/finding.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {managedServices} from '../cloud-run-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deploymentsIn} from '../deployments.ts'
import {concludeTargets, held, missed} from '../targets.ts'

const expected = 'the image alone, or --update-env-vars'

/** `--set-env-vars` takes away every variable that it does not name. https://cloud.google.com/run/docs/configuring/services/environment-variables */
export default defineRepositoryItem({
  observe: async (read) => ({workflows: await read(readWorkflows), terraform: await read(readTerraform)}),
  evaluate: ({workflows, terraform}) => {
    const deployments = deploymentsIn(workflows).filter(({verb}) => verb === 'deploy' || verb === 'update')
    if (managedServices(terraform).length === 0 || deployments.length === 0) return notApplicable('SERVICE_NOT_IN_TERRAFORM')
    const distinct = new Map(deployments.map((one) => [`${one.file}:${one.line}`, one]))
    const targets = [...distinct.values()].map((one) => {
      const names = Object.keys(one.env).join(', ')
      if (one.replacesEnv !== undefined)
        return missed(one.replacesEnv, expected, `replaces all variables${names === '' ? '' : ` by ${names}`}`)
      return held(one, expected, names === '' ? one.act.text : `updates ${names}`)
    })
    return concludeTargets(targets, {pass: 'VARIABLES_KEPT', fail: 'VARIABLES_REPLACED', partly: 'VARIABLES_REPLACED_IN_PART'})
  },
})
