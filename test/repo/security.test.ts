import {expect, test} from 'vitest'
import {readSecurity} from '../../src/repo/application/security.ts'
import {file, readingOf} from '../support/repository.ts'

const before = file`
  from enum import Enum
  import jwt
  from fastapi import Depends, FastAPI, HTTPException, Request, Security
  from fastapi.security import SecurityScopes

  class Role(str, Enum):
      ADMIN = "admin"
      SUPERVISOR = "supervisor"
      AGENT = "agent"

  def current_user(request: Request):
      try:
          return jwt.decode(request.headers["authorization"], KEY, algorithms=["RS256"])
      except jwt.PyJWTError:
          raise HTTPException(401)

  app = FastAPI()
`

/** What one route at `/x` lets in, with some Python before it. */
const rolesOf = async (python: string, dependency: string) => {
  const text = `${before}\n${python}\n\n@app.get("/x", dependencies=[${dependency}])\ndef x():\n    return find()\n`
  const {routes} = await readingOf({'app/main.py': text}).read(readSecurity)
  const [route] = routes
  return [route?.verified, route?.allowed.join(' '), route?.open.join(' ')]
}

test.each([
  [
    'a closure over *args',
    'def need(*roles):\n    def guard(user=Depends(current_user)):\n        if user["role"] not in roles:\n            raise HTTPException(403)\n    return guard',
    'Depends(need(Role.ADMIN, "agent"))',
    'admin agent',
    '',
  ],
  [
    'a list',
    'def need(roles: list[Role]):\n    async def guard(user=Depends(current_user)):\n        if not any(user.get("role") == role for role in roles):\n            raise HTTPException(403)\n    return Depends(guard)',
    'need([Role.ADMIN])',
    'admin',
    '',
  ],
  [
    'sets of roles',
    'ALLOWED = {Role.ADMIN, Role.SUPERVISOR}\ndef guard(user=Depends(current_user)):\n    if not ALLOWED & set(user["roles"]):\n        raise HTTPException(403)',
    'Depends(guard)',
    'admin supervisor',
    '',
  ],
  [
    'a ladder of levels',
    'LEVEL = {Role.AGENT: 1, Role.SUPERVISOR: 2, Role.ADMIN: 3}\ndef at_least(role):\n    def guard(user=Depends(current_user)):\n        if LEVEL[user["role"]] < LEVEL[role]:\n            raise HTTPException(403)\n    return guard',
    'Depends(at_least(Role.SUPERVISOR))',
    'admin supervisor',
    '',
  ],
  [
    'scopes',
    'def scoped(scopes: SecurityScopes, user=Depends(current_user)):\n    for scope in scopes.scopes:\n        if scope not in user["roles"]:\n            raise HTTPException(403)',
    'Security(scoped, scopes=["admin"])',
    'admin',
    '',
  ],
  [
    'a helper that raises',
    'def check(role, allowed):\n    if role not in allowed:\n        raise Denied()\nclass Denied(Exception):\n    status_code = 403\ndef guard(user=Depends(current_user)):\n    check(user["role"], ("admin",))',
    'Depends(guard)',
    'admin',
    '',
  ],
  [
    'a property of the user',
    'class User:\n    role: Role\n    @property\n    def is_admin(self):\n        return self.role in (Role.ADMIN, Role.SUPERVISOR)\ndef typed(user=Depends(current_user)) -> User:\n    return User()\ndef guard(user: User = Depends(typed)):\n    if not user.is_admin:\n        raise HTTPException(403)',
    'Depends(guard)',
    'admin supervisor',
    '',
  ],
  [
    'a match',
    'def guard(user=Depends(current_user)):\n    match user["role"]:\n        case "admin" | "agent":\n            return user\n        case _:\n            raise HTTPException(403)',
    'Depends(guard)',
    'admin agent',
    '',
  ],
  [
    'a guard that only returns',
    'def guard(user=Depends(current_user)):\n    return user["role"] == "admin"',
    'Depends(guard)',
    'admin supervisor agent',
    '',
  ],
  [
    'a policy of another',
    'def guard(user=Depends(current_user)):\n    if not policy.allows(user["role"]):\n        raise HTTPException(403)',
    'Depends(guard)',
    '',
    'admin supervisor agent',
  ],
  ['a lambda', '', 'Depends(lambda user=Depends(current_user): user)', 'admin supervisor agent', ''],
  [
    'a partial',
    'from functools import partial\ndef guard(allowed, user=Depends(current_user)):\n    if user["role"] != allowed:\n        raise HTTPException(403)',
    'Depends(partial(guard, "admin"))',
    'admin',
    '',
  ],
])('%s', async (_, python, dependency, allowed, open) => {
  expect(await rolesOf(python, dependency)).toEqual(['yes', allowed, open])
})

test.each([
  ['nothing', 'def guard():\n    return 1', 'no'],
  [
    'errors that are swallowed',
    'def guard(request: Request):\n    try:\n        return jwt.decode(request.headers["a"], KEY, algorithms=["RS256"])\n    except Exception:\n        return None',
    'no',
  ],
  [
    'a thread',
    'from fastapi.concurrency import run_in_threadpool\nfrom firebase_admin import auth\nasync def guard(request: Request):\n    return await run_in_threadpool(auth.verify_id_token, request.headers["a"])',
    'yes',
  ],
  ['a key that is None', 'def guard(request: Request):\n    return jwt.decode(request.headers["a"], None, algorithms=["RS256"])', 'no'],
  ['the algorithm none', 'def guard(request: Request):\n    return jwt.decode(request.headers["a"], KEY, algorithms=["none"])', 'no'],
  [
    'options by a parameter',
    'def read(token, verify=True):\n    return jwt.decode(token, KEY, algorithms=["RS256"], options={"verify_signature": verify})\ndef guard(request: Request):\n    return read(request.headers["a"], verify=False)',
    'no',
  ],
  [
    'another service',
    'from elsewhere import client\ndef guard(request: Request):\n    return client.introspect_token(request.headers["a"])',
    'perhaps',
  ],
  ['itself', 'def guard(request: Request):\n    return guard(request)', 'no'],
])('%s: verified %s', async (_, python, verified) => {
  const [found] = await rolesOf(python, 'Depends(guard)')
  expect(found).toBe(verified)
})

test('the same with Windows line ends', async () => {
  const text = `${before}\n@app.get("/x")\ndef x(user=Depends(current_user)):\n    return user\n`.replaceAll('\n', '\r\n')
  const {routes, roles, verifications} = await readingOf({'main.py': `\uFEFF${text}`}).read(readSecurity)
  expect(routes.map(({verified, line}) => [verified, line])).toEqual([['yes', 19]])
  expect(roles.map(({name, values}) => [name, ...values])).toEqual([['Role', 'admin', 'supervisor', 'agent']])
  expect(verifications.map(({library, line}) => [library, line])).toEqual([['pyjwt', 13]])
})

test('a middleware, a decorator, code of the route itself, and an application in another', async () => {
  const text = file`
    import jwt
    from functools import wraps
    from fastapi import Depends, FastAPI, HTTPException, Request
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.responses import JSONResponse

    class Verifies(BaseHTTPMiddleware):
        async def dispatch(self, request: Request, call_next):
            if request.url.path.startswith("/public"):
                return await call_next(request)
            try:
                request.state.user = jwt.decode(request.headers["a"], KEY, algorithms=["HS256"])
            except jwt.InvalidTokenError:
                return JSONResponse({}, status_code=401)
            return await call_next(request)

    def only(role):
        def decorator(function):
            @wraps(function)
            async def wrapper(*args, **kwargs):
                if kwargs["request"].state.user["role"] != role:
                    raise HTTPException(403)
                return await function(*args, **kwargs)
            return wrapper
        return decorator

    app = FastAPI()
    app.add_middleware(Verifies)

    @app.get("/public/a")
    def a():
        return find()

    @app.get("/b")
    @only("admin")
    async def b(request: Request):
        return find()

    @app.get("/c")
    async def c(request: Request):
        if request.state.user["role"] not in ("admin", "supervisor"):
            raise HTTPException(403)
        return find()

    @app.websocket("/d")
    async def d(socket):
        await socket.accept()
  `
  const {routes} = await readingOf({'main.py': text}).read(readSecurity)
  expect(routes.map(({path, verified, allowed}) => [path, verified, allowed.join(' ')])).toEqual([
    ['/public/a', 'no', 'admin supervisor agent'],
    ['/b', 'yes', 'admin'],
    ['/c', 'yes', 'admin supervisor'],
    // What is put on with add_middleware for http does not stand before sockets.
    ['/d', 'no', 'admin supervisor agent'],
  ])
})
