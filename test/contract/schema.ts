import type {Api, Json, Route, Shape} from '../../src/sandbox/api.ts'
import {isObject} from '../../src/sandbox/shapes.ts'
import {methodOf} from './discovery.ts'
import type {Discovery, Schema} from './discovery.ts'

const resolve = (document: Discovery, schema: Schema): Schema => {
  if (schema.$ref === undefined) return schema
  const found = document.schema(schema.$ref)
  if (!found) throw new Error(`No schema ${schema.$ref}`)
  return found
}

const scalar = (schema: Schema, value: Json, enumsAsNumbers: boolean): string | undefined => {
  const {type, format, enum: values} = schema
  if (type === 'any') return undefined
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'is no boolean'
  if (type === 'integer') return Number.isInteger(value) ? undefined : 'is no integer'
  if (type === 'number') return typeof value === 'number' ? undefined : 'is no number'
  if (type !== 'string') return `has the unchecked type ${type ?? 'none'}`
  if (values && enumsAsNumbers && typeof value === 'number') return Number.isInteger(value) ? undefined : 'is no enum number'
  if (typeof value !== 'string') return 'is no string'
  if (values && !values.includes(value)) return `is ${value}, which is none of the enum's values`
  if ((format === 'int64' || format === 'uint64') && !/^-?\d+$/.test(value)) return 'is no int64 in a string'
  if ((format === 'google-datetime' || format === 'date-time') && Number.isNaN(Date.parse(value))) return 'is no time'
  if (format === 'google-duration' && !/^-?\d+(\.\d+)?s$/.test(value)) return 'is no duration'
  return undefined
}

/** An `@type` inside an operation names the message: its last part is the schema's name, or ends it. */
const messageOf = (document: Discovery, value: Json): Schema | undefined => {
  const type = isObject(value) && typeof value['@type'] === 'string' ? value['@type'] : undefined
  return type === undefined ? undefined : document.schema(type.replace(/^.*[./]/, ''))
}

const check = (document: Discovery, given: Schema, value: Json, at: string, numbers: boolean): string[] => {
  const schema = resolve(document, given)
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [`schema ${at}: is no list`]
    const {items} = schema
    return items ? value.flatMap((item) => check(document, items, item, `${at}[]`, numbers)) : []
  }
  if (schema.type !== 'object') {
    const wrong = scalar(schema, value, numbers)
    return wrong === undefined ? [] : [`schema ${at}: ${wrong}`]
  }
  if (!isObject(value)) return [`schema ${at}: is no object`]
  const message = schema.properties === undefined ? messageOf(document, value) : undefined
  const {properties = {}, additionalProperties} = message ?? schema
  return Object.entries(value).flatMap(([key, item]) => {
    const here = at === '' ? key : `${at}.${key}`
    if (item === undefined || (message && key === '@type')) return []
    const inner = (Object.hasOwn(properties, key) ? properties[key] : undefined) ?? additionalProperties
    return inner ? check(document, inner, item, here, numbers) : [`schema ${here}: is unknown`]
  })
}

/** What a reply has otherwise than the discovery document says; nothing when ../shared has no document of the route. */
export const checkReply = (api: string, route: Route, reply: Json | undefined, enumsAsNumbers: boolean): string[] => {
  const found = methodOf(api, route)
  if (!found?.method) return []
  const {document, method} = found
  if (!method.response) return reply === undefined ? [] : ['schema body: is not empty']
  return reply === undefined ? ['schema body: is empty'] : check(document, method.response, reply, '', enumsAsNumbers)
}

const formats: Record<string, string[]> = {
  string: ['', 'date', 'google-fieldmask', 'google-datetime', 'date-time'],
  bytes: ['byte'],
  duration: ['google-duration'],
  timestamp: ['google-datetime', 'date-time'],
  int64: ['int64', 'uint64'],
}

const fits = (shape: string, {type = '', format = ''}: Schema): boolean => {
  if (shape === 'int') return type === 'integer'
  if (shape === 'number') return type === 'number'
  if (shape === 'boolean') return type === 'boolean'
  return type === 'string' && (formats[shape] ?? []).includes(format)
}

const checkShape = (document: Discovery, shape: Shape, given: Schema, at: string): string[] => {
  const schema = resolve(document, given)
  const kind = `${schema.type ?? ''} ${schema.format ?? ''}`.trim()
  if (shape === 'any') return []
  if (typeof shape === 'string') return fits(shape, schema) ? [] : [`${at}: ${shape} instead of ${kind}`]
  if ('enum' in shape) {
    if (schema.type !== 'string') return [`${at}: enum instead of ${kind}`]
    const values = schema.enum
    return values
      ? shape.enum.filter((value) => !values.includes(value)).map((value) => `${at}: ${value} is none of the enum's values`)
      : []
  }
  if ('list' in shape) return schema.items ? checkShape(document, shape.list, schema.items, `${at}[]`) : [`${at}: list instead of ${kind}`]
  if ('map' in shape)
    return schema.additionalProperties
      ? checkShape(document, shape.map, schema.additionalProperties, `${at}{}`)
      : [`${at}: map instead of ${kind}`]
  const {properties = {}} = schema
  if (schema.type !== 'object') return [`${at}: object instead of ${kind}`]
  const wrong = Object.entries(shape.fields).flatMap(([key, inner]) => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined
    const here = at === '' ? key : `${at}.${key}`
    return property ? checkShape(document, inner, property, here) : [`${here}: is unknown to Google`]
  })
  const refused = Object.entries(properties)
    .filter(([key, {readOnly}]) => readOnly !== true && !Object.hasOwn(shape.fields, key))
    .map(([key]) => `${at === '' ? key : `${at}.${key}`}: Google takes it, the simulator refuses it`)
  return [...wrong, ...refused]
}

/** What the request of a route (body and query) has otherwise than the discovery document says. */
export const checkRequest = (api: string, route: Route): string[] => {
  const found = methodOf(api, route)
  if (!found?.method) return []
  const {document, method} = found
  const foreign = (route.query ?? []).filter((name) => !method.parameters.includes(name)).map((name) => `?${name}: is unknown to Google`)
  if (route.body === undefined) return foreign
  if (!method.request) return [...foreign, 'body: Google takes none']
  return [...foreign, ...checkShape(document, route.body, method.request, '')]
}

/** What an error has otherwise than the error style of its API says. */
export const checkError = ({errorStyle}: Api, status: number, reply: Json | undefined): string[] => {
  if (errorStyle === 'kubernetes') {
    const told = isObject(reply) && reply.kind === 'Status' && reply.status === 'Failure' && reply.code === status
    return told && typeof reply.reason === 'string' && typeof reply.message === 'string' ? [] : ["error: is no Status of Kubernetes'"]
  }
  if (errorStyle === 'github') {
    const told = isObject(reply) && typeof reply.message === 'string' && typeof reply.documentation_url === 'string'
    return told && reply.status === String(status) ? [] : ["error: is not as GitHub's"]
  }
  const error = isObject(reply) ? reply.error : undefined
  if (!isObject(error)) return ['error: is missing']
  const wrong = error.code === status ? [] : ['error.code: is not the status']
  if (typeof error.message !== 'string' || error.message === '') wrong.push('error.message: is missing')
  if (errorStyle !== 'legacy' && typeof error.status !== 'string') wrong.push('error.status: is missing')
  if ((errorStyle === 'status') === Array.isArray(error.errors)) wrong.push('error.errors: not as the style of this API')
  return wrong
}
