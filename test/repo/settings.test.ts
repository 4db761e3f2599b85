import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readSettings} from '../../src/repo/application/settings.ts'
import {file, readingOf, type Texts} from '../support/repository.ts'

const settingsOf = async (texts: Texts) => readingOf(texts).read(readSettings)
/** Each field as `path VARIABLE|OTHER type default`. */
const fieldsOf = async (text: string, more: Texts = {}): Promise<string[]> => {
  const {fields} = await settingsOf({'app/config.py': text, ...more})
  return fields.map(
    ({path, variables, type, default: given}) =>
      `${path} ${variables.join('|')} ${type} ${given.kind === 'literal' ? JSON.stringify(given.value) : given.kind}`,
  )
}

test('pydantic 1: BaseSettings of pydantic, class Config, Field(env=…)', async () => {
  expect(
    await fieldsOf(file`
      from typing import List, Optional
      from pydantic import BaseSettings, Field, PostgresDsn, SecretStr
      class Settings(BaseSettings):
          host: str = Field("localhost", env="DB_SERVER")
          url: Optional[PostgresDsn] = None
          names: List[str] = Field(default_factory=list, env=["NAMES", "ALL_NAMES"])
          password: SecretStr
          class Config:
              env_prefix = "app_"
              env_file = ".env"
    `),
  ).toEqual([
    'host DB_SERVER str "localhost"',
    'url APP_URL url null',
    'names NAMES|ALL_NAMES list made',
    'password APP_PASSWORD secret none',
  ])
})

test('pydantic 2: nested models, aliases, enums, Annotated, and what is no field', async () => {
  expect(
    await fieldsOf(file`
      from enum import StrEnum, auto
      from typing import Annotated, ClassVar, Literal
      import pydantic as p
      from pydantic_settings import BaseSettings as Base, SettingsConfigDict
      PREFIX = "SHOP_"
      class Level(StrEnum):
          debug = auto()
          INFO = "info"
      class Database(p.BaseModel):
          host: str
          port: int = 5432
      class Mixin(Base):
          LEVEL: Level = Level.INFO
      class Settings(Mixin):
          model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")
          LIMIT: ClassVar[int] = 3
          _private: str = "x"
          db: Database
          env: Literal["dev", "prod"] = "dev"
          key: Annotated[str, p.Field(validation_alias=p.AliasChoices("KEY", "SECRET"))]
          week: int = 60 * 24 * 7
          def method(self): ...
    `),
  ).toEqual([
    'LEVEL SHOP_LEVEL choice "info"',
    'db.host SHOP_DB__HOST str none',
    'db.port SHOP_DB__PORT int 5432',
    'env SHOP_ENV choice "dev"',
    'key KEY|SECRET str none',
    'week SHOP_WEEK int 10080',
  ])
})

test('a class that is made itself is read by its own name, though one for tests inherits from it', async () => {
  const text = file`
    from pydantic_settings import BaseSettings, SettingsConfigDict
    class Settings(BaseSettings):
        model_config = SettingsConfigDict(env_prefix="shop_")
        url: str = ""
    class Quiet(Settings):
        model_config = SettingsConfigDict(env_prefix="quiet_")
  `
  expect(await fieldsOf(`${text}\nsettings = Settings()\n`)).toEqual(['url SHOP_URL|QUIET_URL str ""'])
  expect(await fieldsOf(text)).toEqual(['url QUIET_URL str ""'])
  expect(await fieldsOf(`${text}\nfrom functools import lru_cache\nget = lru_cache(Settings)\n`)).toEqual(['url SHOP_URL|QUIET_URL str ""'])
})

test('where a setting is read: through an instance, a function that gives it, a dependency, and the class itself', async () => {
  const {fields} = await settingsOf({
    'app/config.py': file`
      from functools import lru_cache
      from pydantic_settings import BaseSettings
      class Settings(BaseSettings):
          a: str
          b: str
          c: str
          @property
          def both(self): return self.a + self.b
      @lru_cache
      def get_settings() -> Settings: return Settings()
      settings = get_settings()
    `,
    'app/main.py': file`
      from fastapi import Depends, FastAPI
      from app.config import Settings, get_settings, settings
      app = FastAPI(title=settings.a)
      @app.get("/")
      def root(found: Settings = Depends(get_settings)):
          return found.b or get_settings().a
    `,
  })
  expect(fields.map(({path, readAt, readInside}) => [path, readAt.map(({line}) => line), readInside.map(({line}) => line)])).toEqual([
    ['a', [3, 6], [8]],
    ['b', [6], [8]],
    ['c', [], []],
  ])
})

test('what code reads past the settings', async () => {
  const {classes, reads} = await settingsOf({
    'main.py': file`
      import os
      from os import environ as env, getenv
      from fastapi import FastAPI
      app = FastAPI(title=os.environ["TITLE"], debug=bool(getenv("DEBUG", "")), version=env.get("VERSION"))
      NAME = "LATE"
      def late(): return os.environ.get(NAME, "x")
    `,
  })
  expect(classes).toEqual([])
  expect(reads.map(({variable, default: given, line}) => `${variable} ${given} ${line}`)).toEqual([
    'TITLE false 4',
    'DEBUG true 4',
    'VERSION false 4',
    'LATE true 6',
  ])
})

test('a prefix that only a run tells is said', async () => {
  const {open} = await settingsOf({
    'config.py': file`
      import os
      from pydantic_settings import BaseSettings
      class Settings(BaseSettings, env_prefix=os.environ["PREFIX"]):
          a: str
    `,
  })
  expect(open.map(({file: path, line}) => `${path}:${line}`)).toEqual(['config.py:3'])
})

const good = file`
  from pydantic import Field, field_validator
  from pydantic_settings import BaseSettings, SettingsConfigDict
  class Settings(BaseSettings):
      model_config = SettingsConfigDict(env_file=".env", env_prefix="A_", env_nested_delimiter="__")
      db: "Db"
      url: str = Field(default=f"{1}x", alias="URL")
      many: list[str] = []
      @field_validator("many", mode="before")
      @classmethod
      def split(cls, value): return value.split(",")
  class Db(BaseSettings):
      host: str = "h"
      again: Settings
  settings = Settings()
  print(settings.db.host, settings.many)
`

test('any mutation of a source gives facts', async () => {
  const edit = fc.tuple(
    fc.nat(good.length),
    fc.nat(14),
    fc.oneof(
      fc.string({maxLength: 6}),
      fc.constantFrom('(', ')', '"""', "f'{", '\n', '    ', ':', '@', '**', '\u0000', '😀', 'class ', 'Settings', '\r\n'),
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(edit, {minLength: 1, maxLength: 6}), async (edits) => {
      const text = edits.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), good)
      expect(JSON.stringify(await settingsOf({'config.py': text}))).toBeTypeOf('string')
    }),
    {numRuns: 100},
  )
})
