import severity from '../../src/checks/logging/cloud-severity.ts'
import traceback from '../../src/checks/logging/json-keeps-traceback.ts'
import pii from '../../src/checks/logging/no-pii.ts'
import meta from '../../src/checks/logging/remove-processors-meta.ts'
import validated from '../../src/checks/logging/request-id-validated.ts'
import {judgeRepository} from './judge-repository.ts'
import {crlf, texts} from './logging-texts.ts'

const logs = texts['app/logs.py']
const none = {'app/main.py': ['setup_logging()\n', '']} as const

judgeRepository('logging.json-keeps-traceback', traceback, texts, [
  {when: 'formatted before', is: 'pass', code: 'TRACEBACKS_KEPT', at: ['app/logs.py:30']},
  {when: 'not formatted', change: {'app/logs.py': ['structlog.processors.format_exc_info,', '']}, is: 'fail', code: 'TRACEBACKS_LOST'},
  {when: 'as mappings', change: {'app/logs.py': ['format_exc_info', 'dict_tracebacks']}, is: 'pass', code: 'TRACEBACKS_KEPT'},
  {
    when: 'an ExceptionRenderer',
    change: {'app/logs.py': ['structlog.processors.format_exc_info', 'structlog.processors.ExceptionRenderer()']},
    is: 'pass',
    code: 'TRACEBACKS_KEPT',
  },
  {
    when: 'after the renderer',
    change: {
      'app/logs.py': logs
        .replace('            structlog.processors.format_exc_info,\n', '')
        .replace('renderer,\n', 'renderer,\n            structlog.processors.format_exc_info,\n'),
    },
    is: 'fail',
    code: 'TRACEBACKS_LOST',
  },
  {when: 'no set-up', change: none, is: 'not_applicable', code: 'NO_JSON_LOGS'},
  {when: 'not valid Python', change: {'app/logs.py': ['def redact', 'def ((']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('logging.remove-processors-meta', meta, texts, [
  {when: 'both', is: 'pass', code: 'LINES_CLEAN'},
  {when: 'Windows line ends', change: {'app/logs.py': crlf('app/logs.py')}, is: 'pass', code: 'LINES_CLEAN'},
  {
    when: 'not removed',
    change: {'app/logs.py': ['structlog.stdlib.ProcessorFormatter.remove_processors_meta,', '']},
    is: 'fail',
    code: 'LINES_PARTLY_CLEAN',
    at: ['app/logs.py:26'],
  },
  {
    when: 'neither',
    change: {
      'app/logs.py': logs
        .replace('structlog.stdlib.ProcessorFormatter.remove_processors_meta,', '')
        .replace('foreign_pre_chain=shared,', ''),
    },
    is: 'fail',
    code: 'LINES_WITH_INTERNALS',
  },
  {
    when: 'one renderer, which removes by itself',
    change: {'app/logs.py': logs.replace(/processors=\[\n[^]*?\],\n {8}\)/, 'processor=renderer,\n        )')},
    is: 'pass',
    code: 'LINES_CLEAN',
  },
  {when: 'no set-up', change: none, is: 'not_applicable', code: 'NO_PROCESSOR_FORMATTER'},
])

judgeRepository('logging.cloud-severity', severity, texts, [
  {when: 'all', is: 'pass', code: 'GOOGLE_UNDERSTANDS_LINES'},
  {
    when: 'no trace',
    change: {'app/logs.py': ['event["logging.googleapis.com/trace"] = "trace"', 'pass']},
    is: 'fail',
    code: 'GOOGLE_PARTLY_UNDERSTANDS',
  },
  {
    when: 'nothing',
    change: {'app/logs.py': logs.replace('for_google,', '').replace('("uvicorn.error", "uvicorn.access")', '()')},
    is: 'fail',
    code: 'GOOGLE_MISREADS_LINES',
  },
  {
    when: 'access lines go their own way',
    change: {'app/logs.py': ['("uvicorn.error", "uvicorn.access")', '("uvicorn.error",)']},
    is: 'fail',
    code: 'GOOGLE_PARTLY_UNDERSTANDS',
    at: ['app/logs.py:23'],
  },
  {
    when: 'the server is started without a configuration',
    change: {
      'app/logs.py': ['("uvicorn.error", "uvicorn.access")', '()'],
      'app/__main__.py': 'import uvicorn\nif __name__ == "__main__":\n    uvicorn.run("app.main:app", log_config=None)\n',
    },
    is: 'pass',
    code: 'GOOGLE_UNDERSTANDS_LINES',
    at: ['app/__main__.py:3'],
  },
  {when: 'no set-up', change: none, is: 'not_applicable', code: 'NO_JSON_LOGS'},
])

const check = 'given if ID.fullmatch(given) else str(uuid4())'
judgeRepository('logging.request-id-validated', validated, texts, [
  {when: 'by a pattern', is: 'pass', code: 'INCOMING_ID_CHECKED', at: ['app/middleware.py:14']},
  {
    when: 'as it comes',
    change: {'app/middleware.py': [check, 'given or str(uuid4())']},
    is: 'fail',
    code: 'INCOMING_ID_UNCHECKED',
    at: ['app/middleware.py:15'],
  },
  {when: 'a pattern without an end', change: {'app/middleware.py': ['{8,64}', '+']}, is: 'fail', code: 'INCOMING_ID_UNCHECKED'},
  {
    when: 'as a UUID',
    change: {'app/middleware.py': ['ID.fullmatch(given)', 'uuid.UUID(given)']},
    is: 'pass',
    code: 'INCOMING_ID_CHECKED',
  },
  {
    when: 'no id is taken over',
    change: {'app/middleware.py': ['request.headers.get("X-Request-ID", "")', '""']},
    is: 'not_applicable',
    code: 'NO_INCOMING_ID',
  },
  {
    when: 'a library whose check is off',
    change: {
      'app/main.py': [
        'app.add_middleware(RequestId)',
        'from asgi_correlation_id import CorrelationIdMiddleware\napp.add_middleware(CorrelationIdMiddleware, validator=None)',
      ],
    },
    is: 'fail',
    code: 'INCOMING_ID_UNCHECKED',
    at: ['app/main.py:12'],
  },
])

const logged = 'item_id=item["id"]'
judgeRepository('logging.no-pii', pii, texts, [
  {when: 'ids only', is: 'pass', code: 'LOGS_FREE_OF_PII'},
  {when: 'an address', change: {'app/routes.py': [logged, 'user=user.email']}, is: 'fail', code: 'LOGS_HOLD_PII', at: ['app/routes.py:14']},
  {
    when: 'a token in the text',
    change: {'app/routes.py': ['"refused", item_id=item["id"]', 'f"refused {access_token}"']},
    is: 'fail',
    code: 'LOGS_HOLD_PII',
  },
  {when: 'a row', change: {'app/routes.py': [logged, 'row=row']}, is: 'fail', code: 'LOGS_HOLD_PII'},
  {
    when: 'how many rows',
    change: {'app/routes.py': [logged, 'rows=len(rows), token_type=kind, email_sent=True']},
    is: 'pass',
    code: 'LOGS_FREE_OF_PII',
  },
  {
    when: 'a key that a processor blanks',
    change: {'app/routes.py': [logged, 'password=item.password']},
    is: 'pass',
    code: 'LOGS_FREE_OF_PII',
  },
  {
    when: 'no log calls',
    change: {
      'app/routes.py': [`            log.info("refused", ${logged})\n`.slice(4), ''],
      'app/errors.py': ['    log.error("unexpected", exc_info=error)\n', ''],
      'app/middleware.py': 'x = 1\n',
      'app/main.py': 'from fastapi import FastAPI\nfrom app import routes, errors\napp = FastAPI()\n',
    },
    is: 'not_applicable',
    code: 'NO_LOG_CALLS',
  },
])
