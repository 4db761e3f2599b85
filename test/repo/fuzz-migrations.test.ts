import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readBaseline} from '../../src/repo/application/baseline.ts'
import {readModels} from '../../src/repo/application/models.ts'
import {readQueries} from '../../src/repo/application/queries.ts'
import {readRevisions} from '../../src/repo/application/revisions.ts'
import {effectsOf} from '../../src/repo/application/sql.ts'
import {readTableCreations} from '../../src/repo/application/table-creation.ts'
import {readTlsRules} from '../../src/repo/application/tls-rules.ts'
import type {Reader} from '../../src/repo/files.ts'
import {env, first, main, models, queue, settings, texts} from '../repository/migrations-texts.ts'
import {readingOf} from '../support/repository.ts'

const piece = fc.oneof(
  fc.string({unit: 'binary', maxLength: 8}),
  fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '"""',
    '\n',
    '\r',
    '\n    ',
    '=',
    ',',
    '*',
    '**',
    ':',
    '\0',
    '\uFEFF',
    'def ',
    'class ',
    'op.',
    'lambda x: ',
    'for a in b:',
  ),
)
const mutation = fc.record({at: fc.nat(5000), cut: fc.nat(40), put: piece, from: fc.nat(5000)})
const mutated = (text: string, changes: readonly {at: number; cut: number; put: string; from: number}[]) =>
  changes.reduce((made, {at, cut, put, from}) => {
    const place = at % (made.length + 1)
    const source = from % (made.length + 1)
    return made.slice(0, place) + put + made.slice(source, source + cut) + made.slice(place + cut)
  }, text)

const readers: readonly [string, Reader<unknown>][] = [
  [models, readModels],
  [first, readRevisions],
  [env, readRevisions],
  ['service/alembic.ini', readRevisions],
  [queue, readQueries],
  [main, readTableCreations],
  [settings, readTlsRules],
  ['README.md', readBaseline],
]

test.each(readers)(
  '%s, changed anyhow, gives facts or says what it did not read',
  async (path, reader) => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, {minLength: 1, maxLength: 6}), async (changes) => {
        const facts = await readingOf({...texts, [path]: mutated(texts[path] ?? '', changes)}).read(reader)
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
      }),
      {numRuns: 40},
    )
  },
  120_000,
)

test('SQL of any kind is told apart without end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.constantFrom('CREATE TABLE ', 'ALTER TYPE ', 'ADD VALUE ', "'a'", ';', '--', '/*', '$$', 'DO '))),
      (parts) => Array.isArray(effectsOf(parts.join(''))),
    ),
  )
})

test('names that lead in circles end', async () => {
  const facts = await readingOf({
    'm.py':
      'from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase): pass\nA = B\nB = A\ndef f(x): return f(x)\nclass T(Base):\n    __tablename__ = A + f(B)\n    x: Mapped[A] = mapped_column(f(A), **A)\n    __table_args__ = [*A, *f(A)]\n',
    'alembic.ini': '[alembic]\nscript_location = .\n',
    'env.py':
      'from alembic import context\ndef g(*a): return g(*a)\ncontext.configure(connection=1, target_metadata=g(), include_object=g)\n',
    'versions/a.py':
      'from alembic import op\nrevision = "a"\ndown_revision = "a"\ndef upgrade():\n    upgrade()\n    for x in X: op.drop_table(x)\n    for y in [upgrade()]: upgrade()\nX = [*X]\n',
  }).read(readRevisions)
  expect(facts.environments).toHaveLength(1)
})
