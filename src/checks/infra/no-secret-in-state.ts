import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Resource, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {committedSecrets} from '../terraform-environments.ts'
import {concludeTerraform, everywhere, made} from '../terraform-resources.ts'
import {allRefs, described, textOf, valueAt} from '../terraform-values.ts'

const expected = 'password_wo from an ephemeral value, which is not stored'

const user = (root: Root, resource: Resource): Target => {
  const {body} = resource
  const type = valueAt(body, 'type')
  const password = valueAt(body, 'password')
  const writeOnly = valueAt(body, 'password_wo')
  if (password !== undefined) return missed(password, expected, 'password, which is stored in the state')
  if (writeOnly !== undefined) {
    const stored = made(root, 'random_password', 'random_string').find(({address}) => allRefs(writeOnly).includes(address))
    if (stored !== undefined) return missed(stored, expected, `${stored.type} keeps its result in the state`)
    if (valueAt(body, 'password_wo_version') === undefined)
      return missed(writeOnly, `${expected}, with password_wo_version`, 'password_wo without a version')
    return held(writeOnly, expected, 'password_wo')
  }
  const text = textOf(type) ?? ''
  if (type !== undefined && text === '') return undecided(type, expected, described(type))
  return held(type ?? resource, expected, /IAM/.test(text) ? `${text}, no password at all` : 'no password in the code')
}

const rootPassword = (instance: Resource): Target[] => {
  const password = valueAt(instance.body, 'root_password')
  return password === undefined ? [] : [missed(password, 'no root_password in the state', 'root_password, which is stored in the state')]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const roots = everywhere(terraform)
    const targets = [
      ...roots.flatMap((root) => made(root, 'google_sql_user').map((resource) => user(root, resource))),
      ...roots.flatMap((root) => made(root, 'google_sql_database_instance')).flatMap(rootPassword),
      ...committedSecrets(terraform).map((one) => missed(one, 'no password in a variable file', `${one.name} = ${one.hint}`)),
      ...roots.flatMap((root) =>
        root.calls
          .filter(
            ({folder, source, count}) =>
              folder === null && count !== 0 && /\/sql-db\/google(\/\/modules\/(postgresql|mysql|mssql))?$/.test(source ?? ''),
          )
          .map((call) => {
            const password = valueAt(call.args, 'user_password')
            return password === undefined
              ? undecided(call, expected, 'what the module stores is not known')
              : missed(password, expected, 'user_password, which the module stores in the state')
          }),
      ),
    ]
    if (targets.length === 0) return notApplicable('NO_DATABASE_USER')
    return concludeTerraform(targets, {pass: 'STATE_HOLDS_NO_SECRET', fail: 'STATE_HOLDS_SECRET'})
  },
})
