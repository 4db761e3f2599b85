import {expect, test} from 'vitest'
import {readHealth} from '../../src/repo/application/health.ts'
import {file, readingOf} from '../support/repository.ts'

test('a statement by a method of a dependency, its time limit, and 503', async () => {
  const {routes} = await readingOf({
    'main.py': file`
      import asyncio
      from typing import Annotated
      from fastapi import Depends, FastAPI, Response
      from sqlalchemy import select
      from sqlalchemy.ext.asyncio import create_async_engine
      app = FastAPI()

      class Database:
          def __init__(self):
              self.engine = create_async_engine("x")
          async def ping(self):
              async with self.engine.connect() as c:
                  await c.scalar(select(1))

      def database() -> Database: ...

      @app.get("/healthz")
      async def healthz(db: Annotated[Database, Depends(database)], response: Response):
          async with asyncio.timeout(1):
              await db.ping()
          response.status_code = 503
    `,
  }).read(readHealth)
  expect(routes).toEqual([
    {
      path: '/healthz',
      file: 'main.py',
      line: 17,
      handler: 'healthz',
      defined: {file: 'main.py', line: 18, endLine: 21},
      statements: [{file: 'main.py', line: 13, text: 'select(…)'}],
      connects: [{file: 'main.py', line: 12}],
      timeouts: [{file: 'main.py', line: 19, how: 'asyncio.timeout'}],
      unavailable: [{file: 'main.py', line: 21}],
      caught: [],
      open: [],
    },
  ])
})
