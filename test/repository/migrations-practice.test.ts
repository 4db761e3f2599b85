import baseline from '../../src/checks/migrations/baseline-path.ts'
import dynamicTables from '../../src/checks/migrations/excludes-dynamic-tables.ts'
import foreignKeys from '../../src/checks/migrations/fk-indexes.ts'
import createAll from '../../src/checks/migrations/no-create-all.ts'
import percent from '../../src/checks/migrations/percent-escape.ts'
import queueOrder from '../../src/checks/migrations/queue-order-index.ts'
import sslmode from '../../src/checks/migrations/sslmode-require-prod.ts'
import {judgeRepository} from './judge-repository.ts'
import {env, first, main, models, next, queue, second, settings, texts} from './migrations-texts.ts'

const start = '        # no more Base.metadata.create_all() here\n'.slice(4)
const onStart = (line: string): readonly [string, string] => [start, `    ${line}\n`]
const crlf = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]))

judgeRepository('migrations.no-create-all', createAll, texts, [
  {when: 'nothing at start-up makes tables', trap: 'comment mentioning create_all', is: 'pass', code: 'NO_CREATE_ALL', at: [`${main}:10`]},
  {when: 'Windows line ends', change: crlf, is: 'pass', code: 'NO_CREATE_ALL'},
  {
    when: 'run_sync is handed create_all',
    trap: "grep 'create_all(' misses run_sync(Base.metadata.create_all) - no parenthesis",
    change: {[main]: onStart('await connection.run_sync(Base.metadata.create_all)')},
    is: 'fail',
    code: 'CREATE_ALL_AT_START',
    at: [`${main}:11`],
  },
  {
    when: 'a helper of another module does it',
    trap: 'moved to a helper init_db()',
    change: {
      'service/shop/start.py':
        'from shop.db import Base, engine\n\n\nasync def init_db():\n    async with engine.begin() as connection:\n        await connection.run_sync(lambda sync: Base.metadata.create_all(sync))\n',
      [main]: texts[main]?.replace('from shop import queue', 'from shop import queue, start').replace(start, '    await start.init_db()\n'),
    },
    is: 'fail',
    code: 'CREATE_ALL_AT_START',
    at: ['service/shop/start.py:6'],
  },
  {
    when: 'under a condition',
    change: {[main]: onStart('if queue: Base.metadata.create_all(engine)')},
    is: 'fail',
    code: 'CREATE_ALL_AT_START',
  },
  {
    when: 'as the module is imported',
    change: {[main]: ['app = FastAPI', 'Base.metadata.create_all(bind=engine)\napp = FastAPI']},
    is: 'fail',
    code: 'CREATE_ALL_AT_START',
  },
  {
    when: 'on_event calls it',
    change: {
      [main]: [
        'app = FastAPI(lifespan=lifespan)',
        'app = FastAPI()\n\n\n@app.on_event("startup")\ndef prepare():\n    Base.metadata.create_all(engine)',
      ],
    },
    is: 'fail',
    code: 'CREATE_ALL_AT_START',
  },
  {
    when: 'tests make their tables',
    trap: 'tests/conftest.py',
    change: {
      'service/tests/conftest.py': 'from shop.db import Base, engine\nfrom shop.main import app\n\nBase.metadata.create_all(engine)\n',
    },
    is: 'pass',
    code: 'NO_CREATE_ALL',
  },
  {
    when: 'a command line does',
    trap: 'a CLI dev command not reachable from startup',
    change: {
      'service/shop/cli.py':
        'from shop.db import Base, engine\n\n\ndef create():\n    Base.metadata.create_all(engine)\n\n\nif __name__ == "__main__":\n    create()\n',
    },
    is: 'pass',
    code: 'NO_CREATE_ALL',
  },
  {when: 'there is no application', change: {[main]: 'x = 1\n'}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'a file cannot be parsed',
    change: {[queue]: 'def create(:\n    skip_locked select __tablename__\n'},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

const index = '    op.create_index("ix_jobs_source_id", "jobs", ["source_id"])\n'
const partial = 'op.create_index(\n        "ix_jobs_next",\n        "jobs",\n        ["source_id", sa.text("priority DESC"), "created_at"],'
judgeRepository('migrations.fk-indexes', foreignKeys, texts, [
  {
    when: 'the key is indexed on both sides',
    trap: 'index=True',
    is: 'pass',
    code: 'FOREIGN_KEYS_INDEXED',
    at: [`${models}:31`, `${first}:30`],
  },
  {
    when: 'the key comes second',
    trap: 'FK is 2nd column of a composite index',
    change: {
      [models]: texts[models]
        ?.replace('ondelete="CASCADE"), index=True)', 'ondelete="CASCADE"))')
        .replace('"source_id", text("priority DESC")', 'text("priority DESC"), "source_id"'),
    },
    is: 'fail',
    code: 'FOREIGN_KEYS_PARTLY_INDEXED',
    at: [`${models}:31`],
  },
  {
    when: 'only the model has it',
    trap: 'index in model but not in migration',
    change: {[first]: texts[first]?.replace(index, '').replace(partial, partial.replace('"source_id", ', ''))},
    is: 'fail',
    code: 'FOREIGN_KEYS_PARTLY_INDEXED',
    at: [`${first}:27`],
  },
  {
    when: 'neither has any',
    trap: 'assuming PostgreSQL indexes FKs',
    change: {
      [models]: texts[models]
        ?.replace('ondelete="CASCADE"), index=True)', 'ondelete="CASCADE"))')
        .replace('"source_id", text("priority', 'text("priority'),
      [first]: texts[first]?.replace(index, '').replace(partial, partial.replace('"source_id", ', '')),
    },
    is: 'fail',
    code: 'FOREIGN_KEYS_NOT_INDEXED',
    at: [`${models}:31`, `${first}:27`],
  },
  {
    when: 'the key leads a composite unique constraint',
    trap: 'composite with FK first (record_queue.source_id)',
    change: {
      [models]: texts[models]
        ?.replace('ondelete="CASCADE"), index=True)', 'ondelete="CASCADE"))')
        .replace('Index, String', 'Index, String, UniqueConstraint')
        .replace('        Index("ix_jobs_next"', '        UniqueConstraint("source_id", "priority"),\n        Index("ix_jobs_next"'),
      [first]: texts[first]?.replace(index, '    op.create_unique_constraint("uq", "jobs", ["source_id", "priority"])\n'),
    },
    is: 'pass',
    code: 'FOREIGN_KEYS_INDEXED',
  },
  {
    when: 'the key is unique',
    trap: 'unique=True',
    change: {
      [models]: ['ondelete="CASCADE"), index=True)', 'ondelete="CASCADE"), unique=True)'],
      [first]: [index, '    op.create_unique_constraint("uq", "jobs", ["source_id"])\n'],
    },
    is: 'pass',
    code: 'FOREIGN_KEYS_INDEXED',
  },
  {
    when: 'SQL makes the index',
    change: {
      [first]: texts[first]
        ?.replace(index, '    op.execute("CREATE INDEX CONCURRENTLY ix_jobs_source_id ON jobs (source_id)")\n')
        .replace(partial, partial.replace('"source_id", ', '')),
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${first}:27`],
  },
  {
    when: 'a column of time that queries look for is not indexed',
    change: {[models]: [', index=True)\n    source: ', ')\n    source: ']},
    is: 'warn',
    code: 'BUSY_COLUMNS_NOT_INDEXED',
    at: [`${models}:35`],
  },
  {when: 'there are no revisions', change: {[first]: undefined}, is: 'fail', code: 'FOREIGN_KEYS_PARTLY_INDEXED', at: [`${env}:1`]},
  {
    when: 'there are no models',
    change: {[models]: 'x = 1\n', [queue]: 'x = 1\n', [first]: undefined},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

const guard = 'if self.ENVIRONMENT in ("staging", "production") and self.DB_SSL_MODE not in ("require", "verify-ca", "verify-full"):'
const mode = '    DB_SSL_MODE: str = "prefer"'
const open = texts[settings]?.replace(guard, 'if not self.DB_PASSWORD:')
const run = (value: string) => `resource "google_cloud_run_v2_service" "api" {
  name = "api"
  template {
    containers {
      image = "x"
      env {
        name  = "DB_HOST"
        value = "10.0.0.3"
      }
      env {
        name  = "DB_SSL_MODE"
        value = ${value}
      }
    }
  }
}
`
const deploy = (flags: string) => `on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: gcloud run deploy api --image x ${flags}
`
judgeRepository('migrations.sslmode-require-prod', sslmode, texts, [
  {when: 'a validator refuses weaker modes there', is: 'pass', code: 'PRODUCTION_REQUIRES_TLS', at: [`${settings}:16`]},
  {when: 'Windows line ends', change: crlf, is: 'pass', code: 'PRODUCTION_REQUIRES_TLS'},
  {
    when: 'nothing refuses and the default is prefer',
    trap: 'prefer (silently downgrades)',
    change: {[settings]: open},
    is: 'fail',
    code: 'PRODUCTION_PARTLY_REQUIRES_TLS',
    at: [`${settings}:13`],
  },
  {
    when: 'the validator lets prefer through',
    change: {[settings]: ['not in ("require", "verify-ca", "verify-full")', 'not in ("prefer", "require", "verify-ca", "verify-full")']},
    is: 'fail',
    code: 'PRODUCTION_PARTLY_REQUIRES_TLS',
  },
  {
    when: 'the validator speaks of another environment',
    change: {[settings]: ['in ("staging", "production")', '== "prod"']},
    is: 'fail',
    code: 'PRODUCTION_PARTLY_REQUIRES_TLS',
  },
  {
    when: 'the validator uses a property and a set',
    change: {
      [settings]: texts[settings]
        ?.replace(guard, 'if self.deployed and self.DB_SSL_MODE not in STRONG:')
        .replace(
          '    @property\n    def url',
          '    @property\n    def deployed(self):\n        return self.ENVIRONMENT != "development"\n\n    @property\n    def url',
        )
        .replace('class Settings', 'STRONG = frozenset({"require", "verify-ca", "verify-full"})\n\n\nclass Settings'),
    },
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
  },
  {
    when: 'the type knows no weaker mode',
    change: {
      [settings]: open
        ?.replace(mode, '    DB_SSL_MODE: Literal["require", "verify-full"] = "require"')
        .replace('from pydantic import', 'from typing import Literal\nfrom pydantic import'),
    },
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
  },
  {
    when: 'the URL of the migrations ignores the mode',
    trap: 'DB_SSL_MODE=require set but sync URL ignores it',
    change: {[settings]: ['query={"sslmode": self.DB_SSL_MODE},', 'query={},']},
    is: 'fail',
    code: 'PRODUCTION_PARTLY_REQUIRES_TLS',
  },
  {
    when: 'no connection has TLS',
    change: {
      [settings]: ['query={"sslmode": self.DB_SSL_MODE},', ''],
      'service/shop/db.py': [', connect_args={"ssl": settings.DB_SSL_MODE}', ''],
    },
    is: 'fail',
    code: 'PRODUCTION_DOES_NOT_REQUIRE_TLS',
  },
  {
    when: 'Terraform gives require',
    change: {[settings]: open, 'infra/environments/prod/main.tf': run('"require"')},
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
    at: ['infra/environments/prod/main.tf:10'],
  },
  {
    when: 'Terraform gives prefer',
    change: {[settings]: open, 'infra/environments/prod/main.tf': run('"prefer"')},
    is: 'fail',
    code: 'PRODUCTION_PARTLY_REQUIRES_TLS',
    at: ['infra/environments/prod/main.tf:10'],
  },
  {
    when: 'only development gets prefer',
    change: {[settings]: open, 'infra/environments/dev/main.tf': run('"prefer"'), 'infra/environments/prod/main.tf': run('"verify-full"')},
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
  },
  {
    when: 'a workflow deploys with prefer',
    change: {[settings]: open, '.github/workflows/deploy.yml': deploy('--set-env-vars DB_SSL_MODE=prefer')},
    is: 'fail',
    code: 'PRODUCTION_PARTLY_REQUIRES_TLS',
    at: ['.github/workflows/deploy.yml:7'],
  },
  {
    when: 'a workflow deploys with require',
    change: {[settings]: open, '.github/workflows/deploy.yml': deploy('--set-env-vars DB_SSL_MODE=require')},
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
  },
  {
    when: 'a secret gives the mode',
    change: {
      [settings]: open?.replace(mode, '    DB_SSL_MODE: str'),
      '.github/workflows/deploy.yml': deploy('--set-env-vars DB_SSL_MODE=${{ secrets.MODE }}'),
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'the host is a socket of Cloud SQL',
    trap: 'Cloud SQL connector / unix socket /cloudsql/... (already encrypted)',
    change: {[settings]: open, '.github/workflows/deploy.yml': deploy('--set-env-vars DB_HOST=/cloudsql/p:r:i')},
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
  },
  {
    when: 'Terraform gives a socket whose instance only it knows',
    change: {
      [settings]: open,
      'infra/environments/prod/main.tf': run('"prefer"').replace(
        '"10.0.0.3"',
        '"/cloudsql/${google_sql_database_instance.main.connection_name}"',
      ),
    },
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
  },
  {
    when: 'connections are made by the connector of Cloud SQL',
    trap: 'Cloud SQL connector / unix socket /cloudsql/... (already encrypted)',
    change: {
      [settings]: open,
      [env]: undefined,
      'service/shop/db.py':
        'from google.cloud.sql.connector import Connector\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.orm import DeclarativeBase\n\nconnector = Connector()\n\n\ndef connect():\n    return connector.connect("p:r:i", "pg8000")\n\n\nengine = create_engine("postgresql+pg8000://", creator=connect)\n\n\nclass Base(DeclarativeBase):\n    pass\n',
    },
    is: 'pass',
    code: 'PRODUCTION_REQUIRES_TLS',
  },
  {
    when: 'there is no engine',
    change: {
      [env]: undefined,
      'service/shop/db.py': 'from sqlalchemy.orm import DeclarativeBase\n\nengine = None\n\n\nclass Base(DeclarativeBase):\n    pass\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

const set = (value: string): string =>
  (texts[env] ?? '')
    .replace('def include_object', `context.config.set_main_option("sqlalchemy.url", ${value})\n\n\ndef include_object`)
    .replace('create_engine(settings.sync_url, poolclass=pool.NullPool)', 'engine_from_config(context.config.get_section("alembic"))')
    .replace('import create_engine, pool', 'import engine_from_config')
const fromIni = (texts[env] ?? '')
  .replace('create_engine(settings.sync_url, poolclass=pool.NullPool)', 'engine_from_config(context.config.get_section("alembic"))')
  .replace('import create_engine, pool', 'import engine_from_config')
judgeRepository('migrations.percent-escape', percent, texts, [
  {when: 'env.py makes the engine itself', is: 'pass', code: 'PERCENT_SURVIVES', at: [`${env}:22`]},
  {
    when: 'the option has the URL as it is',
    change: {[env]: set('str(settings.sync_url)')},
    is: 'fail',
    code: 'PERCENT_NOT_ESCAPED',
    at: [`${env}:11`],
  },
  {
    when: 'the option has doubled signs',
    change: {[env]: set('str(settings.sync_url).replace("%", "%%")')},
    is: 'pass',
    code: 'PERCENT_SURVIVES',
  },
  {
    when: 'a function doubles them',
    change: {
      [env]: set('escaped(str(settings.sync_url))').replace(
        'target_metadata =',
        'def escaped(url):\n    return url.replace("%", "%%")\n\n\ntarget_metadata =',
      ),
    },
    is: 'pass',
    code: 'PERCENT_SURVIVES',
  },
  {
    when: 'one of two is doubled',
    change: {
      [env]: set('str(settings.sync_url)').replace(
        'def include_object',
        'context.config.set_main_option("sqlalchemy.url", str(settings.sync_url).replace("%", "%%"))\n\n\ndef include_object',
      ),
    },
    is: 'fail',
    code: 'PERCENT_NOT_ESCAPED_EVERYWHERE',
  },
  {when: 'the URL comes from the ini file', change: {[env]: fromIni}, is: 'not_applicable', code: 'NO_URL_GIVEN'},
  {
    when: 'the ini file has a single sign',
    change: {[env]: fromIni, 'service/alembic.ini': ['prepend_sys_path = .', 'sqlalchemy.url = postgresql://shop:a%b@db/shop']},
    is: 'fail',
    code: 'PERCENT_NOT_ESCAPED',
    at: ['service/alembic.ini:3'],
  },
])

judgeRepository('migrations.baseline-path', baseline, texts, [
  {when: 'the README says how', is: 'pass', code: 'BASELINE_DESCRIBED', at: ['README.md:5']},
  {when: 'nothing says how', change: {'README.md': '# Shop\n'}, is: 'fail', code: 'NO_BASELINE_PATH', at: [`${first}:5`]},
  {
    when: 'a script does it',
    change: {'README.md': '# Shop\n', 'bin/adopt.sh': 'cd service && poetry run alembic -c alembic.ini stamp head\n'},
    is: 'pass',
    code: 'BASELINE_DESCRIBED',
    at: ['bin/adopt.sh:1'],
  },
  {
    when: 'code does it',
    change: {'README.md': '# Shop\n', 'service/shop/adopt.py': 'from alembic import command\n\ncommand.stamp(config, "a1")\n'},
    is: 'pass',
    code: 'BASELINE_DESCRIBED',
  },
  {when: 'it stamps base', change: {'README.md': 'alembic stamp base\n'}, is: 'fail', code: 'BASELINE_CANNOT_WORK', at: ['README.md:1']},
  {when: 'it stamps what is no revision', change: {'README.md': 'alembic stamp 99ff\n'}, is: 'fail', code: 'BASELINE_CANNOT_WORK'},
  {when: 'there are no revisions', change: {[first]: undefined}, is: 'not_applicable', code: 'NO_REVISIONS'},
])

const filter =
  '\n\ndef include_object(obj, name, type_, reflected, compare_to):\n    return not (type_ == "table" and name.startswith("src_"))\n'
const given = ', include_object=include_object'
judgeRepository('migrations.excludes-dynamic-tables', dynamicTables, texts, [
  {when: 'both modes leave them out', is: 'pass', code: 'DYNAMIC_TABLES_EXCLUDED', at: [`${env}:16`, `${env}:24`]},
  {when: 'Windows line ends', change: crlf, is: 'pass', code: 'DYNAMIC_TABLES_EXCLUDED'},
  {
    when: 'only schemas are included',
    trap: 'include_schemas',
    change: {[env]: texts[env]?.replaceAll(given, ', include_schemas=True')},
    is: 'fail',
    code: 'DYNAMIC_TABLES_NOT_EXCLUDED',
    at: [`${env}:16`, `${env}:24`],
  },
  {
    when: 'the offline mode has no filter',
    change: {[env]: [given, '']},
    is: 'fail',
    code: 'DYNAMIC_TABLES_PARTLY_EXCLUDED',
    at: [`${env}:16`],
  },
  {when: 'the filter leaves out others', change: {[env]: ['"src_"', '"tmp_"']}, is: 'fail', code: 'DYNAMIC_TABLES_NOT_EXCLUDED'},
  {when: 'the filter takes in these alone', change: {[env]: ['return not (', 'return (']}, is: 'fail', code: 'DYNAMIC_TABLES_NOT_EXCLUDED'},
  {
    when: 'the filter takes in everything',
    change: {[env]: [filter, '\n\ndef include_object(*args):\n    return True\n']},
    is: 'fail',
    code: 'DYNAMIC_TABLES_NOT_EXCLUDED',
  },
  {
    when: 'the filter leaves out all that only the database has',
    change: {
      [env]: [
        filter,
        '\n\ndef include_object(obj, name, type_, reflected, compare_to):\n    if type_ == "table" and reflected and compare_to is None:\n        return False\n    return True\n',
      ],
    },
    is: 'pass',
    code: 'DYNAMIC_TABLES_EXCLUDED',
  },
  {
    when: 'include_name asks the metadata',
    change: {
      [env]: texts[env]
        ?.replaceAll(given, ', include_name=ours')
        .replace(
          filter,
          '\n\ndef ours(name, type_, parent_names):\n    if type_ == "table":\n        return name in target_metadata.tables\n    return True\n',
        ),
    },
    is: 'pass',
    code: 'DYNAMIC_TABLES_EXCLUDED',
  },
  {
    when: 'any of several prefixes',
    change: {
      [env]: [
        filter,
        '\n\nPREFIXES = ("tmp_", "src_")\n\n\ndef include_object(obj, name, type_, reflected, compare_to):\n    if type_ == "table" and any(name.startswith(one) for one in PREFIXES):\n        return False\n    return True\n',
      ],
    },
    is: 'pass',
    code: 'DYNAMIC_TABLES_EXCLUDED',
  },
  {
    when: 'a pattern',
    change: {
      [env]: [
        filter,
        '\n\nimport re\n\nOWN = re.compile(r"^src_.*")\n\n\ndef include_object(obj, name, type_, reflected, compare_to):\n    return type_ != "table" or OWN.match(name) is None\n',
      ],
    },
    is: 'pass',
    code: 'DYNAMIC_TABLES_EXCLUDED',
  },
  {
    when: 'both modes share a mapping',
    change: {
      [env]: texts[env]
        ?.replaceAll(', target_metadata=target_metadata, include_object=include_object', ', **OPTIONS')
        .replace(
          'def run_migrations_offline',
          'OPTIONS = dict(target_metadata=target_metadata, include_object=include_object)\n\n\ndef run_migrations_offline',
        ),
    },
    is: 'pass',
    code: 'DYNAMIC_TABLES_EXCLUDED',
  },
  {
    when: 'what the filter says is only known at run time',
    change: {[env]: ['name.startswith("src_")', 'is_foreign(name)']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${env}:16`],
  },
  {
    when: 'the modes are configured by one function for both',
    change: {
      [env]: texts[env]
        ?.replaceAll('context.configure(', 'configure(')
        .replaceAll(', target_metadata=target_metadata, include_object=include_object', '')
        .replace(
          'def run_migrations_offline',
          'def configure(**given):\n    context.configure(target_metadata=target_metadata, include_object=include_object, **given)\n\n\ndef run_migrations_offline',
        ),
    },
    is: 'pass',
    code: 'DYNAMIC_TABLES_EXCLUDED',
  },
  {
    when: 'the app makes no tables',
    change: {[queue]: ['CREATE TABLE "{table}"', 'DROP TABLE "{table}"']},
    is: 'not_applicable',
    code: 'NO_DYNAMIC_TABLES',
  },
  {
    when: 'there is no Alembic',
    change: {[env]: undefined, [first]: undefined, 'service/alembic.ini': undefined},
    is: 'not_applicable',
    code: 'NO_ALEMBIC_ENVIRONMENT',
  },
])

judgeRepository('migrations.queue-order-index', queueOrder, texts, [
  {when: 'a partial index is in the order of the query', is: 'pass', code: 'QUEUE_INDEXED', at: [`${models}:27`, `${first}:31`]},
  {
    when: 'the index sorts upwards',
    change: {[models]: ['text("priority DESC")', '"priority"'], [first]: ['sa.text("priority DESC")', '"priority"']},
    is: 'fail',
    code: 'QUEUE_NOT_INDEXED',
    at: [`${queue}:8`],
  },
  {when: 'only the model has it', change: {[first]: ['sa.text("priority DESC"), ', '']}, is: 'fail', code: 'QUEUE_PARTLY_INDEXED'},
  {
    when: 'the index is limited to other entries',
    change: {[models]: ["status = 'WAITING'", "status = 'DONE'"], [first]: ["status = 'WAITING'", "status = 'DONE'"]},
    is: 'fail',
    code: 'QUEUE_NOT_INDEXED',
  },
  {
    when: 'the whole index has the status in it',
    change: {
      [models]: [
        '"source_id", text("priority DESC"), "created_at", postgresql_where=text("status = \'WAITING\'")',
        '"status", "source_id", text("priority DESC"), "created_at"',
      ],
      [next]: second('op.create_index("q", "jobs", ["status", "source_id", sa.desc("priority"), "created_at"])'),
    },
    is: 'pass',
    code: 'QUEUE_INDEXED',
  },
  {
    when: 'the query is text',
    change: {
      [queue]:
        'from sqlalchemy import text\nfrom shop.models import Job\n\nTAKE = text("""\n    SELECT id FROM jobs WHERE source_id = :source AND status = \'WAITING\'\n    ORDER BY priority DESC, created_at LIMIT 1 FOR UPDATE SKIP LOCKED\n""")\n',
    },
    is: 'pass',
    code: 'QUEUE_INDEXED',
  },
  {
    when: 'the query is put together in steps',
    change: {
      [queue]:
        'from sqlalchemy import select\nfrom shop.models import Job, JobStatus\n\n\ndef take(session, source):\n    query = select(Job).where(Job.status == JobStatus.WAITING)\n    query = query.where(Job.source_id == source)\n    query = query.order_by(Job.priority, Job.created_at)\n    return session.scalar(query.with_for_update(skip_locked=True))\n',
    },
    is: 'fail',
    code: 'QUEUE_NOT_INDEXED',
  },
  {when: 'no query skips', change: {[queue]: ['skip_locked=True', '']}, is: 'not_applicable', code: 'NO_QUEUE_QUERY'},
  {
    when: 'the order is only known at run time',
    change: {[queue]: ['Job.priority.desc(), Job.created_at', '*order()']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])
