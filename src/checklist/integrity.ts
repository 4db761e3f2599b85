import type {ChecklistFile} from './schema.ts'

/** Something wrong in the file, and where. */
export type Problem = {path: readonly PropertyKey[]; message: string}

type Item = ChecklistFile['items'][number]

const modes = {1: ['auto', 'assisted', 'manual', 'decision'], 2: ['scaffold', 'patch', 'manual']} as const

/** What no schema can say about the file as a whole: unique ids, relations that lead somewhere, no circles, the order. */
export const problemsOf = (file: ChecklistFile): Problem[] => {
  const groups = [...file.steps, ...file.phases].map(({id}) => id)
  const problems = [
    ...duplicates(groups, (index) => placeOfGroup(file, index)),
    ...duplicates(ids(file), (index) => ['items', index, 'id']),
  ]
  let reached = 0
  for (const [index, item] of file.items.entries()) {
    const at = groups.indexOf(stepOf(item.id))
    const say = (key: string, message: string) => problems.push({path: ['items', index, key], message})
    if (at === -1) say('id', `${item.id} belongs to no step or phase`)
    else if (at < reached) say('id', `${item.id} stands after an item of a later step or phase`)
    else reached = at
    for (const [key, message] of oddities(item, at < file.steps.length ? 1 : 2)) say(key, message)
  }
  return [...problems, ...loose(file), ...circle(file)]
}

/** The step or phase of an item: its id up to the dot. */
export const stepOf = (id: string): string => id.slice(0, id.indexOf('.'))

const ids = (file: ChecklistFile): string[] => file.items.map(({id}) => id)

const placeOfGroup = (file: ChecklistFile, index: number): PropertyKey[] =>
  index < file.steps.length ? ['steps', index, 'id'] : ['phases', index - file.steps.length, 'id']

const duplicates = (names: readonly string[], place: (index: number) => PropertyKey[]): Problem[] =>
  names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [{path: place(index), message: `${name} is there twice`}]))

function* oddities(item: Item, part: 1 | 2): Generator<[key: string, message: string]> {
  if (!modes[part].some((mode) => mode === item.mode)) yield ['mode', `${item.mode} is no mode of PART ${part}`]
  if ((item.source === 'plan') !== (item.plan !== undefined))
    yield ['plan', `${item.id}: the plan's bullet goes with source plan, and only with it`]
  if ((item.mode === 'scaffold' || item.mode === 'patch') !== (item.artefact !== undefined))
    yield ['artefact', `${item.id}: an artefact goes with the modes scaffold and patch, and only with them`]
  if (part === 2 && item.byHand === undefined) yield ['byHand', `${item.id} does not say what to do by hand`]
  if (part === 1 && item.console === undefined) yield ['console', `${item.id} names no console page`]
  if (part === 2 && item.needs.length + item.after.length > 0) yield ['needs', `${item.id}: an item of PART 2 depends on nothing`]
}

const loose = (file: ChecklistFile): Problem[] => {
  const known = new Set(ids(file))
  return file.items.flatMap((item, index) =>
    (['needs', 'after'] as const).flatMap((relation) =>
      item[relation].flatMap((id, entry) =>
        known.has(id) && id !== item.id
          ? []
          : [{path: ['items', index, relation, entry], message: `${item.id} ${relation} ${id}, which cannot be`}],
      ),
    ),
  )
}

/** The first circle of needs and after taken together, since one order has to satisfy both. */
const circle = (file: ChecklistFile): Problem[] => {
  const before = new Map(file.items.map((item) => [item.id, [...item.needs, ...item.after]]))
  const done = new Set<string>()
  const walk = (id: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id]
    if (done.has(id)) return undefined
    for (const next of before.get(id) ?? []) {
      const found = walk(next, [...trail, id])
      if (found !== undefined) return found
    }
    done.add(id)
    return undefined
  }
  for (const [index, {id}] of file.items.entries()) {
    const found = walk(id, [])
    if (found !== undefined) return [{path: ['items', index, 'after'], message: `circle: ${found.join(' → ')}`}]
  }
  return []
}
