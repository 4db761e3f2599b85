import {attributeOf, type Block, type Expression} from './syntax.ts'
import {dynamic, elementsOf, known, object, textOf, type Value} from './values.ts'

/** One of what a block makes: its key as an address has it (`""`, `[0]`, `["api"]`), and the names that it has inside. */
export type Instance = {key: string; name: string; own: Readonly<Record<string, Value>>; maybe: boolean}

const maxInstances = 200

/** What a block with `count` or `for_each` makes; one that may or may not be there when that is not known. */
export const instancesOf = (block: Block, evaluated: (expression: Expression) => Value): Instance[] => {
  const count = attributeOf(block, 'count')
  if (count !== undefined) {
    const number = Number(textOf(evaluated(count.value)) ?? Number.NaN)
    if (Number.isNaN(number) || number > maxInstances)
      return [{key: '', name: '', own: {count: object(block, [['index', dynamic(block, 'count is not known')]])}, maybe: true}]
    return Array.from({length: Math.max(0, number)}, (_, index) => ({
      key: `[${index}]`,
      name: String(index),
      own: {count: object(block, [['index', known(block, index)]])},
      maybe: false,
    }))
  }
  const each = attributeOf(block, 'for_each')
  if (each === undefined) return [{key: '', name: '', own: {}, maybe: false}]
  const over = evaluated(each.value)
  const elements = elementsOf(over)
  const keyed = elements?.map(({key, value}) => ({key: over.is === 'list' ? textOf(value) : key, value}))
  if (keyed === undefined || keyed.length > maxInstances || keyed.some(({key}) => key === undefined)) {
    const unknown = dynamic({file: block.file, line: each.line}, 'for_each is only known when Terraform runs', [over])
    return [
      {
        key: '',
        name: '',
        own: {
          each: object(block, [
            ['key', unknown],
            ['value', unknown],
          ]),
        },
        maybe: true,
      },
    ]
  }
  return keyed.map(({key = '', value}) => ({
    key: `[${JSON.stringify(key)}]`,
    name: key,
    own: {
      each: object(block, [
        ['key', known(block, key)],
        ['value', value],
      ]),
    },
    maybe: false,
  }))
}
