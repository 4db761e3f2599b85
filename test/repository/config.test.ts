import corsEnvParses from '../../src/checks/config/cors-env-parses.ts'
import corsNotWildcard from '../../src/checks/config/cors-not-wildcard.ts'
import databaseUrlComputed from '../../src/checks/config/database-url-computed.ts'
import databaseUrlDecomposed from '../../src/checks/config/database-url-decomposed.ts'
import dbPoolTuned from '../../src/checks/config/db-pool-tuned.ts'
import dbSslmodeSupported from '../../src/checks/config/db-sslmode-supported.ts'
import envExampleComplete from '../../src/checks/config/env-example-complete.ts'
import environmentValuesAgree from '../../src/checks/config/environment-values-agree.ts'
import noDefaultSecrets from '../../src/checks/config/no-default-secrets.ts'
import noHardcodedCredentials from '../../src/checks/config/no-hardcoded-credentials.ts'
import poolBudget from '../../src/checks/config/pool-budget.ts'
import settingsComplete from '../../src/checks/config/settings-complete.ts'
import urlComponentsEscaped from '../../src/checks/config/url-components-escaped.ts'
import {file} from '../support/repository.ts'
import {judgeRepository} from './judge-repository.ts'

const config = file`
  from typing import Annotated, Literal
  from pydantic import SecretStr, field_validator
  from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
  from sqlalchemy import URL

  class Settings(BaseSettings):
      model_config = SettingsConfigDict(env_file=".env")
      ENVIRONMENT: Literal["development", "staging", "production"]
      LOG_LEVEL: str = "INFO"
      JWT_SECRET: SecretStr
      LOAD_BATCH_SIZE: int = 500
      CORS_ORIGINS: Annotated[list[str], NoDecode] = []
      DB_HOST: str
      DB_PORT: int = 5432
      DB_NAME: str = "app"
      DB_USER: str = "app"
      DB_PASSWORD: SecretStr
      DB_SSL_MODE: Literal["disable", "require"] = "require"
      DB_POOL_SIZE: int = 5

      @field_validator("CORS_ORIGINS", mode="before")
      @classmethod
      def split(cls, value):
          return value.split(",") if isinstance(value, str) else value

      def _url(self, driver: str, query: dict[str, str]) -> URL:
          return URL.create(driver, self.DB_USER, self.DB_PASSWORD.get_secret_value(), self.DB_HOST, self.DB_PORT, self.DB_NAME, query)

      @property
      def database_url(self) -> URL:
          return self._url("postgresql+asyncpg", {"ssl": self.DB_SSL_MODE})

      @property
      def migration_url(self) -> URL:
          return self._url("postgresql+psycopg2", {"sslmode": self.DB_SSL_MODE})

  settings = Settings()
`
const database = file`
  from sqlalchemy.ext.asyncio import create_async_engine
  from app.config import settings
  engine = create_async_engine(
      settings.database_url,
      pool_size=settings.DB_POOL_SIZE,
      max_overflow=2,
      pool_pre_ping=True,
      pool_recycle=1800,
  )
`
const main = file`
  import logging
  from fastapi import FastAPI
  from fastapi.middleware.cors import CORSMiddleware
  from app.config import settings
  from app import loader
  from app.database import engine
  logging.basicConfig(level=settings.LOG_LEVEL)
  key = settings.JWT_SECRET
  app = FastAPI(debug=settings.ENVIRONMENT == "development")
  app.add_middleware(
      CORSMiddleware,
      allow_origins=settings.CORS_ORIGINS,
      allow_credentials=True,
      allow_methods=["GET"],
      allow_headers=["Authorization"],
      expose_headers=["X-Request-ID"],
  )
`
const texts = {
  'app/__init__.py': '',
  'app/config.py': config,
  'app/database.py': database,
  'app/loader.py': 'from app.config import settings\ndef load(rows):\n    return rows[: settings.LOAD_BATCH_SIZE]\n',
  'app/main.py': main,
  'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url =\n',
  'alembic/env.py': file`
    from alembic import context
    from sqlalchemy import create_engine, pool
    from app.config import settings
    def run_migrations_online():
        connectable = create_engine(settings.migration_url, poolclass=pool.NullPool)
        with connectable.connect() as connection:
            context.configure(connection=connection)
  `,
  '.env.example': file`
    # One of development, staging, production
    ENVIRONMENT=development
    # LOG_LEVEL=INFO
    JWT_SECRET=change-me # signs tokens
    # Rows that are written at once
    LOAD_BATCH_SIZE=500
    # Origins of the user interface, with commas between
    CORS_ORIGINS=http://localhost:4200
    # The database
    DB_HOST=localhost
    DB_PORT=5432
    DB_NAME=app
    DB_USER=app
    DB_PASSWORD=
    # disable or require
    DB_SSL_MODE=disable
    # Connections of one worker
    DB_POOL_SIZE=5
  `,
  'compose.yaml': file`
    services:
      db:
        image: postgres:16-alpine
        environment:
          POSTGRES_PASSWORD: ${'$'}{DB_PASSWORD:?set it in .env}
          POSTGRES_HOST_AUTH_METHOD: scram-sha-256
        healthcheck:
          test: ["CMD-SHELL", "pg_isready -U postgres"]
      api:
        build: .
        environment:
          ENVIRONMENT: development
          DB_PASSWORD: ${'$'}{DB_PASSWORD:?set it in .env}
  `,
  Dockerfile: 'FROM python:3.12-slim\nCOPY app app\nCMD ["uvicorn", "app.main:app", "--workers", "2"]\n',
}
const fields = ['host', 'port', 'name', 'user', 'password']

judgeRepository('config.database-url-decomposed', databaseUrlDecomposed, texts, [
  {
    when: 'a whole URL that an engine may get, by ways that only a run tells',
    change: {
      'app/config.py': ['DB_HOST: str', 'DB_HOST: str\n    DATABASE_URL: str | None = None'],
      'app/database.py': file`
        from sqlalchemy.ext.asyncio import create_async_engine
        from vendor import Pools
        from app.config import settings
        pools = Pools(settings.DATABASE_URL)
        engine = create_async_engine(pools.primary)
      `,
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['app/config.py:14'],
  },
  {
    when: 'the first class of settings is a small one of something else',
    change: {
      'app/config.py': ['DB_HOST: str', 'HOST: str'],
      'app/billing.py': 'from pydantic_settings import BaseSettings\nclass Billing(BaseSettings):\n    BILLING_URL: str = ""\n',
    },
    is: 'fail',
    code: 'DATABASE_URL_PARTLY_SPLIT',
    at: ['app/config.py:6'],
  },
  {when: 'five fields', is: 'pass', code: 'DATABASE_URL_SPLIT', at: ['app/config.py:13', 'app/config.py:17']},
  {
    when: 'a whole URL',
    change: {
      'app/config.py':
        'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    DATABASE_URL: str = "postgresql://a:b@c/d"\n',
    },
    is: 'fail',
    code: 'DATABASE_URL_WHOLE',
    at: ['app/config.py:3'],
  },
  {
    when: 'the variable stands in compose only',
    trap: 'DB_HOST in docker-compose or .env only, never read by Settings',
    change: {'app/config.py': ['      DB_HOST: str\n'.slice(2), '']},
    is: 'fail',
    code: 'DATABASE_URL_PARTLY_SPLIT',
    at: ['app/config.py:6'],
  },
  {
    when: 'a whole URL beside the parts is what the engine reads',
    trap: 'fields declared but DATABASE_URL still a settable field that wins',
    change: {
      'app/config.py': ['    DB_HOST: str\n', '    DATABASE_URL: str | None = None\n    DB_HOST: str\n'],
      'app/database.py': ['settings.database_url', 'settings.DATABASE_URL or settings.database_url'],
    },
    is: 'fail',
    code: 'DATABASE_URL_PARTLY_SPLIT',
    at: ['app/config.py:13'],
  },
  {
    when: 'the name of a variable in a docstring',
    trap: 'os.getenv in a comment or docstring',
    change: {'app/config.py': ['    DB_HOST: str\n', '    """os.getenv("DB_HOST")"""\n    # os.getenv("DB_HOST")\n']},
    is: 'fail',
    code: 'DATABASE_URL_PARTLY_SPLIT',
  },
  {
    when: 'the parts are a nested model',
    trap: 'fields on a nested BaseModel',
    change: {
      'app/config.py': file`
        from pydantic import BaseModel, SecretStr
        from pydantic_settings import BaseSettings
        class Database(BaseModel):
            ${fields.map((name) => `${name}: ${name === 'port' ? 'int' : 'str'}`).join('\n            ')}
        class Settings(BaseSettings, env_nested_delimiter="__"):
            db: Database
      `,
    },
    is: 'pass',
    code: 'DATABASE_URL_SPLIT',
    at: ['app/config.py:4'],
  },
  {
    when: 'an alias names the variable',
    trap: "Field(validation_alias='DB_HOST') on a lower-case attribute",
    change: {
      'app/config.py': ['    DB_HOST: str\n', "    server_of_database: str = Field(validation_alias='DB_HOST')\n"],
    },
    is: 'pass',
    code: 'DATABASE_URL_SPLIT',
  },
  {
    when: 'a prefix names the variables',
    trap: "env_prefix='DB_' with field host",
    change: {
      'app/config.py': file`
        from pydantic_settings import BaseSettings as Base
        class Database(Base):
            model_config = {"env_prefix": "DB_"}
            ${fields.map((name) => `${name}: ${name === 'port' ? 'int' : 'str'}`).join('\n            ')}
      `,
    },
    is: 'pass',
    code: 'DATABASE_URL_SPLIT',
  },
  {when: 'the password is a SecretStr', trap: 'DB_PASSWORD: SecretStr', is: 'pass', code: 'DATABASE_URL_SPLIT', at: ['app/config.py:17']},
  {
    when: 'the port is text',
    change: {'app/config.py': ['DB_PORT: int = 5432', 'DB_PORT: str = "5432"']},
    is: 'fail',
    code: 'DATABASE_URL_PARTLY_SPLIT',
    at: ['app/config.py:14'],
  },
  {when: 'there are no settings', change: {'app/config.py': 'settings = 1\n'}, is: 'fail', code: 'NO_SETTINGS', at: ['app/main.py:9']},
  {
    when: 'the settings are not Python',
    change: {'app/config.py': ['class Settings(BaseSettings):', 'class Settings(BaseSettings:']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'the names of the variables are made at run time',
    change: {'app/config.py': ['env_file=".env"', 'env_prefix=input()']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['app/config.py:7'],
  },
])

judgeRepository('config.database-url-computed', databaseUrlComputed, texts, [
  {
    when: 'a file of SQLite stands in for it on a laptop',
    change: {
      'app/database.py': [
        'settings.database_url',
        '"sqlite+aiosqlite:///laptop.db" if settings.LOG_LEVEL == "DEBUG" else settings.database_url',
      ],
    },
    is: 'pass',
    code: 'DATABASE_URL_BUILT',
  },
  {
    when: 'a validator of pydantic 1 puts it together out of the other values',
    change: {
      'app/config.py': file`
        from pydantic import BaseSettings, PostgresDsn, validator
        class Settings(BaseSettings):
            DB_HOST: str
            DB_PORT: int
            DB_NAME: str
            DB_USER: str
            DB_PASSWORD: str
            SQLALCHEMY_URI: PostgresDsn | None = None
            @validator("SQLALCHEMY_URI", pre=True)
            def put_together(cls, given, values):
                return given or PostgresDsn.build(
                    scheme="postgresql", user=values.get("DB_USER"), password=values["DB_PASSWORD"],
                    host=values.get("DB_HOST"), port=str(values.get("DB_PORT")), path="/" + values.get("DB_NAME"))
        settings = Settings()
      `,
      'app/database.py':
        'from sqlalchemy import create_engine\nfrom app.config import settings\nengine = create_engine(settings.SQLALCHEMY_URI)\n',
      'alembic/env.py': ['settings.migration_url', 'settings.SQLALCHEMY_URI'],
    },
    is: 'pass',
    code: 'DATABASE_URL_BUILT',
    at: ['app/config.py:10'],
  },
  {when: 'both engines use a URL that is built', is: 'pass', code: 'DATABASE_URL_BUILT'},
  {
    when: 'the engine reads another URL',
    trap: "computed property exists, but database.py still builds the engine from os.environ['DATABASE_URL']",
    change: {
      'app/database.py': [
        'engine = create_async_engine(\n    settings.database_url',
        'import os\nengine = create_async_engine(\n    os.environ["DATABASE_URL"]',
      ],
    },
    is: 'fail',
    code: 'DATABASE_URL_PARTLY_BUILT',
    at: ['app/database.py:4'],
  },
  {
    when: 'the port is left out',
    trap: 'f-string that omits the port',
    change: {
      'app/config.py': [
        'return self._url("postgresql+asyncpg", {"ssl": self.DB_SSL_MODE})',
        'return f"postgresql+asyncpg://{self.DB_USER}:{self.DB_PASSWORD.get_secret_value()}@{self.DB_HOST}/{self.DB_NAME}"',
      ],
    },
    is: 'fail',
    code: 'DATABASE_URL_PARTLY_BUILT',
    at: ['app/config.py:31'],
  },
  {
    when: 'by keywords of URL.create',
    trap: 'sqlalchemy.engine.URL.create(drivername=..., password=self.db.password.get_secret_value())',
    change: {
      'app/config.py': [
        'URL.create(driver, self.DB_USER, self.DB_PASSWORD.get_secret_value(), self.DB_HOST, self.DB_PORT, self.DB_NAME, query)',
        'URL.create(drivername=driver, username=self.DB_USER, password=self.DB_PASSWORD.get_secret_value(), host=self.DB_HOST, port=self.DB_PORT, database=self.DB_NAME, query=query)',
      ],
    },
    is: 'pass',
    code: 'DATABASE_URL_BUILT',
  },
  {
    when: 'the property has another name',
    trap: 'property called sqlalchemy_url',
    change: {'app/config.py': ['def database_url', 'def sqlalchemy_url'], 'app/database.py': ['database_url', 'sqlalchemy_url']},
    is: 'pass',
    code: 'DATABASE_URL_BUILT',
  },
  {
    when: 'nothing is built',
    change: {
      'app/database.py': ['settings.database_url', '"postgresql+asyncpg://a:b@c:5432/d"'],
      'alembic/env.py': ['settings.migration_url', '"postgresql://a:b@c:5432/d"'],
    },
    is: 'fail',
    code: 'DATABASE_URL_NOT_BUILT',
    at: ['app/database.py:4', 'alembic/env.py:5'],
  },
  {
    when: 'the URL comes from a call that cannot be read',
    change: {'app/database.py': ['settings.database_url', 'vault.read("url")']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['app/database.py:3'],
  },
  {
    when: 'there is no engine',
    change: {'app/database.py': 'engine = None\n'},
    is: 'fail',
    code: 'NO_ENGINE',
  },
  {
    when: 'the engine is made by a function that is given the URL',
    change: {
      'app/database.py':
        'from sqlalchemy.ext.asyncio import create_async_engine as make\nfrom app.config import settings\ndef connect(url):\n    return make(url)\nengine = connect(settings.database_url)\n',
    },
    is: 'pass',
    code: 'DATABASE_URL_BUILT',
  },
  {
    when: 'env.py hands the URL to the configuration',
    change: {
      'alembic/env.py': file`
        from alembic import context
        from sqlalchemy import engine_from_config
        from app.config import settings
        config = context.config
        config.set_main_option("sqlalchemy.url", settings.migration_url.render_as_string(hide_password=False).replace("%", "%%"))
        connectable = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")
      `,
    },
    is: 'pass',
    code: 'DATABASE_URL_BUILT',
    at: ['app/config.py:27'],
  },
])

judgeRepository('config.settings-complete', settingsComplete, texts, [
  {
    when: 'a pair of keys, and the secret of somebody else',
    change: {
      'app/config.py': ['JWT_SECRET: SecretStr', 'OAUTH_CLIENT_SECRET: SecretStr\n    JWT_PUBLIC_KEY_PATH: str'],
      'app/main.py': ['settings.JWT_SECRET', 'settings.JWT_PUBLIC_KEY_PATH'],
    },
    is: 'pass',
    code: 'SETTINGS_COMPLETE',
  },
  {
    when: 'two settings have such a name, and one of them is read',
    change: {'app/config.py': ['LOG_LEVEL: str = "INFO"', 'SQL_LOG_LEVEL: str = "WARNING"\n    LOG_LEVEL: str = "INFO"']},
    is: 'pass',
    code: 'SETTINGS_COMPLETE',
  },
  {when: 'all are there and read', is: 'pass', code: 'SETTINGS_COMPLETE'},
  {
    when: 'a constant beside them',
    trap: 'BATCH_SIZE = 500 module constant in data_loader.py',
    change: {'app/loader.py': 'BATCH_SIZE = 500\ndef load(rows):\n    return rows[:BATCH_SIZE]\n'},
    is: 'fail',
    code: 'SETTINGS_INCOMPLETE',
    at: ['app/loader.py:1'],
  },
  {
    when: 'nothing reads one',
    trap: 'field declared and never read (dead setting)',
    change: {'app/main.py': ['logging.basicConfig(level=settings.LOG_LEVEL)', 'logging.basicConfig()']},
    is: 'fail',
    code: 'SETTINGS_INCOMPLETE',
    at: ['app/config.py:9'],
  },
  {
    when: 'the batch size has a longer name',
    trap: 'DATA_LOAD_BATCH_SIZE',
    change: {'app/config.py': ['LOAD_BATCH_SIZE', 'DATA_LOAD_BATCH_SIZE'], 'app/loader.py': ['LOAD_BATCH_SIZE', 'DATA_LOAD_BATCH_SIZE']},
    is: 'pass',
    code: 'SETTINGS_COMPLETE',
  },
  {when: 'the environment is a Literal', trap: "Literal['dev',...] type", is: 'pass', code: 'SETTINGS_COMPLETE', at: ['app/config.py:8']},
  {
    when: 'a mixin holds them',
    trap: 'inherited from a base Settings mixin',
    change: {
      'app/config.py': [
        'class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_file=".env")\n    ENVIRONMENT: Literal["development", "staging", "production"]\n',
        'class Common(BaseSettings):\n    ENVIRONMENT: Literal["development", "staging", "production"]\n\nclass Settings(Common):\n',
      ],
    },
    is: 'pass',
    code: 'SETTINGS_COMPLETE',
    at: ['app/config.py:7'],
  },
  {
    when: 'an identity provider takes the place of the secret',
    change: {
      'app/config.py': ['    JWT_SECRET: SecretStr\n', '    IDP_ISSUER: str\n    IDP_AUDIENCE: str\n'],
      'app/main.py': ['key = settings.JWT_SECRET', 'key = (settings.IDP_ISSUER, settings.IDP_AUDIENCE)'],
    },
    is: 'pass',
    code: 'SETTINGS_COMPLETE',
  },
  {
    when: 'code reads the variable past them',
    change: {
      'app/loader.py': 'import os\nfrom app.config import settings\nlevel = os.getenv("LOG_LEVEL", "INFO")\nx = settings.LOAD_BATCH_SIZE\n',
    },
    is: 'fail',
    code: 'SETTINGS_INCOMPLETE',
    at: ['app/loader.py:3'],
  },
  {
    when: 'none of them is there',
    change: {'app/config.py': 'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    X: int\n'},
    is: 'fail',
    code: 'SETTINGS_MISSING',
  },
  {when: 'there are no settings', change: {'app/config.py': ''}, is: 'fail', code: 'NO_SETTINGS'},
])

judgeRepository('config.env-example-complete', envExampleComplete, texts, [
  {when: 'every variable is documented', is: 'pass', code: 'ENV_EXAMPLE_COMPLETE'},
  {
    when: 'a field is not in it',
    trap: '.env.example exists but misses a field',
    change: {'.env.example': ['DB_PORT=5432\n', '']},
    is: 'fail',
    code: 'ENV_EXAMPLE_INCOMPLETE',
    at: ['app/config.py:14'],
  },
  {
    when: 'a variable is only mentioned',
    trap: 'variable named only in a prose comment',
    change: {'.env.example': ['DB_PORT=5432\n', '# DB_PORT is the port\n']},
    is: 'fail',
    code: 'ENV_EXAMPLE_INCOMPLETE',
    at: ['app/config.py:14'],
  },
  {
    when: 'a list is not JSON',
    trap: 'documented default violates type (CORS_ORIGINS=https://x for list[str])',
    change: {'app/config.py': ['Annotated[list[str], NoDecode]', 'list[str]']},
    is: 'fail',
    code: 'ENV_EXAMPLE_INCOMPLETE',
    at: ['.env.example:8'],
  },
  {when: 'an optional one is commented out', trap: '# LOG_LEVEL=INFO commented-out optional', is: 'pass', code: 'ENV_EXAMPLE_COMPLETE'},
  {
    when: 'properties and class variables are no variables',
    trap: 'computed_field properties and ClassVar must not be required',
    change: {'app/config.py': ['    LOG_LEVEL: str = "INFO"\n', '    LOG_LEVEL: str = "INFO"\n    VERSION: ClassVar[str] = "1"\n']},
    is: 'pass',
    code: 'ENV_EXAMPLE_COMPLETE',
  },
  {when: 'the comment stands behind the value', trap: 'inline comment after value', is: 'pass', code: 'ENV_EXAMPLE_COMPLETE'},
  {when: 'there is none', change: {'.env.example': undefined}, is: 'fail', code: 'ENV_EXAMPLE_MISSING', at: ['app/config.py:6']},
  {when: 'it is empty', change: {'.env.example': ''}, is: 'fail', code: 'ENV_EXAMPLE_EMPTY'},
  {
    when: 'it names what nothing reads',
    change: {'.env.example': ['DB_PORT=5432\n', 'DB_PORT=5432\nOLD_FLAG=1\n']},
    is: 'fail',
    code: 'ENV_EXAMPLE_INCOMPLETE',
    at: ['.env.example:12'],
  },
  {
    when: 'it holds what looks like a live secret',
    change: {'.env.example': ['JWT_SECRET=change-me', 'JWT_SECRET=k3J9vQ2mX8pL5nR7tW1zB4cD6fG0hY']},
    is: 'fail',
    code: 'ENV_EXAMPLE_INCOMPLETE',
    at: ['.env.example:4'],
  },
  {
    when: 'it lies where nobody looks',
    change: {'.env.example': undefined, 'docs/.env.example': texts['.env.example']},
    is: 'fail',
    code: 'ENV_EXAMPLE_INCOMPLETE',
    at: ['docs/.env.example:1'],
  },
  {
    when: 'line ends of Windows',
    change: {'.env.example': texts['.env.example'].replaceAll('\n', '\r\n')},
    is: 'pass',
    code: 'ENV_EXAMPLE_COMPLETE',
  },
  {when: 'there are no settings', change: {'app/config.py': ''}, is: 'fail', code: 'NO_SETTINGS'},
])

const credential = (text: string): readonly [string, string] => [`POSTGRES_PASSWORD: \${DB_PASSWORD:?set it in .env}`, text]

judgeRepository('config.no-hardcoded-credentials', noHardcodedCredentials, texts, [
  {
    when: 'a command with a variable that must be set, and says why',
    change: {
      'compose.yaml':
        'services:\n  cache:\n    image: redis:7\n    command: redis-server --requirepass ${CACHE_PASSWORD:?a password is needed}\n',
    },
    is: 'pass',
    code: 'NO_CREDENTIALS',
  },
  {when: 'variables without a default', is: 'pass', code: 'NO_CREDENTIALS'},
  {
    when: 'a default in the variable',
    trap: "${DB_PASSWORD:-postgres} passes a `grep -v '\\${'` check",
    change: {'compose.yaml': credential(`POSTGRES_PASSWORD: \${DB_PASSWORD:-postgres}`)},
    is: 'fail',
    code: 'CREDENTIALS_IN_FILES',
    at: ['compose.yaml:5'],
  },
  {
    when: 'the list form',
    trap: "list-form environment: ['POSTGRES_PASSWORD=postgres']",
    change: {
      'compose.yaml': "services:\n  db:\n    image: postgres:16\n    environment: ['POSTGRES_PASSWORD=postgres']\n",
    },
    is: 'fail',
    code: 'CREDENTIALS_IN_FILES',
    at: ['compose.yaml:4'],
  },
  {
    when: 'an anchor that is merged',
    trap: 'anchored/merged x-env block',
    change: {
      'compose.yaml':
        'x-env: &env\n  DB_PASSWORD: postgres\nservices:\n  api:\n    image: api\n    environment:\n      <<: *env\n      A: b\n',
    },
    is: 'fail',
    code: 'CREDENTIALS_IN_FILES',
    at: ['compose.yaml:2'],
  },
  {
    when: 'the password in a URL',
    trap: 'password inside DATABASE_URL',
    change: {'compose.yaml': credential('DATABASE_URL: postgresql://app:hunter2@db:5432/app')},
    is: 'fail',
    code: 'CREDENTIALS_IN_FILES',
    at: ['compose.yaml:5'],
  },
  {
    when: 'a placeholder that env.py replaces',
    trap: 'driver://user:pass@host/dbname placeholder in alembic.ini',
    change: {'alembic.ini': ['sqlalchemy.url =', 'sqlalchemy.url = driver://user:pass@localhost/dbname']},
    is: 'pass',
    code: 'NO_CREDENTIALS',
    at: ['alembic.ini:3'],
  },
  {
    when: 'a file holds the password',
    trap: 'POSTGRES_PASSWORD_FILE: /run/secrets/db_password',
    change: {'compose.yaml': credential('POSTGRES_PASSWORD_FILE: /run/secrets/db_password')},
    is: 'pass',
    code: 'NO_CREDENTIALS',
  },
  {
    when: 'a user name in a health check',
    trap: "healthcheck 'pg_isready -U postgres' (user name, not secret)",
    is: 'pass',
    code: 'NO_CREDENTIALS',
  },
  {when: 'a method, no secret', trap: 'POSTGRES_HOST_AUTH_METHOD', is: 'pass', code: 'NO_CREDENTIALS'},
  {
    when: 'alembic.ini holds a URL with a password, which env.py replaces',
    change: {'alembic.ini': ['sqlalchemy.url =', 'sqlalchemy.url = postgresql://app:hunter2@localhost/app']},
    is: 'fail',
    code: 'CREDENTIALS_IN_FILES',
    at: ['alembic.ini:3'],
  },
  {
    when: 'a command holds the password',
    change: {'compose.yaml': ['    image: postgres:16-alpine\n', '    image: redis:8\n    command: redis-server --requirepass hunter2\n']},
    is: 'fail',
    code: 'CREDENTIALS_IN_FILES',
    at: ['compose.yaml:4'],
  },
  {when: 'there is neither', change: {'compose.yaml': undefined, 'alembic.ini': undefined}, is: 'pass', code: 'NO_CREDENTIALS'},
  {when: 'a compose file that is no YAML', change: {'compose.yaml': 'services:\n  a: [\n'}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'a stack that only tests start has a password of its own',
    change: {'tests/docker-compose.yml': 'services:\n  db:\n    image: postgres:16\n    environment: {POSTGRES_PASSWORD: throwaway}\n'},
    is: 'pass',
    code: 'NO_CREDENTIALS',
  },
  {
    when: 'a stack for development has one',
    change: {'compose.dev.yaml': 'services:\n  db:\n    image: postgres:16\n    environment: {POSTGRES_PASSWORD: throwaway}\n'},
    is: 'fail',
    code: 'CREDENTIALS_IN_FILES',
    at: ['compose.dev.yaml:4'],
  },
])

const untuned =
  'from sqlalchemy.ext.asyncio import create_async_engine\nfrom app.config import settings\nengine = create_async_engine(settings.database_url)\n'

judgeRepository('config.db-pool-tuned', dbPoolTuned, texts, [
  {
    when: 'a worker has an engine without a pool beside it',
    change: {
      'app/loader.py': file`
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlalchemy.pool import NullPool
        from app.config import settings
        def work(): return create_async_engine(settings.database_url, poolclass=NullPool)
      `,
    },
    is: 'pass',
    code: 'POOL_TUNED',
  },
  {
    when: 'a script that the application does not import has an engine of its own',
    change: {
      'app/cli.py': 'from sqlalchemy import create_engine\nfrom app.config import settings\nonce = create_engine(settings.migration_url)\n',
    },
    is: 'pass',
    code: 'POOL_TUNED',
  },
  {
    when: 'an engine of SQLite for laptops in the other branch',
    change: {
      'app/database.py': [
        'engine = create_async_engine(',
        'if settings.LOG_LEVEL == "DEBUG":\n    engine = create_async_engine("sqlite+aiosqlite:///laptop.db")\nengine = create_async_engine(',
      ],
    },
    is: 'pass',
    code: 'POOL_TUNED',
  },
  {when: 'all four are given', is: 'pass', code: 'POOL_TUNED', at: ['app/database.py:5', 'app/database.py:8']},
  {
    when: 'only the engine of Alembic is tuned',
    trap: 'kwargs on the Alembic engine, not the app engine',
    change: {
      'app/database.py': untuned,
      'alembic/env.py': ['poolclass=pool.NullPool', 'pool_size=1, max_overflow=0, pool_recycle=1, pool_pre_ping=True'],
    },
    is: 'fail',
    code: 'POOL_NOT_TUNED',
    at: ['app/database.py:3'],
  },
  {
    when: 'the settings are there and not given',
    trap: 'settings exist but not passed',
    change: {'app/database.py': untuned},
    is: 'fail',
    code: 'POOL_NOT_TUNED',
  },
  {
    when: 'the ping is off',
    trap: 'pool_pre_ping=False',
    change: {'app/database.py': ['pool_pre_ping=True', 'pool_pre_ping=False']},
    is: 'fail',
    code: 'POOL_PARTLY_TUNED',
    at: ['app/database.py:7'],
  },
  {
    when: 'they are given in a dict',
    trap: 'engine_kwargs = dict(...) splatted',
    change: {
      'app/database.py': file`
        from sqlalchemy.ext.asyncio import create_async_engine
        from app.config import settings
        engine_kwargs = dict(pool_size=5, max_overflow=2, pool_pre_ping=True)
        engine_kwargs["pool_recycle"] = 1800
        engine = create_async_engine(settings.database_url, **engine_kwargs)
      `,
    },
    is: 'pass',
    code: 'POOL_TUNED',
    at: ['app/database.py:3', 'app/database.py:4'],
  },
  {
    when: 'no pool at all',
    trap: 'NullPool behind pgbouncer / Cloud SQL managed pooling',
    change: {'app/database.py': ['pool_size=settings.DB_POOL_SIZE', 'poolclass=NullPool']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['app/database.py:3'],
  },
  {
    when: 'arguments that only a run knows',
    change: {
      'app/database.py':
        'from sqlalchemy import create_engine\nimport os\nengine = create_engine("postgresql://h/d", **load(os.environ))\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'there is no engine', change: {'app/database.py': 'engine = 1\n'}, is: 'fail', code: 'NO_ENGINE'},
])

judgeRepository('config.db-sslmode-supported', dbSslmodeSupported, texts, [
  {
    when: 'an engine of SQLite for laptops beside it',
    change: {
      'app/database.py': [
        'engine = create_async_engine(',
        'if settings.LOG_LEVEL == "DEBUG":\n    engine = create_async_engine("sqlite+aiosqlite:///laptop.db")\nengine = create_async_engine(',
      ],
    },
    is: 'pass',
    code: 'TLS_SUPPORTED',
  },
  {when: 'each driver has its own', is: 'pass', code: 'TLS_SUPPORTED'},
  {
    when: 'a comment speaks of it',
    trap: "grep 'ssl' hits a comment",
    change: {
      'app/config.py': file`
        from pydantic_settings import BaseSettings
        from sqlalchemy import URL
        class Settings(BaseSettings):
            DB_HOST: str
            @property
            def database_url(self):
                # ssl is on
                return URL.create("postgresql+asyncpg", host=self.DB_HOST)
            @property
            def migration_url(self):
                return URL.create("postgresql+psycopg2", host=self.DB_HOST)
        settings = Settings()
      `,
    },
    is: 'fail',
    code: 'TLS_NOT_SUPPORTED',
  },
  {
    when: 'migrations run in clear',
    trap: 'async URL only (migrations run in clear)',
    change: {'app/config.py': ['"postgresql+psycopg2", {"sslmode": self.DB_SSL_MODE}', '"postgresql+psycopg2", {}']},
    is: 'fail',
    code: 'TLS_PARTLY_SUPPORTED',
    at: ['alembic/env.py:5'],
  },
  {
    when: 'asyncpg is given sslmode',
    trap: "?sslmode=require on an asyncpg URL -> TypeError: connect() got an unexpected keyword argument 'sslmode'",
    change: {'app/config.py': ['{"ssl": self.DB_SSL_MODE}', '{"sslmode": self.DB_SSL_MODE}']},
    is: 'fail',
    code: 'TLS_PARTLY_SUPPORTED',
    at: ['app/config.py:31'],
  },
  {
    when: "Cloud SQL's connector makes the connections",
    trap: 'cloud-sql-python-connector / AlloyDB connector (own mTLS)',
    change: {
      'app/database.py': file`
        from google.cloud.sql.connector import Connector
        from sqlalchemy.ext.asyncio import create_async_engine
        connector = Connector()
        async def connect():
            return await connector.connect_async("p:r:i", "asyncpg")
        engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
      `,
      'alembic/env.py': undefined,
    },
    is: 'pass',
    code: 'TLS_SUPPORTED',
    at: ['app/database.py:6'],
  },
  {
    when: 'an SSL context',
    trap: 'ssl.create_default_context() in connect_args',
    change: {
      'app/config.py': ['{"ssl": self.DB_SSL_MODE}', '{}'],
      'app/database.py': [
        'engine = create_async_engine(',
        'import ssl\nengine = create_async_engine(\n    connect_args={"ssl": ssl.create_default_context()},',
      ],
    },
    is: 'pass',
    code: 'TLS_SUPPORTED',
    at: ['app/database.py:5'],
  },
])

judgeRepository('config.no-default-secrets', noDefaultSecrets, texts, [
  {
    when: 'a validator of the field that asks for the environment among the other values',
    change: {
      'app/config.py': [
        'JWT_SECRET: SecretStr\n',
        `JWT_SECRET: str = "only-for-laptops"

    @field_validator("JWT_SECRET")
    @classmethod
    def no_laptop(cls, value, info):
        if value == "only-for-laptops" and info.data.get("ENVIRONMENT") != "development":
            raise ValueError("a secret of its own")
        return value

`,
      ],
    },
    is: 'pass',
    code: 'NO_DEFAULT_SECRETS',
  },
  {when: 'secrets without defaults', is: 'pass', code: 'NO_DEFAULT_SECRETS'},
  {
    when: 'a default that is wrapped',
    trap: "SecretStr('postgres')",
    change: {'app/config.py': ['DB_PASSWORD: SecretStr', "DB_PASSWORD: SecretStr = SecretStr('postgres')"]},
    is: 'fail',
    code: 'DEFAULT_SECRETS',
    at: ['app/config.py:17'],
  },
  {
    when: 'empty defaults',
    trap: "default None/''/Field(...)",
    change: {
      'app/config.py': [
        'JWT_SECRET: SecretStr\n',
        "JWT_SECRET: SecretStr = Field(...)\n    A_TOKEN: str = ''\n    B_KEY: str | None = None\n",
      ],
    },
    is: 'pass',
    code: 'NO_DEFAULT_SECRETS',
  },
  {
    when: 'a validator refuses the default outside of development',
    change: {
      'app/config.py': [
        '    JWT_SECRET: SecretStr\n',
        file`
              JWT_SECRET: str = "insecure-default"
              @model_validator(mode="after")
              def no_defaults(self):
                  if self.ENVIRONMENT != "development" and self.JWT_SECRET == "insecure-default":
                      raise ValueError("set JWT_SECRET")
                  return self
        `.replaceAll(/^(?=.)/gm, '    '),
      ],
    },
    is: 'pass',
    code: 'NO_DEFAULT_SECRETS',
  },
  {when: 'there are no settings', change: {'app/config.py': ''}, is: 'fail', code: 'NO_SETTINGS'},
])

const workflow = (value: string) => file`
  on: {push: {branches: [main]}}
  jobs:
    deploy:
      runs-on: ubuntu-24.04
      steps:
        - run: gcloud run deploy api --image=x --update-env-vars=ENVIRONMENT=${value}
`

judgeRepository('config.environment-values-agree', environmentValuesAgree, texts, [
  {
    when: 'a tool has an environment of its own, and a list of names ends in the word',
    change: {
      'app/config.py': [
        'ENVIRONMENT: Literal',
        'SENTRY_ENVIRONMENT: str = "x"\n    NAMES_FROM_ENVIRONMENT: list[str] = []\n    ENVIRONMENT: Literal',
      ],
    },
    is: 'pass',
    code: 'ENVIRONMENTS_AGREE',
  },
  {when: 'what compose says is known', is: 'pass', code: 'ENVIRONMENTS_AGREE', at: ['compose.yaml:12']},
  {
    when: 'any text, compared with one word',
    trap: "free str compared to 'production' only",
    change: {
      'app/config.py': ['Literal["development", "staging", "production"]', 'str = "development"'],
      '.github/workflows/d.yml': workflow('prod'),
    },
    is: 'fail',
    code: 'ENVIRONMENTS_DIFFER_PARTLY',
    at: ['app/config.py:8', '.github/workflows/d.yml:6'],
  },
  {
    when: 'a validator turns one name into another',
    trap: 'alias map prod->production in validator',
    change: {
      'app/config.py': [
        '    @field_validator("CORS_ORIGINS", mode="before")',
        file`
              @field_validator("ENVIRONMENT", mode="before")
              @classmethod
              def full_name(cls, value):
                  return {"prod": "production"}.get(value, value)

              @field_validator("CORS_ORIGINS", mode="before")
        `
          .replaceAll(/^(?=.)/gm, '    ')
          .trimEnd(),
      ],
      '.github/workflows/d.yml': workflow('prod'),
    },
    is: 'pass',
    code: 'ENVIRONMENTS_AGREE',
  },
  {
    when: 'a workflow deploys another name',
    change: {'.github/workflows/d.yml': workflow('prod')},
    is: 'fail',
    code: 'ENVIRONMENTS_DIFFER_PARTLY',
    at: ['.github/workflows/d.yml:6'],
  },
  {
    when: 'nothing lists them',
    change: {'app/config.py': ['Literal["development", "staging", "production"]', 'str'], 'compose.yaml': undefined},
    is: 'fail',
    code: 'ENVIRONMENTS_DIFFER',
  },
  {
    when: 'only a run knows it',
    change: {'.github/workflows/d.yml': workflow('${{ vars.ENVIRONMENT }}')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['.github/workflows/d.yml:6'],
  },
  {
    when: 'there is no such setting',
    change: {'app/config.py': ['    ENVIRONMENT: Literal["development", "staging", "production"]\n', '']},
    is: 'not_applicable',
    code: 'NO_ENVIRONMENT_SETTING',
  },
  {when: 'there are no settings', change: {'app/config.py': ''}, is: 'fail', code: 'NO_SETTINGS'},
])

const raw =
  'return f"postgresql+asyncpg://{self.DB_USER}:{self.DB_PASSWORD.get_secret_value()}@{self.DB_HOST}:{self.DB_PORT}/{self.DB_NAME}"'

judgeRepository('config.url-components-escaped', urlComponentsEscaped, texts, [
  {
    when: 'text that is the path of a file of SQLite',
    change: {
      'app/database.py': [
        'settings.database_url',
        'f"sqlite+aiosqlite:///{settings.DB_NAME}.db" if settings.LOG_LEVEL == "DEBUG" else settings.database_url',
      ],
    },
    is: 'pass',
    code: 'URL_PARTS_ESCAPED',
  },
  {when: 'by URL.create', is: 'pass', code: 'URL_PARTS_ESCAPED', at: ['app/config.py:27']},
  {
    when: 'as text',
    change: {'app/config.py': ['return self._url("postgresql+asyncpg", {"ssl": self.DB_SSL_MODE})', raw]},
    is: 'fail',
    code: 'URL_PARTS_NOT_ESCAPED',
    at: ['app/config.py:31'],
  },
  {
    when: 'as text with quote_plus',
    change: {
      'app/config.py': [
        'return self._url("postgresql+asyncpg", {"ssl": self.DB_SSL_MODE})',
        raw.replace('self.DB_PASSWORD.get_secret_value()', 'quote_plus(self.DB_PASSWORD.get_secret_value())'),
      ],
    },
    is: 'pass',
    code: 'URL_PARTS_ESCAPED',
  },
  {
    when: 'none is built',
    change: {'app/database.py': 'engine = 1\n', 'alembic/env.py': undefined},
    is: 'not_applicable',
    code: 'NO_URL_BUILT',
  },
])

judgeRepository('config.cors-env-parses', corsEnvParses, texts, [
  {
    when: 'a switch for CORS and no origins',
    change: {'app/config.py': ['CORS_ORIGINS: Annotated[list[str], NoDecode] = []', 'ENABLE_CORS: bool = False']},
    is: 'not_applicable',
    code: 'NO_CORS_SETTING',
  },
  {when: 'not decoded, and split', is: 'pass', code: 'CORS_VALUE_PARSES', at: ['app/config.py:12']},
  {
    when: 'a list that is JSON',
    change: {'app/config.py': ['Annotated[list[str], NoDecode]', 'list[str]']},
    is: 'fail',
    code: 'CORS_VALUE_BREAKS',
    at: ['app/config.py:12'],
  },
  {when: 'text', change: {'app/config.py': ['Annotated[list[str], NoDecode] = []', 'str = ""']}, is: 'pass', code: 'CORS_VALUE_PARSES'},
  {
    when: 'there is none',
    change: {'app/config.py': ['    CORS_ORIGINS: Annotated[list[str], NoDecode] = []\n', '']},
    is: 'not_applicable',
    code: 'NO_CORS_SETTING',
  },
])

judgeRepository('config.cors-not-wildcard', corsNotWildcard, texts, [
  {
    when: 'a setting says whether credentials are allowed',
    change: {
      'app/config.py': ['DB_HOST: str', 'DB_HOST: str\n    CORS_CREDENTIALS: bool = False'],
      'app/main.py': [
        'allow_credentials=True,\n    allow_methods=["GET"]',
        'allow_credentials=settings.CORS_CREDENTIALS,\n    allow_methods=["*"]',
      ],
    },
    is: 'fail',
    code: 'CORS_PARTLY_WILDCARD',
    at: ['app/main.py:14'],
  },
  {when: 'all is written out', is: 'pass', code: 'CORS_EXPLICIT'},
  {when: 'all methods', change: {'app/main.py': ['["GET"]', '["*"]']}, is: 'fail', code: 'CORS_PARTLY_WILDCARD', at: ['app/main.py:14']},
  {
    when: 'everything',
    change: {
      'app/main.py': [
        'allow_methods=["GET"],\n    allow_headers=["Authorization"],\n    expose_headers=["X-Request-ID"]',
        'allow_methods=["*"],\n    allow_headers=["*"]',
      ],
    },
    is: 'fail',
    code: 'CORS_WILDCARD',
    at: ['app/main.py:14', 'app/main.py:15'],
  },
  {
    when: 'without credentials',
    change: {'app/main.py': ['allow_credentials=True', 'allow_credentials=False']},
    is: 'pass',
    code: 'CORS_EXPLICIT',
  },
  {
    when: 'a list that only a run knows',
    change: {'app/main.py': ['["GET"]', 'load()']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['app/main.py:14'],
  },
  {when: 'no CORS', change: {'app/main.py': ['app.add_middleware(', 'print(']}, is: 'not_applicable', code: 'NO_CORS'},
])

judgeRepository('config.pool-budget', poolBudget, texts, [
  {
    when: 'a second engine that fits alone, and not beside the first',
    change: {
      Dockerfile: ['"2"', '"3"'],
      'app/loader.py':
        'from sqlalchemy import create_engine\nfrom app.config import settings\nother = create_engine(settings.migration_url, pool_size=6, max_overflow=2)\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['app/loader.py:3'],
  },
  {when: 'two workers of seven on ten instances', is: 'pass', code: 'POOLS_FIT', at: ['app/database.py:5', 'Dockerfile:3']},
  {when: 'eight workers', change: {Dockerfile: ['"2"', '"8"']}, is: 'fail', code: 'POOLS_TOO_LARGE', at: ['app/database.py:5']},
  {when: 'many instances by the configuration', config: {runMax: 100}, is: 'fail', code: 'POOLS_TOO_LARGE'},
  {
    when: 'a small database in Terraform',
    change: {
      'infra/environments/prod/main.tf': file`
        resource "google_sql_database_instance" "db" {
          name             = "db"
          database_version = "POSTGRES_16"
          settings {
            tier = "db-f1-micro"
          }
        }
      `,
    },
    is: 'fail',
    code: 'POOLS_TOO_LARGE',
  },
  {
    when: 'the size is only known at run time',
    change: {'app/database.py': ['settings.DB_POOL_SIZE', 'cores() * 2']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['app/database.py:5'],
  },
  {
    when: 'no pool',
    change: {'app/database.py': ['pool_size=settings.DB_POOL_SIZE', 'poolclass=NullPool']},
    is: 'not_applicable',
    code: 'NO_POOL',
  },
  {when: 'no engine', change: {'app/database.py': 'engine = 1\n'}, is: 'not_applicable', code: 'NO_ENGINE'},
])
