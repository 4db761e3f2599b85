import {expect, test} from 'vitest'
import {readErrorHandling} from '../../src/repo/application/errors.ts'
import {file, readingOf} from '../support/repository.ts'

test('broad clauses in what a route calls, and the text of them that is answered', async () => {
  const {clauses, leaks, handlers, debug} = await readingOf({
    'main.py': file`
      from fastapi import FastAPI, HTTPException
      from fastapi.responses import JSONResponse
      app = FastAPI(debug=False)

      def work():
          try:
              return 1
          except BaseException as problem:
              text = repr(problem)
              return answer(text)

      def answer(detail):
          return JSONResponse({"detail": detail}, 500)

      @app.get("/a")
      def a():
          return work()

      @app.exception_handler(KeyError)
      def missing(request, error):
          return JSONResponse({"code": "missing", "message": str(error)})
    `,
  }).read(readErrorHandling)
  expect(clauses).toEqual([
    {
      file: 'main.py',
      function: 'work',
      line: 8,
      caught: 'except BaseException',
      raises: false,
      does: 'returns',
      route: 'GET /a',
      readiness: false,
    },
  ])
  expect(leaks).toEqual([
    {
      caught: {file: 'main.py', line: 8, what: 'except BaseException'},
      response: {file: 'main.py', line: 13},
      how: 'repr(problem)',
      condition: {is: 'always'},
    },
  ])
  expect(handlers).toMatchObject([{line: 19, exception: 'KeyError', function: 'missing', keys: ['code', 'message'], echoes: true}])
  expect(debug).toEqual([{file: 'main.py', line: 3, condition: {is: 'not', of: {is: 'always'}}, text: 'false'}])
})

test('what leads too far is said, not passed over', async () => {
  const doubled = Array.from({length: 40}, () => '        text = text + text').join('\n')
  const {leaks, unfollowed} = await readingOf({
    'main.py': `from fastapi import FastAPI\napp = FastAPI()\n\n@app.get("/a")\ndef a():\n    try:\n        return 1\n    except Exception as error:\n        text = str(error)\n${doubled}\n        return text\n`,
  }).read(readErrorHandling)
  expect(leaks).toEqual([])
  expect(unfollowed).toMatchObject([{file: 'main.py', line: 5}])
})
