import type {Level, NeededPermission, Purpose} from '../permissions/needed.ts'
import type {Preflight} from '../permissions/preflight.ts'
import {roleOf, type RoleFile, type RoleInput} from '../permissions/role-file.ts'
import {printable} from './printable.ts'

/** The document of `qlogic permissions --json`. */
export type PermissionsDocument = {
  schemaVersion: 1
  for: Purpose
  project: string | null
  /** The custom role of the project. */
  role: RoleFile
  /** Everything, with its level and the items that need it. */
  permissions: NeededPermission[]
  byLevel: Record<Level, string[]>
  /** Null: not asked. */
  preflight: Preflight | null
}

const levels = ['project', 'organization', 'billing-account', 'bucket'] as const

const at = (needed: readonly NeededPermission[], wanted: Level): string[] =>
  needed.flatMap(({level, permission}) => (level === wanted ? [permission] : []))

/** Puts the answer together as its JSON document. */
export const permissionsDocument = (input: RoleInput, tested: Preflight | undefined): PermissionsDocument => ({
  schemaVersion: 1,
  for: input.purpose,
  project: input.project ?? null,
  role: roleOf(input),
  permissions: [...input.needed],
  byLevel: {
    project: at(input.needed, levels[0]),
    organization: at(input.needed, levels[1]),
    'billing-account': at(input.needed, levels[2]),
    bucket: at(input.needed, levels[3]),
  },
  preflight: tested ?? null,
})

/** What the caller lacks, a line each. */
export const preflightLines = ({missing, untested}: Preflight): string[] => [
  ...(missing.length === 0 ? ['Nothing that could be tested is missing.'] : [`Missing: ${missing.length}`]),
  ...missing.map(
    ({permission, on, role, items}) =>
      `  ${permission} on ${printable(on)}${role === undefined ? '' : `; the smallest role that has it is ${printable(role)}`}; for ${items.slice(0, 3).join(', ')}${items.length > 3 ? ` and ${items.length - 3} more` : ''}`,
  ),
  ...untested.map(
    ({level, on, permissions, why}) =>
      `Not tested on ${on === '' ? `the ${level}` : printable(on)} (${printable(why)}): ${permissions.join(', ')}`,
  ),
]
