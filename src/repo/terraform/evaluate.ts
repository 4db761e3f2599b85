import {call} from './functions.ts'
import {operate} from './operators.ts'
import type {Block, Expression, Step} from './syntax.ts'
import {
  dynamic,
  elementsOf,
  fieldOf,
  joined,
  known,
  list,
  object,
  same,
  textOf,
  withRefs,
  type ObjectValue,
  type Place,
  type Value,
} from './values.ts'

/** Where names lead. `look` answers for the first name of a reference and how many of the steps after it the answer covers. */
export type Names = {
  look(name: string, steps: readonly Step[], index: (step: Step) => Value | undefined): {value: Value; used: number} | undefined
}

/** What an expression is evaluated in: the file that it stands in, names of its own (`each`, loop variables), and the module's names. */
export type Surroundings = {file: string; own: Readonly<Record<string, Value>>; names: Names; budget: Budget}

/** What is left of the work that one root may cause: steps, modules, and how deep one question leads to the next. */
export type Budget = {left: number; modules: number; depth: number}

const maxItems = 200
const maxDepth = 400

/** What an expression comes to, as far as that is known without Terraform running. */
export const evaluate = (expression: Expression, around: Surroundings): Value => {
  const {budget} = around
  budget.left -= 1
  if (budget.left < 0 || budget.depth > maxDepth)
    return dynamic({file: around.file, line: expression.line}, 'there is too much to work out')
  budget.depth += 1
  const value = valueOf(expression, around)
  budget.depth -= 1
  return value
}

const valueOf = (expression: Expression, around: Surroundings): Value => {
  const place: Place = {file: around.file, line: expression.line}
  const inner = (one: Expression): Value => evaluate(one, around)
  switch (expression.is) {
    case 'literal':
      return known(place, expression.value)
    case 'template':
      return joined(place, expression.parts.map(inner))
    case 'list':
      return list(place, expression.items.map(inner))
    case 'object':
      return objectOf(
        place,
        expression.fields.map(({key, value}) => ({key: inner(key), value: inner(value)})),
      )
    case 'condition':
      return choose(
        place,
        inner(expression.test),
        () => inner(expression.yes),
        () => inner(expression.no),
      )
    case 'operation':
      return operate(place, expression.operator, expression.of.map(inner))
    case 'call':
      return callOf(place, expression, inner)
    case 'for':
      return loop(place, expression, around)
    case 'access':
      return follow(inner(expression.of), expression.steps, around, place)
    case 'reference':
      return lookUp(place, expression.name, expression.steps, around)
    case 'other':
      return dynamic(place, `${expression.text} is not taken apart`)
  }
}

/** The fields of a block: its attributes, and the blocks inside it as lists; `dynamic` blocks are unrolled. */
export const evaluateBody = (block: Block, around: Surroundings, without: ReadonlySet<string> = new Set()): ObjectValue => {
  const fields = new Map<string, Value>()
  for (const {name, line, value} of block.attributes) {
    if (without.has(name)) continue
    fields.set(name, {...evaluate(value, around), file: block.file, line})
  }
  const add = (type: string, at: Place, items: Value[], open: boolean) => {
    const before = fields.get(type)
    const earlier = before?.is === 'list' ? before : undefined
    fields.set(type, list(earlier ?? at, [...(earlier?.items ?? []), ...items], open || earlier?.open === true))
  }
  for (const inner of block.blocks) {
    if (without.has(inner.type)) continue
    const label = inner.labels[0]
    if (inner.type !== 'dynamic' || label === undefined) add(inner.type, inner, [evaluateBody(inner, around)], false)
    else {
      const {items, open} = unroll(inner, label, around)
      add(label, inner, items, open)
    }
  }
  return object(block, fields)
}

const unroll = (block: Block, label: string, around: Surroundings): {items: Value[]; open: boolean} => {
  const over = block.attributes.find(({name}) => name === 'for_each')
  const content = block.blocks.find(({type}) => type === 'content')
  if (over === undefined || content === undefined) return {items: [], open: true}
  const named = block.attributes.find(({name}) => name === 'iterator')?.value
  const iterator = named?.is === 'reference' ? named.name : label
  const collection = evaluate(over.value, around)
  const each = (key: Value, value: Value) => {
    const own = {
      ...around.own,
      [iterator]: object(block, [
        ['key', key],
        ['value', value],
      ]),
    }
    return evaluateBody(content, {...around, own})
  }
  const elements = elementsOf(collection)
  if (elements === undefined || elements.length > maxItems) {
    const unknown = dynamic({file: block.file, line: over.line}, 'for_each is only known when Terraform runs', [collection])
    return {items: [each(unknown, unknown)], open: true}
  }
  const isList = collection.is === 'list'
  return {items: elements.map(({key, value}) => each(isList ? value : known(block, key), value)), open: false}
}

const objectOf = (place: Place, fields: readonly {key: Value; value: Value}[]): Value => {
  const entries = fields.flatMap(({key, value}): [string, Value][] => {
    const name = textOf(key)
    return name === undefined ? [] : [[name, value]]
  })
  return object(place, entries, entries.length < fields.length)
}

const choose = (place: Place, test: Value, yes: () => Value, no: () => Value): Value => {
  if (test.is === 'known') return test.value === true || test.value === 'true' ? yes() : no()
  const [one, other] = [yes(), no()]
  // Either way the same: then the test does not matter.
  if (same(one, other) === true) return one
  return dynamic(place, test.is === 'dynamic' ? test.why : 'a condition that is not known', [test, one, other])
}

const callOf = (place: Place, expression: Extract<Expression, {is: 'call'}>, inner: (one: Expression) => Value): Value => {
  const args = expression.args.map(inner)
  const last = args.at(-1)
  if (expression.name === 'try') {
    // What is not there makes `try` go on; what is only known later may be there.
    const found = args.find((arg) => !(arg.is === 'dynamic' && arg.why.startsWith(absent)))
    return found ?? dynamic(place, 'none of the tried values is there')
  }
  if (expression.name === 'can') return args[0]?.is === 'dynamic' ? dynamic(place, args[0].why, args) : known(place, true)
  if (!expression.spread || last === undefined) return call(place, expression.name, args)
  const spread = elementsOf(last)
  if (spread === undefined) return dynamic(place, 'a list of arguments that is not known', args)
  return call(place, expression.name, [...args.slice(0, -1), ...spread.map(({value}) => value)])
}

const loop = (place: Place, expression: Extract<Expression, {is: 'for'}>, around: Surroundings): Value => {
  const over = evaluate(expression.over, around)
  const elements = elementsOf(over)
  if (elements === undefined || elements.length > maxItems)
    return dynamic(place, over.is === 'dynamic' ? over.why : 'a collection not known whole', [over])
  const entries: {key: Value | undefined; value: Value}[] = []
  let open = false
  for (const {key, value} of elements) {
    const own = {...around.own, [expression.item]: value}
    if (expression.key !== null) own[expression.key] = over.is === 'list' ? known(place, Number(key)) : known(place, key)
    const inside = {...around, own}
    const keep = expression.only === null ? known(place, true) : evaluate(expression.only, inside)
    if (keep.is === 'known' && keep.value !== true) continue
    if (keep.is === 'dynamic') open = true
    entries.push({
      key: expression.keyed === null ? undefined : evaluate(expression.keyed, inside),
      value: evaluate(expression.value, inside),
    })
  }
  if (expression.keyed === null)
    return list(
      place,
      entries.map(({value}) => value),
      open,
    )
  const fields = new Map<string, Value>()
  for (const {key, value} of entries) {
    const name = key === undefined ? undefined : textOf(key)
    if (name === undefined) open = true
    else {
      const before = fields.get(name)
      fields.set(name, expression.grouped ? list(place, [...(before?.is === 'list' ? before.items : []), value]) : value)
    }
  }
  return object(place, fields, open)
}

const absent = 'there is no '

/** Takes steps into a value. */
const follow = (start: Value, steps: readonly Step[], around: Surroundings, place: Place): Value => {
  let value = start
  for (const [at, step] of steps.entries()) {
    if (value.is === 'dynamic') return withRefs({is: 'dynamic', file: value.file, line: value.line, why: value.why}, value.refs)
    if ('splat' in step) {
      const items = value.is === 'list' ? value.items : value.is === 'known' && value.value === null ? [] : [value]
      const rest = steps.slice(at + 1)
      const open = value.is === 'list' && value.open === true
      return withRefs(
        list(
          place,
          items.map((item) => follow(item, rest, around, place)),
          open,
        ),
        value.refs,
      )
    }
    const index = 'attribute' in step ? known(place, step.attribute) : evaluate(step.index, around)
    const name = textOf(index)
    const next: Value | undefined = name === undefined ? undefined : value.is === 'list' ? value.items[Number(name)] : fieldOf(value, name)
    if (next !== undefined) value = withRefs(next, value.refs)
    else if (name === undefined) return dynamic(place, index.is === 'dynamic' ? index.why : 'an index that is not known', [value, index])
    else {
      const open = (value.is === 'list' || value.is === 'object') && value.open === true
      return dynamic(place, open ? `${name} is not known here` : `${absent}${name} in it`, [value])
    }
  }
  return value
}

const lookUp = (place: Place, name: string, steps: readonly Step[], around: Surroundings): Value => {
  const own = Object.hasOwn(around.own, name) ? around.own[name] : undefined
  if (own !== undefined) return follow(own, steps, around, place)
  const index = (step: Step): Value | undefined =>
    'attribute' in step ? known(place, step.attribute) : 'index' in step ? evaluate(step.index, around) : undefined
  const found = around.names.look(name, steps, index)
  if (found === undefined)
    return dynamic(
      place,
      `${[name, ...steps.flatMap((step) => ('attribute' in step ? [step.attribute] : []))].join('.')} is not known here`,
    )
  return follow(found.value, steps.slice(found.used), around, place)
}
