/**
 * Terraform's language as plain data: blocks, attributes and expressions with the lines where they stand.
 * https://developer.hashicorp.com/terraform/language/syntax/configuration
 */
export type Block = {
  type: string
  labels: string[]
  file: string
  line: number
  attributes: Attribute[]
  blocks: Block[]
}

export type Attribute = {name: string; line: number; value: Expression}

export type Scalar = string | number | boolean | null

export type Step = {attribute: string} | {index: Expression} | {splat: true}

export type Expression = {line: number} & (
  | {is: 'literal'; value: Scalar}
  /** A string with interpolations, a heredoc included; its parts in order. */
  | {is: 'template'; parts: Expression[]}
  /** `var.name`, `google_sql_user.app[0].name`: the first name and the steps from it. */
  | {is: 'reference'; name: string; steps: Step[]}
  /** Steps from something that is not a name: `lookup(…).x`, `(…)[0]`. */
  | {is: 'access'; of: Expression; steps: Step[]}
  | {is: 'call'; name: string; args: Expression[]; spread: boolean}
  | {is: 'list'; items: Expression[]}
  | {is: 'object'; fields: {key: Expression; value: Expression}[]}
  | {is: 'condition'; test: Expression; yes: Expression; no: Expression}
  | {is: 'operation'; operator: string; of: Expression[]}
  | {
      is: 'for'
      key: string | null
      item: string
      over: Expression
      keyed: Expression | null
      value: Expression
      only: Expression | null
      grouped: boolean
    }
  /** What this reader does not take apart (a template directive, nesting without end). */
  | {is: 'other'; text: string}
)

/** A path of names and indexes as it is written, for `depends_on` and `ignore_changes`; undefined for anything else. */
export const pathOf = (expression: Expression): string | undefined => {
  if (expression.is === 'literal') return typeof expression.value === 'string' ? expression.value : undefined
  if (expression.is !== 'reference') return undefined
  return expression.steps.reduce((path, step) => {
    if ('attribute' in step) return `${path}.${step.attribute}`
    if ('splat' in step) return `${path}[*]`
    return `${path}[${step.index.is === 'literal' ? JSON.stringify(step.index.value) : '?'}]`
  }, expression.name)
}

export const attributeOf = (block: Block, name: string): Attribute | undefined => block.attributes.find((one) => one.name === name)
export const blocksOf = (block: Block, type: string): Block[] => block.blocks.filter((one) => one.type === type)
