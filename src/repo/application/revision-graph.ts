import type {Module} from '../python/program.ts'
import {statementsIn} from '../python/syntax.ts'
import type {Values} from '../python/values.ts'
import type {Place} from './settings.ts'

/** One revision. `operations`: how many its upgrade() carries out; `id` is missing where it is only known at run time. */
export type Revision = Place & {
  id?: string
  down: readonly string[]
  depends: readonly string[]
  labels: readonly string[]
  operations: number
}

/** What is wrong with a chain of revisions at one of them. */
export type Broken = Place & {id: string; why: string}

const assigned = (body: Module['body'], name: string) => {
  for (const statement of statementsIn(body))
    if (
      statement.kind === 'assign' &&
      statement.value !== undefined &&
      statement.targets.some((target) => target.kind === 'name' && target.name === name)
    )
      return statement
  return undefined
}

/** A module of a folder of revisions that is one. */
export const isRevision = ({body}: Module): boolean => assigned(body, 'revision') !== undefined

/** The variables that a revision says itself and those before it with. */
export const revisionOf = (values: Values, module: Module): Revision => {
  const frame = {scope: {module, within: []}, bound: new Map()}
  const list = (name: string): string[] => {
    const given = assigned(module.body, name)?.value
    if (given === undefined) return []
    const text = values.text({expr: given, frame})
    return text === undefined ? (values.items({expr: given, frame}) ?? []).flatMap((one) => values.text(one) ?? []) : [text]
  }
  const [id] = list('revision')
  return {
    file: module.path,
    line: assigned(module.body, 'revision')?.line ?? 1,
    ...(id === undefined ? {} : {id}),
    down: list('down_revision'),
    depends: list('depends_on'),
    labels: list('branch_labels'),
    operations: 0,
  }
}

/** `ordered`: as they run; `bases` and `heads`: the ids that follow none, and those that none follows. */
export type Graph = {ordered: Revision[]; bases: string[]; heads: string[]; broken: Broken[]}

/** The order in which revisions run on an empty database, and what is wrong with their chain. Ids may be written in short. */
export const graphOf = (revisions: readonly Revision[]): Graph => {
  const broken: Graph['broken'] = []
  const byId = new Map<string, Revision>()
  for (const one of revisions) {
    if (one.id === undefined) continue
    if (byId.has(one.id)) broken.push({file: one.file, line: one.line, id: one.id, why: 'two revisions have this id'})
    else byId.set(one.id, one)
  }
  const labels = new Map(revisions.flatMap((one) => one.labels.map((label) => [label, one] as const)))
  const find = (id: string): Revision | undefined => {
    const whole = byId.get(id) ?? labels.get(id)
    if (whole !== undefined || id.length < 4) return whole
    const begun = [...byId.entries()].filter(([one]) => one.startsWith(id))
    return begun.length === 1 ? begun[0]?.[1] : undefined
  }
  const ordered: Revision[] = []
  const state = new Map<Revision, 'open' | 'done'>()
  // Long histories are deep: the way down is kept in a list of its own.
  for (const start of byId.values()) {
    const way = [start]
    for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
      if (state.get(at) === 'done') {
        way.pop()
        continue
      }
      const before = [...at.down, ...at.depends].flatMap((id) => find(id) ?? [])
      const next = state.get(at) === 'open' ? undefined : before.find((one) => state.get(one) === undefined)
      const rest = before.filter((one) => state.get(one) === undefined)
      if (next === undefined && rest.length === 0) {
        state.set(at, 'done')
        ordered.push(at)
        way.pop()
      } else {
        const cycle = rest.find((one) => way.includes(one))
        if (cycle !== undefined || next === undefined) {
          if (cycle !== undefined) broken.push({file: at.file, line: at.line, id: at.id ?? '', why: 'the revisions go round in a circle'})
          state.set(at, 'done')
          ordered.push(at)
          way.pop()
        } else way.push(next)
      }
    }
  }
  for (const one of byId.values())
    for (const id of [...one.down, ...one.depends])
      if (find(id) === undefined)
        broken.push({file: one.file, line: one.line, id, why: `${one.id ?? 'it'} follows ${id}, which is nowhere`})
  const followed = new Set([...byId.values()].flatMap(({down}) => down.flatMap((id) => find(id)?.id ?? [])))
  return {
    ordered,
    bases: [...byId.values()].filter(({down}) => down.length === 0).flatMap(({id}) => id ?? []),
    heads: [...byId.keys()].filter((id) => !followed.has(id)),
    broken,
  }
}
