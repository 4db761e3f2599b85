import {z} from 'zod'
import {override} from './override.ts'
import {environments, parameters, type Parameter} from './parameters.ts'

/** The parameters that a file may hold: all but the secret ones, and `env`, which is the name of a block. */
export const fileParameters: ReadonlyMap<string, Parameter> = new Map(
  Object.entries<Parameter>(parameters).filter(([name, {secret}]) => !secret && name !== 'env'),
)

const blockExpects = 'parameters, one on each line, such as region: us-central1'

const block = (schemaOf: (parameter: Parameter) => z.ZodType, about: string) =>
  z
    .strictObject(
      Object.fromEntries([...fileParameters].map(([name, entry]) => [name, schemaOf(entry).optional().describe(entry.about)])),
      {
        error: blockExpects,
      },
    )
    .nullable()
    .describe(about)

const forOneEnvironment = ({schema}: Parameter): z.ZodType => schema

const forAll = ({schema, perEnvironment}: Parameter): z.ZodType => {
  if (!perEnvironment) return schema
  const value = schema.optional()
  const example = schema.safeParse(Symbol()).error?.issues[0]?.message ?? 'a value'
  const map = z.strictObject({dev: value, staging: value, prod: value})
  return z.union([schema, map], {error: `${example}; or a map of that by environment`})
}

const version = {error: '1'}

/** qlogic.yaml as data. Values may still contain `{env}` and `{projectId}`: fill them before judging a value by it. */
export const fileSchema = z
  .strictObject(
    {
      schemaVersion: z.literal(1, version).describe('Version of this format'),
      repo: z
        .string({error: 'a folder such as .'})
        .min(1, {error: 'a folder such as .'})
        .optional()
        .describe('Folder of the app repository, relative to this file'),
      defaults: block(forAll, 'Parameters of every environment').optional(),
      environments: z
        .strictObject(
          Object.fromEntries(
            environments.map((name) => [name, block(forOneEnvironment, `Parameters of ${name}; they win over the defaults`).optional()]),
          ),
          {error: `environments by name: ${environments.join(', ')}`},
        )
        .nullable()
        .optional()
        .describe('Parameters by environment'),
      overrides: z
        .array(override, {error: 'a list of waivers and attestations'})
        .nullable()
        .optional()
        .describe('Waivers and attestations'),
    },
    {error: 'a mapping that starts with schemaVersion: 1'},
  )
  .describe('Configuration of qlogic')
