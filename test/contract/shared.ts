import {existsSync, readFileSync, readdirSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {z} from 'zod'
import type {Json} from '../../src/sandbox/api.ts'

const folder = new URL('../../../shared/gcp/', import.meta.url)

/** Whether ../shared lies beside the checkout, as it does in CI. */
export const sharedExists = existsSync(new URL('recordings/', folder)) && existsSync(new URL('discovery/', folder))
/** What is said where it does not. */
export const sharedMissing =
  '../shared/gcp is not beside this checkout: the simulator is not compared with the recordings and discovery documents.'

const json: z.ZodType<Json> = z.json()

/** JSON text as a typed value. */
export const parseJson = (text: string): Json => json.parse(JSON.parse(text))

/** A file of ../shared/gcp. */
export const readShared = (path: string): string => readFileSync(new URL(path, folder), 'utf8')

/** Every recording, as a path below `recordings/`, sorted. */
export const recordingPaths = (): string[] =>
  sharedExists
    ? readdirSync(fileURLToPath(new URL('recordings/', folder)), {recursive: true, encoding: 'utf8'})
        .filter((path) => path.endsWith('.log'))
        .map((path) => path.replaceAll('\\', '/'))
        .sort()
    : []

/** The file names of the discovery documents. */
export const discoveryFiles = (): string[] => (sharedExists ? readdirSync(fileURLToPath(new URL('discovery/', folder))).sort() : [])
