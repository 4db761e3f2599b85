import {evaluate, evaluateBody, type Names, type Surroundings} from './evaluate.ts'
import {instancesOf, type Instance} from './instances.ts'
import {ignored, indexOf, literal, localsOf, requiredOf, targetOf} from './declarations.ts'
import {attributeOf, pathOf, type Block, type Expression, type Step} from './syntax.ts'
import type {Call, Resource, World} from './resources.ts'
import type {Folder} from './tree.ts'
import {withDefaults} from './types.ts'
import {dynamic, known, list, object, textOf, withRefs, type ObjectValue, type Place, type Value} from './values.ts'

export type Scope = Names & {resources(): Resource[]; calls(): Call[]; output(name: string): Value; outputs(): ObjectValue}

type Given = {
  folder: Folder
  path: string
  /** The value that a variable is given; worked out when it is asked for, because modules may take from each other. */
  input: (name: string) => Value | undefined
  world: World
  maybe: boolean
  dependsOn: readonly string[]
  chain: readonly string[]
}

const metaArguments: ReadonlySet<string> = new Set([
  'for_each',
  'count',
  'provider',
  'depends_on',
  'lifecycle',
  'connection',
  'provisioner',
])
const callArguments: ReadonlySet<string> = new Set(['source', 'version', 'for_each', 'count', 'providers', 'depends_on'])
const maxCallDepth = 8

/** One module with the values that it is called with. Everything is worked out when it is asked for, once. */
export const createScope = ({folder, path, input, world, maybe, dependsOn, chain}: Given): Scope => {
  const memo = new Map<string, Value>()
  const busy = new Set<string>()
  const children = new Map<Block, {instance: Instance; scope: Scope | undefined}[]>()
  const prefix = path === '' ? '' : `${path}.`
  const start: Place = {file: folder.files[0]?.file ?? folder.folder, line: 1}

  const around = (file: string, own: Surroundings['own'] = {}): Surroundings => ({file, own, names, budget: world.budget})
  const once = (key: string, place: Place, make: () => Value): Value => {
    const made = memo.get(key)
    if (made !== undefined) return made
    if (busy.has(key) || busy.size > 60) return dynamic(place, 'it refers to itself')
    busy.add(key)
    const value = make()
    busy.delete(key)
    memo.set(key, value)
    return value
  }
  const declared = (type: string, ...labels: string[]): Block | undefined => indexOf(folder).get([type, ...labels].join('\n'))
  const dependencies = (block: Block): string[] => {
    const list = attributeOf(block, 'depends_on')?.value
    return list?.is === 'list' ? list.items.flatMap((item) => (pathOf(item) === undefined ? [] : [prefix + (pathOf(item) ?? '')])) : []
  }

  const variable = (name: string): Value =>
    once(`var.${name}`, start, () => {
      const block = declared('variable', name)
      if (block === undefined) return dynamic(start, `there is no variable ${name}`)
      const type = attributeOf(block, 'type')?.value
      const value = input(name)
      const fallback = attributeOf(block, 'default')
      if (value !== undefined && !(value.is === 'known' && value.value === null && fallback !== undefined))
        return withDefaults(value, type, around(block.file))
      if (fallback === undefined) return dynamic(block, `variable ${name} has no value in the repository`)
      return withDefaults(evaluate(fallback.value, around(block.file)), type, around(block.file))
    })

  const local = (name: string): Value | undefined => {
    const found = localsOf(folder).get(name)
    if (found === undefined) return undefined
    const {file, attribute} = found
    return once(`local.${name}`, {file, line: attribute.line}, () => evaluate(attribute.value, around(file)))
  }

  const instances = (block: Block): Instance[] => instancesOf(block, (expression: Expression) => evaluate(expression, around(block.file)))
  const addressOf = (block: Block, key: string): string =>
    prefix + (block.type === 'resource' ? '' : `${block.type}.`) + block.labels.slice(0, 2).join('.') + key
  const bodyOf = (block: Block, {key, own}: Instance): ObjectValue => {
    const address = addressOf(block, key)
    const made = once(address, block, () => evaluateBody(block, around(block.file, own), metaArguments))
    return made.is === 'object' ? made : object(block, [], true)
  }
  /**
   * A resource as an expression sees it: what is configured, and more that only the provider knows. Where one attribute is asked for, only
   * that one is worked out: the rest of the resource may lead back to where the question came from.
   */
  const resourceValue = (block: Block, instance: Instance, wanted: Step | undefined): Value => {
    const address = addressOf(block, instance.key)
    if (wanted === undefined || !('attribute' in wanted)) return withRefs({...bodyOf(block, instance), open: true}, [address])
    const name = wanted.attribute
    if (block.blocks.some(({type, labels}) => type === name || (type === 'dynamic' && labels[0] === name)))
      return withRefs({...bodyOf(block, instance), open: true}, [address])
    const attribute = attributeOf(block, name)
    if (attribute === undefined) return withRefs(object(block, [], true), [address])
    const place = {file: block.file, line: attribute.line}
    const value = once(`${address}.${name}`, place, () => evaluate(attribute.value, around(block.file, instance.own)))
    return withRefs(object(block, [[name, {...value, ...place}]], true), [address])
  }

  const argument = (block: Block, {key, own}: Instance, name: string): Value | undefined => {
    const attribute = callArguments.has(name) ? undefined : attributeOf(block, name)
    if (attribute === undefined) return undefined
    const place = {file: block.file, line: attribute.line}
    return once(`module.${block.labels[0] ?? ''}${key}(${name})`, place, () => evaluate(attribute.value, around(block.file, own)))
  }

  const moduleInstances = (block: Block) => {
    const known = children.get(block)
    if (known !== undefined) return known
    const target = targetOf(block, folder.folder, world.folders)
    const made = instances(block).map((instance) => {
      const child = target === null ? undefined : world.folders.get(target)
      const scope =
        child === undefined || chain.includes(child.folder) || chain.length > maxCallDepth || (world.budget.modules -= 1) < 0
          ? undefined
          : createScope({
              folder: child,
              path: `${prefix}module.${block.labels[0] ?? ''}${instance.key}`,
              input: (name) => argument(block, instance, name),
              world,
              maybe: maybe || instance.maybe,
              dependsOn: [...dependsOn, ...dependencies(block)],
              chain: [...chain, child.folder],
            })
      return {instance, scope}
    })
    children.set(block, made)
    return made
  }

  /** The instance that an index step names, or all of them as a value. */
  const among = <One extends {instance: Instance}>(
    ones: readonly One[],
    step: Step | undefined,
    index: (step: Step) => Value | undefined,
    place: Place,
    valueOf: (one: One) => Value,
  ): {value: Value; used: number} => {
    const [only] = ones
    if (only !== undefined && only.instance.key === '' && !only.instance.maybe) return {value: valueOf(only), used: 0}
    if (only?.instance.maybe === true) return {value: valueOf(only), used: step !== undefined && !('attribute' in step) ? 1 : 0}
    const wanted = step !== undefined && 'index' in step ? index(step) : undefined
    const name = wanted === undefined ? undefined : textOf(wanted)
    if (name !== undefined) {
      const found = ones.find(({instance}) => instance.name === name)
      return {value: found === undefined ? dynamic(place, `there is no ${name} in it`) : valueOf(found), used: 1}
    }
    const entries = ones.map((one): [string, Value] => [one.instance.name, valueOf(one)])
    const counted = ones.every(({instance}) => /^\[\d+\]$/.test(instance.key))
    return {
      value: counted
        ? list(
            place,
            entries.map(([, value]) => value),
          )
        : object(place, entries),
      used: 0,
    }
  }

  const names: Scope = {
    look(name, steps, index) {
      const labels = steps.map((step) => ('attribute' in step ? step.attribute : undefined))
      const [first, second] = labels
      if (name === 'path') return {value: known(start, first === 'module' ? folder.folder : (chain[0] ?? '')), used: 1}
      if (name === 'terraform')
        return {
          value: world.workspace === null ? dynamic(start, 'the workspace is chosen when Terraform runs') : known(start, world.workspace),
          used: 1,
        }
      if (first === undefined) return undefined
      if (name === 'var') return {value: variable(first), used: 1}
      if (name === 'local') {
        const value = local(first)
        return value === undefined ? undefined : {value, used: 1}
      }
      if (name === 'module') {
        const block = declared('module', first)
        if (block === undefined) return undefined
        const address = `${prefix}module.${first}`
        const made = moduleInstances(block)
        const output = (one: (typeof made)[number], wanted: string | undefined): Value =>
          one.scope === undefined
            ? dynamic(
                block,
                `what ${attributeOf(block, 'source') === undefined ? 'the module' : 'a module from outside the repository'} gives is not known`,
              )
            : wanted === undefined
              ? one.scope.outputs()
              : one.scope.output(wanted)
        const simple = second !== undefined && (made[0]?.instance.key === '' || made[0]?.instance.maybe === true) ? second : undefined
        const found = among(made, steps[1], index, block, (one) => output(one, simple))
        return {value: withRefs(found.value, [address]), used: found.used + (simple === undefined ? 1 : 2)}
      }
      const typed = name === 'data' || name === 'ephemeral'
      const block = typed ? declared(name, first, second ?? '') : declared('resource', name, first)
      if (block === undefined) return undefined
      const used = typed ? 2 : 1
      const step = steps[used]
      const wanted = step !== undefined && 'index' in step ? steps[used + 1] : step
      const ones = instances(block).map((instance) => ({instance}))
      const found = among(ones, step, index, block, ({instance}) => resourceValue(block, instance, wanted))
      return {value: found.value, used: used + found.used}
    },

    output(name) {
      const block = declared('output', name)
      const value = block === undefined ? undefined : attributeOf(block, 'value')
      if (block === undefined || value === undefined) return dynamic(start, `there is no output ${name}`)
      const made = once(`output.${name}`, block, () => evaluate(value.value, around(block.file)))
      return withRefs(made, dependencies(block))
    },

    outputs: () =>
      object(
        start,
        folder.blocks
          .filter(({type}) => type === 'output')
          .map((block): [string, Value] => [block.labels[0] ?? '', names.output(block.labels[0] ?? '')]),
      ),

    resources() {
      const modes = {resource: 'managed', data: 'data', ephemeral: 'ephemeral'} as const
      return folder.blocks.flatMap((block): Resource[] => {
        if (block.type === 'module') return moduleInstances(block).flatMap(({scope}) => scope?.resources() ?? [])
        if (block.type !== 'resource' && block.type !== 'data' && block.type !== 'ephemeral') return []
        return instances(block).map((instance) => ({
          mode: modes[block.type === 'resource' ? 'resource' : block.type === 'data' ? 'data' : 'ephemeral'],
          type: block.labels[0] ?? '',
          name: block.labels[1] ?? '',
          address: addressOf(block, instance.key),
          folder: folder.folder,
          file: block.file,
          line: block.line,
          body: bodyOf(block, instance),
          maybe: maybe || instance.maybe,
          dependsOn: [...dependsOn, ...dependencies(block)],
          ignoreChanges: ignored(block),
        }))
      })
    },

    calls() {
      return folder.blocks.flatMap((block): Call[] => {
        if (block.type !== 'module') return []
        const made = moduleInstances(block)
        const name = block.labels[0] ?? ''
        const target = targetOf(block, folder.folder, world.folders)
        const args = evaluateBody(block, around(block.file, made[0]?.instance.own ?? {}), callArguments)
        const own: Call = {
          file: block.file,
          line: block.line,
          name,
          address: `${prefix}module.${name}`,
          inside: folder.folder,
          source: literal(block, 'source'),
          version: literal(block, 'version'),
          folder: target,
          args,
          count: made.some(({instance}) => instance.maybe) ? null : made.length,
          missing: target === null ? [] : requiredOf(world.folders.get(target)).filter((one) => !Object.hasOwn(args.fields, one)),
        }
        return [own, ...made.flatMap(({scope}) => scope?.calls() ?? [])]
      })
    },
  }
  return names
}
