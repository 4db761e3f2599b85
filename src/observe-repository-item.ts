import type {Context, Sources} from './checks/define-item.ts'
import type {Item} from './engine/item.ts'
import type {Repo} from './repo/repo.ts'

/** What an item of PART 2 observes. Of all sources it sees the repository only, whatever it asks for. */
export const repositoryObserver =
  (item: Item<Sources, Context>) =>
  (repo: Repo, context: Context): Promise<unknown> => {
    const absent = (): never => {
      throw new Error('an item of PART 2 reads nothing but the repository')
    }
    const sources: Sources = {
      repo,
      get cloud() {
        return absent()
      },
      get publicDns() {
        return absent()
      },
      get kubernetes() {
        return absent()
      },
      get machine() {
        return absent()
      },
      github: undefined,
      given: {pagerdutyServiceKey: false},
    }
    return item.observe(sources, context)
  }
