import {emailOf, serviceAccountName} from '../../changes/resource-names.ts'
import {createServiceAccount, enableServiceAccount, undeleteServiceAccount} from '../../changes/service-accounts.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {ServiceAccount} from '../../gcp/cloud.ts'
import {deletedAccount} from '../bindings.ts'
import {defineItem} from '../define-item.ts'

const displayName = 'Terraform Admin'

/** `deleted`: the unique id of an account of this name that was deleted and still stands in the project's policy. */
type Observed = {account: ServiceAccount | undefined; deleted: string | undefined}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const email = emailOf(config.projectId, config.terraformSa)
    const account = await cloud.iam.serviceAccount(email)
    return {account, deleted: account === undefined ? deletedAccount(await cloud.resourceManager.policy(), email) : undefined}
  },

  evaluate({account, deleted}, {config}) {
    const email = emailOf(config.projectId, config.terraformSa)
    const resource = serviceAccountName(config.projectId, email)
    if (deleted !== undefined)
      return fail('TERRAFORM_SA_DELETED', [seen(resource, 'uniqueId', deleted, 'deleted')], {email, uniqueId: deleted})
    if (account === undefined) return fail('TERRAFORM_SA_MISSING', [seen(resource, 'email', email, undefined)], {email})
    if (account.disabled) return fail('TERRAFORM_SA_DISABLED', [seen(resource, 'disabled', false, true)], {email})
    return account.displayName === displayName
      ? pass('TERRAFORM_SA_ENABLED', [seen(resource, 'disabled', false, false)], {email})
      : warn('TERRAFORM_SA_OTHER_NAME', [seen(resource, 'displayName', displayName, account.displayName)], {email, displayName})
  },

  plan({account, deleted}, {config}) {
    const email = emailOf(config.projectId, config.terraformSa)
    if (deleted !== undefined) return [undeleteServiceAccount(config.projectId, email, deleted)]
    if (account === undefined) return [createServiceAccount({project: config.projectId, account: config.terraformSa, displayName})]
    return account.disabled ? [enableServiceAccount(config.projectId, email)] : []
  },

  fresh: () => ({account: undefined, deleted: undefined}),
})
