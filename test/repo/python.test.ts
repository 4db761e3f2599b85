import fc from 'fast-check'
import {expect, test} from 'vitest'
import {constantOf} from '../../src/repo/python/constant.ts'
import {parsePython} from '../../src/repo/python/parse.ts'
import {readProgram} from '../../src/repo/python/program.ts'
import {createNames} from '../../src/repo/python/resolve.ts'
import {readRoutes} from '../../src/repo/application/routes.ts'
import {file, readingOf, type Texts} from '../support/repository.ts'

const namesOf = async (texts: Texts) => {
  const program = await readingOf(texts).read(readProgram)
  const names = createNames(program)
  return (path: string, variable: string) => {
    const module = program.module(path)
    if (module === undefined) throw new Error(`${path} was not read`)
    const scope = names.moduleScope(module)
    const found = names.resolve({kind: 'name', name: variable, line: 1}, scope)
    return {names, found, scope, value: constantOf(names, {kind: 'name', name: variable, line: 1}, scope)}
  }
}

test('strings: joined, raw, formatted, with escapes', async () => {
  const at = await namesOf({
    'a.py': file`
      from fastapi import FastAPI
      BASE = "x" 'y'
      RAW = r"\d"
      ESCAPED = "\n\x41"
      FULL = f"{BASE}/{{z}}/{N}"
      N = 2 * 3 + 1_000
      SUM = BASE + "!"
      UNKNOWN = f"{input()}"
    `,
  })
  expect([at('a.py', 'BASE').value, at('a.py', 'RAW').value, at('a.py', 'ESCAPED').value]).toEqual(['xy', String.raw`\d`, '\nA'])
  expect([at('a.py', 'FULL').value, at('a.py', 'SUM').value, at('a.py', 'UNKNOWN').value]).toEqual(['xy/{z}/1006', 'xy!', undefined])
})

test('names are followed through packages, stars, src folders and aliases', async () => {
  const at = await namesOf({
    'services/api/src/pkg/__init__.py': 'from .core import *\n',
    'services/api/src/pkg/core/__init__.py': 'from .config import Settings as Config, settings\nVERSION = "1"\n',
    'services/api/src/pkg/core/config.py':
      'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings): ...\nsettings = Settings()\n',
    'services/api/alembic/env.py':
      'from pkg import Config, VERSION\nimport pkg.core.config as c\nfrom alembic import context\ncontext.configure\n',
  })
  expect(at('services/api/alembic/env.py', 'Config').found).toMatchObject({kind: 'class', node: {name: 'Settings'}})
  expect(at('services/api/alembic/env.py', 'VERSION').value).toBe('1')
  expect(at('services/api/alembic/env.py', 'c').found).toMatchObject({
    kind: 'module',
    module: {path: 'services/api/src/pkg/core/config.py'},
  })
  expect(at('services/api/alembic/env.py', 'context').found).toEqual({kind: 'external', name: 'alembic.context'})
})

test('of two packages with one name the nearer one is meant; a library is not a file that happens to have its name', async () => {
  const texts = (service: string) => ({
    [`${service}/app/__init__.py`]: '',
    [`${service}/app/config.py`]: `NAME = "${service}"\n`,
    [`${service}/app/jwt.py`]: 'x = 1\n',
    [`${service}/app/main.py`]: 'from fastapi import FastAPI\nfrom app.config import NAME\nimport jwt\n',
  })
  const at = await namesOf({...texts('one'), ...texts('two')})
  expect(at('one/app/main.py', 'NAME').value).toBe('one')
  expect(at('two/app/main.py', 'NAME').value).toBe('two')
  expect(at('two/app/main.py', 'jwt').found).toEqual({kind: 'external', name: 'jwt'})
})

test('names that lead in circles have no answer', async () => {
  const at = await namesOf({'a.py': 'from b import x\nfrom fastapi import FastAPI\ny = z\nz = y\n', 'b.py': 'from a import x\n'})
  expect(at('a.py', 'x').found).toBeUndefined()
  expect(at('a.py', 'y').value).toBeUndefined()
})

test('what is not Python is passed over, and the first line of it is said', async () => {
  expect((await parsePython('x = 1\ndef f(:\n  pass\ny = 2\n')).error).toBe(2)
  expect((await parsePython('print "hello"\n')).error).toBeUndefined()
  expect((await parsePython('﻿x = 1\r\ny = 2\r\n')).body).toHaveLength(2)
})

const good = file`
  from fastapi import FastAPI, APIRouter, Depends
  router = APIRouter(prefix="/a", dependencies=[Depends(x)])
  @router.get("/b", response_model=list[int])
  async def read(a: int = 3, *args, b: Annotated[X, Depends(g)] = None, **kw) -> str | None:
      try:
          x: int = f"a{b!r:>3}c" 'd'
      except (A, B) as e:
          raise X from e
      finally:
          q()
      return [y async for y in z if y] if not a else lambda q: q
  class Thing(Base, metaclass=M):
      __tablename__ = "t"
      id: Mapped[int] = mapped_column(primary_key=True)
  app = FastAPI()
  app.include_router(router)
  for r in [router]: app.include_router(r, prefix="/c")
`

test('any mutation of a source gives facts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.nat(good.length),
          fc.nat(12),
          fc.oneof(fc.string({maxLength: 6}), fc.constantFrom('(', ')', '"""', "f'{", '\n', '\t', '    ', ':', '@', '*', '\u0000', '😀')),
        ),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      async (edits) => {
        const text = edits.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), good)
        const {routes} = await readingOf({'app/main.py': text}).read(readRoutes)
        expect(JSON.stringify(routes)).toBeTypeOf('string')
      },
    ),
    {numRuns: 150},
  )
})

test('nesting without end is cut off, not followed', async () => {
  const {body} = await parsePython(`x = ${'('.repeat(5000)}1${')'.repeat(5000)}\n`)
  expect(body.length).toBeLessThanOrEqual(1)
  await readingOf({'app/main.py': `from fastapi import FastAPI\nx = ${'a.'.repeat(2000)}b\n${'if x:\n '.repeat(1)}pass\n`}).read(readRoutes)
})
