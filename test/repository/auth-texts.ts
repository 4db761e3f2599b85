import {file, type Texts} from '../support/repository.ts'

const route = (method: string, path: string, name: string, params = '', extra = ''): string =>
  `@router.${method}("${path}"${extra})\nasync def ${name}(${params}):\n    return await work("${name}")\n\n`

/** A small application that has what the plan asks of authentication. */
export const guarded: Texts = {
  'backend/requirements.txt': 'fastapi==0.121.0\nstarlette==0.49.1\npython-multipart==0.0.20\npyjwt[crypto]==2.10.1\n',
  'backend/app/auth.py': file`
    from enum import Enum
    from typing import Annotated
    import jwt
    from fastapi import Depends, HTTPException, Security
    from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
    from pydantic import BaseModel, ValidationError
    from app.config import settings

    bearer = HTTPBearer(auto_error=False)
    keys = jwt.PyJWKClient("https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com")

    class Role(str, Enum):
        ADMIN = "admin"
        SUPERVISOR = "supervisor"
        AGENT = "agent"

    class CurrentUser(BaseModel):
        sub: str
        email: str
        role: Role
        employee_id: str | None = None

    async def get_current_user(given: HTTPAuthorizationCredentials | None = Depends(bearer)) -> CurrentUser:
        if given is None:
            raise HTTPException(status_code=401)
        try:
            claims = jwt.decode(given.credentials, keys.get_signing_key_from_jwt(given.credentials).key, algorithms=["RS256"], issuer=settings.ISSUER, audience=settings.AUDIENCE, options={"require": ["exp", "firebase"]})
            return CurrentUser(**claims)
        except (jwt.PyJWTError, ValidationError) as error:
            raise HTTPException(status_code=401) from error

    CurrentUserDep = Annotated[CurrentUser, Depends(get_current_user)]

    def require_role(*roles: Role):
        def guard(user: CurrentUser = Depends(get_current_user)):
            if user.role not in roles:
                raise HTTPException(status_code=403)
            return user
        return guard

    ADMIN_ONLY = Depends(require_role(Role.ADMIN))
    LEADS = Depends(require_role(Role.ADMIN, Role.SUPERVISOR))
    DESK = Depends(require_role(Role.AGENT, Role.SUPERVISOR))
  `,
  'backend/app/config.py': file`
    from pydantic_settings import BaseSettings

    class Settings(BaseSettings):
        ENVIRONMENT: str = "development"
        ISSUER: str
        AUDIENCE: str

    settings = Settings()
  `,
  'backend/app/main.py': file`
    from fastapi import Depends, FastAPI
    from app.auth import ADMIN_ONLY, LEADS, get_current_user
    from app.config import settings
    from app.routes import employees, health, metrics, schema, workspace

    development = settings.ENVIRONMENT == "development"
    app = FastAPI(docs_url="/docs" if development else None, openapi_url="/openapi.json" if development else None)
    app.include_router(health.router, prefix="/api")
    app.include_router(schema.router, prefix="/api", dependencies=[ADMIN_ONLY])
    app.include_router(workspace.router, prefix="/api")
    app.include_router(metrics.router, prefix="/api", dependencies=[LEADS])
    app.include_router(employees.router, prefix="/api", dependencies=[Depends(get_current_user)])
  `,
  'backend/app/routes/health.py':
    'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/health")\n\n' +
    '@router.get("")\ndef health():\n    return {"status": "ok"}\n',
  'backend/app/routes/schema.py':
    'from fastapi import APIRouter, HTTPException, UploadFile\n\nrouter = APIRouter(prefix="/schema")\n\n' +
    'async def text_of(file: UploadFile):\n    content = b""\n    while chunk := await file.read(1024):\n        content += chunk\n        if len(content) > 1000000:\n            raise HTTPException(413)\n    return content\n\n' +
    '@router.post("/infer")\nasync def infer(file: UploadFile):\n    return await text_of(file)\n\n' +
    route('post', '/provision', 'provision') +
    route('post', '/{source_id}/load', 'load', 'source_id: str'),
  'backend/app/routes/workspace.py':
    'from fastapi import APIRouter, Depends, HTTPException\nfrom app.auth import DESK, LEADS, CurrentUserDep\n\nrouter = APIRouter(prefix="/workspace")\n\n' +
    'async def own_entry(queue_id: str, user: CurrentUserDep):\n    entry = await find(queue_id)\n    if entry.assigned_to != user.employee_id:\n        raise HTTPException(403)\n    return entry\n\n' +
    route('post', '/projects/{source_id}/enqueue', 'enqueue', 'source_id: str', ', dependencies=[LEADS]') +
    route('get', '/projects/{source_id}/queue-stats', 'queue_stats', 'source_id: str', ', dependencies=[LEADS]') +
    route('post', '/projects/{source_id}/next', 'take_next', 'source_id: str, user: CurrentUserDep', ', dependencies=[DESK]') +
    route('post', '/queue/{queue_id}/complete', 'complete', 'entry=Depends(own_entry)', ', dependencies=[DESK]') +
    route('post', '/queue/{queue_id}/skip', 'skip', 'entry=Depends(own_entry)', ', dependencies=[DESK]'),
  'backend/app/routes/metrics.py':
    'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/metrics")\n\n' +
    route('get', '/team-aht', 'team_aht') +
    route('get', '/agent-states', 'agent_states') +
    route('get', '/leaderboard', 'leaderboard') +
    route('get', '/queue-stats', 'queue_stats'),
  'backend/app/routes/employees.py':
    'from fastapi import APIRouter\nfrom app.auth import ADMIN_ONLY, LEADS\n\nrouter = APIRouter(prefix="/employees")\n\n' +
    route('post', '', 'create', '', ', dependencies=[ADMIN_ONLY]') +
    route('get', '', 'every', '', ', dependencies=[ADMIN_ONLY]') +
    route('get', '/{employee_id}', 'one', 'employee_id: str', ', dependencies=[ADMIN_ONLY]') +
    route('get', '/{employee_id}/metrics/aht', 'aht', 'employee_id: str', ', dependencies=[LEADS]'),
  'frontend/src/app/auth.service.ts':
    'export class AuthService {\n  private token: string | null = null\n  keep(token: string) { this.token = token }\n}\n',
}

/** The same with log-in by passwords of its own. */
export const local: Texts = {
  ...guarded,
  'backend/app/models.py':
    'from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n\nclass User(Base):\n    __tablename__ = "users"\n',
  'backend/app/passwords.py':
    'from passlib.context import CryptContext\n\npwd = CryptContext(schemes=["argon2"])\nDUMMY_HASH = pwd.hash("dummy-password")\n',
  'backend/app/routes/health.py': file`
    from datetime import datetime, timedelta, timezone
    import jwt
    from fastapi import APIRouter, HTTPException
    from pydantic import BaseModel, EmailStr, Field
    from sqlalchemy import select
    from app.auth import Role
    from app.config import settings
    from app.models import User
    from app.passwords import DUMMY_HASH, pwd
    from slowapi import Limiter

    router = APIRouter(prefix="/auth")
    limiter = Limiter()

    class Credentials(BaseModel):
        email: EmailStr
        password: str

    class Registration(BaseModel):
        email: EmailStr
        password: str = Field(min_length=12)

    def issue_token(user):
        now = datetime.now(timezone.utc)
        claims = {"sub": user.id, "iss": "q", "aud": "q", "iat": now, "jti": new_id(), "exp": now + timedelta(minutes=30)}
        return jwt.encode(claims, settings.KEY, algorithm="RS256")

    @router.post("/login")
    @limiter.limit("5/minute")
    async def login(body: Credentials):
        user = await session.scalar(select(User).where(User.email == body.email))
        if user is None:
            pwd.verify(body.password, DUMMY_HASH)
            raise HTTPException(401)
        if not pwd.verify(body.password, user.password_hash):
            raise HTTPException(401)
        return issue_token(user)

    @router.post("/register")
    async def register(body: Registration):
        if is_pwned(body.password):
            raise HTTPException(422)
        session.add(User(email=body.email, password_hash=pwd.hash(body.password), role=Role.AGENT))

    async def seed():
        first = await session.scalars(select(User).where(User.role == Role.ADMIN).limit(1)).first()
        return first
  `,
}
