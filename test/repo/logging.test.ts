import {expect, test} from 'vitest'
import {readLogging} from '../../src/repo/application/logging.ts'
import {readMiddlewares} from '../../src/repo/application/middlewares.ts'
import {file, readingOf} from '../support/repository.ts'

const main = 'from fastapi import FastAPI\nfrom app.logs import configure\nconfigure()\napp = FastAPI()\n'

test('a chain of processors that is put together in steps, in its order', async () => {
  const {structlog, formatters} = await readingOf({
    'app/main.py': main,
    'app/logs.py': file`
      import os
      import structlog as s
      BASE = (s.contextvars.merge_contextvars,)

      def last(local):
          if local:
              return s.dev.ConsoleRenderer()
          return s.processors.JSONRenderer()

      def configure():
          chain = list(BASE)
          chain.append(s.stdlib.add_log_level)
          chain += [s.processors.format_exc_info, last(os.getenv("ENVIRONMENT", "dev") == "dev")]
          s.configure(processors=chain)
    `,
  }).read(readLogging)
  const environment = {is: 'one of', setting: {variables: ['ENVIRONMENT'], choices: [], default: 'dev'}, values: ['dev'], fold: false}
  expect(structlog.map(({line, calledAt, open}) => ({line, calledAt, open}))).toEqual([
    {line: 14, calledAt: {file: 'app/main.py', line: 3}, open: false},
  ])
  expect(structlog[0]?.processors.map(({name, line, condition}) => ({name, line, condition}))).toEqual([
    {name: 'structlog.contextvars.merge_contextvars', line: 3, condition: {is: 'always'}},
    {name: 'structlog.stdlib.add_log_level', line: 12, condition: {is: 'always'}},
    {name: 'structlog.processors.format_exc_info', line: 13, condition: {is: 'always'}},
    {name: 'structlog.dev.ConsoleRenderer', line: 7, condition: environment},
    {name: 'structlog.processors.JSONRenderer', line: 8, condition: {is: 'not', of: environment}},
  ])
  expect(formatters).toEqual([])
})

test('what dictConfig does to loggers, and a set-up that nothing calls', async () => {
  const {loggers, unreached} = await readingOf({
    'app/main.py':
      'from fastapi import FastAPI\nimport logging.config\nlogging.config.dictConfig({"loggers": {"uvicorn.access": {"handlers": ["x"], "propagate": False}}})\napp = FastAPI()\n',
    'app/logs.py': 'import structlog\ndef configure():\n    structlog.configure()\n',
  }).read(readLogging)
  expect(loggers).toEqual([
    {file: 'app/main.py', line: 3, name: 'uvicorn.access', does: ['clears', 'stops', 'handles'], condition: {is: 'always'}},
  ])
  expect(unreached).toEqual([{file: 'app/logs.py', line: 3, within: 'configure'}])
})

test('what a middleware reads, binds, sets and logs', async () => {
  const {middlewares} = await readingOf({
    'main.py': file`
      import time, uuid
      import structlog
      from fastapi import FastAPI
      app = FastAPI()
      log = structlog.get_logger()

      @app.middleware("http")
      async def each(request, call_next):
          given = request.headers.get("X-Correlation-ID") or uuid.uuid4().hex
          structlog.contextvars.bind_contextvars(correlation_id=given)
          started = time.monotonic()
          response = await call_next(request)
          response.headers["X-Correlation-ID"] = given
          log.info("done", extra={"status": response.status_code, "ms": time.monotonic() - started})
          return response
    `,
  }).read(readMiddlewares)
  const origin = {made: [{file: 'main.py', line: 9, once: false}], headers: ['x-correlation-id'], variables: [], checked: null}
  expect(middlewares).toMatchObject([
    {
      line: 7,
      name: 'each',
      bindings: [{line: 10, keys: ['correlation_id'], variable: 'structlog', ...origin}],
      reads: [{line: 9, header: 'x-correlation-id'}],
      sets: [{line: 13, header: 'x-correlation-id', ...origin}],
      logs: [{line: 14, keys: ['status', 'ms', 'correlation_id'], clock: 'monotonic', when: 'after'}],
      boundary: false,
    },
  ])
})
