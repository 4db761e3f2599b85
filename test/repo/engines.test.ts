import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readEngines} from '../../src/repo/application/engines.ts'
import {file, readingOf, type Texts} from '../support/repository.ts'

const enginesOf = async (texts: Texts) => readingOf(texts).read(readEngines)

const config = file`
  from pydantic import PostgresDsn
  from pydantic_core import MultiHostUrl
  from pydantic_settings import BaseSettings
  from urllib.parse import quote_plus
  class Settings(BaseSettings):
      HOST: str
      PORT: int = 5432
      NAME: str
      USER: str
      PASSWORD: str
      SSL: str = "require"
      SIZE: int = 7
      WHOLE: str | None = None
      @property
      def by_host(self):
          return MultiHostUrl.build(scheme="postgresql+psycopg", username=self.USER, password=self.PASSWORD, host=self.HOST, port=self.PORT, path=self.NAME)
      @property
      def by_dsn(self) -> PostgresDsn:
          return PostgresDsn.build(scheme="postgresql+asyncpg", username=self.USER, password=self.PASSWORD, host=self.HOST, port=self.PORT, path=self.NAME)
      @property
      def raw(self):
          return f"postgresql://{self.USER}:{self.PASSWORD}@{self.HOST}:{self.PORT}/{self.NAME}?sslmode={self.SSL}"
      def quoted(self):
          return "postgresql+asyncpg://{}:{}@{}/{}".format(self.USER, quote_plus(self.PASSWORD), self.HOST, self.NAME)
      def with_arguments(self):
          return self.raw, {"sslmode": self.SSL}
  settings = Settings()
`
/** One engine of `app/db.py`, with the settings beside it. */
const engineIn = async (text: string, more: Texts = {}) => {
  const {engines} = await enginesOf({'app/config.py': config, 'app/db.py': text, ...more})
  expect(engines).toHaveLength(1)
  return engines[0]
}
/** `how driver escaped fields` of what its URL is made of. */
const madeIn = async (text: string) =>
  (await engineIn(text))?.url.made.map(
    ({how, driver, escaped, fields}) => `${how} ${driver ?? '?'} ${escaped ? 'escaped' : 'raw'} ${fields.length}`,
  )

test.each([
  [
    'from sqlalchemy import create_engine\nfrom app.config import settings\ne = create_engine(str(settings.by_host))\n',
    ['PostgresDsn.build postgresql+psycopg escaped 5'],
  ],
  [
    'import sqlalchemy as sa\nfrom app.config import settings\ne = sa.create_engine(settings.by_dsn.unicode_string())\n',
    ['PostgresDsn.build postgresql+asyncpg escaped 5'],
  ],
  ['from sqlmodel import create_engine\nfrom app import config\ne = create_engine(config.settings.raw)\n', ['formatted postgresql raw 6']],
  [
    'from sqlalchemy.ext.asyncio import create_async_engine as make\nfrom app.config import settings\ne = make(settings.quoted())\n',
    ['formatted postgresql+asyncpg escaped 4'],
  ],
  [
    'from sqlalchemy import URL, create_engine\nfrom app.config import settings as s\nurl = URL.create("postgresql+psycopg2", s.USER, s.PASSWORD, s.HOST, s.PORT, s.NAME)\ne = create_engine(url)\n',
    ['URL.create postgresql+psycopg2 escaped 5'],
  ],
  [
    'from sqlalchemy import create_engine\nfrom app.config import settings\nurl, connect_args = settings.with_arguments()\ne = create_engine(url, connect_args=connect_args)\n',
    ['formatted postgresql raw 6'],
  ],
  [
    'from sqlalchemy import create_engine\nfrom app.config import settings\ne = create_engine(url=f"sqlite:///{settings.NAME}.db")\n',
    ['formatted sqlite escaped 1'],
  ],
  [
    'from sqlalchemy import create_engine\nfrom app.config import settings as s\ne = create_engine("postgresql://%s:%s@%s" % (s.USER, s.PASSWORD, s.HOST))\n',
    ['formatted postgresql raw 3'],
  ],
])('what a URL is made of: %s', async (text, made) => {
  expect(await madeIn(text)).toEqual(made)
})

test('an engine of a class, its arguments in a mapping that grows', async () => {
  const engine = await engineIn(file`
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import AsyncAdaptedQueuePool
    from app.config import Settings
    class Database:
        def __init__(self, settings: Settings):
            options = {"pool_size": settings.SIZE, "poolclass": AsyncAdaptedQueuePool}
            options["pool_pre_ping"] = True
            options.update(pool_recycle=60 * 30)
            self.engine = create_async_engine(settings.by_dsn, **options)
  `)
  expect(engine?.pool.map(({name, value, field, line}) => [name, value, field, line])).toEqual([
    ['pool_size', 7, 'SIZE', 6],
    ['pool_pre_ping', true, undefined, 7],
    ['pool_recycle', 1800, undefined, 8],
  ])
  expect([engine?.poolClass, engine?.asynchronous, engine?.open]).toEqual(['AsyncAdaptedQueuePool', true, false])
})

test('an engine that is made when the application starts serves; one of a script and one of Alembic do not', async () => {
  const {engines, options} = await enginesOf({
    'app/config.py': config,
    'app/main.py': file`
      from contextlib import asynccontextmanager
      from fastapi import FastAPI
      from app.store import connect
      @asynccontextmanager
      async def lifespan(app):
          app.state.engine = connect()
          yield
      app = FastAPI(lifespan=lifespan)
    `,
    'app/store.py': 'from sqlalchemy import create_engine\nimport os\ndef connect():\n    return create_engine(os.environ["URL"])\n',
    'app/tool.py': 'from sqlalchemy import create_engine\ne = create_engine("postgresql://a:b@c/d")\n',
    'migrations/env.py': file`
      from alembic import context
      from sqlalchemy import engine_from_config
      from app.config import settings
      context.config.set_main_option("sqlalchemy.url", settings.raw.replace("%", "%%"))
      context.configure()
      e = engine_from_config(context.config.get_section("alembic"))
    `,
  })
  expect(engines.map(({file: path, serving, migration, url}) => [path, serving, migration, url.environment, url.option])).toEqual([
    ['app/store.py', true, false, ['URL'], false],
    ['app/tool.py', false, false, [], false],
    ['migrations/env.py', false, true, [], true],
  ])
  expect(engines[1]?.url.made.map(({how, password, credentials}) => [how, password, credentials])).toEqual([['literal', true, true]])
  expect(options.map(({escaped, interpolated, made}) => [escaped, interpolated, made.length])).toEqual([[true, true, 1]])
})

test("TLS in the query, in connect_args, by a context, and by Cloud SQL's connector", async () => {
  const start = 'import ssl\nfrom sqlalchemy import create_engine\nfrom app.config import settings\n'
  const raw = await engineIn(`${start}e = create_engine(settings.raw)\n`)
  expect(raw?.tls.map(({key, via, fields}) => [key, via, fields.includes('SSL')])).toEqual([['sslmode', 'query', true]])
  const given = await engineIn(`${start}e = create_engine(settings.by_dsn, connect_args={"ssl": ssl.create_default_context()})\n`)
  expect(given?.tls.map(({key, via, context}) => [key, via, context])).toEqual([['ssl', 'connect_args', true]])
  const connector = await engineIn(file`
    from google.cloud.sql.connector import Connector
    from sqlalchemy import create_engine
    connector = Connector()
    def connect(): return connector.connect("a:b:c", "pg8000")
    e = create_engine("postgresql+pg8000://", creator=connect)
  `)
  expect([connector?.creator, connector?.connector]).toEqual([true, true])
})

test('an engine of a test is none of the application', async () => {
  expect(
    (await enginesOf({'tests/conftest.py': 'from sqlalchemy import create_engine\ne = create_engine("sqlite://")\n'})).engines,
  ).toEqual([])
})

const good = file`
  from sqlalchemy import URL, create_engine
  from app.config import settings
  options = dict(pool_size=settings.SIZE, **{"pool_recycle": 3})
  url = settings.raw + f"&x={settings.SSL}"
  engine = create_engine(url, connect_args={"sslmode": settings.SSL}, **options)
  other = create_engine(URL.create("postgresql", query={"sslmode": "require"}))
`

test('any mutation of a source gives facts', async () => {
  const edit = fc.tuple(
    fc.nat(good.length),
    fc.nat(14),
    fc.oneof(
      fc.string({maxLength: 6}),
      fc.constantFrom('(', ')', '"""', "f'{", '\n', '    ', '**', '{', 'url', '\u0000', '😀', 'engine = ', '\r\n'),
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(edit, {minLength: 1, maxLength: 6}), async (edits) => {
      const text = edits.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), good)
      expect(JSON.stringify(await enginesOf({'app/config.py': config, 'app/db.py': text}))).toBeTypeOf('string')
    }),
    {numRuns: 100},
  )
})
