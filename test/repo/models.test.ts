import {describe, expect, test} from 'vitest'
import {readModels} from '../../src/repo/application/models.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const tablesOf = async (texts: Texts) => (await readingOf(texts).read(readModels)).tables
const base = 'from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\n'
const columnsOf = async (body: string, above = '') => {
  const [table] = await tablesOf({
    'app/models.py': `${above}${base}class Thing(Base):\n    __tablename__ = "things"\n    id: Mapped[int] = mapped_column(primary_key=True)\n${body}`,
  })
  return (table?.columns ?? []).slice(1).map(({name, type, nullable}) => [name, type.family, nullable])
}

describe('what a column is', () => {
  test.each([
    ['a: Mapped[str]', 'text', false],
    ['a: Mapped[str | None]', 'text', true],
    ['a: Mapped["str | None"]', 'text', true],
    ['a: Mapped[Optional[int]]', 'integer', true],
    ['a: Mapped[datetime.datetime]', 'timestamp', false],
    ['a: Mapped[dict] = mapped_column(JSONB)', 'jsonb', false],
    ['a: Mapped[dict] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))', 'jsonb', false],
    ['a: Mapped[list[str]] = mapped_column(ARRAY(String))', 'text[]', false],
    ['a: Mapped[int] = mapped_column(BigInteger, nullable=True)', 'bigint', true],
    ['a: Mapped[Decimal]', 'numeric', false],
    ['a = mapped_column(String(20))', 'text', true],
    ['a = Column(sa.DateTime(timezone=True), nullable=False)', 'timestamp with time zone', false],
    ['a: Mapped[Kind]', 'enum', false],
    ['a: Mapped[Literal["x", "y"]]', 'text', false],
    ['a: Mapped[Key]', 'uuid', false],
    ['a: Mapped[Key | None]', 'uuid', true],
    ['a: Mapped[bytes] = deferred(mapped_column(LargeBinary))', 'binary', false],
    ['a: Mapped[Money] = mapped_column(Cents())', 'integer', false],
  ])('%s', async (line, family, nullable) => {
    const above =
      'import datetime\nimport enum\nimport uuid\nimport sqlalchemy as sa\nfrom decimal import Decimal\nfrom typing import Annotated, Literal, Optional\nfrom sqlalchemy import ARRAY, JSON, BigInteger, Column, Integer, LargeBinary, String\nfrom sqlalchemy.dialects.postgresql import JSONB\nfrom sqlalchemy.orm import deferred\nfrom sqlalchemy.types import TypeDecorator\n\n\nclass Kind(enum.Enum):\n    A = 1\n\n\nclass Cents(TypeDecorator):\n    impl = Integer\n\n\nKey = Annotated[uuid.UUID, mapped_column(default=uuid.uuid4)]\n'
    expect(await columnsOf(`    ${line}\n`, above)).toEqual([['a', family, nullable]])
  })

  test.each([
    ['owner: Mapped["Thing"] = relationship()'],
    ['LIMIT = 3'],
    ['tags: ClassVar[list[str]] = []'],
    ['def name(self): return 1'],
    ['other = association_proxy("a", "b")'],
  ])('%s is none', async (line) => {
    expect(
      await columnsOf(
        `    ${line}\n`,
        'from sqlalchemy.orm import relationship\nfrom sqlalchemy.ext.associationproxy import association_proxy\n',
      ),
    ).toEqual([])
  })
})

describe('the labels of an enum', () => {
  test.each([
    ['Enum(Kind)', ['A', 'B']],
    ['Enum(Kind, values_callable=lambda e: [m.value for m in e])', ['a', 'b']],
    ['Enum(Kind, values_callable=lambda e: [m.name for m in e])', ['A', 'B']],
    ['Enum(Kind, values_callable=lambda e: list(e.__members__))', ['A', 'B']],
    ['Enum(Kind, values_callable=values)', ['a', 'b']],
    ['Enum("x", "y", name="kind")', ['x', 'y']],
    ['Enum(*[k.value for k in Kind], name="kind")', ['a', 'b']],
    ['Enum(*LABELS, name="kind")', ['l', 'm']],
    ['of(Kind)', ['a', 'b']],
    ['Enum(Kind, values_callable=other())', undefined],
  ])('%s', async (type, labels) => {
    const [table] = await tablesOf({
      'm.py': `import enum\nfrom sqlalchemy import Enum\n${base}class Kind(str, enum.Enum):\n    A = "a"\n    B = "b"\n    C = "b"\n\nLABELS = ("l", "m")\n\ndef values(cls):\n    return [m.value for m in cls]\n\ndef of(cls):\n    return Enum(cls, values_callable=values)\n\nclass Thing(Base):\n    __tablename__ = "things"\n    kind: Mapped[Kind] = mapped_column(${type})\n`,
    })
    expect(table?.columns[0]?.type.enum?.labels).toEqual(labels)
    if (type.startsWith('Enum(Kind')) expect(table?.columns[0]?.type.enum?.name).toBe('kind')
  })
})

test('tables, keys and foreign keys of mixins, of one table for several classes, and of Table()', async () => {
  const tables = await tablesOf({
    'app/base.py': `from sqlalchemy import MetaData\n${base.replace('pass', 'metadata = MetaData(schema="shop")')}class Owned:\n    @declared_attr\n    def owner_id(cls) -> Mapped[int]:\n        return mapped_column(ForeignKey("shop.people.id"), index=True)\n`,
    'app/models.py': `from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint, ForeignKey, desc\nfrom .base import Base, Owned\n\n\nclass Person(Base):\n    __tablename__ = "people"\n    id: Mapped[int] = mapped_column("person_id", primary_key=True)\n    kind: Mapped[str]\n\n\nclass Manager(Person):\n    level: Mapped[int | None]\n\n\nclass Note(Owned, Base):\n    __tablename__ = "notes"\n    __table_args__ = (PrimaryKeyConstraint("a", "b"), UniqueConstraint("b", name="uq"), {"schema": "public"})\n    a: Mapped[int]\n    b: Mapped[int]\n\n\nlinks = Table("links", Base.metadata, Column("x", Integer, ForeignKey(Person.id, ondelete="cascade"), primary_key=True), Column("y", Integer, unique=True))\nIndex("ix_links", links.c.y, desc(links.c.x))\n`,
  })
  expect(tables.map(({name, schema, metadata}) => [name, schema, metadata])).toEqual([
    ['people', 'shop', 'app/base.py:6'],
    ['notes', undefined, 'app/base.py:6'],
    ['links', 'shop', 'app/base.py:6'],
  ])
  expect(tables[0]?.columns.map(({name}) => name)).toEqual(['person_id', 'kind', 'level'])
  expect(tables[0]?.attributes).toEqual([{attribute: 'id', column: 'person_id'}])
  expect(tables[1]?.foreignKeys).toMatchObject([{columns: ['owner_id'], table: 'shop.people', referred: ['id']}])
  expect(tables[1]?.keys.map(({kind, parts}) => [kind, parts.map(({text}) => text)])).toEqual([
    ['index', ['owner_id']],
    ['primary', ['a', 'b']],
    ['unique', ['b']],
  ])
  expect(tables[2]?.keys.map(({kind, parts}) => [kind, parts.map(({text}) => text)])).toEqual([
    ['primary', ['x']],
    ['unique', ['y']],
    ['index', ['y', 'x DESC']],
  ])
})
