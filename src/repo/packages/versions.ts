import {compare, lt, satisfies, valid, validRange} from '@renovatebot/pep440'

/** Below, at or above 0 as PEP 440 orders two versions; undefined where one of them is none. */
export const compareVersions = (one: string, other: string): number | undefined =>
  valid(one) === null || valid(other) === null ? undefined : compare(one, other)

/** Whether a version is `least` or newer; undefined where that cannot be said. */
export const isAtLeast = (version: string, least: string): boolean | undefined => {
  const order = compareVersions(version, least)
  return order === undefined ? undefined : order >= 0
}

/** The one version that a specifier allows (`==1.2.3`, `===1.2.3`); undefined for a range. */
export const pinnedVersion = (specifier: string): string | undefined => {
  const pin = /^===?\s*([^\s,;*]+)$/.exec(specifier.trim())?.[1]
  return pin !== undefined && valid(pin) !== null ? pin : undefined
}

/** The oldest version that a specifier may give: the highest of its lower bounds; undefined where it has none. */
export const lowestVersion = (specifier: string): string | undefined => {
  if (specifier.trim() === '' || !validRange(specifier)) return undefined
  const bounds = specifier.split(',').flatMap((part) => /^\s*(?:>=?|~=|===?)\s*([^\s*]+?)(?:\.\*)?\s*$/.exec(part)?.[1] ?? [])
  return bounds
    .filter((bound) => valid(bound) !== null)
    .reduce<string | undefined>((highest, bound) => (highest === undefined || lt(highest, bound) ? bound : highest), undefined)
}

/** Whether a specifier allows a version; undefined where one of the two is not of PEP 440. */
export const allowsVersion = (specifier: string, version: string): boolean | undefined => {
  if (valid(version) === null) return undefined
  if (specifier.trim() === '') return true
  return validRange(specifier) ? satisfies(version, specifier, {prereleases: true}) : undefined
}

/**
 * What Poetry writes (`^0.109.0`, `~1.2`, `2.*`, `1.0`) as PEP 440; alternatives (`||`) have no such form and stay as they are.
 * https://python-poetry.org/docs/dependency-specification/
 */
export const fromPoetry = (constraint: string): string => {
  if (constraint.includes('|')) return constraint
  return constraint
    .split(/\s*,\s*/)
    .flatMap((part) => poetryPart(part.trim()))
    .join(',')
}

const poetryPart = (part: string): string[] => {
  if (part === '*' || part === '') return []
  const [, sign, version = ''] = /^([\^~](?!=))?\s*(.*)$/.exec(part) ?? []
  if (sign === undefined) return [/^[\d]/.test(version) ? `==${version}` : version]
  const release = /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1]?.split('.').map(Number)
  if (release === undefined) return [part]
  const nonzero = release.findIndex((number) => number > 0)
  const raised = sign === '~' ? Math.min(1, release.length - 1) : nonzero === -1 ? release.length - 1 : nonzero
  const upper = release.slice(0, raised + 1).map((number, index) => (index === raised ? number + 1 : number))
  return [`>=${version}`, `<${upper.join('.')}`]
}
