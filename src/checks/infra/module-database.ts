import {readTerraform, type Call, type Resource} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, everywhere, placeFor, presence, registryCalls} from '../terraform-resources.ts'
import {described, textOf, valueAt} from '../terraform-values.ts'

const sqlModule = /\/sql-db\/google|cloudsql-instance/
const expectedUser = 'a database user other than postgres'

const user = (resource: Resource): Target => {
  const name = valueAt(resource.body, 'name')
  const text = textOf(name)
  if (text === undefined) return undecided(name ?? resource, expectedUser, described(name))
  return (text === 'postgres' ? missed : held)(name ?? resource, expectedUser, `user ${text}`)
}

/** The module makes a user named `default` where nothing is said. */
const userOfModule = (call: Call): Target => {
  const name = valueAt(call.args, 'user_name')
  const text = name === undefined ? 'default' : textOf(name)
  if (text === undefined) return undecided(name ?? call, expectedUser, described(name))
  return (text === 'postgres' ? missed : held)(name ?? call, expectedUser, `user ${text}`)
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const place = placeFor(terraform, /database|db|sql/, 'infra/modules/database/main.tf')
    const calls = everywhere(terraform).flatMap((root) => registryCalls(root, sqlModule))
    return concludeTerraform(
      [
        ...presence(terraform, {types: ['google_sql_database_instance'], modules: sqlModule, expected: 'a Cloud SQL instance', place}),
        ...presence(terraform, {types: ['google_sql_database'], modules: sqlModule, expected: 'a database', place}),
        ...calls.map(userOfModule),
        ...(calls.length > 0 ? [] : presence(terraform, {types: ['google_sql_user'], expected: expectedUser, place, judge: user})),
      ],
      {pass: 'DATABASE_MODULE', fail: 'DATABASE_MODULE_ABSENT', partly: 'DATABASE_MODULE_INCOMPLETE'},
    )
  },
})
