import cpuPids from '../../src/checks/containers/compose-cpu-pids-limits.ts'
import dbPort from '../../src/checks/containers/compose-db-port-not-exposed.ts'
import sourceMount from '../../src/checks/containers/compose-no-source-mount.ts'
import memory from '../../src/checks/containers/compose-resource-limits.ts'
import restart from '../../src/checks/containers/compose-restart-policies.ts'
import sandboxed from '../../src/checks/containers/compose-sandboxed.ts'
import {containers} from './containers-texts.ts'
import {judgeRepository} from './judge-repository.ts'

const db = '    expose: ["5432"]'
const noCompose = {'compose.yaml': undefined}
const broken = {'compose.yaml': 'services:\n  db: [\n'}
const windows = {'compose.yaml': (containers['compose.yaml'] ?? '').replaceAll('\n', '\r\n')}
const oneService = (text: string) => ({'compose.yaml': `services:\n  api:\n    image: acme/api:1\n${text}`})

judgeRepository('containers.compose-resource-limits', memory, containers, [
  {when: 'every service has one', is: 'pass', code: 'MEMORY_LIMITED', at: ['compose.yaml:9', 'compose.yaml:15']},
  {when: 'lines end as in Windows', change: windows, is: 'pass', code: 'MEMORY_LIMITED', at: ['compose.yaml:15']},
  {when: 'there is no compose file', change: noCompose, is: 'fail', code: 'MEMORY_NO_COMPOSE'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'one lacks it',
    change: {'compose.yaml': ['    mem_limit: 1g\n', '']},
    is: 'fail',
    code: 'MEMORY_LIMITED_PARTLY',
    at: ['compose.yaml:12'],
  },
  {
    when: 'the value is a variable without a default',
    change: oneService('    mem_limit: ${MEMORY}\n'),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['compose.yaml:4'],
  },
  {
    when: 'the value is a variable with a default',
    change: oneService('    mem_limit: ${MEMORY:-1g}\n'),
    is: 'pass',
    code: 'MEMORY_LIMITED',
  },
  {
    when: 'memory is only reserved',
    trap: 'reservations only',
    change: oneService('    deploy: {resources: {reservations: {memory: 1g}}}\n'),
    is: 'fail',
    code: 'MEMORY_UNLIMITED',
    at: ['compose.yaml:2'],
  },
  {
    when: 'another file has the limits',
    trap: 'limits in an override file not loaded by default',
    change: {...oneService(''), 'compose.limits.yaml': 'services:\n  api:\n    mem_limit: 1g\n'},
    is: 'fail',
    code: 'MEMORY_UNLIMITED',
    at: ['compose.yaml:2'],
  },
  {
    when: 'the override file that Compose loads by itself has them',
    change: {...oneService(''), 'compose.override.yaml': 'services:\n  api:\n    mem_limit: 1g\n'},
    is: 'pass',
    code: 'MEMORY_LIMITED',
    at: ['compose.override.yaml:3'],
  },
  {
    when: 'the anchor is not merged',
    trap: 'x-limits anchor never merged',
    change: {'compose.yaml': 'x-limits: &limits {mem_limit: 1g}\nservices:\n  api:\n    image: acme/api:1\n'},
    is: 'fail',
    code: 'MEMORY_UNLIMITED',
    at: ['compose.yaml:3'],
  },
  {
    when: 'the anchor is merged',
    trap: '<<: *limits merge',
    change: {'compose.yaml': 'x-limits: &limits {mem_limit: 1g}\nservices:\n  api:\n    <<: *limits\n    image: acme/api:1\n'},
    is: 'pass',
    code: 'MEMORY_LIMITED',
    at: ['compose.yaml:1'],
  },
  {
    when: 'the key is that of version 2',
    trap: 'mem_limit v2 key',
    change: oneService('    mem_limit: 512m\n'),
    is: 'pass',
    code: 'MEMORY_LIMITED',
  },
  {
    when: 'another service is extended',
    trap: 'extends:',
    change: {...oneService('    extends: {file: common.yml, service: base}\n'), 'common.yml': 'services:\n  base:\n    mem_limit: 512m\n'},
    is: 'pass',
    code: 'MEMORY_LIMITED',
    at: ['common.yml:3'],
  },
  ...['tests/docker-compose.yml', 'compose.ci.yaml', 'docker-compose.e2e.test.yml', 'api/tests/compose.yaml'].map((path) => ({
    when: `${path}, which only tests start, has none`,
    change: {[path]: 'services:\n  stub:\n    image: acme/stub:1\n'},
    is: 'pass' as const,
    code: 'MEMORY_LIMITED',
  })),
  {
    when: 'there is none but that of the tests',
    change: {'compose.yaml': undefined, 'tests/compose.yaml': 'services:\n  stub:\n    image: acme/stub:1\n'},
    is: 'fail',
    code: 'MEMORY_NO_COMPOSE',
  },
])

judgeRepository('containers.compose-db-port-not-exposed', dbPort, containers, [
  {when: 'no port is published', is: 'pass', code: 'DB_PORT_PRIVATE'},
  {
    when: 'the port is only exposed to other services',
    trap: "expose: ['5432'] is internal only",
    is: 'pass',
    code: 'DB_PORT_PRIVATE',
    at: ['compose.yaml:12'],
  },
  {when: 'there is no database', change: oneService(''), is: 'not_applicable', code: 'DB_PORT_NO_DATABASE'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'the port is published',
    change: {'compose.yaml': [db, '    ports: ["5432:5432"]']},
    is: 'fail',
    code: 'DB_PORT_PUBLISHED',
    at: ['compose.yaml:18'],
  },
  {when: 'Docker chooses the port', change: {'compose.yaml': [db, '    ports: ["5432"]']}, is: 'fail', code: 'DB_PORT_PUBLISHED'},
  {
    when: 'the port is a variable',
    trap: '"${DB_EXPOSE_PORT:-5432}:5432" - still published by default (after!)',
    change: {'compose.yaml': [db, '    ports:\n      - "${DB_EXPOSE_PORT:-5432}:5432"']},
    is: 'fail',
    code: 'DB_PORT_PUBLISHED',
    at: ['compose.yaml:19'],
  },
  {
    when: 'it is published in the long form',
    change: {'compose.yaml': [db, '    ports: [{target: 5432, published: "5433"}]']},
    is: 'fail',
    code: 'DB_PORT_PUBLISHED',
  },
  {
    when: 'the override file publishes it',
    trap: 'ports in docker-compose.override.yml auto-loaded',
    change: {'docker-compose.override.yml': 'services:\n  db:\n    ports:\n      - 5432:5432\n'},
    is: 'fail',
    code: 'DB_PORT_PUBLISHED',
    at: ['docker-compose.override.yml:4'],
  },
  {
    when: 'the override takes the ports away',
    change: {'compose.yaml': [db, '    ports: ["5432:5432"]'], 'compose.override.yaml': 'services:\n  db:\n    ports: !reset []\n'},
    is: 'pass',
    code: 'DB_PORT_PRIVATE',
  },
  {
    when: 'it shares the network of the host',
    trap: 'network_mode: host',
    change: {'compose.yaml': [db, '    network_mode: host']},
    is: 'fail',
    code: 'DB_PORT_PUBLISHED',
    at: ['compose.yaml:18'],
  },
  {
    when: 'only this machine reaches it',
    trap: '127.0.0.1:5432:5432 -> warn',
    change: {'compose.yaml': [db, '    ports: ["127.0.0.1:5432:5432"]']},
    is: 'warn',
    code: 'DB_PORT_LOCAL',
    at: ['compose.yaml:18'],
  },
  {
    when: 'the service is for debugging only',
    change: {'compose.yaml': [db, '    ports: ["5432:5432"]\n    profiles: [debug]']},
    is: 'warn',
    code: 'DB_PORT_LOCAL',
  },
  {
    when: 'a file for debugging binds it to this machine',
    change: {'compose.debug.yaml': 'services:\n  db:\n    ports: ["127.0.0.1:5432:5432"]\n'},
    is: 'pass',
    code: 'DB_PORT_PRIVATE',
  },
  {
    when: 'the image is not known, but others reach it as their database',
    change: {
      'compose.yaml':
        'services:\n  store:\n    image: acme/store:1\n    ports: ["5432:5432"]\n  api:\n    image: acme/api:1\n    environment:\n      - DATABASE_URL=postgresql+asyncpg://u:p@store:5432/x\n',
    },
    is: 'fail',
    code: 'DB_PORT_PUBLISHED',
    at: ['compose.yaml:4'],
  },
])

judgeRepository('containers.compose-restart-policies', restart, containers, [
  {when: 'every service has one, the migration none', is: 'pass', code: 'RESTARTS', at: ['compose.yaml:23']},
  {when: 'it is merged from an anchor', trap: 'anchor merge', is: 'pass', code: 'RESTARTS', at: ['compose.yaml:2']},
  {when: 'there is no compose file', change: noCompose, is: 'fail', code: 'RESTART_NO_COMPOSE'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'none has one', change: oneService(''), is: 'fail', code: 'RESTART_MISSING', at: ['compose.yaml:2']},
  {when: 'it is that of deploy', change: oneService('    deploy: {restart_policy: {condition: any}}\n'), is: 'pass', code: 'RESTARTS'},
  {when: 'it counts', change: oneService('    restart: on-failure:3\n'), is: 'pass', code: 'RESTARTS'},
  {
    when: 'it says no without quotes',
    trap: 'restart: no (YAML 1.1 boolean false when unquoted)',
    change: oneService('    restart: no\n'),
    is: 'fail',
    code: 'RESTART_MISSING',
    at: ['compose.yaml:4'],
  },
  {
    when: 'one lacks it',
    trap: 'some services only',
    change: {'compose.yaml': ['    restart: unless-stopped\n    mem_limit', '    mem_limit']},
    is: 'fail',
    code: 'RESTARTS_PARTLY',
    at: ['compose.yaml:12'],
  },
  {
    when: 'the migration restarts for ever',
    change: {'compose.yaml': ['    restart: "no"\n', '']},
    is: 'fail',
    code: 'RESTARTS_PARTLY',
    at: ['compose.yaml:2'],
  },
])

judgeRepository('containers.compose-cpu-pids-limits', cpuPids, containers, [
  {when: 'every service has both', is: 'pass', code: 'CPU_PIDS_LIMITED'},
  {when: 'there is no compose file', change: noCompose, is: 'not_applicable', code: 'CPU_PIDS_NO_COMPOSE'},
  {
    when: 'one lacks a limit of processes',
    change: {'compose.yaml': ['    pids_limit: 200\n', '']},
    is: 'fail',
    code: 'CPU_PIDS_LIMITED_PARTLY',
    at: ['compose.yaml:12'],
  },
  {when: 'it is unlimited', change: oneService('    pids_limit: -1\n'), is: 'fail', code: 'CPU_PIDS_UNLIMITED', at: ['compose.yaml:4']},
])

judgeRepository('containers.compose-sandboxed', sandboxed, containers, [
  {when: 'every app service is', is: 'pass', code: 'SANDBOXED'},
  {when: 'there is no compose file', change: noCompose, is: 'not_applicable', code: 'SANDBOX_NO_SERVICE'},
  {when: 'nothing is restricted', change: oneService(''), is: 'fail', code: 'SANDBOX_MISSING', at: ['compose.yaml:2']},
  {
    when: 'capabilities are kept',
    change: {'compose.yaml': ['  cap_drop: [ALL]\n', '  cap_drop: [NET_RAW]\n']},
    is: 'fail',
    code: 'SANDBOX_MISSING',
  },
  {when: 'one is not', change: {'compose.yaml': ['  web:\n    <<: *limits\n', '  web:\n']}, is: 'fail', code: 'SANDBOXED_PARTLY'},
])

judgeRepository('containers.compose-no-source-mount', sourceMount, containers, [
  {when: 'nothing is mounted', is: 'pass', code: 'SOURCE_NOT_MOUNTED'},
  {when: 'nothing is built', change: oneService(''), is: 'not_applicable', code: 'SOURCE_MOUNT_NO_SERVICE'},
  {
    when: 'the source lies over the work directory',
    change: {'compose.yaml': ['    environment:\n', '    volumes: ["./backend:/srv"]\n    environment:\n']},
    is: 'fail',
    code: 'SOURCE_MOUNTED',
    at: ['compose.yaml:30'],
  },
  {
    when: 'the source lies over a part of it',
    change: {'compose.yaml': ['    environment:\n', '    volumes: ["./backend/app:/srv/app"]\n    environment:\n']},
    is: 'fail',
    code: 'SOURCE_MOUNTED',
  },
  {
    when: 'the override file mounts it',
    change: {'compose.override.yaml': 'services:\n  api:\n    volumes: ["./backend:/srv"]\n'},
    is: 'pass',
    code: 'SOURCE_NOT_MOUNTED',
  },
  {
    when: 'only data is mounted',
    change: {'compose.yaml': ['    environment:\n', '    volumes: ["./data:/srv/data", "cache:/srv/app"]\n    environment:\n']},
    is: 'pass',
    code: 'SOURCE_NOT_MOUNTED',
  },
])
