import {z} from 'zod'
import type {Route} from '../../src/sandbox/api.ts'
import {discoveryFiles, readShared} from './shared.ts'

/** A type of a discovery document, as far as it is checked. */
export type Schema = {
  type?: string | undefined
  format?: string | undefined
  $ref?: string | undefined
  enum?: string[] | undefined
  items?: Schema | undefined
  properties?: Record<string, Schema> | undefined
  additionalProperties?: Schema | undefined
  readOnly?: boolean | undefined
}

/** A method of a discovery document. */
export type Method = {
  id: string
  httpMethod: string
  pattern: RegExp
  request: Schema | undefined
  response: Schema | undefined
  parameters: string[]
}

/** A discovery document: its methods, and its types by name. */
export type Discovery = {methods: Method[]; schema: (name: string) => Schema | undefined}

const schemaType: z.ZodType<Schema> = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  $ref: z.string().optional(),
  enum: z.array(z.string()).optional(),
  readOnly: z.boolean().optional(),
  get items() {
    return schemaType.optional()
  },
  get properties() {
    return z.record(z.string(), schemaType).optional()
  },
  get additionalProperties() {
    return schemaType.optional()
  },
})

const methodType = z.object({
  id: z.string(),
  httpMethod: z.string(),
  path: z.string(),
  flatPath: z.string().optional(),
  request: z.object({$ref: z.string()}).optional(),
  response: z.object({$ref: z.string()}).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
})

type Resource = {methods?: Record<string, z.infer<typeof methodType>> | undefined; resources?: Record<string, Resource> | undefined}
const resourceType: z.ZodType<Resource> = z.object({
  methods: z.record(z.string(), methodType).optional(),
  get resources() {
    return z.record(z.string(), resourceType).optional()
  },
})

const documentType = z.object({
  servicePath: z.string(),
  schemas: z.record(z.string(), z.unknown()),
  methods: z.record(z.string(), methodType).optional(),
  resources: z.record(z.string(), resourceType).optional(),
})

const methodsOf = ({methods, resources}: Resource): z.infer<typeof methodType>[] => [
  ...Object.values(methods ?? {}),
  ...Object.values(resources ?? {}).flatMap(methodsOf),
]

const escape = (text: string) => text.replace(/[.*+?^$()|[\]\\{}]/g, String.raw`\$&`)
const patternOf = (path: string) =>
  new RegExp(
    `^/${path
      .split(/\{[^}]+\}/)
      .map(escape)
      .join('[^/:]+')}$`,
  )

const load = (file: string): Discovery => {
  const document = documentType.parse(JSON.parse(readShared(`discovery/${file}`)))
  const schemas = new Map<string, Schema>()
  return {
    methods: methodsOf(document).map(({id, httpMethod, path, flatPath, request, response, parameters}) => ({
      id,
      httpMethod,
      request,
      response,
      parameters: Object.keys(parameters ?? {}),
      pattern: patternOf(`${document.servicePath}${flatPath ?? path}`),
    })),
    schema: (name) => {
      const known = schemas.get(name)
      if (known || !Object.hasOwn(document.schemas, name)) return known
      const parsed = schemaType.parse(document.schemas[name])
      schemas.set(name, parsed)
      return parsed
    },
  }
}

const loaded = new Map<string, Discovery>()

/** A path of the simulator in the document that describes it: sqladmin v1beta4 and serviceusage v1beta1 have the bodies of their v1. */
const documented = (api: string, path: string): {api: string; version: string; path: string} => {
  if (api === 'sqladmin') return {api, version: 'v1', path: path.replace(/^\/sql\/v1beta4\//, '/v1/')}
  if (api === 'serviceusage') return {api, version: 'v1', path: path.replace(/^\/v1beta1\//, '/v1/')}
  if (api === 'artifactregistry') return {api, version: 'v1', path: path.replace(/^\/v1beta2\//, '/v1/')}
  if (api === 'vpcaccess') return {api, version: 'v1', path: path.replace(/^\/v1beta1\//, '/v1/')}
  return {api, version: /\/(v\d[a-z0-9]*)\//.exec(path)?.[1] ?? '', path}
}

/** The document of an API at the version of the path; undefined when ../shared has none. */
const documentOf = (api: string, version: string): Discovery | undefined => {
  const file = `${api}.${version}.json`
  if (!discoveryFiles().includes(file)) return undefined
  const document = loaded.get(file) ?? load(file)
  loaded.set(file, document)
  return document
}

/** Google's method behind a route of the simulator: the same verb and path in the discovery document. */
export const methodOf = (api: string, route: Route): {document: Discovery; method: Method | undefined} | undefined => {
  const {version, path} = documented(api, route.path.replace(/\{[^}]+\}/g, 'x'))
  const document = documentOf(api, version)
  if (!document) return undefined
  const found = document.methods.filter(({httpMethod, pattern}) => httpMethod === route.method && pattern.test(path))
  return {document, method: found.find(({id}) => id === route.id) ?? found[0]}
}
