import {overlaps, parseCidr} from './cidr.ts'
import type {Config, ParameterName} from './parameters.ts'

/** A rule between parameters: the one to blame, and what was expected of it; undefined when it holds. */
type Rule = {key: ParameterName; expects: (config: Config) => string | undefined}

const unless = (holds: boolean, expects: string): string | undefined => (holds ? undefined : expects)

/** What must hold between parameters beyond each by itself. */
export const crossRules: readonly Rule[] = [
  {
    key: 'subnetCidr',
    expects: ({subnetCidr, connectorCidr}) =>
      unless(!overlaps(parseCidr(subnetCidr), parseCidr(connectorCidr)), `a range that does not overlap connectorCidr ${connectorCidr}`),
  },
  {
    key: 'connectorMaxInstances',
    expects: ({connectorMinInstances: min, connectorMaxInstances: max}) => unless(max > min, `more than connectorMinInstances (${min})`),
  },
  {key: 'runMax', expects: ({runMin, runMax}) => unless(runMax >= Math.max(runMin, 1), `at least runMin (${runMin}) and at least 1`)},
  {
    key: 'backupStartTime',
    expects: ({backupStartTime, maintenanceHour: hour}) =>
      unless(
        Number(backupStartTime.slice(0, 2)) !== hour,
        `a time outside the maintenance hour (${String(hour).padStart(2, '0')}:00 to ${String(hour).padStart(2, '0')}:59 UTC)`,
      ),
  },
  {
    key: 'pitrDays',
    expects: ({pitrDays, dbEdition}) =>
      unless(pitrDays <= 7 || dbEdition === 'ENTERPRISE_PLUS', 'at most 7 days with dbEdition ENTERPRISE'),
  },
  {
    key: 'dbTier',
    expects: ({dbTier, dbEdition}) =>
      dbEdition === 'ENTERPRISE_PLUS'
        ? unless(dbTier.startsWith('db-perf-'), 'a db-perf-optimized-N- tier with dbEdition ENTERPRISE_PLUS, such as db-perf-optimized-N-2')
        : unless(!dbTier.startsWith('db-perf-'), 'a tier of dbEdition ENTERPRISE, such as db-custom-2-7680'),
  },
  {
    key: 'sqlInstance',
    expects: ({sqlInstance, projectId}) =>
      unless(
        projectId.length + 1 + sqlInstance.length <= 98,
        `at most ${97 - projectId.length} characters, because project:instance may have 98`,
      ),
  },
  {
    key: 'domain',
    expects: ({domain, edge}) =>
      unless(domain.length <= 64 || edge === 'run-app-url', 'at most 64 characters, because a managed certificate takes no more'),
  },
  {
    key: 'runServices',
    expects: ({runServices: {backend, frontend}}) => unless(backend !== frontend, 'two different names for backend and frontend'),
  },
]
