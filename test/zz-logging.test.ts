import {test} from 'vitest'
import {textsOf} from './support/variants.ts'
import {readingOf} from './support/repository.ts'
const wanted = process.env.READ ?? 'logging'
for (const v of (process.env.V ?? '').split(',')) test(v, async () => {
  const module = await import(`../src/repo/application/${wanted}.ts`)
  const reader = Object.entries(module).find(([name]) => name.toLowerCase().startsWith('read'))?.[1]
  const t=Date.now()
  const facts = await readingOf(await textsOf(v)).read(reader as never)
  console.log(v, Date.now()-t, JSON.stringify(facts, (k, x) => (k === 'texts' ? undefined : x), 1).replaceAll(/\n\s+/g, ' ').replaceAll('}, {', '},\n {'))
}, 60000)
