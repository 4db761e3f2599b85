import currentUser from '../../src/checks/auth/current-user-dependency.ts'
import employeeCrud from '../../src/checks/auth/employee-crud-admin.ts'
import identityProvider from '../../src/checks/auth/identity-provider.ts'
import everyRequest from '../../src/checks/auth/jwt-on-every-request.ts'
import metrics from '../../src/checks/auth/metrics-supervisor-admin.ts'
import queue from '../../src/checks/auth/queue-admin-supervisor.ts'
import rolesDefined from '../../src/checks/auth/roles-defined.ts'
import schema from '../../src/checks/auth/schema-admin-only.ts'
import workspace from '../../src/checks/auth/workspace-agent-supervisor.ts'
import {file} from '../support/repository.ts'
import {guarded} from './auth-texts.ts'
import {judgeRepository} from './judge-repository.ts'

const auth = 'backend/app/auth.py'
const main = 'backend/app/main.py'
const inMain = (before: string, after: string) => ({[main]: [before, after] as const})
const inAuth = (before: string, after: string) => ({[auth]: [before, after] as const})
const guardTest = 'if user.role not in roles:\n            raise HTTPException(status_code=403)'
const schemaLine = 'app.include_router(schema.router, prefix="/api", dependencies=[ADMIN_ONLY])'
const none = {
  [main]: file`
  from fastapi import FastAPI
  app = FastAPI()

  @app.get("/api/things")
  def things():
      return find()
`,
}
const withoutApp = {[main]: 'import jwt\n'}

judgeRepository('auth.identity-provider', identityProvider, guarded, [
  {when: 'keys of securetoken with issuer and audience', is: 'pass', code: 'IDENTITY_PLATFORM', at: [`${auth}:27`]},
  {
    when: 'only the README speaks of it',
    trap: "'google' or 'firebase' only in README/plan",
    change: {
      'README.md': 'Sign in with Google and Firebase.',
      [auth]: [
        'keys.get_signing_key_from_jwt(given.credentials).key, algorithms=["RS256"], issuer=settings.ISSUER, audience=settings.AUDIENCE',
        'settings.SECRET, algorithms=["HS256"]',
      ],
    },
    is: 'fail',
    code: 'NO_IDENTITY_PLATFORM',
    at: [`${auth}:27`],
  },
  {
    when: 'the frontend signs in with firebase, the API trusts its own key',
    trap: 'firebase in frontend only, backend still trusts own HS256',
    change: {
      'frontend/package.json': '{"dependencies": {"firebase": "12.0.0"}}',
      [auth]: ['keys.get_signing_key_from_jwt(given.credentials).key, algorithms=["RS256"]', 'settings.SECRET, algorithms=["HS256"]'],
    },
    is: 'fail',
    code: 'NO_IDENTITY_PLATFORM',
  },
  {
    when: 'a client library of Google is installed',
    trap: 'google-cloud-* deps',
    change: {...none, 'backend/requirements.txt': 'fastapi\ngoogle-cloud-storage\n'},
    is: 'fail',
    code: 'NO_IDENTITY_PLATFORM',
  },
  {
    when: 'the issuer is configured',
    trap: 'generic OIDC with configurable issuer pointing at securetoken.google.com',
    change: {
      [auth]: [
        'jwt.PyJWKClient("https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com")',
        'jwt.PyJWKClient(settings.JWKS)',
      ],
      'backend/.env.example': 'ISSUER=https://securetoken.google.com/our-project\n',
    },
    is: 'pass',
    code: 'IDENTITY_PLATFORM',
  },
  {
    when: 'IAP stands before it',
    trap: 'IAP (x-goog-iap-jwt-assertion) - report as alternative, not fail',
    change: {
      [auth]: file`
      from fastapi import Header, HTTPException
      from google.auth.transport.requests import Request
      from google.oauth2 import id_token
      def get_current_user(assertion: str = Header(alias="x-goog-iap-jwt-assertion")):
          try:
              return id_token.verify_token(assertion, Request(), audience="/projects/1", certs_url="https://www.gstatic.com/iap/verify/public_key")
          except ValueError:
              raise HTTPException(401)
      from fastapi import Depends
      CurrentUserDep = ADMIN_ONLY = LEADS = DESK = Depends(get_current_user)
    `,
    },
    is: 'warn',
    code: 'IDENTITY_AWARE_PROXY',
  },
  {
    when: 'passwords are checked beside it',
    change: {
      'backend/app/routes/health.py': file`
      import bcrypt
      from fastapi import APIRouter
      router = APIRouter()
      @router.post("/login")
      def login(body):
          return bcrypt.checkpw(body.password, find(body).hash)
    `,
    },
    is: 'fail',
    code: 'IDENTITY_PLATFORM_PARTLY',
    at: ['backend/app/routes/health.py:6'],
  },
  {
    when: 'the issuer is set elsewhere',
    change: inAuth(
      'jwt.PyJWKClient("https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com")',
      'jwt.PyJWKClient(settings.JWKS)',
    ),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

judgeRepository('auth.jwt-on-every-request', everyRequest, guarded, [
  {when: 'every router has a guard', is: 'pass', code: 'EVERY_ROUTE_VERIFIES'},
  {
    when: 'it is defined and nowhere used',
    trap: 'get_current_user defined but wired to no business route (after!)',
    change: {...none, 'backend/app/main.py': none[main] + 'from app.auth import get_current_user\n'},
    is: 'fail',
    code: 'NO_ROUTE_VERIFIES',
    at: [`${main}:4`],
  },
  {
    when: 'the signature is not verified',
    trap: "jwt.decode(..., options={'verify_signature': False}) / jwt.get_unverified_claims",
    change: inAuth('options={"require": ["exp", "firebase"]}', 'options={"verify_signature": False}'),
    is: 'fail',
    code: 'NO_ROUTE_VERIFIES',
  },
  {when: 'no algorithm is named', change: inAuth('algorithms=["RS256"], ', ''), is: 'fail', code: 'NO_ROUTE_VERIFIES'},
  {
    when: 'the header is only asked for',
    trap: 'HTTPBearer(auto_error=False) dependency alone',
    change: {
      [main]: ['dependencies=[Depends(get_current_user)]', 'dependencies=[Depends(bearer)]'],
      'backend/app/routes/employees.py': file`
      from fastapi import APIRouter
      router = APIRouter(prefix="/employees")
      @router.get("")
      def every():
          return find()
    `,
    },
    is: 'fail',
    code: 'SOME_ROUTES_OPEN',
    at: ['backend/app/routes/employees.py:3'],
  },
  {
    when: 'the include has the guard',
    trap: 'include_router(..., dependencies=[...]) in main.py',
    is: 'pass',
    code: 'EVERY_ROUTE_VERIFIES',
    at: ['backend/app/routes/schema.py:13'],
  },
  {
    when: 'the parameter is an alias',
    trap: 'Annotated[CurrentUser, Depends(...)] alias (type CurrentUserDep)',
    change: {
      'backend/app/routes/metrics.py':
        'from fastapi import APIRouter\nfrom app.auth import CurrentUserDep\nrouter = APIRouter()\n@router.get("/me")\ndef me(user: CurrentUserDep):\n    return user\n',
      [main]: ['app.include_router(metrics.router, prefix="/api", dependencies=[LEADS])', 'app.include_router(metrics.router)'],
    },
    is: 'pass',
    code: 'EVERY_ROUTE_VERIFIES',
  },
  {
    when: 'Security is used',
    trap: 'Security(...) instead of Depends',
    change: {
      [main]: ['from fastapi import Depends, FastAPI', 'from fastapi import FastAPI, Security'],
      'backend/app/routes/employees.py':
        'from fastapi import APIRouter, Security\nfrom app.auth import get_current_user\nrouter = APIRouter()\n@router.get("/x")\ndef x(user=Security(get_current_user, scopes=["x"])):\n    return user\n',
    },
    is: 'pass',
    code: 'EVERY_ROUTE_VERIFIES',
  },
  {
    when: 'a middleware verifies, but for health',
    change: {
      [main]: file`
      import jwt
      from fastapi import FastAPI
      from fastapi.responses import JSONResponse
      app = FastAPI()
      OPEN = {"/api/health"}
      @app.middleware("http")
      async def verify(request, call_next):
          if request.url.path in OPEN:
              return await call_next(request)
          try:
              request.state.user = jwt.decode(request.headers["authorization"], KEY, algorithms=["RS256"])
          except jwt.PyJWTError:
              return JSONResponse({}, status_code=401)
          return await call_next(request)
      @app.get("/api/health")
      def health():
          return find()
      @app.get("/api/things")
      def things():
          return find()
    `,
    },
    is: 'pass',
    code: 'EVERY_ROUTE_VERIFIES',
  },
  {
    when: 'the user is optional',
    change: {
      ...inAuth('raise HTTPException(status_code=401)\n    try', 'return None\n    try'),
      'backend/app/routes/employees.py':
        'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/x")\ndef x():\n    return find()\n',
    },
    is: 'fail',
    code: 'SOME_ROUTES_OPEN',
  },
  {
    when: 'it is off with a setting',
    change: inAuth(
      'if given is None:\n',
      'if settings.AUTH_OFF:\n        return CurrentUser(sub="dev", email="", role=Role.ADMIN)\n    if given is None:\n',
    ),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'a library does it',
    change: {
      [auth]:
        'from fastapi import Depends\nfrom somewhere import verify_token\nget_current_user = verify_token\nCurrentUserDep = ADMIN_ONLY = LEADS = DESK = Depends(verify_token)\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'routers are included in a loop, guards are lambdas, classes and decorators, a socket too',
    change: {
      [main]: file`
      from functools import wraps
      from fastapi import APIRouter, Depends, FastAPI, HTTPException, WebSocket
      from fastapi.staticfiles import StaticFiles
      from app.auth import get_current_user
      app = FastAPI(dependencies=[Depends(get_current_user)])
      one = APIRouter()
      two = APIRouter(include_in_schema=False)
      @one.get("/a", dependencies=[Depends(lambda: None)])
      def a():
          return find()
      @two.websocket("/b")
      async def b(socket: WebSocket):
          await socket.accept()
      for router in (one, two):
          app.include_router(router)
      app.mount("/static", StaticFiles(directory="static"))
      inner = FastAPI()
      @inner.get("/c", include_in_schema=False)
      def c(user=Depends(get_current_user)):
          return user
      app.mount("/inner", inner)
    `,
    },
    is: 'pass',
    code: 'EVERY_ROUTE_VERIFIES',
  },
  {when: 'there is no application', change: withoutApp, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('auth.roles-defined', rolesDefined, guarded, [
  {when: 'enum and guard', is: 'pass', code: 'ROLES_DEFINED', at: [`${auth}:12`]},
  {
    when: 'only the frontend has roles',
    trap: 'roles listed in frontend only',
    change: {...none, [auth]: 'import jwt\n', 'frontend/src/roles.ts': "export type Role = 'admin' | 'supervisor' | 'agent'"},
    is: 'fail',
    code: 'NO_ROLES',
  },
  {when: 'neither roles nor a guard', change: {...none, [auth]: 'import jwt\n'}, is: 'fail', code: 'NO_ROLES', at: [`${main}:2`]},
  {
    when: 'the guard lets all through',
    trap: 'guard returns user without raising',
    change: inAuth(guardTest, 'if user.role not in roles:\n            print("forbidden")'),
    is: 'fail',
    code: 'ROLES_PARTLY',
    at: [`${auth}:34`],
  },
  {
    when: 'StrEnum with auto()',
    trap: 'StrEnum auto()',
    change: {
      [auth]: (guarded[auth] ?? '')
        .replace('class Role(str, Enum)', 'class Role(StrEnum)')
        .replace('import Enum', 'import StrEnum, auto')
        .replace('"admin"', 'auto()')
        .replace('"supervisor"', 'auto()')
        .replace('"agent"', 'auto()'),
    },
    is: 'pass',
    code: 'ROLES_DEFINED',
  },
  {
    when: 'the guard is a class',
    trap: 'class-based dependency __call__',
    change: {
      [auth]: (guarded[auth] ?? '').replace(
        /def require_role[\s\S]*?return guard/,
        'class require_role:\n    def __init__(self, *roles: Role):\n        self.roles = set(roles)\n    def __call__(self, user: CurrentUserDep) -> CurrentUser:\n        if user.role in self.roles:\n            return user\n        raise HTTPException(403)',
      ),
    },
    is: 'pass',
    code: 'ROLES_DEFINED',
  },
  {when: 'one role more', change: inAuth('AGENT = "agent"', 'AGENT = "agent"\n    AUDITOR = "auditor"'), is: 'fail', code: 'ROLES_PARTLY'},
  {when: 'there is no application', change: {...withoutApp, [auth]: undefined}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('auth.schema-admin-only', schema, guarded, [
  {
    when: 'the include has the guard',
    trap: 'router-level dependencies',
    is: 'pass',
    code: 'SCHEMA_ADMIN_ONLY',
    at: ['backend/app/routes/schema.py:13'],
  },
  {when: 'the guard is a constant', trap: 'ADMIN_ONLY = Depends(require_role(Role.ADMIN)) constant', is: 'pass', code: 'SCHEMA_ADMIN_ONLY'},
  {
    when: 'supervisors are let in too',
    trap: 'require_role(ADMIN, SUPERVISOR) looks protected',
    change: inMain(schemaLine, schemaLine.replace('ADMIN_ONLY', 'LEADS')),
    is: 'fail',
    code: 'SCHEMA_OPEN',
  },
  {
    when: 'one route asks for a user only',
    trap: 'authenticated-only on /infer',
    change: {
      [main]: [schemaLine, 'app.include_router(schema.router, prefix="/api", dependencies=[Depends(get_current_user)])'],
      'backend/app/routes/schema.py': file`
      from fastapi import APIRouter
      from app.auth import ADMIN_ONLY
      router = APIRouter(prefix="/schema")
      @router.post("/infer")
      def infer():
          return find()
      @router.post("/provision", dependencies=[ADMIN_ONLY])
      def provision():
          return find()
    `,
    },
    is: 'fail',
    code: 'SCHEMA_PARTLY',
    at: ['backend/app/routes/schema.py:4'],
  },
  {
    when: 'an own exception that a handler answers',
    change: {
      [auth]: [guardTest, 'if user.role not in roles:\n            raise Forbidden()'],
      [main]: ['development =', 'from app.auth import Forbidden\ndevelopment ='],
    },
    is: 'pass',
    code: 'SCHEMA_ADMIN_ONLY',
  },
  {
    when: 'a permission that is looked up',
    change: inAuth('if user.role not in roles:', 'if not enforcer.enforce(user.role, roles):'),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'nothing of the kind is served', change: none, is: 'not_applicable', code: 'NO_SCHEMA_ROUTES'},
])

judgeRepository('auth.queue-admin-supervisor', queue, guarded, [
  {when: 'both have the guard', is: 'pass', code: 'QUEUE_GUARDED'},
  {
    when: 'one has it',
    trap: 'guard on enqueue only',
    change: {
      'backend/app/routes/workspace.py': (guarded['backend/app/routes/workspace.py'] ?? '').replace(
        'queue-stats", dependencies=[LEADS]',
        'queue-stats", dependencies=[DESK]',
      ),
    },
    is: 'fail',
    code: 'QUEUE_PARTLY',
    at: ['backend/app/routes/workspace.py:16'],
  },
  {
    when: 'a router of their own has it',
    trap: 'router dependency',
    change: {
      'backend/app/routes/workspace.py': file`
      from fastapi import APIRouter
      from app.auth import LEADS
      router = APIRouter(prefix="/workspace", dependencies=[LEADS])
      @router.post("/projects/{id}/enqueue")
      def enqueue(id):
          return find()
      @router.get("/projects/{id}/queue-stats")
      def stats(id):
          return find()
    `,
    },
    is: 'pass',
    code: 'QUEUE_GUARDED',
  },
  {
    when: 'everybody may',
    change: inAuth('LEADS = Depends(require_role(Role.ADMIN, Role.SUPERVISOR))', 'LEADS = Depends(get_current_user)'),
    is: 'fail',
    code: 'QUEUE_OPEN',
  },
  {when: 'nothing of the kind is served', change: none, is: 'not_applicable', code: 'NO_QUEUE_ROUTES'},
])

judgeRepository('auth.workspace-agent-supervisor', workspace, guarded, [
  {when: 'all three have the guard', is: 'pass', code: 'WORKSPACE_GUARDED'},
  {
    when: 'any role may',
    trap: 'Depends(get_current_user) = any role',
    change: inAuth('DESK = Depends(require_role(Role.AGENT, Role.SUPERVISOR))', 'DESK = Depends(get_current_user)'),
    is: 'fail',
    code: 'WORKSPACE_OPEN',
  },
  {
    when: 'admins are denied',
    trap: 'deny-list style guard',
    change: inAuth(
      'DESK = Depends(require_role(Role.AGENT, Role.SUPERVISOR))',
      'def not_admin(user: CurrentUserDep):\n    if user.role == Role.ADMIN:\n        raise HTTPException(403)\n\nDESK = Depends(not_admin)',
    ),
    is: 'pass',
    code: 'WORKSPACE_GUARDED',
  },
  {
    when: 'one of them has none',
    change: {
      'backend/app/routes/workspace.py': (guarded['backend/app/routes/workspace.py'] ?? '').replace(
        'next", dependencies=[DESK]',
        'next", dependencies=[LEADS]',
      ),
    },
    is: 'fail',
    code: 'WORKSPACE_PARTLY',
  },
  {when: 'nothing of the kind is served', change: none, is: 'not_applicable', code: 'NO_WORKSPACE_ROUTES'},
])

judgeRepository('auth.metrics-supervisor-admin', metrics, guarded, [
  {when: 'all have the guard', is: 'pass', code: 'METRICS_GUARDED', at: ['backend/app/routes/employees.py:18']},
  {
    when: 'that of one employee has none',
    trap: 'only the /metrics router checked',
    change: {'backend/app/routes/employees.py': ['aht", dependencies=[LEADS]', 'aht"']},
    is: 'fail',
    code: 'METRICS_PARTLY',
    at: ['backend/app/routes/employees.py:18'],
  },
  {
    when: 'the roles stand the other way round',
    trap: 'role order',
    change: inAuth('require_role(Role.ADMIN, Role.SUPERVISOR)', 'require_role(Role.SUPERVISOR, Role.ADMIN)'),
    is: 'pass',
    code: 'METRICS_GUARDED',
  },
  {
    when: 'everybody may',
    change: inAuth('LEADS = Depends(require_role(Role.ADMIN, Role.SUPERVISOR))', 'LEADS = Depends(get_current_user)'),
    is: 'fail',
    code: 'METRICS_OPEN',
  },
  {when: 'nothing of the kind is served', change: none, is: 'not_applicable', code: 'NO_METRICS_ROUTES'},
])

const employees = 'backend/app/routes/employees.py'
judgeRepository('auth.employee-crud-admin', employeeCrud, guarded, [
  {when: 'all three have the guard', is: 'pass', code: 'EMPLOYEES_ADMIN_ONLY'},
  {
    when: 'create alone has it',
    trap: 'create guarded, list/get open',
    change: {
      [employees]: (guarded[employees] ?? '')
        .replace('get("", dependencies=[ADMIN_ONLY]', 'get(""')
        .replace('{employee_id}", dependencies=[ADMIN_ONLY]', '{employee_id}"'),
    },
    is: 'fail',
    code: 'EMPLOYEES_PARTLY',
    at: [`${employees}:10`, `${employees}:14`],
  },
  {
    when: 'people see themselves',
    trap: 'read-own exemption documented in config',
    change: {
      [employees]: (guarded[employees] ?? '')
        .replace(
          '@router.get("/{employee_id}", dependencies=[ADMIN_ONLY])\nasync def one(employee_id: str):\n',
          '@router.get("/{employee_id}")\nasync def one(employee_id: str, user: CurrentUserDep):\n    if user.role != Role.ADMIN and user.employee_id != employee_id:\n        raise HTTPException(403)\n',
        )
        .replace('import ADMIN_ONLY', 'import CurrentUserDep, Role, ADMIN_ONLY')
        .replace('import APIRouter', 'import APIRouter, HTTPException'),
    },
    is: 'pass',
    code: 'EMPLOYEES_ADMIN_ONLY',
  },
  {
    when: 'all may',
    change: inAuth('ADMIN_ONLY = Depends(require_role(Role.ADMIN))', 'ADMIN_ONLY = Depends(get_current_user)'),
    is: 'fail',
    code: 'EMPLOYEES_OPEN',
  },
  {when: 'nothing of the kind is served', change: none, is: 'not_applicable', code: 'NO_EMPLOYEE_ROUTES'},
])

judgeRepository('auth.current-user-dependency', currentUser, guarded, [
  {when: 'a typed user is taken', trap: 'Annotated alias', is: 'pass', code: 'CURRENT_USER_INJECTED', at: [`${auth}:23`]},
  {
    when: 'it is read from a header',
    trap: 'dependency that reads X-User header',
    change: {
      [auth]: (guarded[auth] ?? '').replace(
        /async def get_current_user[\s\S]*?from error\n/,
        'async def get_current_user(x_user: str = Header("anonymous")) -> CurrentUser:\n    return CurrentUser(sub=x_user, email="", role=Role.AGENT)\n',
      ),
    },
    is: 'fail',
    code: 'NO_CURRENT_USER',
    at: [`${auth}:23`],
  },
  {when: 'no route takes it', trap: 'defined, never injected', change: none, is: 'fail', code: 'NO_CURRENT_USER', at: [`${auth}:23`]},
  {
    when: 'it has another name',
    trap: 'named current_principal',
    change: {[auth]: (guarded[auth] ?? '').replaceAll('get_current_user', 'current_principal') + 'get_current_user = current_principal\n'},
    is: 'pass',
    code: 'CURRENT_USER_INJECTED',
  },
  {
    when: 'it gives a dict',
    change: {
      [auth]: (guarded[auth] ?? '').replace(') -> CurrentUser:', ') -> dict:').replace('return CurrentUser(**claims)', 'return claims'),
    },
    is: 'fail',
    code: 'NO_CURRENT_USER',
  },
  {when: 'there is no application', change: {...withoutApp, [auth]: undefined}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])
