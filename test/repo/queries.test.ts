import {describe, expect, test} from 'vitest'
import {readQueries} from '../../src/repo/application/queries.ts'
import {readingOf} from '../support/repository.ts'

const models =
  'from sqlalchemy import create_engine\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\nclass Base(DeclarativeBase):\n    pass\n\nclass Job(Base):\n    __tablename__ = "jobs"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    state: Mapped[str]\n    rank: Mapped[int]\n    table_name: Mapped[str]\n'
const queriesOf = async (body: string) =>
  readingOf({
    'app/models.py': models,
    'app/work.py': `from sqlalchemy import and_, create_engine, select, text\nfrom app.models import Job\nfrom app import models\n${body}`,
  }).read(readQueries)

describe('tables that the app makes', () => {
  test.each([
    ['a name of its own', 'def f(key):\n    table = f"src_{key}"\n    run(f"CREATE TABLE {table} (id int)")', 'src_'],
    ['quotes and a constant', 'PREFIX = "up_"\ndef f(key):\n    run(f\'CREATE TABLE IF NOT EXISTS "{PREFIX}{key}" (id int)\')', 'up_'],
    [
      'a name that a function makes',
      'def name(key):\n    return "t_" + key\n\ndef f(key):\n    run("CREATE TABLE " + name(key) + " (id int)")',
      't_',
    ],
    ['a parameter', 'def make(table):\n    run(f"CREATE TABLE {table} (id int)")\n\ndef f(key):\n    make(f"imp_{key}")', 'imp_'],
    ['an attribute', 'def f(key):\n    job = Job(table_name=f"src_{key}")\n    run(f"CREATE TABLE {job.table_name} (id int)")', 'src_'],
    ['format', 'def f(key):\n    run("CREATE TABLE {} (id int)".format("z_" + key))', 'z_'],
    ['a schema before it', 'def f(key):\n    run(f"CREATE TABLE data.src_{key} (id int)")', 'src_'],
    ['a name that comes from outside', 'def f(key):\n    run(f"CREATE TABLE {key} (id int)")', undefined],
  ])('%s', async (_, body, prefix) => {
    const {tables} = await queriesOf(body)
    expect(tables.map((one) => one.prefix)).toEqual([prefix])
  })

  test.each(['run("DROP TABLE x")', 'run("CREATE TEMP TABLE x (a int)")', '# CREATE TABLE x', 'run("to CREATE TABLE x")'])(
    '%s makes none',
    async (body) => {
      expect((await queriesOf(`${body}\n`)).tables).toEqual([])
    },
  )
})

test('columns that queries compare', async () => {
  const {filters} = await queriesOf(
    'select(Job).where(and_(Job.state == "a", models.Job.rank > 3))\nsession.query(Job).filter_by(id=3)\nselect(Job.table_name)\n',
  )
  expect(filters.map(({table, column}) => `${table}.${column}`)).toEqual(['jobs.state', 'jobs.rank', 'jobs.id'])
})

test('queries that lock and skip, in one piece and in several', async () => {
  const {queues} = await queriesOf(
    'a = select(Job).where(Job.state == "new").order_by(Job.rank.desc(), Job.id).with_for_update(skip_locked=True)\n\ndef f():\n    q = select(Job)\n    q = q.filter(Job.state.in_(["x"]))\n    return q.with_for_update(skip_locked=True, of=Job).order_by(text("rank DESC"))\n\nselect(Job).with_for_update()\n',
  )
  expect(queues.map(({table, equal, order}) => [table, equal, order.map(({column, descending}) => [column, descending])])).toEqual([
    [
      'jobs',
      [{column: 'state', label: 'new'}],
      [
        ['rank', true],
        ['id', false],
      ],
    ],
    ['jobs', [{column: 'state'}], [['rank', true]]],
  ])
})
