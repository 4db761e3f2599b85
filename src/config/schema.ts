import {z} from 'zod'
import {fileParameters, fileSchema} from './file-schema.ts'
import {parameters} from './parameters.ts'

type Schema = Record<string, unknown>

/** The JSON Schema (draft 2020-12) of qlogic.yaml, for editors and other programs. */
export function configSchema(): object {
  const schema = z.toJSONSchema(fileSchema, {target: 'draft-2020-12', io: 'input', override: ({jsonSchema}) => withoutLimits(jsonSchema)})
  const {$schema, ...rest} = schema
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, value]) => [
      key,
      key === 'defaults' || key === 'environments' ? templated(value) : value,
    ]),
  )
  return {$schema, $id: 'qlogic.schema.json', title: 'qlogic.yaml', ...rest, properties}
}

/** Zod writes the bounds of a safe integer where none are set. */
function withoutLimits(schema: Schema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
}

const template = {type: 'string', pattern: '\\{(env|projectId)\\}'}

/** Texts may contain `{env}` and `{projectId}`, which are filled in before they are judged; defaults of parameters are told. */
function templated(node: unknown, name?: string): unknown {
  if (Array.isArray(node)) return node.map((entry) => templated(entry))
  if (!isSchema(node)) return node
  const {description, ...own} = node
  const told = description === undefined ? {} : {description}
  if (typeof own.pattern === 'string') return {...told, ...defaultOf(name), anyOf: [own, template]}
  const walked = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [key, key === 'properties' && isSchema(value) ? properties(value) : templated(value)]),
  )
  return {...told, ...defaultOf(name), ...walked}
}

const properties = (node: Schema): Schema => Object.fromEntries(Object.entries(node).map(([key, value]) => [key, templated(value, key)]))

function defaultOf(name: string | undefined): Schema {
  const fallback =
    name !== undefined && fileParameters.has(name) ? Object.entries(parameters).find(([key]) => key === name)?.[1].fallback : undefined
  return fallback === undefined || fallback.prod !== fallback.dev ? {} : {default: fallback.prod}
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
