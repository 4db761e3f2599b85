import {describe, expect, test} from 'vitest'
import enumLabels from '../../src/checks/migrations/enum-labels-match.ts'
import initial from '../../src/checks/migrations/initial-migration.ts'
import nullability from '../../src/checks/migrations/nullability-match.ts'
import tables from '../../src/checks/migrations/tables-complete.ts'
import {readingOf} from '../support/repository.ts'
import {changed, judgeRepository} from './judge-repository.ts'
import {env, first, models, next, second, texts} from './migrations-texts.ts'

const columns = 'sa.Column("priority", sa.Integer(), nullable=False),\n'
const labels = 'sa.Enum("WAITING", "DONE", name="jobstatus")'
const noModels = {[models]: undefined, [env]: undefined, [first]: undefined, 'service/alembic.ini': undefined}
const crlf = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]))

judgeRepository('migrations.initial-migration', initial, texts, [
  {when: 'the revision makes what the models say', is: 'pass', code: 'MIGRATIONS_MAKE_THE_MODELS', at: [`${models}:16`]},
  {when: 'every file has Windows line ends', change: crlf, is: 'pass', code: 'MIGRATIONS_MAKE_THE_MODELS'},
  {when: 'there is an environment and no revision', change: {[first]: undefined}, is: 'fail', code: 'NO_MIGRATIONS', at: [`${env}:1`]},
  {
    when: 'there is no Alembic',
    change: {[first]: undefined, [env]: undefined, 'service/alembic.ini': undefined},
    is: 'fail',
    code: 'NO_MIGRATIONS',
    at: [`${models}:16`],
  },
  {when: 'there are no models and no revisions', change: noModels, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'a file named first in versions/ is no revision',
    trap: 'file exists in versions/',
    change: {[first]: '"""nothing here yet"""\n'},
    is: 'fail',
    code: 'NO_MIGRATIONS',
  },
  {
    when: 'upgrade does nothing',
    trap: 'upgrade() body is pass',
    change: {[first]: 'revision = "a1"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n'},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: [`${models}:16`, `${models}:24`],
  },
  {
    when: 'the labels are the values',
    trap: 'enum labels are the .value strings while the ORM sends .name',
    change: {[first]: [labels, 'sa.Enum("waiting", "done", name="jobstatus")']},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: [`${models}:32`],
  },
  {
    when: 'a model has no table',
    trap: 'a model whose table is absent',
    change: {
      'service/shop/extra.py':
        'from sqlalchemy.orm import Mapped, mapped_column\nfrom shop.db import Base\n\n\nclass Extra(Base):\n    __tablename__ = "extras"\n    id: Mapped[int] = mapped_column(primary_key=True)\n',
    },
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: ['service/shop/extra.py:5'],
  },
  {
    when: 'a table is made with SQL',
    trap: 'raw op.execute DDL -> unknown, not fail',
    change: {
      [first]: [
        'op.create_table(\n        "sources",\n        sa.Column("id", sa.Integer(), nullable=False),\n        sa.Column("name", sa.String(length=100), nullable=False),\n        sa.PrimaryKeyConstraint("id"),\n        sa.UniqueConstraint("name"),\n    )',
        'op.execute("CREATE TABLE sources (id serial PRIMARY KEY, name varchar(100) NOT NULL UNIQUE)")',
      ],
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${models}:16`],
  },
  {
    when: 'SQL changes data only',
    change: {
      [next]: second(
        'op.execute("UPDATE jobs SET priority = 0")\nop.execute(sa.text("INSERT INTO sources (name) VALUES (:n)").bindparams(n="x"))',
      ),
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'SQL is read from a file',
    change: {[next]: second('op.execute(open("x.sql").read())')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${next}:12`],
  },
  {
    when: 'the model sends values, as the migration has them',
    trap: 'values_callable=lambda e:[m.value for m in e]',
    change: {
      [models]: ['Enum(JobStatus)', 'Enum(JobStatus, values_callable=lambda e: [m.value for m in e])'],
      [first]: [labels, 'sa.Enum("waiting", "done", name="jobstatus")'],
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'the enum is text in both',
    trap: 'native_enum=False',
    change: {[models]: ['Enum(JobStatus)', 'Enum(JobStatus, native_enum=False)'], [first]: [labels, 'sa.String(length=20)']},
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'a revision has a branch label',
    trap: 'branch labels',
    change: {[first]: ['branch_labels = None', 'branch_labels = ("core",)']},
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'two heads',
    change: {[next]: second('pass'), 'service/migrations/versions/c3.py': second('pass', {id: 'c3'})},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: ['service/migrations/versions/c3.py:5'],
  },
  {
    when: 'two heads that are merged again',
    change: {
      [next]: second('pass'),
      'service/migrations/versions/c3.py': second('pass', {id: 'c3'}),
      'service/migrations/versions/d4.py': second('pass', {id: 'd4', down: '("b2", "c3")'}),
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'a revision follows one that is nowhere',
    change: {[next]: second('pass', {down: '"zz"'})},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: [`${next}:5`],
  },
  {
    when: 'a column has another type',
    change: {[first]: ['sa.Column("priority", sa.Integer()', 'sa.Column("priority", sa.String()']},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: [`${models}:33`],
  },
  {when: 'a column is missing', change: {[first]: [columns, '']}, is: 'fail', code: 'MIGRATIONS_DIFFER_PARTLY', at: [`${models}:33`]},
  {
    when: 'a column is added later',
    change: {[first]: [columns, ''], [next]: second('op.add_column("jobs", sa.Column("priority", sa.Integer(), nullable=False))')},
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'a foreign key is not made',
    change: {[first]: ['        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], ondelete="CASCADE"),\n', '']},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: [`${models}:31`],
  },
  {
    when: 'a foreign key deletes otherwise',
    change: {[first]: ['ondelete="CASCADE"', 'ondelete="SET NULL"']},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
  },
  {
    when: 'a unique constraint is not made',
    change: {[first]: ['        sa.UniqueConstraint("name"),\n', '']},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: [`${models}:20`],
  },
  {
    when: 'an index is not made',
    change: {[first]: ['    op.create_index("ix_jobs_completed_at", "jobs", ["completed_at"])\n', '']},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER_PARTLY',
    at: [`${models}:35`],
  },
  {
    when: 'indexes are made in a loop and a batch',
    change: {
      [first]: ['    op.create_index("ix_jobs_completed_at", "jobs", ["completed_at"])\n', ''],
      [next]: second(
        'with op.batch_alter_table("jobs") as batch:\n    for column in COLUMNS:\n        batch.create_index(f"ix_jobs_{column}", [column])',
        {above: 'COLUMNS = ("completed_at",)\n'},
      ),
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'a helper of the revision makes the index',
    change: {
      [first]: ['    op.create_index("ix_jobs_completed_at", "jobs", ["completed_at"])\n', ''],
      [next]: second('index("jobs", "completed_at")', {
        above: '\ndef index(table, column):\n    op.create_index(f"ix_{table}_{column}", table, [column])\n',
      }),
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'the type is made by itself and only referred to',
    change: {
      'service/migrations/versions/a0.py': second('for kind in (status,):\n    kind.create(op.get_bind(), checkfirst=True)', {
        id: 'a0',
        down: 'None',
        above: 'status = postgresql.ENUM("WAITING", "DONE", name="jobstatus", create_type=False)\n',
      }),
      [first]: texts[first]
        ?.replace(`${labels}, nullable=False`, 'postgresql.ENUM(name="jobstatus", create_type=False), nullable=False')
        .replace('from alembic import op', 'from alembic import op\nfrom sqlalchemy.dialects import postgresql')
        .replace('down_revision = None', 'down_revision = "a0"'),
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'a column is renamed by a later revision',
    change: {
      [first]: ['"priority", sa.Integer()', '"prio", sa.Integer()'],
      [next]: second('op.alter_column("jobs", "prio", new_column_name="priority", existing_type=sa.Integer())'),
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'the revisions go round in a circle and nothing holds',
    change: {[first]: 'revision = "a1"\ndown_revision = "b2"\n\ndef upgrade():\n    pass\n', [next]: second('pass')},
    is: 'fail',
    code: 'MIGRATIONS_DIFFER',
  },
  {
    when: 'a loop goes over what only a run knows',
    change: {[next]: second('for table in sa.inspect(op.get_bind()).get_table_names():\n    op.drop_column(table, "old")')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'a revision cannot be parsed',
    change: {[next]: 'revision = "b2"\ndown_revision = "a1"\n\ndef upgrade(:\n'},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${next}:4`],
  },
  {
    when: 'the models are classes of SQLAlchemy 1.4',
    change: {
      'service/shop/db.py':
        'from sqlalchemy import create_engine\nfrom sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\nengine = create_engine("postgresql://x")\n',
      [models]:
        'import enum\nfrom sqlalchemy import Column, DateTime, Enum, ForeignKey, Index, Integer, String, Uuid, text\nfrom shop.db import Base\n\n\nclass JobStatus(enum.Enum):\n    WAITING = 1\n    DONE = 2\n\n\nclass Source(Base):\n    __tablename__ = "sources"\n    id = Column(Integer, primary_key=True)\n    name = Column(String(100), nullable=False, unique=True)\n\n\nclass Job(Base):\n    __tablename__ = "jobs"\n    id = Column(Uuid, primary_key=True)\n    source_id = Column(Integer, ForeignKey(Source.id, ondelete="CASCADE"), nullable=False, index=True)\n    status = Column(Enum(JobStatus), nullable=False)\n    priority = Column(Integer, nullable=False)\n    created_at = Column(DateTime(timezone=True), nullable=False)\n    completed_at = Column(DateTime(True), index=True)\n    __table_args__ = (Index("ix_jobs_next", source_id, priority.desc(), created_at, postgresql_where=(status == "WAITING")),)\n',
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'the models are SQLModel',
    change: {
      [env]: ['from shop.db import Base', 'from sqlmodel import SQLModel as Base'],
      [models]:
        'import enum\nimport uuid\nfrom datetime import datetime\nfrom sqlalchemy import Column, DateTime, Index, text\nfrom sqlmodel import Field, Relationship, SQLModel\n\n\nclass JobStatus(str, enum.Enum):\n    WAITING = "waiting"\n    DONE = "done"\n\n\nclass SourceBase(SQLModel):\n    name: str = Field(max_length=100, unique=True)\n\n\nclass Source(SourceBase, table=True):\n    __tablename__ = "sources"\n    id: int | None = Field(default=None, primary_key=True)\n    jobs: list["Job"] = Relationship(back_populates="source")\n\n\nclass Job(SQLModel, table=True):\n    __tablename__ = "jobs"\n    __table_args__ = (Index("ix_jobs_next", "source_id", text("priority DESC"), "created_at", postgresql_where=text("status = \'WAITING\'")),)\n    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)\n    source_id: int = Field(foreign_key="sources.id", ondelete="CASCADE", index=True)\n    status: JobStatus\n    priority: int = 0\n    created_at: datetime = Field(sa_type=DateTime(timezone=True))\n    completed_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), index=True))\n    source: Source = Relationship(back_populates="jobs")\n',
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'the key of a table is made anew, and an index has an expression',
    change: {
      [models]: ['Index("ix_jobs_next"', 'Index("ix_day", func.lower("status")),\n        Index("ix_jobs_next"'],
      [first]: ['sa.PrimaryKeyConstraint("id"),\n        sa.UniqueConstraint', 'sa.UniqueConstraint'],
      [next]: second('op.create_primary_key(None, "sources", ["id"])\nop.create_index("ix_day", "jobs", [sa.text("lower(status)")])'),
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
  {
    when: 'the models are made by a decorated base, with a primary key that is indexed',
    change: {
      'service/shop/db.py':
        'from sqlalchemy import create_engine\nfrom sqlalchemy.orm import as_declarative, declared_attr\n\nengine = create_engine("postgresql://x")\n\n\n@as_declarative()\nclass Base:\n    @declared_attr\n    def __tablename__(cls):\n        return cls.__name__.lower()\n',
      [models]:
        'from sqlalchemy import Column, Integer\nfrom shop.db import Base\n\n\nclass Item(Base):\n    id = Column(Integer, primary_key=True, index=True)\n',
      'service/shop/queue.py': 'from shop import models\n',
      [first]:
        'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "a1"\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table("item", sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id"))\n    op.create_index(op.f("ix_item_id"), "item", ["id"], unique=False)\n',
    },
    is: 'pass',
    code: 'MIGRATIONS_MAKE_THE_MODELS',
  },
])

judgeRepository('migrations.tables-complete', tables, texts, [
  {when: 'both have the same tables', is: 'pass', code: 'TABLES_COMPLETE'},
  {when: 'there are no revisions', change: {[first]: undefined}, is: 'not_applicable', code: 'NO_REVISIONS'},
  {
    when: 'the revisions make other tables altogether',
    change: {
      [first]:
        'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "a1"\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))\n',
    },
    is: 'fail',
    code: 'TABLES_DIFFER',
    at: [`${models}:16`, `${first}:9`],
  },
  {
    when: 'a revision drops a table that has a model',
    change: {[next]: second('op.drop_table("jobs")')},
    is: 'fail',
    code: 'TABLES_DIFFER_PARTLY',
    at: [`${models}:24`],
  },
  {
    when: 'a table is renamed',
    change: {[first]: ['"sources",\n', '"origins",\n'], [next]: second('op.rename_table("origins", "sources")')},
    is: 'pass',
    code: 'TABLES_COMPLETE',
  },
  {
    when: 'a revision makes a table without a model',
    change: {[next]: second('op.create_table("audit", sa.Column("id", sa.Integer(), primary_key=True))')},
    is: 'fail',
    code: 'TABLES_DIFFER_PARTLY',
    at: [`${next}:12`],
  },
  {
    when: 'a table stands under a condition of the dialect',
    change: {[next]: second('if op.get_bind().dialect.name == "sqlite":\n    op.drop_table("jobs")')},
    is: 'pass',
    code: 'TABLES_COMPLETE',
  },
  {
    when: 'a table is dropped if something holds that only a run knows',
    change: {[next]: second('if settings():\n    op.drop_table("jobs")')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'the name of a table is made up of the class',
    change: {
      'service/shop/db.py': [
        'class Base(DeclarativeBase):\n    pass',
        'class Base(DeclarativeBase):\n    @declared_attr.directive\n    def __tablename__(cls) -> str:\n        return cls.__name__.lower() + "s"',
      ],
      [models]: ['    __tablename__ = "sources"\n', ''],
    },
    is: 'pass',
    code: 'TABLES_COMPLETE',
  },
  {
    when: 'the name of a table is only known at run time',
    change: {[models]: ['__tablename__ = "sources"', '__tablename__ = name_of("sources")']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'two environments have a metadata each',
    change: {
      'other/alembic.ini': '[alembic]\nscript_location = db\n',
      'other/db/env.py':
        'from alembic import context\nfrom ledger.tables import metadata\n\ncontext.configure(connection=None, target_metadata=metadata)\n',
      'other/db/versions/x1.py':
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "x1"\ndown_revision = None\n\ndef upgrade():\n    op.create_table("entries", sa.Column("id", sa.BigInteger(), primary_key=True))\n',
      'other/ledger/tables.py':
        'from sqlalchemy import BigInteger, Column, MetaData, Table\n\nmetadata = MetaData()\nentries = Table("entries", metadata, Column("id", BigInteger, primary_key=True))\n',
    },
    is: 'pass',
    code: 'TABLES_COMPLETE',
  },
  {
    when: 'a model inherits its table from a library',
    change: {
      'service/shop/users.py':
        'from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID\nfrom sqlalchemy.orm import Mapped, mapped_column\nfrom shop.db import Base\n\n\nclass User(SQLAlchemyBaseUserTableUUID, Base):\n    nick: Mapped[str | None]\n',
      [next]: second('op.create_table("user", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("nick", sa.String()))'),
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['service/shop/users.py:6'],
  },
])

judgeRepository('migrations.enum-labels-match', enumLabels, texts, [
  {when: 'the labels are the names', is: 'pass', code: 'ENUM_LABELS_MATCH'},
  {when: 'there are no revisions', change: {[first]: undefined}, is: 'not_applicable', code: 'NO_REVISIONS'},
  {
    when: 'no enum is a type of PostgreSQL',
    change: {[models]: ['Enum(JobStatus)', 'Enum(JobStatus, native_enum=False)']},
    is: 'not_applicable',
    code: 'NO_ENUM_TYPES',
  },
  {
    when: 'the revision has the values',
    change: {[first]: [labels, 'sa.Enum("waiting", "done", name="jobstatus")']},
    is: 'fail',
    code: 'ENUM_LABELS_DIFFER',
    at: [`${models}:32`],
  },
  {
    when: 'one of two has the values',
    change: {
      [models]: [
        '    priority: Mapped[int]\n',
        '    priority: Mapped[int]\n    kind: Mapped[JobStatus] = mapped_column(Enum(JobStatus, name="kind"))\n',
      ],
      [first]: [columns, `${columns}        sa.Column("kind", sa.Enum("waiting", "done", name="kind"), nullable=False),\n`],
    },
    is: 'fail',
    code: 'ENUM_LABELS_DIFFER_PARTLY',
  },
  {
    when: 'a later revision adds the label',
    change: {
      [models]: ['    DONE = "done"', '    DONE = "done"\n    LATE = "late"'],
      [next]: second('op.execute("ALTER TYPE jobstatus ADD VALUE IF NOT EXISTS \'LATE\'")'),
    },
    is: 'pass',
    code: 'ENUM_LABELS_MATCH',
  },
  {
    when: 'no revision adds the label',
    change: {[models]: ['    DONE = "done"', '    DONE = "done"\n    LATE = "late"']},
    is: 'fail',
    code: 'ENUM_LABELS_DIFFER',
  },
  {when: 'the type is called otherwise', change: {[first]: ['name="jobstatus"', 'name="status"']}, is: 'fail', code: 'ENUM_LABELS_DIFFER'},
  {
    when: 'values_callable is only known at run time',
    change: {[models]: ['Enum(JobStatus)', 'Enum(JobStatus, values_callable=labels_of)']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${models}:32`],
  },
])

judgeRepository('migrations.nullability-match', nullability, texts, [
  {when: 'the flags are equal', is: 'pass', code: 'NULLABILITY_MATCHES'},
  {when: 'there are no revisions', change: {[first]: undefined}, is: 'not_applicable', code: 'NO_REVISIONS'},
  {
    when: 'no table is in both',
    change: {[first]: texts[first]?.replace('"sources",\n', '"a",\n').replace('"jobs",\n        sa', '"b",\n        sa')},
    is: 'not_applicable',
    code: 'NO_COMMON_TABLES',
  },
  {
    when: 'a required column may be null in the database',
    change: {
      [first]: [
        'sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)',
        'sa.Column("created_at", sa.DateTime(timezone=True))',
      ],
    },
    is: 'fail',
    code: 'NULLABILITY_DIFFERS_PARTLY',
    at: [`${models}:34`],
  },
  {
    when: 'every table differs',
    change: {
      [first]: texts[first]
        ?.replace('sa.Column("name", sa.String(length=100), nullable=False)', 'sa.Column("name", sa.String(length=100))')
        .replace('sa.Integer(), nullable=False),\n            sa.Column("created', 'sa.Integer()),\n            sa.Column("created')
        .replace('sa.Column("priority", sa.Integer(), nullable=False)', 'sa.Column("priority", sa.Integer())'),
    },
    is: 'fail',
    code: 'NULLABILITY_DIFFERS',
    at: [`${models}:33`],
  },
  {
    when: 'a later revision makes it required',
    change: {
      [first]: ['sa.Column("priority", sa.Integer(), nullable=False)', 'sa.Column("priority", sa.Integer())'],
      [next]: second('op.alter_column("jobs", "priority", existing_type=sa.Integer(), nullable=False)'),
    },
    is: 'pass',
    code: 'NULLABILITY_MATCHES',
  },
  {
    when: 'the flag is only known at run time',
    change: {[first]: ['sa.Column("priority", sa.Integer(), nullable=False)', 'sa.Column("priority", sa.Integer(), nullable=flag())']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

describe('the base repository', () => {
  test('every change of the tables fits it', () => {
    expect(Object.keys(changed(texts, {})).length).toBeGreaterThan(8)
    expect(readingOf(texts)).toBeDefined()
  })
})
