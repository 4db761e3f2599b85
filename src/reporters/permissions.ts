import type {Level, NeededPermission, Purpose} from '../permissions/needed.ts'
import type {Preflight} from '../permissions/preflight.ts'
import {elsewhere, roleOf, type Elsewhere, type RoleFile, type RoleInput} from '../permissions/role-file.ts'
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
  /** What the role does not hold: where it is granted, and the predefined roles that have it. */
  elsewhere: Elsewhere[]
  /** What is missing and what could not be asked; null: not asked. */
  preflight: Pick<Preflight, 'missing' | 'untested'> | null
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
  elsewhere: elsewhere(input.needed),
  preflight: tested === undefined ? null : {missing: tested.missing, untested: tested.untested},
})

/** The first few of them, and how many more there are. */
const some = (names: readonly string[], most = 3): string =>
  names.length <= most + 1 ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`

/** What the caller lacks, a line each; what could not be tested, a line for each place. */
export const preflightLines = ({missing, untested}: Pick<Preflight, 'missing' | 'untested'>): string[] => [
  ...(missing.length > 0
    ? [`Missing: ${missing.length}`]
    : untested.length === 0
      ? ['Nothing is missing.']
      : ['What is missing could not be told of everything.']),
  ...missing.map(
    ({permission, on, role, items}) =>
      `  ${permission} on ${printable(on)}${role === undefined ? '' : `; the smallest role that has it is ${printable(role)}`}; for ${some(items)}`,
  ),
  ...[...new Set(untested.map(({why}) => why))].map((why) => {
    const places = untested.filter((one) => one.why === why)

    const on = places.map((place) => (place.on === '' ? `the ${place.level.replace('-', ' ')}` : printable(place.on)))
    const names = places.flatMap(({permissions}) => permissions)
    return `Not tested on ${on.join(', ')} (${printable(why)}): ${some(names)}`
  }),
]
