import {loadChecklist} from '../../src/checklist/checklist.ts'
import {neededPermissions, type Purpose} from '../../src/permissions/needed.ts'
import type {Cloud} from '../support/simulator.ts'

/** The items of PART 1. */
export const part1 = loadChecklist().items.filter(({part}) => part === 1)

/** What checklist.yaml says that the items need, as refusals spell it. */
export const declared = (chosen: readonly string[], purpose: Purpose): Set<string> =>
  new Set(neededPermissions(part1, chosen, purpose).map(({permission}) => permission.replace(/^iam\.googleapis\.com\//, 'iam.')))

/** Asked for by every run, which says the project's number where it can be read; nothing depends on it. */
const ofEveryRun = 'resourcemanager.projects.get'

/** Permissions that requests were held to and the items do not name, with the methods that asked for them. */
export const undeclared = ({checked}: Cloud, chosen: readonly string[], purpose: Purpose): string[] => {
  const known = declared(chosen, purpose).add(ofEveryRun)
  return [...checked].filter(([name]) => !known.has(name)).map(([name, methods]) => `${name} (${[...methods].join(', ')})`)
}
