import {notApplicable} from '../../engine/finding.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held} from '../targets.ts'
import {concludeTerraform, everywhere} from '../terraform-resources.ts'
import {databases} from '../terraform-services.ts'
import {attributeTarget, textOf, valueAt} from '../terraform-values.ts'

const modes = new Set(['ENCRYPTED_ONLY', 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED'])
const expected = 'ssl_mode ENCRYPTED_ONLY or stricter'

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const all = databases({roots: everywhere(terraform)})
    if (all.length === 0) return notApplicable('NO_DATABASE')
    const targets = all.map(({resource}) => {
      const path = 'settings' in resource.body.fields ? ['settings', 'ip_configuration'] : ['ip_configuration']
      // What older providers called it.
      const required = valueAt(resource.body, ...path, 'require_ssl')
      if (required !== undefined && textOf(required) === 'true' && valueAt(resource.body, ...path, 'ssl_mode') === undefined)
        return held(required, expected, 'require_ssl = true')
      return attributeTarget(resource, [...path, 'ssl_mode'], expected, (mode) => modes.has(mode))
    })
    return concludeTerraform(targets, {pass: 'SSL_DEMANDED', fail: 'SSL_NOT_DEMANDED'})
  },
})
