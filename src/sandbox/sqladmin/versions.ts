import type {Json, JsonObject} from '../api.ts'
import {text} from '../json.ts'
import {regions} from '../locations.ts'
import {invalid, notSimulated} from './refusals.ts'

const mebibyte = 1024 * 1024
const diskQuota = String(3_279_207_530_496)

const tier = (name: string, ram: number): JsonObject => ({
  kind: 'sql#tier',
  tier: name,
  RAM: String(ram * mebibyte),
  DiskQuota: diskQuota,
  region: regions.map((region) => region.name),
})

/** The tiers that Google lists: the shared-core ones, the custom ones with 3.75 GiB for each CPU, and those of Enterprise Plus. */
export const tiers: JsonObject[] = [
  tier('db-f1-micro', 614),
  tier('db-g1-small', 1740),
  ...[1, 2, 4, 8, 16, 32, 64, 96].map((cpus) => tier(`db-custom-${cpus}-${cpus * 3840}`, cpus * 3840)),
  ...[2, 4, 8, 16, 32, 48, 64, 80, 96, 128].map((cpus) => tier(`db-perf-optimized-N-${cpus}`, cpus * 8192)),
]

/** Versions that the simulator makes instances of, with the minor version and maintenance that are installed. */
const installed: Readonly<Record<string, [minor: string, maintenance: string]>> = {
  POSTGRES_12: ['19', 'R20240514.00_12'],
  POSTGRES_13: ['15', 'R20240514.00_12'],
  POSTGRES_14: ['12', 'R20240514.00_12'],
  POSTGRES_15: ['7', 'R20240514.00_12'],
  POSTGRES_16: ['3', 'R20240527.01_10'],
  POSTGRES_17: ['6', 'R20250824.00_04'],
  POSTGRES_18: ['1', 'R20251004.01_07'],
  MYSQL_5_7: ['44', 'R20231105.01_03'],
  MYSQL_8_0: ['41', 'R20251004.01_07'],
  MYSQL_8_4: ['4', 'R20251004.01_07'],
}

/** What is installed for a version; a version that the simulator does not make is refused as its own gap. */
export const installedVersion = (version: string): JsonObject => {
  const [minor, maintenance] = installed[version] ?? []
  if (minor === undefined || maintenance === undefined) throw notSimulated(`instances of ${version}`)
  return {
    databaseVersion: version,
    databaseInstalledVersion: `${version}_${minor}`,
    maintenanceVersion: `${version}_${minor}.${maintenance}`,
  }
}

/** Whether a version is one of PostgreSQL. */
export const isPostgres = (version: Json | undefined): boolean => text(version).startsWith('POSTGRES_')

const release = (version: string): number => Number(version.replace(/^[A-Z]+_/, '').replace('_', '.'))
const major = (version: string): number => Number(/_(\d+)/.exec(version)?.[1] ?? 0)

/** The major versions that one can be upgraded to. */
export const upgrades = (version: string): JsonObject[] => {
  const [engine = ''] = version.split('_')
  const later = Object.keys(installed).filter((other) => other.startsWith(`${engine}_`) && release(other) > release(version))
  return later.map((name) => ({
    name,
    majorVersion: name,
    displayName: engine === 'POSTGRES' ? `PostgreSQL ${major(name)}` : `MySQL ${release(name)}`,
  }))
}

/** The edition of an instance for which none was asked: Enterprise Plus from PostgreSQL 16 and MySQL 8.4 on. */
export const defaultEdition = (version: string): string =>
  (isPostgres(version) ? major(version) >= 16 : version === 'MYSQL_8_4') ? 'ENTERPRISE_PLUS' : 'ENTERPRISE'

const customFits = (cpus: number, ram: number): boolean =>
  (cpus === 1 || (cpus % 2 === 0 && cpus >= 2 && cpus <= 96)) &&
  ram % 256 === 0 &&
  ram >= Math.max(3840, cpus * 0.9 * 1024) &&
  ram <= cpus * 6.5 * 1024

const plusForm = /^db-(perf-optimized-N|memory-optimized-N|c4a-highmem|c4a-highmem-lssd)-\d+$/
const enterpriseForm = /^(db-f1-micro|db-g1-small|db-n1-(standard|highmem)-\d+|db-custom-(?:N4-)?(\d+)-(\d+))$/

/** Refuses a tier that the edition does not have, or that is none. */
export const checkTier = (name: string, edition: string): void => {
  if (name === '') throw invalid('Tier is required')
  if (edition === 'ENTERPRISE_PLUS' && plusForm.test(name)) return
  const [found, , , cpus, ram] = enterpriseForm.exec(name) ?? []
  if (edition !== 'ENTERPRISE_PLUS' && found !== undefined && (cpus === undefined || customFits(Number(cpus), Number(ram)))) return
  const hint = edition === 'ENTERPRISE_PLUS' ? ' Use a predefined Tier like db-perf-optimized-N-* instead.' : ''
  throw invalid(`Invalid Tier (${name}) for (${edition}) Edition.${hint}`.replace(/\.$/, ''))
}
