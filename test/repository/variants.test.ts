import {expect, test} from 'vitest'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {loadItems} from '../../src/load-items.ts'
import {context} from '../checks/judge.ts'
import {textsOf, variants} from '../support/variants.ts'
import {findingsOf} from './judge-repository.ts'

const words = loadChecklist().items.filter(({part}) => part === 2)

// The table of every verdict with its places; what a variant is meant to show stands in its variant.yaml.
test.each(await variants())('every item of PART 2 says of %s what its table has', async (variant) => {
  const items = await loadItems(words)
  const findings = await findingsOf(items, await textsOf(variant), context())
  const rows = words.map(({id}) => {
    const finding = findings.get(id)
    if (finding === undefined) return `${id}\tnot built`
    const places = finding.evidence.flatMap((row) => ('file' in row && row.holds !== true ? [`${row.file}:${row.line}`] : []))
    return [id, finding.status, finding.code, ...new Set(places)].join('\t')
  })
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`../fixtures/verdicts/${variant}.tsv`)
})
