import {describe, expect, test} from 'vitest'
import {readRevisions} from '../../src/repo/application/revisions.ts'
import {effectsOf} from '../../src/repo/application/sql.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const env = 'from alembic import context\n\ncontext.configure(connection=None, target_metadata=None)\n'
const revision = (body: string, above = '') =>
  `import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n\nrevision = "1"\ndown_revision = None\n${above}\n\ndef upgrade():\n${body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`
const read = async (texts: Texts) => (await readingOf(texts).read(readRevisions)).environments
const replayed = async (body: string, above = '') => {
  const [one] = await read({'alembic.ini': '[alembic]\nscript_location = m\n', 'm/env.py': env, 'm/versions/1.py': revision(body, above)})
  if (one === undefined) throw new Error('no environment')
  return one
}
const table = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.String()))'

describe('what revisions do', () => {
  test.each([
    ['a column more', `${table}\nop.add_column("t", sa.Column("b", sa.Date()))`, ['id', 'a', 'b']],
    ['a column less', `${table}\nop.drop_column("t", "a")`, ['id']],
    [
      'a new name',
      `${table}\nwith op.batch_alter_table("t", schema=None) as b:\n    b.alter_column("a", new_column_name="z")`,
      ['id', 'z'],
    ],
    [
      'a loop over a mapping',
      `${table}\nfor name, kind in KINDS.items():\n    op.add_column("t", sa.Column(name, kind))`,
      ['id', 'a', 'p', 'q'],
    ],
    ['a comprehension with a star', `op.create_table("t", *[sa.Column(n, sa.Integer()) for n in ("u", "v")])`, ['u', 'v']],
    ['columns of a function', `op.create_table("t", sa.Column("id", sa.Integer()), *stamps())`, ['id', 'made', 'changed']],
    ['a function that is given the batch', `${table}\nwith op.batch_alter_table("t") as b:\n    more(b)`, ['id', 'a', 'm']],
    ['what offline mode skips', `${table}\nif op.get_context().is_offline_mode():\n    return\nop.drop_column("t", "a")`, ['id']],
    ['what is only there if it was not', `if not sa.inspect(op.get_bind()).has_table("t"):\n    ${table}`, ['id', 'a']],
    ['what is tried', `try:\n    ${table}\nexcept Exception:\n    op.drop_table("t")`, ['id', 'a']],
  ])('%s', async (_, body, columns) => {
    const above =
      'KINDS = {"p": sa.Integer(), "q": sa.Text()}\n\ndef stamps():\n    return (sa.Column("made", sa.DateTime()), sa.Column("changed", sa.DateTime()))\n\ndef more(batch):\n    batch.add_column(sa.Column("m", sa.Integer()))\n'
    const {tables, unknown, raw} = await replayed(body, above)
    expect(tables.map(({columns: all, open}) => [all.map(({name}) => name), open])).toEqual([[columns, []]])
    expect([unknown, raw]).toEqual([[], []])
  })

  test.each([
    ['create_all', 'Base.metadata.create_all(op.get_bind())'],
    ['an operation of another library', 'op.create_partition("t")'],
    ['a loop that only a run knows', 'for t in tables():\n    op.drop_table(t)'],
    ['a table whose name only a run knows', 'op.create_table(name(), sa.Column("id", sa.Integer()))'],
    ['a table that is not there', 'op.drop_column("t", "a")'],
  ])('%s is not known', async (_, body) => {
    expect((await replayed(body)).unknown.length).toBeGreaterThan(0)
  })

  test('types are made, extended and dropped', async () => {
    const {enums} = await replayed(
      'sa.Enum("a", name="one").create(op.get_bind())\nop.execute("CREATE TYPE two AS ENUM (\'x\', \'y\')")\nop.execute("ALTER TYPE two ADD VALUE \'z\' AFTER \'x\'")\nop.execute("ALTER TYPE two RENAME VALUE \'x\' TO \'w\'")\nop.execute("CREATE TYPE three AS ENUM (\'k\')")\nfor name in ("three",):\n    op.execute(f"DROP TYPE {name}")\nop.create_table("t", sa.Column("k", sa.Enum("m", name="four")))',
    )
    expect(enums.map(({name, labels}) => [name, labels])).toEqual([
      ['one', ['a']],
      ['two', ['w', 'y', 'z']],
      ['four', ['m']],
    ])
  })

  test('constraints go by their name, said or not', async () => {
    const {tables} = await replayed(
      'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer(), sa.ForeignKey("u.id"), unique=True, index=False))\nop.drop_constraint("t_a_key", "t", type_="unique")\nop.drop_constraint("t_a_fkey", "t", type_="foreignkey")\nop.create_index("i", "t", ["a"])\nop.drop_index("i")',
    )
    expect(tables[0]?.keys.map(({kind}) => kind)).toEqual(['primary'])
    expect(tables[0]?.foreignKeys).toEqual([])
    expect(tables[0]?.open).toEqual([])
  })
})

test.each([
  ['UPDATE t SET a = 1; -- ALTER TABLE t', []],
  ['CREATE TABLE IF NOT EXISTS "public"."t" (a int)', [{kind: 'table', table: 't', change: 'create'}]],
  ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', []],
  ['ALTER TABLE ONLY t ADD COLUMN b int', [{kind: 'table', table: 't', change: 'alter'}]],
  ['create unique index concurrently i on s.t (a)', [{kind: 'index', table: 's.t'}]],
  [
    "DO $$ BEGIN CREATE TYPE k AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;",
    [{kind: 'type', name: 'k', labels: ['a']}],
  ],
  ['CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN ALTER TABLE x; END; $$ LANGUAGE plpgsql', []],
  ['DROP SCHEMA s CASCADE', [{kind: 'any'}]],
])('%s', (sql, effects) => {
  expect(effectsOf(sql)).toEqual(effects)
})

describe('where revisions are', () => {
  const one = revision('pass')
  test.each([
    [
      'a path from the ini file',
      {
        'back/alembic.ini': '[alembic]\nscript_location = db/migrations\n',
        'back/db/migrations/env.py': env,
        'back/db/migrations/versions/1.py': one,
      },
      'back/db/migrations',
    ],
    [
      '%(here)s',
      {'back/alembic.ini': '[alembic]\r\nscript_location = %(here)s/m\r\n', 'back/m/env.py': env, 'back/m/versions/1.py': one},
      'back/m',
    ],
    [
      'a package',
      {
        'alembic.ini': '[alembic]\nscript_location = shop:migrations\n',
        'src/shop/migrations/env.py': env,
        'src/shop/migrations/versions/1.py': one,
      },
      'src/shop/migrations',
    ],
    ['pyproject.toml', {'pyproject.toml': '[tool.alembic]\nscript_location = "m"\n', 'm/env.py': env, 'm/versions/1.py': one}, 'm'],
    [
      'other folders',
      {'alembic.ini': '[alembic]\nscript_location = m\nversion_locations = %(here)s/m/a %(here)s/m/b\n', 'm/env.py': env, 'm/b/1.py': one},
      'm',
    ],
    ['an env.py that no file names', {'app/migrations/env.py': env, 'app/migrations/versions/1.py': one}, 'app/migrations'],
  ])('%s', async (_, texts, location) => {
    expect((await read(texts)).map((each) => [each.location, each.revisions.length, each.missing])).toEqual([[location, 1, false]])
  })

  test('the chain is followed through merges and short ids', async () => {
    const at = (id: string, down: string) => `revision = "${id}"\ndown_revision = ${down}\n\ndef upgrade():\n    pass\n`
    const [found] = await read({
      'alembic.ini': '[alembic]\nscript_location = m\n',
      'm/env.py': env,
      'm/versions/a.py': at('aaaa1111', 'None'),
      'm/versions/b.py': at('bbbb2222', '"aaaa"'),
      'm/versions/c.py': at('cccc3333', '"aaaa1111"'),
      'm/versions/d.py': at('dddd4444', '("bbbb2222", "cccc3333")'),
    })
    expect([found?.bases, found?.heads, found?.broken]).toEqual([['aaaa1111'], ['dddd4444'], []])
  })
})
