import type {Finding} from '../engine/finding.ts'
import type {Item} from '../engine/item.ts'
import type {Reading} from '../repo/files.ts'
import type {Context, Sources} from './define-item.ts'

/** An item of PART 2: reads facts of the app repository, and judges them. It changes nothing: what it asks for is scaffolded or patched. */
export const defineRepositoryItem = <Observed>(item: {
  observe(read: Reading['read'], context: Context): Promise<Observed>
  evaluate(observed: Observed, context: Context): Finding
}): Item<Sources, Context, Observed> => ({
  observe: ({repo}, context) => {
    if (repo === undefined) throw new Error('there is no app repository to read')
    return item.observe(repo.reading.read, context)
  },
  evaluate: (observed, context) => item.evaluate(observed, context),
})
