import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type TerraformFacts} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, made} from '../terraform-resources.ts'
import {nameOf, runWorkloads, type RunWorkload} from '../terraform-services.ts'
import {allRefs, described, partsOfText, textOf, valueAt} from '../terraform-values.ts'

const expected = 'a service account that Terraform makes'

const judge = ({roots}: TerraformFacts, workload: RunWorkload): Target => {
  const {resource, serviceAccount: account, root} = workload
  if (account === undefined) return missed(resource, expected, `${nameOf(workload)} names none, so it runs as the default account`)
  const refs = allRefs(account)
  const own = made(root, 'google_service_account').find(({address}) => refs.includes(address))
  if (own !== undefined) return held(account, expected, own.address)
  const text = textOf(account) ?? partsOfText(account)
  if (/-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$/.test(text)) return missed(account, expected, text)
  const lookedUp = root.resources.find(({mode, address}) => mode === 'data' && refs.includes(address))
  if (lookedUp?.type === 'google_compute_default_service_account') return missed(account, expected, 'the default account')
  const id = text.split('@')[0] ?? ''
  const wanted = lookedUp === undefined ? id : (textOf(valueAt(lookedUp.body, 'account_id')) ?? id)
  const byName = roots
    .flatMap((other) => made(other, 'google_service_account'))
    .find(({body}) => wanted !== '' && textOf(valueAt(body, 'account_id')) === wanted)
  if (byName !== undefined) return held(account, expected, byName.address)
  return textOf(account) === undefined
    ? undecided(account, expected, described(account))
    : missed(account, expected, `${text}, which is not made here`)
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const workloads = runWorkloads(terraform)
    if (workloads.length === 0) return notApplicable('NO_SERVICES')
    return concludeTerraform(
      workloads.map((one) => judge(terraform, one)),
      {pass: 'ACCOUNTS_DEDICATED', fail: 'ACCOUNTS_SHARED', partly: 'SOME_ACCOUNTS_SHARED'},
    )
  },
})
