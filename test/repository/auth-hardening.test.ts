import bootstrapAdmins from '../../src/checks/auth/bootstrap-multi-admin-500.ts'
import docsOff from '../../src/checks/auth/docs-off-in-prod.ts'
import tokenStorage from '../../src/checks/auth/frontend-token-storage.ts'
import jose from '../../src/checks/auth/jose-vulnerable.ts'
import jwtClaims from '../../src/checks/auth/jwt-claims.ts'
import vulnerableWeb from '../../src/checks/auth/known-vulnerable-web.ts'
import loginThrottled from '../../src/checks/auth/login-throttled.ts'
import malformedClaims from '../../src/checks/auth/malformed-claims-500.ts'
import noDefaultAdmin from '../../src/checks/auth/no-default-admin.ts'
import noOpenBootstrap from '../../src/checks/auth/no-open-bootstrap.ts'
import objectLevel from '../../src/checks/auth/object-level.ts'
import passlibBcrypt from '../../src/checks/auth/passlib-bcrypt-pin.ts'
import passwordPolicy from '../../src/checks/auth/password-policy.ts'
import revocation from '../../src/checks/auth/revocation.ts'
import uploadSize from '../../src/checks/auth/upload-size-bounded.ts'
import {file} from '../support/repository.ts'
import {guarded, local} from './auth-texts.ts'
import {judgeRepository} from './judge-repository.ts'

const auth = 'backend/app/auth.py'
const main = 'backend/app/main.py'
const login = 'backend/app/routes/health.py'
const schema = 'backend/app/routes/schema.py'
const workspace = 'backend/app/routes/workspace.py'
const requirements = 'backend/requirements.txt'
const bare = {[main]: 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/x")\ndef x():\n    return find()\n'}
const broken = {[main]: 'from fastapi import FastAPI\napp = FastAPI(\n'}

judgeRepository('auth.no-default-admin', noDefaultAdmin, local, [
  {when: 'passwords come from requests', is: 'pass', code: 'NO_KNOWN_PASSWORD'},
  {
    when: 'only tests have one',
    trap: 'tests/',
    change: {'backend/tests/test_login.py': 'from app.passwords import pwd\nhashed = pwd.hash("admin")\n'},
    is: 'pass',
    code: 'NO_KNOWN_PASSWORD',
  },
  {
    when: 'one is hashed',
    change: {[login]: ['pwd.hash(body.password)', 'pwd.hash("admin123")']},
    is: 'fail',
    code: 'KNOWN_PASSWORD',
    at: [`${login}:43`],
  },
  {
    when: 'one is a constant',
    change: {'backend/app/passwords.py': ['DUMMY_HASH', 'DEFAULT = "changeme"\nADMIN_HASH = pwd.hash(DEFAULT)\nDUMMY_HASH']},
    is: 'fail',
    code: 'KNOWN_PASSWORD',
  },
  {
    when: 'a user is written with one',
    change: {[login]: ['password_hash=pwd.hash(body.password)', 'password="admin"']},
    is: 'fail',
    code: 'KNOWN_PASSWORD',
  },
  {
    when: 'a table of users stands in the source',
    change: {'backend/app/passwords.py': ['DUMMY_HASH', 'USERS = {"a": {"username": "a", "hashed_password": "$2b$12$abc"}}\nDUMMY_HASH']},
    is: 'fail',
    code: 'KNOWN_PASSWORD',
  },
  {when: 'a file is no Python', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('auth.no-open-bootstrap', noOpenBootstrap, local, [
  {when: 'registration makes agents', is: 'pass', code: 'NO_OPEN_BOOTSTRAP'},
  {
    when: 'registration makes admins',
    change: {[login]: ['role=Role.AGENT', 'role=Role.ADMIN']},
    is: 'fail',
    code: 'OPEN_BOOTSTRAP',
    at: [`${login}:43`],
  },
  {when: 'the caller chooses', change: {[login]: ['role=Role.AGENT', 'role=body.role']}, is: 'fail', code: 'OPEN_BOOTSTRAP'},
  {when: 'a flag makes them', change: {[login]: ['role=Role.AGENT', 'is_superuser=True']}, is: 'fail', code: 'OPEN_BOOTSTRAP'},
  {
    when: 'only a command makes them',
    change: {
      'backend/app/cli.py': 'import jwt\nfrom app.models import User\ndef grant(email):\n    return User(email=email, role="admin")\n',
    },
    is: 'pass',
    code: 'NO_OPEN_BOOTSTRAP',
  },
  {
    when: 'admins make them',
    change: {
      'backend/app/routes/employees.py':
        'from fastapi import APIRouter\nfrom app.models import User\nrouter = APIRouter()\n@router.post("/admins")\ndef admins():\n    return User(role="admin")\n',
    },
    is: 'pass',
    code: 'NO_OPEN_BOOTSTRAP',
  },
  {when: 'a file is no Python', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('auth.bootstrap-multi-admin-500', bootstrapAdmins, local, [
  {when: 'the first is taken', is: 'pass', code: 'SECOND_ADMIN_FITS'},
  {
    when: 'at most one is expected',
    change: {
      [login]: [
        'scalars(select(User).where(User.role == Role.ADMIN).limit(1)).first()',
        'execute(select(User).where(User.role == Role.ADMIN))\n    first = first.scalar_one_or_none()',
      ],
    },
    is: 'fail',
    code: 'SECOND_ADMIN_BREAKS',
    at: [`${login}:47`],
  },
  {
    when: 'nothing asks for a role',
    change: {[login]: ['where(User.role == Role.ADMIN)', 'where(User.id == 1)']},
    is: 'not_applicable',
    code: 'NO_ROLE_QUERY',
  },
])

const packages = (text: string) => ({[requirements]: text})
judgeRepository('auth.jose-vulnerable', jose, guarded, [
  {when: 'it is not there', is: 'pass', code: 'NO_PYTHON_JOSE'},
  {
    when: 'it is old',
    change: packages('python-jose[cryptography]==3.3.0\n'),
    is: 'fail',
    code: 'JOSE_VULNERABLE',
    at: [`${requirements}:1`],
  },
  {when: 'it is new', change: packages('python-jose==3.5.0\n'), is: 'pass', code: 'JOSE_FIXED'},
  {when: 'a range keeps the old out', change: packages('python-jose>=3.4\n'), is: 'pass', code: 'JOSE_FIXED'},
  {when: 'a range keeps the new out', change: packages('python-jose>=3.2,<3.4\n'), is: 'fail', code: 'JOSE_VULNERABLE'},
  {when: 'a range allows both, and nothing settles it', change: packages('python-jose>=3.3\n'), is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'a lock settles it',
    change: {...packages('python-jose>=3.3\n'), 'backend/poetry.lock': '[[package]]\nname = "python-jose"\nversion = "3.3.0"\n'},
    is: 'fail',
    code: 'JOSE_VULNERABLE',
    at: ['backend/poetry.lock:3'],
  },
])

judgeRepository('auth.passlib-bcrypt-pin', passlibBcrypt, guarded, [
  {when: 'passlib is not there', is: 'not_applicable', code: 'NO_PASSLIB'},
  {when: 'bcrypt is pinned below 5', change: packages('passlib[bcrypt]==1.7.4\nbcrypt<5\n'), is: 'pass', code: 'BCRYPT_FITS'},
  {
    when: 'bcrypt is 5',
    change: packages('passlib[bcrypt]==1.7.4\nbcrypt==5.0.0\n'),
    is: 'fail',
    code: 'BCRYPT_BREAKS_PASSLIB',
    at: [`${requirements}:2`],
  },
  {when: 'bcrypt comes in any version', change: packages('passlib[bcrypt]==1.7.4\n'), is: 'fail', code: 'BCRYPT_BREAKS_PASSLIB'},
  {when: 'another scheme is used', change: packages('passlib[argon2]==1.7.4\n'), is: 'pass', code: 'BCRYPT_FITS'},
])

judgeRepository('auth.known-vulnerable-web', vulnerableWeb, guarded, [
  {when: 'all are new', is: 'pass', code: 'WEB_PACKAGES_FIXED'},
  {
    when: 'all are old',
    change: packages('fastapi==0.109.2\npython-multipart==0.0.6\n'),
    is: 'fail',
    code: 'WEB_PACKAGES_VULNERABLE',
    at: [`${requirements}:1`, `${requirements}:2`],
  },
  {when: 'one is old', change: packages('fastapi==0.121.0\npython-multipart==0.0.6\n'), is: 'fail', code: 'WEB_PACKAGES_PARTLY_VULNERABLE'},
  {when: 'nothing is declared', change: {[requirements]: undefined}, is: 'not_applicable', code: 'NO_WEB_PACKAGES'},
  {when: 'any version will do', change: packages('fastapi\n'), is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('auth.jwt-claims', jwtClaims, local, [
  {when: 'all are checked and set', is: 'pass', code: 'CLAIMS_CHECKED'},
  {
    when: 'no audience',
    change: {[auth]: [', audience=settings.AUDIENCE', '']},
    is: 'fail',
    code: 'CLAIMS_PARTLY_CHECKED',
    at: [`${auth}:27`],
  },
  {when: 'exp need not be there', change: {[auth]: ['"exp", ', '']}, is: 'fail', code: 'CLAIMS_PARTLY_CHECKED'},
  {
    when: 'nothing is',
    change: {
      [auth]: ['issuer=settings.ISSUER, audience=settings.AUDIENCE, options={"require": ["exp", "firebase"]}', ''],
      [login]: ['"iss": "q", "aud": "q", "iat": now, "jti": new_id(), ', ''],
    },
    is: 'fail',
    code: 'CLAIMS_UNCHECKED',
    at: [`${login}:26`],
  },
  {
    when: 'the type is compared by hand',
    change: {
      [auth]: [', "firebase"]})', ']})\n            if claims.get("token_type") != "access":\n                raise HTTPException(401)'],
    },
    is: 'pass',
    code: 'CLAIMS_CHECKED',
  },
  {when: 'there are no tokens', change: {...bare, [auth]: undefined, [login]: undefined}, is: 'not_applicable', code: 'NO_TOKENS'},
])

judgeRepository('auth.revocation', revocation, local, [
  {when: 'tokens live half an hour', is: 'pass', code: 'REVOCABLE'},
  {
    when: 'tokens live a month',
    change: {[login]: ['timedelta(minutes=30)', 'timedelta(days=30)']},
    is: 'fail',
    code: 'IRREVOCABLE',
    at: [`${login}:26`],
  },
  {
    when: 'the user is looked up again',
    change: {
      [login]: ['timedelta(minutes=30)', 'timedelta(days=30)'],
      [auth]: [
        '        return CurrentUser(**claims)',
        '        user = find(claims)\n        if not user.is_active:\n            raise HTTPException(401)\n        return CurrentUser(**claims)',
      ],
    },
    is: 'pass',
    code: 'REVOCABLE',
  },
  {when: 'the lifetime is not known', change: {[login]: ['timedelta(minutes=30)', 'lifetime()']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'there are no tokens', change: {...bare, [auth]: undefined, [login]: undefined}, is: 'not_applicable', code: 'NO_TOKENS'},
])

judgeRepository('auth.malformed-claims-500', malformedClaims, guarded, [
  {when: 'errors are caught', is: 'pass', code: 'MALFORMED_CLAIMS_REFUSED'},
  {
    when: 'they are not',
    change: {[auth]: ['(jwt.PyJWTError, ValidationError)', 'jwt.PyJWTError']},
    is: 'fail',
    code: 'MALFORMED_CLAIMS_CRASH',
    at: [`${auth}:28`],
  },
  {
    when: 'a claim is taken that may not be there',
    change: {[auth]: ['return CurrentUser(**claims)', 'return CurrentUser(sub=claims["sub"])']},
    is: 'fail',
    code: 'MALFORMED_CLAIMS_CRASH',
  },
  {when: 'there are no tokens', change: {...bare, [auth]: undefined}, is: 'not_applicable', code: 'NO_TOKENS'},
])

judgeRepository('auth.login-throttled', loginThrottled, local, [
  {when: 'slowapi and a dummy hash', is: 'pass', code: 'LOGIN_LIMITED'},
  {when: 'no limit', change: {[login]: ['@limiter.limit("5/minute")\n', '']}, is: 'fail', code: 'LOGIN_PARTLY_LIMITED'},
  {
    when: 'Cloud Armor limits',
    change: {
      [login]: ['@limiter.limit("5/minute")\n', ''],
      'infra/main.tf':
        'resource "google_compute_security_policy" "edge" {\n  name = "edge"\n  rule {\n    action = "throttle"\n    priority = 1\n  }\n}\n',
    },
    is: 'pass',
    code: 'LOGIN_LIMITED',
  },
  {
    when: 'neither',
    change: {
      [login]: (local[login] ?? '')
        .replace('@limiter.limit("5/minute")\n', '')
        .replace('        pwd.verify(body.password, DUMMY_HASH)\n', ''),
    },
    is: 'fail',
    code: 'LOGIN_UNLIMITED',
    at: [`${login}:33`],
  },
  {when: 'no passwords', change: {[login]: undefined, 'backend/app/main.py': bare[main]}, is: 'not_applicable', code: 'NO_LOCAL_LOGIN'},
])

judgeRepository('auth.password-policy', passwordPolicy, local, [
  {when: 'long, an address, not leaked', is: 'pass', code: 'PASSWORDS_STRONG'},
  {when: 'short', change: {[login]: ['min_length=12', 'min_length=8']}, is: 'fail', code: 'PASSWORDS_PARTLY_STRONG'},
  {
    when: 'nothing is asked for',
    change: {
      [login]: (local[login] ?? '')
        .replace(' = Field(min_length=12)', '')
        .replaceAll('EmailStr', 'str')
        .replace('is_pwned(body.password)', 'False'),
    },
    is: 'fail',
    code: 'PASSWORDS_WEAK',
    at: [`${login}:21`],
  },
  {when: 'nobody registers', change: {[login]: ['body: Registration', 'body']}, is: 'not_applicable', code: 'NO_PASSWORDS_SET'},
])

judgeRepository('auth.object-level', objectLevel, guarded, [
  {when: 'the owner is compared', is: 'pass', code: 'OWNERS_COMPARED'},
  {
    when: 'one takes the id as it was sent',
    change: {
      [workspace]: (guarded[workspace] ?? '').replace(
        'take_next(source_id: str, user: CurrentUserDep)',
        'take_next(source_id: str, employee_id: str)',
      ),
    },
    is: 'fail',
    code: 'OWNERS_PARTLY_COMPARED',
    at: [`${workspace}:20`],
  },
  {
    when: 'none is compared',
    change: {[workspace]: ['if entry.assigned_to != user.employee_id:', 'if entry is None:']},
    is: 'fail',
    code: 'OWNERS_IGNORED',
  },
  {
    when: 'only admins may',
    change: {
      [workspace]: (guarded[workspace] ?? '')
        .replace('if entry.assigned_to != user.employee_id:', 'if entry is None:')
        .replaceAll('DESK', 'LEADS'),
    },
    is: 'pass',
    code: 'OWNERS_COMPARED',
  },
  {when: 'no route acts for somebody', change: bare, is: 'not_applicable', code: 'NO_ACTING_ROUTES'},
])

judgeRepository('auth.docs-off-in-prod', docsOff, guarded, [
  {when: 'both depend on the environment', is: 'pass', code: 'DOCS_OFF', at: [`${main}:7`]},
  {
    when: 'the source of the pages is on',
    change: {[main]: [', openapi_url="/openapi.json" if development else None', '']},
    is: 'fail',
    code: 'DOCS_PARTLY_OFF',
  },
  {when: 'all is on', change: bare, is: 'fail', code: 'DOCS_ON', at: [`${main}:2`]},
  {when: 'all is off', change: {[main]: bare[main].replace('FastAPI()', 'FastAPI(openapi_url=None)')}, is: 'pass', code: 'DOCS_OFF'},
  {
    when: 'keywords are made beside it',
    change: {
      [main]: bare[main].replace(
        'app = FastAPI()',
        'from app.config import settings\nkw = {} if settings.ENVIRONMENT == "development" else {"openapi_url": None}\napp = FastAPI(**kw)',
      ),
    },
    is: 'pass',
    code: 'DOCS_OFF',
  },
  {
    when: 'a setting says it',
    change: {[main]: bare[main].replace('app = FastAPI()', 'from app.config import settings\napp = FastAPI(openapi_url=settings.OPENAPI)')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

judgeRepository('auth.upload-size-bounded', uploadSize, guarded, [
  {when: 'it is read in chunks', is: 'pass', code: 'UPLOADS_BOUNDED', at: [`${schema}:7`]},
  {
    when: 'it is read and then measured',
    change: {
      [schema]: [
        'return await text_of(file)',
        'content = await file.read()\n    if len(content) > 10:\n        raise HTTPException(413)\n    return content',
      ],
    },
    is: 'fail',
    code: 'UPLOADS_UNBOUNDED',
    at: [`${schema}:15`],
  },
  {
    when: 'one is measured first',
    change: {
      [schema]: (guarded[schema] ?? '') + '\n@router.post("/more")\nasync def more(file: UploadFile):\n    return await file.read()\n',
    },
    is: 'fail',
    code: 'UPLOADS_PARTLY_BOUNDED',
  },
  {
    when: 'its size is compared',
    change: {
      [schema]: ['return await text_of(file)', 'if file.size > 10:\n        raise HTTPException(413)\n    return await file.read()'],
    },
    is: 'pass',
    code: 'UPLOADS_BOUNDED',
  },
  {
    when: 'a middleware refuses',
    change: {
      [schema]: ['return await text_of(file)', 'return await file.read()'],
      [main]:
        (guarded[main] ?? '') +
        file`
    @app.middleware("http")
    async def limit(request, call_next):
        if int(request.headers["content-length"]) > 1000:
            return JSONResponse({}, status_code=413)
        return await call_next(request)
  `,
    },
    is: 'pass',
    code: 'UPLOADS_BOUNDED',
  },
  {when: 'nothing is uploaded', change: bare, is: 'not_applicable', code: 'NO_UPLOADS'},
])

const service = 'frontend/src/app/auth.service.ts'
judgeRepository(
  'auth.frontend-token-storage',
  tokenStorage,
  {...guarded, [service]: 'import { signInWithPopup } from "firebase/auth"\nexport const signIn = () => signInWithPopup(auth, provider)\n'},
  [
    {when: 'it stays in memory', is: 'pass', code: 'TOKEN_IN_MEMORY'},
    {
      when: 'it is stored',
      change: {[service]: "const KEY = 'access_token'\nlocalStorage.setItem(KEY, answer.value)\n"},
      is: 'fail',
      code: 'TOKEN_IN_LOCAL_STORAGE',
      at: [`${service}:2`],
    },
    {when: 'it is assigned', change: {[service]: "window.localStorage['jwt'] = answer\n"}, is: 'fail', code: 'TOKEN_IN_LOCAL_STORAGE'},
    {
      when: 'a service stores it',
      change: {
        'frontend/src/app/storage.ts':
          'export class Storage_ {\n  put(key: string, value: string) { localStorage.setItem(key, value) }\n}\n',
        [service]: "this.storage.put('token', answer)\n",
      },
      is: 'fail',
      code: 'TOKEN_IN_LOCAL_STORAGE',
      at: [`${service}:1`],
    },
    {when: 'something else is stored', change: {[service]: "localStorage.setItem('theme', 'dark')\n"}, is: 'pass', code: 'TOKEN_IN_MEMORY'},
    {when: 'there is no frontend', change: {[service]: undefined}, is: 'not_applicable', code: 'NO_TOKENS_IN_FRONTEND'},
  ],
)
