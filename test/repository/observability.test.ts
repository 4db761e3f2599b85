import deep from '../../src/checks/observability/health-deep.ts'
import ready from '../../src/checks/observability/health-ready.ts'
import metrics from '../../src/checks/observability/metrics-cloud-monitoring.ts'
import tracing from '../../src/checks/observability/tracing.ts'
import {judgeRepository} from './judge-repository.ts'
import {crlf, texts} from './logging-texts.ts'

const health = texts['app/health.py']
const execute = 'await connection.execute(text("SELECT 1"))'
const refuse = 'raise HTTPException(503, "No database.") from error'
const constant = health
  .replace('await check_db()\n        return {"status": "ok"}', 'return {"status": "ok"}')
  .replace('    await check_db()\n    return {"status": "ok"}', '    return {"status": "ok"}')

judgeRepository('observability.health-deep', deep, texts, [
  {when: 'by a helper', trap: 'delegates to check_db()', is: 'pass', code: 'HEALTH_DEEP', at: ['app/health.py:13']},
  {when: 'a router with a prefix', trap: 'health router with prefix', is: 'pass', code: 'HEALTH_DEEP'},
  {when: 'Windows line ends', change: {'app/health.py': crlf('app/health.py')}, is: 'pass', code: 'HEALTH_DEEP'},
  {
    when: 'a constant',
    trap: "returns {'status':'ok'} constant",
    change: {'app/health.py': constant},
    is: 'fail',
    code: 'HEALTH_SHALLOW',
    at: ['app/health.py:19'],
  },
  {when: 'only the other asks', trap: 'deep logic only in /ready', change: {'app/health.py': constant}, is: 'fail', code: 'HEALTH_SHALLOW'},
  {
    when: 'nothing is executed',
    trap: 'opens a connection but never executes',
    change: {'app/health.py': [execute, 'pass']},
    is: 'fail',
    code: 'HEALTH_PARTLY_DEEP',
    at: ['app/health.py:12'],
  },
  {when: 'no time limit', change: {'app/health.py': ['asyncio.timeout(2), ', '']}, is: 'fail', code: 'HEALTH_PARTLY_DEEP'},
  {
    when: 'a time limit of the engine',
    change: {
      'app/health.py': ['asyncio.timeout(2), ', ''],
      'app/db.py': ['"postgresql+asyncpg://"', '"postgresql+asyncpg://", connect_args={"server_settings": {"statement_timeout": "3000"}}'],
    },
    is: 'pass',
    code: 'HEALTH_DEEP',
  },
  {when: 'no 503', change: {'app/health.py': [refuse, 'return False']}, is: 'fail', code: 'HEALTH_PARTLY_DEEP'},
  {
    when: 'a session by a dependency, and wait_for',
    change: {
      'app/health.py': health
        .replace(
          'async def health():\n    await check_db()',
          'async def health(db=Depends(get_session)):\n    if not await asyncio.wait_for(db.scalar(text("SELECT 1")), 2):\n        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE)',
        )
        .replace('import engine', 'import engine, get_session')
        .replace('import APIRouter', 'import status, APIRouter'),
    },
    is: 'pass',
    code: 'HEALTH_DEEP',
  },
  {
    when: 'something that cannot be followed',
    change: {
      'app/health.py': health
        .replace('await check_db()', 'await registry.checks["db"].ping()')
        .replace('import asyncio', 'import asyncio\nfrom app.registry import registry'),
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'no such route',
    change: {'app/main.py': ['app.include_router(health.router, prefix="/api")\n', '']},
    is: 'fail',
    code: 'HEALTH_SHALLOW',
    at: ['app/main.py:8'],
  },
  {
    when: 'another usual name',
    change: {'app/health.py': health.replace('prefix="/health"', 'prefix="/healthz"')},
    is: 'pass',
    code: 'HEALTH_DEEP',
  },
])

judgeRepository('observability.health-ready', ready, texts, [
  {when: 'below a prefix', trap: "@router.get('/ready') under /api/health prefix", is: 'pass', code: 'READINESS_CHECKED'},
  {
    when: '200 with another body',
    trap: 'returns 200 with body not_ready',
    change: {'app/health.py': [refuse, 'return {"status": "not_ready"}']},
    is: 'fail',
    code: 'READINESS_PARTLY_CHECKED',
  },
  {
    when: 'a constant',
    change: {'app/health.py': health.replace('    await check_db()\n    return {"status": "ready"}', '    return {"status": "ready"}')},
    is: 'fail',
    code: 'READINESS_MISSING',
    at: ['app/health.py:25'],
  },
  {when: 'none', change: {'app/health.py': ['"/ready"', '"/live"']}, is: 'fail', code: 'READINESS_MISSING'},
  {
    when: 'the response’s status',
    change: {
      'app/health.py': health
        .replace(refuse, 'return False\n    return True')
        .replace(
          'async def ready():\n    await check_db()',
          'async def ready(response):\n    if not await check_db():\n        response.status_code = 503',
        ),
    },
    is: 'pass',
    code: 'READINESS_CHECKED',
  },
  {when: 'not valid Python', change: {'app/health.py': ['async def ready', 'async def ((']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

const telemetry = texts['app/telemetry.py']
const packages = texts['requirements.txt']
judgeRepository('observability.tracing', tracing, texts, [
  {when: 'instrumented and exported', is: 'pass', code: 'REQUESTS_TRACED', at: ['app/telemetry.py:17', 'app/telemetry.py:13']},
  {
    when: 'the dependency alone',
    trap: 'dep only',
    change: {'app/main.py': ['setup_telemetry(app)', '']},
    is: 'fail',
    code: 'TRACING_INCOMPLETE',
    at: ['app/telemetry.py:17'],
  },
  {
    when: 'no provider',
    trap: 'API without SDK (no-op)',
    change: {'app/telemetry.py': telemetry.replace(/ {4}provider = [^]*?set_tracer_provider\(provider\)\n/, '')},
    is: 'fail',
    code: 'TRACING_INCOMPLETE',
  },
  {
    when: 'to the console',
    trap: 'console exporter only',
    change: {'app/telemetry.py': telemetry.replaceAll('CloudTraceSpanExporter', 'ConsoleSpanExporter')},
    is: 'fail',
    code: 'TRACING_INCOMPLETE',
    at: ['app/telemetry.py:13'],
  },
  {
    when: 'by the command',
    trap: 'opentelemetry-instrument in CMD',
    change: {
      'app/main.py': ['setup_telemetry(app)', ''],
      'requirements.txt': `${packages}opentelemetry-distro\nopentelemetry-exporter-otlp\n`,
      Dockerfile: 'FROM python:3.12\nCMD ["opentelemetry-instrument", "uvicorn", "app.main:app"]\n',
    },
    is: 'pass',
    code: 'REQUESTS_TRACED',
    at: ['Dockerfile:2'],
  },
  {
    when: 'by a wrapper',
    trap: 'logfire / google-cloud-opentelemetry wrappers',
    change: {
      'app/telemetry.py': 'import logfire\ndef setup_telemetry(app):\n    logfire.configure()\n    logfire.instrument_fastapi(app)\n',
      'requirements.txt': 'fastapi\nlogfire[fastapi]\n',
    },
    is: 'pass',
    code: 'REQUESTS_TRACED',
    at: ['app/telemetry.py:4'],
  },
  {
    when: 'nothing',
    change: {'app/telemetry.py': 'def setup_telemetry(app): ...\n', 'requirements.txt': 'fastapi\n'},
    is: 'fail',
    code: 'REQUESTS_NOT_TRACED',
  },
  {
    when: 'switched off where it is deployed',
    change: {
      'app/telemetry.py': telemetry.replace(
        'def setup_telemetry(app):',
        'import os\ndef setup_telemetry(app):\n    if not os.getenv("TRACING"):\n        return',
      ),
    },
    is: 'fail',
    code: 'TRACING_INCOMPLETE',
  },
  {
    when: 'switched on where it is deployed',
    change: {
      'app/telemetry.py': telemetry.replace(
        'def setup_telemetry(app):',
        'import os\ndef setup_telemetry(app):\n    if not os.getenv("TRACING"):\n        return',
      ),
      'infra/main.tf': ['"ENVIRONMENT"\n', '"ENVIRONMENT"\n        value = "production"\n      }\n      env {\n        name = "TRACING"\n'],
    },
    is: 'pass',
    code: 'REQUESTS_TRACED',
  },
  {
    when: 'a switch, and nothing says how it stands',
    change: {
      'app/telemetry.py': telemetry.replace(
        'def setup_telemetry(app):',
        'import os\ndef setup_telemetry(app):\n    if not os.getenv("TRACING"):\n        return',
      ),
      'infra/main.tf': undefined,
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

const otlp = (endpoint: string) =>
  telemetry
    .replace(
      'from opentelemetry.exporter.cloud_monitoring import CloudMonitoringMetricsExporter',
      'from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter',
    )
    .replace('CloudMonitoringMetricsExporter()', `OTLPMetricExporter(${endpoint})`)
const withoutMetrics = telemetry.replace(/ {4}reader = .*\n.*\n/, '')
judgeRepository('observability.metrics-cloud-monitoring', metrics, texts, [
  {when: 'exported, and the account may', is: 'pass', code: 'METRICS_EXPORTED', at: ['app/telemetry.py:15', 'infra/main.tf:15']},
  {
    when: 'nothing of its own',
    trap: 'Cloud Run built-in metrics (infra metrics, not app export) -> info',
    change: {'app/telemetry.py': withoutMetrics},
    is: 'fail',
    code: 'METRICS_PARTLY_EXPORTED',
  },
  {
    when: 'a page that nobody fetches',
    trap: 'prometheus_client /metrics with nobody scraping',
    change: {
      'app/telemetry.py': withoutMetrics.replace(
        'def setup',
        'from prometheus_client import Counter\nc = Counter("a", "b")\n\n\ndef setup',
      ),
    },
    is: 'fail',
    code: 'METRICS_PARTLY_EXPORTED',
  },
  {
    when: 'a sidecar fetches it',
    trap: 'GMP sidecar',
    change: {
      'app/telemetry.py': withoutMetrics.replace(
        'def setup',
        'from prometheus_client import Counter\nc = Counter("a", "b")\n\n\ndef setup',
      ),
      'infra/main.tf': [
        '    containers {',
        '    containers {\n      image = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:1.2.0"\n    }\n    containers {',
      ],
    },
    is: 'pass',
    code: 'METRICS_EXPORTED',
  },
  {
    when: 'by OTLP to Google',
    change: {'app/telemetry.py': otlp('endpoint="https://telemetry.googleapis.com:443"')},
    is: 'pass',
    code: 'METRICS_EXPORTED',
  },
  {when: 'by OTLP to nobody', change: {'app/telemetry.py': otlp('')}, is: 'fail', code: 'METRICS_PARTLY_EXPORTED'},
  {
    when: 'by OTLP to a place that is only known at run time',
    change: {'app/telemetry.py': otlp('endpoint=find()')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'neither',
    change: {'app/telemetry.py': withoutMetrics, 'infra/main.tf': ['roles/monitoring.metricWriter', 'roles/viewer']},
    is: 'fail',
    code: 'METRICS_NOT_EXPORTED',
    at: ['infra/main.tf:1'],
  },
])
