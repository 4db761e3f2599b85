import {notApplicable} from '../../engine/finding.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, everywhere} from '../terraform-resources.ts'
import {databases, flagsOpen, type Database} from '../terraform-services.ts'
import {attributeTarget, described, textOf} from '../terraform-values.ts'

const wanted = ['log_connections', 'log_disconnections', 'log_checkpoints', 'log_lock_waits', 'cloudsql.enable_pgaudit']
const on = new Set(['on', 'true', '1', 'all'])

const flags = (database: Database): Target[] =>
  wanted.map((name) => {
    const expected = `the flag ${name} on`
    const flag = database.flags.find((one) => one.name === name)
    const text = textOf(flag?.value)
    if (flag?.value !== undefined && text === undefined) return undecided(flag.value, expected, described(flag.value))
    if (flag?.value !== undefined) return (on.has((text ?? '').toLowerCase()) ? held : missed)(flag.value, expected, text ?? '')
    const open = flagsOpen(database)
    return open === undefined ? missed(database.resource, expected, 'not set') : undecided(open, expected, 'not all flags are known')
  })

const insights = ({resource}: Database): Target => {
  const path = 'settings' in resource.body.fields ? ['settings', 'insights_config'] : ['insights_config']
  return attributeTarget(resource, [...path, 'query_insights_enabled'], 'query insights on', (text) => text === 'true', 'false')
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const all = databases({roots: everywhere(terraform)})
    if (all.length === 0) return notApplicable('NO_DATABASE')
    return concludeTerraform(
      all.flatMap((one) => [...flags(one), insights(one)]),
      {
        pass: 'DATABASE_AUDITED',
        fail: 'DATABASE_UNAUDITED',
        partly: 'DATABASE_PARTLY_AUDITED',
      },
    )
  },
})
