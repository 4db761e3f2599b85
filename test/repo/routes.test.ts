import {expect, test} from 'vitest'
import {readApplications} from '../../src/repo/application/fastapi.ts'
import {readRoutes} from '../../src/repo/application/routes.ts'
import {file, readingOf, type Texts} from '../support/repository.ts'

const routesOf = async (texts: Texts) => {
  const {routes} = await readingOf(texts).read(readRoutes)
  return routes.map(
    ({method, path, dependencies}) => `${method} ${path ?? '?'}${dependencies.map(({name, via}) => ` ${via}:${name}`).join('')}`,
  )
}

const router = file`
  from fastapi import APIRouter as Router, Depends as Needs
  from typing import Annotated
  from .deps import current_user, CurrentUser, admin_only

  router = Router(prefix="/items", dependencies=[Needs(current_user)])

  @router.get("/{id}")
  async def one(id: int, user: CurrentUser): ...

  @router.post("", dependencies=[admin_only])
  def add(q: str = Needs(lambda: 1)): ...
`
const deps = file`
  from typing import Annotated
  from fastapi import Depends, Security
  def current_user(): ...
  def require(*roles): ...
  CurrentUser = Annotated[dict, Depends(current_user)]
  admin_only = Security(require("admin"))
`

test('prefixes of routers and of their inclusion are put together, aliases and relative imports seen through', async () => {
  expect(
    await routesOf({
      'app/__init__.py': '',
      'app/main.py': file`
        import fastapi
        from app.api import items
        app = fastapi.FastAPI()
        app.include_router(items.router, prefix="/api")
        @app.get("/api/health")
        def health(): return {}
      `,
      'app/api/__init__.py': '',
      'app/api/items.py': router,
      'app/api/deps.py': deps,
    }),
  ).toEqual([
    'GET /api/health',
    'GET /api/items/{id} router:current_user parameter:current_user',
    'POST /api/items router:current_user decorator:require parameter:',
  ])
})

test('an app factory, a helper that includes, a loop over routers, a prefix from the settings, and a nested router', async () => {
  expect(
    await routesOf({
      'src/svc/main.py': file`
        from fastapi import FastAPI
        from svc.setup import register
        def create_app() -> FastAPI:
            application = FastAPI(dependencies=[])
            register(application)
            return application
      `,
      'src/svc/setup.py': file`
        from fastapi import APIRouter, Depends
        from svc.config import settings
        from svc.routes import (a, b)
        api = APIRouter()
        def guard(): ...
        def register(target):
            for one, prefix in [(a.router, "/a"), (b.make(), "/b")]:
                api.include_router(one, prefix=prefix, dependencies=[Depends(guard)])
            target.include_router(api, prefix=settings.API_PREFIX)
      `,
      'src/svc/config.py': file`
        from pydantic_settings import BaseSettings
        class Settings(BaseSettings):
            API_PREFIX: str = "/v1"
        settings = Settings()
      `,
      'src/svc/routes/a.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/x")\ndef x(): ...\n',
      'src/svc/routes/b.py': file`
        from fastapi import APIRouter
        def make():
            r = APIRouter()
            @r.api_route("/y", methods=["PUT", "PATCH"])
            def y(): ...
            return r
      `,
    }),
  ).toEqual(['GET /v1/a/x include:guard', 'PUT /v1/b/y include:guard', 'PATCH /v1/b/y include:guard'])
})

test('a router that nobody includes is not served; a path that is made at run time is not guessed', async () => {
  expect(
    await routesOf({
      'main.py': file`
        from fastapi import FastAPI, APIRouter
        import os
        app = FastAPI()
        lost = APIRouter()
        @lost.get("/lost")
        def lost_one(): ...
        @app.get(os.environ["HEALTH_PATH"])
        def health(): ...
      `,
      'tests/test_main.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/of-a-test")\ndef t(): ...\n',
    }),
  ).toEqual(['GET ?'])
})

test('middlewares, exception handlers and what runs at start-up', async () => {
  const {applications} = await readingOf({
    'backend/app/main.py': file`
      from contextlib import asynccontextmanager
      from fastapi import FastAPI
      from starlette.middleware import Middleware
      from starlette.middleware.cors import CORSMiddleware
      from app.db import init_db, unused
      from app.errors import HANDLERS, Boundary, on_any

      @asynccontextmanager
      async def lifespan(app):
          await init_db()
          yield

      def setup_middleware(app):
          app.add_middleware(Boundary, size=1)

      app = FastAPI(lifespan=lifespan, middleware=[Middleware(CORSMiddleware, allow_origins=["*"])])
      setup_middleware(app)
      for error, handler in HANDLERS.items():
          app.add_exception_handler(error, handler)

      @app.exception_handler(Exception)
      async def last(request, exc): ...

      @app.middleware("http")
      async def timing(request, call_next): ...
    `,
    'backend/app/db.py': file`
      async def init_db():
          async with engine.begin() as connection:
              await connection.run_sync(Base.metadata.create_all)
      def unused(): ...
    `,
    'backend/app/errors.py':
      'HANDLERS = {ValueError: print}\nclass Boundary:\n    def __init__(self, app, size): self.app = app\ndef on_any(): ...\n',
  }).read(readApplications)
  const [app] = applications
  expect(app?.middlewares.map((one) => one.class?.node.name ?? one.function?.node.name ?? one.external)).toEqual([
    'starlette.middleware.cors.CORSMiddleware',
    'Boundary',
    'timing',
  ])
  expect(app?.exceptionHandlers.map(({line}) => line)).toEqual([19, 21])
  expect(app?.startup.flatMap((one) => one.function?.name ?? []).toSorted()).toEqual(['init_db', 'lifespan', 'setup_middleware'])
})

test('a loop over a list of another module that grows, dictionaries of arguments, and modules that a package takes from itself', async () => {
  expect(
    await routesOf({
      'api/__init__.py': 'from api import files, jobs\nROUTERS = [files.router]\nROUTERS.append(jobs.router)\n',
      'api/files.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/files")\ndef f(): ...\n',
      'api/jobs.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/jobs")\ndef j(): ...\n',
      'main.py': file`
        from fastapi import FastAPI
        from api import ROUTERS, jobs
        app = FastAPI()
        for one in ROUTERS:
            app.include_router(one, prefix="/v1")
        for options in [{"router": jobs.router, "prefix": "/v2"}]:
            app.include_router(**options)
      `,
    }),
  ).toEqual(['GET /v1/files', 'GET /v1/jobs', 'GET /v2/jobs'])
})

test('who calls the factory puts more on what it gives', async () => {
  expect(
    await routesOf({
      'app/build.py': file`
        from fastapi import FastAPI
        def create_app():
            return FastAPI()
        def add(target):
            @target.get("/x")
            def x(): ...
      `,
      'app/serve.py': 'from app.build import create_app, add\napp = create_app()\nadd(app)\n',
    }),
  ).toEqual(['GET /x'])
})

test('an application that is mounted is served by the other one, without what stands before that', async () => {
  const texts = {
    'main.py': file`
      from fastapi import Depends, FastAPI
      def outer(): ...
      def inner(): ...
      sub = FastAPI(dependencies=[Depends(inner)])
      app = FastAPI(dependencies=[Depends(outer)])
      @sub.get("/x")
      def x(): ...
      @app.get("/y")
      def y(): ...
      app.mount("/sub", sub)
    `,
  }
  expect(await routesOf(texts)).toEqual(['GET /y app:outer', 'GET /sub/x app:inner'])
  expect((await readingOf(texts).read(readRoutes)).applications).toEqual([{file: 'main.py', line: 5}])
})

test('a router of a library, and one that only a run gives, are said', async () => {
  const {routes, unread} = await readingOf({
    'main.py': file`
      from fastapi import FastAPI
      from fastapi.staticfiles import StaticFiles
      from users import fastapi_users
      app = FastAPI()
      app.mount("/static", StaticFiles(directory="static"))
      app.include_router(fastapi_users.get_auth_router(), prefix="/auth")
      def plug(found):
          app.include_router(found.router)
      plug(load())
    `,
  }).read(readRoutes)
  expect([routes, unread.map(({line}) => line)]).toEqual([[], [6, 8]])
})
