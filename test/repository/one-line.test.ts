import {expect, test} from 'vitest'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {loadItems} from '../../src/load-items.ts'
import {context} from '../checks/judge.ts'
import {textsOf} from '../support/variants.ts'
import {changed, findingsOf} from './judge-repository.ts'

type Edit = {file: string; from: string; to: string; changes: Readonly<Record<string, string>>}

/** Edits of one place in the variant finished-flat, and all verdicts of PART 2 that differ after each: those, and no other. */
const edits: readonly Edit[] = [
  {
    file: 'backend/app/core/config.py',
    from: '    DB_PORT: int = 5432',
    to: '    DB_PORT: str = "5432"',
    changes: {'config.database-url-decomposed': 'fail DATABASE_URL_PARTLY_SPLIT'},
  },
  {
    file: 'backend/app/core/config.py',
    from: '    DB_PASSWORD: SecretStr',
    to: '    DB_PASSWORD: SecretStr = SecretStr("postgres")',
    changes: {'config.no-default-secrets': 'fail DEFAULT_SECRETS'},
  },
  {
    file: 'backend/app/core/config.py',
    from: 'Annotated[list[str], NoDecode] = []',
    to: 'list[str] = []',
    changes: {
      'config.env-example-complete': 'fail ENV_EXAMPLE_INCOMPLETE',
      'config.cors-env-parses': 'fail CORS_VALUE_BREAKS',
      'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART',
    },
  },
  {
    file: 'backend/app/core/config.py',
    from: '            port=self.DB_PORT,',
    to: '',
    changes: {'config.database-url-computed': 'fail DATABASE_URL_PARTLY_BUILT'},
  },
  {
    file: 'backend/app/core/config.py',
    from: 'Literal["development", "staging", "production"]',
    to: 'Literal["development", "production"]',
    changes: {'config.environment-values-agree': 'fail ENVIRONMENTS_DIFFER_PARTLY'},
  },
  {
    file: 'backend/app/core/config.py',
    from: 'query = {"sslmode": self.DB_SSL_MODE}',
    to: 'query = {"ssl": self.DB_SSL_MODE}',
    changes: {
      'config.db-sslmode-supported': 'fail TLS_PARTLY_SUPPORTED',
      'migrations.sslmode-require-prod': 'fail PRODUCTION_PARTLY_REQUIRES_TLS',
    },
  },
  {
    file: 'backend/app/core/config.py',
    from: '    GOOGLE_CLOUD_PROJECT: str | None = None\n',
    to: '    # The project.\n    GOOGLE_CLOUD_PROJECT: str | None = None\n',
    changes: {},
  },
  {file: 'backend/app/main.py', from: '    title="Q-Logic",', to: '    title="Q-Logic, in production",', changes: {}},
  {
    file: 'infra/modules/compute/main.tf',
    from: '    max_instance_request_concurrency = 40',
    to: '    max_instance_request_concurrency = 50',
    changes: {},
  },
  {
    file: 'backend/app/core/database.py',
    from: '    pool_pre_ping=True,',
    to: '    pool_pre_ping=False,',
    changes: {'config.db-pool-tuned': 'fail POOL_PARTLY_TUNED'},
  },
  {
    file: 'backend/app/main.py',
    from: 'allow_methods=["GET", "POST", "PUT"],',
    to: 'allow_methods=["*"],',
    changes: {'config.cors-not-wildcard': 'fail CORS_PARTLY_WILDCARD'},
  },
  {file: '.env.example', from: 'DB_NAME=', to: '', changes: {'config.env-example-complete': 'fail ENV_EXAMPLE_INCOMPLETE'}},
  {
    file: 'backend/.env.example',
    from: 'DB_POOL_SIZE=',
    to: 'DB_POOL=',
    changes: {'config.env-example-complete': 'fail ENV_EXAMPLE_INCOMPLETE'},
  },
  {
    file: 'backend/app/main.py',
    from: 'setup_logging()\n\n',
    to: '\n\n',
    changes: {
      'logging.structlog-json': 'fail LOGS_PARTLY_JSON',
      'logging.request-id': 'fail REQUEST_IDS_INCOMPLETE',
      'logging.json-keeps-traceback': 'not_applicable NO_JSON_LOGS',
      'logging.remove-processors-meta': 'not_applicable NO_PROCESSOR_FORMATTER',
      'logging.cloud-severity': 'not_applicable NO_JSON_LOGS',
      'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART',
    },
  },
  {
    file: 'backend/app/main.py',
    from: 'app.add_middleware(RequestIdMiddleware)\n',
    to: '',
    changes: {
      'logging.request-id': 'fail REQUESTS_WITHOUT_IDS',
      'logging.request-id-validated': 'not_applicable NO_INCOMING_ID',
      'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART',
    },
  },
  {
    file: 'backend/app/main.py',
    from: 'app.add_middleware(RequestLogMiddleware)\n',
    to: '',
    changes: {'logging.request-logging': 'fail REQUESTS_NOT_LOGGED', 'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART'},
  },
  {
    file: 'backend/app/core/logging.py',
    from: '            structlog.processors.format_exc_info,\n',
    to: '',
    changes: {'logging.json-keeps-traceback': 'fail TRACEBACKS_LOST'},
  },
  {
    file: 'backend/app/core/logging.py',
    from: 'structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered',
    to: '*rendered',
    changes: {'logging.remove-processors-meta': 'fail LINES_PARTLY_CLEAN'},
  },
  {
    file: 'backend/app/core/logging.py',
    from: '        structlog.contextvars.merge_contextvars,\n',
    to: '',
    changes: {'logging.request-id': 'fail REQUEST_IDS_INCOMPLETE'},
  },
  {
    file: 'backend/app/core/logging.py',
    from: '            structlog.processors.JSONRenderer(),',
    to: '            structlog.dev.ConsoleRenderer(),',
    changes: {
      'logging.structlog-json': 'fail LOGS_PARTLY_JSON',
      'logging.json-keeps-traceback': 'not_applicable NO_JSON_LOGS',
      'logging.cloud-severity': 'not_applicable NO_JSON_LOGS',
    },
  },
  {
    file: 'backend/app/core/middleware.py',
    from: 'request_id = given if REQUEST_ID.fullmatch(given) else str(uuid4())',
    to: 'request_id = given or str(uuid4())',
    changes: {'logging.request-id-validated': 'fail INCOMING_ID_UNCHECKED'},
  },
  {
    file: 'backend/app/core/errors.py',
    from: 'return problem(500, "internal", "Something went wrong.")',
    to: 'return problem(500, "internal", str(error))',
    changes: {'logging.no-internal-detail-leak': 'fail DETAILS_LEAK'},
  },
  {
    file: 'frontend/nginx.conf',
    from: '        proxy_set_header X-Request-ID $api_request_id;\n',
    to: '',
    changes: {'logging.correlation-id-propagation': 'fail ID_PARTLY_PASSED_ON'},
  },
  {
    file: 'backend/app/core/identity.py',
    from: 'options={"require": CLAIMS},',
    to: 'options={"require": CLAIMS, "verify_signature": False},',
    changes: {
      'auth.identity-provider': 'fail NO_IDENTITY_PLATFORM',
      'auth.jwt-on-every-request': 'fail NO_ROUTE_VERIFIES',
      'auth.schema-admin-only': 'fail SCHEMA_OPEN',
      'auth.queue-admin-supervisor': 'fail QUEUE_OPEN',
      'auth.workspace-agent-supervisor': 'fail WORKSPACE_OPEN',
      'auth.metrics-supervisor-admin': 'fail METRICS_OPEN',
      'auth.employee-crud-admin': 'fail EMPLOYEES_OPEN',
      'auth.current-user-dependency': 'fail NO_CURRENT_USER',
      'auth.jwt-claims': 'fail CLAIMS_UNCHECKED',
      'auth.revocation': 'not_applicable NO_TOKENS',
    },
  },
  {
    file: 'backend/app/core/identity.py',
    from: '            audience=settings.IDP_AUDIENCE,\n',
    to: '',
    changes: {
      'config.settings-complete': 'fail SETTINGS_INCOMPLETE',
      'auth.identity-provider': 'fail NO_IDENTITY_PLATFORM',
      'auth.jwt-claims': 'fail CLAIMS_PARTLY_CHECKED',
    },
  },
  {
    file: 'backend/app/core/identity.py',
    from: '    AGENT = "agent"',
    to: '    AGENT = "worker"',
    changes: {'auth.roles-defined': 'fail ROLES_PARTLY', 'auth.workspace-agent-supervisor': 'fail WORKSPACE_OPEN'},
  },
  {
    file: 'backend/app/core/identity.py',
    from: 'except (jwt.PyJWTError, ValidationError) as error:',
    to: 'except jwt.PyJWTError as error:',
    changes: {'auth.malformed-claims-500': 'fail MALFORMED_CLAIMS_CRASH', 'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART'},
  },
  {
    file: 'backend/app/main.py',
    from: 'app.include_router(schema.router, prefix="/api", dependencies=[ADMIN_ONLY])',
    to: 'app.include_router(schema.router, prefix="/api", dependencies=[ADMIN_OR_SUPERVISOR])',
    changes: {'auth.schema-admin-only': 'fail SCHEMA_OPEN', 'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART'},
  },
  {
    file: 'backend/app/main.py',
    from: 'app.include_router(metrics.router, prefix="/api", dependencies=[ADMIN_OR_SUPERVISOR])',
    to: 'app.include_router(metrics.router, prefix="/api")',
    changes: {
      'auth.jwt-on-every-request': 'fail SOME_ROUTES_OPEN',
      'auth.metrics-supervisor-admin': 'fail METRICS_PARTLY',
      'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART',
    },
  },
  {
    file: 'backend/app/main.py',
    from: 'openapi_url="/openapi.json" if in_development else None',
    to: 'openapi_url="/openapi.json"',
    changes: {'auth.docs-off-in-prod': 'fail DOCS_PARTLY_OFF'},
  },
  {
    file: 'backend/app/core/rbac.py',
    from: '            raise HTTPException(403, "Your role does not allow this.")',
    to: '            print("no")',
    changes: {
      'auth.roles-defined': 'fail ROLES_PARTLY',
      'auth.schema-admin-only': 'fail SCHEMA_OPEN',
      'auth.queue-admin-supervisor': 'fail QUEUE_OPEN',
      'auth.workspace-agent-supervisor': 'fail WORKSPACE_OPEN',
      'auth.metrics-supervisor-admin': 'fail METRICS_OPEN',
      'auth.employee-crud-admin': 'fail EMPLOYEES_OPEN',
    },
  },
  {
    file: 'backend/requirements.txt',
    from: 'python-multipart==0.0.34',
    to: 'python-multipart==0.0.9',
    changes: {'auth.known-vulnerable-web': 'fail WEB_PACKAGES_PARTLY_VULNERABLE'},
  },
  {
    file: 'backend/alembic/versions/0001_initial.py',
    from: 'sa.Enum("PENDING", "IN_PROGRESS", "COMPLETED", "SKIPPED", name="queuestatus")',
    to: 'sa.Enum("pending", "in progress", "completed", "skipped", name="queuestatus")',
    changes: {
      'migrations.initial-migration': 'fail MIGRATIONS_DIFFER_PARTLY',
      'migrations.enum-labels-match': 'fail ENUM_LABELS_DIFFER_PARTLY',
    },
  },
  {
    file: 'backend/alembic/versions/0001_initial.py',
    from: 'sa.Column("row_id", sa.Integer(), nullable=False)',
    to: 'sa.Column("row_id", sa.Integer(), nullable=True)',
    changes: {
      'migrations.initial-migration': 'fail MIGRATIONS_DIFFER_PARTLY',
      'migrations.nullability-match': 'fail NULLABILITY_DIFFERS_PARTLY',
    },
  },
  {
    file: 'backend/app/models/queue.py',
    from: 'mapped_column(ForeignKey("employees.id", ondelete="SET NULL"), index=True)',
    to: 'mapped_column(ForeignKey("employees.id", ondelete="SET NULL"))',
    changes: {'migrations.initial-migration': 'fail MIGRATIONS_DIFFER_PARTLY', 'migrations.fk-indexes': 'fail FOREIGN_KEYS_PARTLY_INDEXED'},
  },
  {file: 'backend/Dockerfile', from: 'USER 10001:10001\n', to: '', changes: {'containers.docker-non-root-user': 'fail USER_ROOT_PARTLY'}},
  {
    file: 'backend/Dockerfile',
    from: 'CMD ["python", "-m", "app.server"]',
    to: 'CMD ["uvicorn", "app.main:app", "--reload", "--host", "0.0.0.0", "--port", "8080"]',
    changes: {'containers.docker-backend-multistage': 'fail MULTISTAGE_PARTLY'},
  },
  {
    file: 'backend/Dockerfile',
    from: '/api/health/live',
    to: '/api/alive',
    changes: {'containers.docker-healthcheck': 'fail HEALTHCHECK_PARTLY'},
  },
  {
    file: 'docker-compose.yml',
    from: '    shm_size: 128m',
    to: '    ports: ["5432:5432"]',
    changes: {'containers.compose-db-port-not-exposed': 'fail DB_PORT_PUBLISHED'},
  },
  {
    file: 'docker-compose.yml',
    from: '${DB_PASSWORD:?set DB_PASSWORD in .env}',
    to: '${DB_PASSWORD:-postgres}',
    changes: {'config.no-hardcoded-credentials': 'fail CREDENTIALS_IN_FILES'},
  },
  {
    file: 'docker-compose.yml',
    from: '          memory: 768M\n',
    to: '',
    changes: {'containers.compose-resource-limits': 'fail MEMORY_LIMITED_PARTLY'},
  },
  {
    file: 'docker-compose.yml',
    from: '    restart: unless-stopped\n',
    to: '',
    changes: {'containers.compose-restart-policies': 'fail RESTARTS_PARTLY'},
  },
  {
    file: 'frontend/nginx.conf',
    from: 'client_max_body_size 52m;',
    to: 'client_max_body_size 1m;',
    changes: {'containers.nginx-body-size': 'fail BODY_SIZE_SMALL'},
  },
  {
    file: 'frontend/nginx.conf',
    from: '    location = /index.html {\n        include /etc/nginx/snippets/security-headers.conf;',
    to: '    location = /index.html {',
    changes: {
      'containers.nginx-headers-gzip-cache': 'fail NGINX_CONFIGURED_PARTLY',
      'containers.nginx-add-header-inheritance': 'fail HEADERS_LOST',
      'containers.nginx-hsts': 'fail HSTS_PARTLY',
    },
  },
  {
    file: 'frontend/security-headers.conf',
    from: "script-src 'self'",
    to: "script-src 'self' 'unsafe-inline'",
    changes: {'containers.nginx-csp-strict': 'fail CSP_WEAK'},
  },
  {
    file: 'frontend/nginx.conf',
    from: 'proxy_pass $api_upstream;',
    to: 'proxy_pass http://backend:8000;',
    changes: {'containers.nginx-upstream-env': 'fail UPSTREAM_FIXED'},
  },
  {
    file: '.github/workflows/deploy.yml',
    from: 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
    to: 'actions/checkout@v4',
    changes: {'pipeline.actions-pinned-sha': 'fail ACTIONS_PINNED_IN_PART'},
  },
  {
    file: '.github/workflows/deploy.yml',
    from: 'permissions: {}',
    to: 'permissions: write-all',
    changes: {'pipeline.permissions-minimal': 'fail PERMISSIONS_WIDE_IN_PART'},
  },
  {
    file: '.github/workflows/deploy.yml',
    from: '          gcloud run jobs execute "$PREFIX-migrate" --region "$REGION" --wait',
    to: '          echo "gcloud run jobs execute $PREFIX-migrate --wait"',
    changes: {'migrations.migrate-in-pipeline': 'fail PIPELINE_DOES_NOT_MIGRATE', 'pipeline.migration-step': 'fail MIGRATION_STEP_MISSING'},
  },
  {
    file: '.github/workflows/deploy.yml',
    from: '    timeout-minutes: 30\n',
    to: '',
    changes: {'pipeline.timeouts': 'fail TIMEOUTS_MISSING_IN_PART'},
  },
  {
    file: '.github/workflows/deploy.yml',
    from: 'cancel-in-progress: false',
    to: 'cancel-in-progress: true',
    changes: {'pipeline.concurrency': 'fail CONCURRENCY_SET_IN_PART'},
  },
  {
    file: '.github/workflows/ci.yml',
    from: 'alembic check',
    to: 'alembic current',
    changes: {'migrations.tested': 'fail MIGRATIONS_TESTED_IN_PART'},
  },
  {file: 'frontend/package.json', from: '"lint": ', to: '"lints": ', changes: {'pipeline.stages': 'fail STAGES_INCOMPLETE'}},
  {
    file: 'frontend/angular.json',
    from: '"fileReplacements"',
    to: '"fileReplacementsOff"',
    changes: {'containers.frontend-prod-environment-used': 'fail ENVIRONMENT_NOT_REPLACED'},
  },
  {
    file: '.github/workflows/deploy.yml',
    from: "'qlogic-prod' || 'qlogic-staging' }}\n  REGION",
    to: "'qlogic-production' || 'qlogic-staging' }}\n  REGION",
    changes: {
      'migrations.migrate-in-pipeline': 'unknown UNKNOWN_DYNAMIC',
      'pipeline.migration-step': 'unknown UNKNOWN_DYNAMIC',
      'pipeline.service-names-match-tf': 'fail SERVICE_NAMES_DIFFER_IN_PART',
    },
  },
  {
    file: 'infra/modules/database/main.tf',
    from: 'ssl_mode        = "ENCRYPTED_ONLY"',
    to: 'ssl_mode        = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"',
    changes: {'infra.cloudsql-ssl-mode': 'fail SSL_NOT_DEMANDED'},
  },
  {
    file: 'infra/modules/database/main.tf',
    from: '    edition                     = "ENTERPRISE"\n',
    to: '',
    changes: {'infra.cloudsql-edition': 'fail EDITION_REFUSED'},
  },
  {
    file: 'infra/modules/compute/main.tf',
    from: 'container_port = 8080',
    to: 'container_port = 9090',
    changes: {'containers.docker-honours-port': 'fail PORT_HONOURED_PARTLY'},
  },
  {
    file: 'infra/modules/compute/main.tf',
    from: '    "roles/monitoring.metricWriter",\n',
    to: '',
    changes: {'observability.metrics-cloud-monitoring': 'fail METRICS_PARTLY_EXPORTED'},
  },
  {
    file: 'backend/app/api/routes/health.py',
    from: '            await session.execute(text("SELECT 1"))',
    to: '            pass',
    changes: {
      'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART',
      'observability.health-deep': 'fail HEALTH_PARTLY_DEEP',
      'observability.health-ready': 'fail READINESS_PARTLY_CHECKED',
    },
  },
  {
    file: 'backend/app/api/routes/health.py',
    from: 'raise HTTPException(status_code=503',
    to: 'raise HTTPException(status_code=200',
    changes: {'observability.health-deep': 'fail HEALTH_PARTLY_DEEP', 'observability.health-ready': 'fail READINESS_PARTLY_CHECKED'},
  },
  {
    file: 'backend/app/core/telemetry.py',
    from: '    FastAPIInstrumentor().instrument_app(app, excluded_urls="api/health")\n',
    to: '',
    changes: {'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART', 'observability.tracing': 'fail TRACING_INCOMPLETE'},
  },
  {
    file: 'backend/app/main.py',
    from: 'setup_telemetry(app, engine)\n',
    to: '',
    changes: {
      'pipeline.lint-would-pass': 'fail LINT_FAILS_IN_PART',
      'observability.tracing': 'fail TRACING_INCOMPLETE',
      'observability.metrics-cloud-monitoring': 'fail METRICS_PARTLY_EXPORTED',
    },
  },
]

const items = await loadItems(loadChecklist().items.filter(({part}) => part === 2))
const texts = await textsOf('finished-flat')
const before = await findingsOf(items, texts, context())

test('the variant is finished: every item passes, or there is nothing for it to judge', () => {
  const open = [...before].filter(([, {status}]) => status !== 'pass' && status !== 'not_applicable')
  expect(open).toEqual([])
})

test.each(edits)('$file: $from', async ({file, from, to, changes}) => {
  const after = await findingsOf(items, changed(texts, {[file]: [from, to]}), context())
  const differing = [...after].filter(([id, {status, code}]) => status !== before.get(id)?.status || code !== before.get(id)?.code)
  expect(Object.fromEntries(differing.map(([id, {status, code}]) => [id, `${status} ${code}`]))).toEqual(changes)
  // What fails says where, and the place is in a file that is there.
  for (const [, {status, evidence}] of differing)
    if (status === 'fail') expect(evidence.some((row) => 'file' in row && row.file in texts)).toBe(true)
})
