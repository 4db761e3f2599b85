import {generateKeyPairSync, randomBytes} from 'node:crypto'
import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {text} from '../json.ts'

/** What GitHub answers to what is not there and to what the caller may not see. */
export const missing = (): ApiError => new ApiError(404, 'NOT_FOUND', 'notFound', 'Not Found')
export const invalid = (message: string, field?: string): ApiError =>
  new ApiError(
    422,
    'UNPROCESSABLE',
    'invalid',
    field === undefined ? message : 'Validation Failed',
    field === undefined ? [] : [{resource: 'Repository', code: 'invalid', field, message}],
  )
export const conflict = (message: string): ApiError => new ApiError(409, 'CONFLICT', 'alreadyExists', message)

/** A repository under one spelling: GitHub's names ignore case. */
export const keyOf = ({params}: Request): string => `${params.owner ?? ''}/${params.repo ?? ''}`.toLowerCase()

export const rowsUnder = (world: World, table: string, above: string): JsonObject[] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(`${above}/`))
    .map(([, row]) => row)

export const newBranch = (world: World, repository: string, name: string, isProtected = false): void =>
  world.table('github.branches').set(`${repository}/${name}`, {name, sha: randomBytes(20).toString('hex'), protected: isProtected})

const ownerId = (world: World, owner: string): number => {
  const known = world.table('github.owners').get(owner)
  if (typeof known?.id === 'number') return known.id
  const id = Number(world.newId(8))
  world.table('github.owners').set(owner, {id})
  return id
}

/** Every repository that is asked for by its name is there: with a protected main, and develop. */
export const repositoryOf = (request: Request, world: World): {key: string; row: JsonObject} => {
  const key = keyOf(request)
  const known = world.table('github.repositories').get(key)
  if (known) return {key, row: known}
  const {owner = '', repo = ''} = request.params
  const {publicKey} = generateKeyPairSync('x25519')
  const row: JsonObject = {
    id: Number(world.newId(9)),
    owner,
    ownerId: ownerId(world, owner.toLowerCase()),
    name: repo,
    created_at: world.now().toISOString(),
    keyId: world.newId(18),
    key: Buffer.from(text(publicKey.export({format: 'jwk'}).x), 'base64url').toString('base64'),
  }
  world.table('github.repositories').set(key, row)
  newBranch(world, key, 'main', true)
  newBranch(world, key, 'develop')
  return {key, row}
}

/** One page, counted from 1 as GitHub does. */
export const pageOf = (rows: JsonObject[], {query}: Request): JsonObject[] => {
  const size = Math.min(Number(query.get('perPage') ?? query.get('per_page') ?? 30) || 30, 100)
  const page = Math.max(Number(query.get('page') ?? 1) || 1, 1)
  return rows.slice((page - 1) * size, page * size)
}
