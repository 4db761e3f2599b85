import type {z} from 'zod'

/** The three environments; criteria and defaults differ between them. */
export const environments = ['dev', 'staging', 'prod'] as const
export type Environment = (typeof environments)[number]

/**
 * One configuration parameter. The schema's error text says what was expected (`a region such as us-central1`),
 * so that every message about a bad value reads the same wherever it came from.
 */
export type Parameter<Schema extends z.ZodType = z.ZodType> = {
  schema: Schema
  /** What it is for, one line. */
  about: string
  /** The value when nobody set it, with `{env}` and `{projectId}` still to be filled; undefined when it must be given. */
  fallback: Readonly<Record<Environment, z.output<Schema>>> | undefined
  /** The defaults block may give a map by environment. */
  perEnvironment: boolean
  /** Asked for or read from the process environment when needed; refused in the file and absent from `Config`. */
  secret: boolean
}

/** A parameter with one default for every environment. */
export const parameter = <Schema extends z.ZodType>(schema: Schema, fallback: z.output<Schema>, about: string): Parameter<Schema> => ({
  schema,
  about,
  fallback: {dev: fallback, staging: fallback, prod: fallback},
  perEnvironment: false,
  secret: false,
})

/** A parameter whose default depends on the environment. */
export const byEnvironment = <Schema extends z.ZodType>(
  schema: Schema,
  fallback: Readonly<Record<Environment, z.output<Schema>>>,
  about: string,
): Parameter<Schema> => ({schema, about, fallback, perEnvironment: true, secret: false})

/** A parameter that nothing can stand in for. */
export const required = <Schema extends z.ZodType>(schema: Schema, about: string): Parameter<Schema> => ({
  schema,
  about,
  fallback: undefined,
  perEnvironment: false,
  secret: false,
})

/** A parameter that no file may hold. */
export const secret = <Schema extends z.ZodType>(schema: Schema, about: string): Parameter<Schema> => ({
  schema,
  about,
  fallback: undefined,
  perEnvironment: false,
  secret: true,
})
