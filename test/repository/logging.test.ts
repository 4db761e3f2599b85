import correlation from '../../src/checks/logging/correlation-id-propagation.ts'
import leak from '../../src/checks/logging/no-internal-detail-leak.ts'
import bareExcept from '../../src/checks/logging/no-bare-except.ts'
import requestId from '../../src/checks/logging/request-id.ts'
import requestLogging from '../../src/checks/logging/request-logging.ts'
import structlogJson from '../../src/checks/logging/structlog-json.ts'
import {judgeRepository} from './judge-repository.ts'
import {file} from '../support/repository.ts'
import {crlf, texts} from './logging-texts.ts'

const renderer = 'structlog.dev.ConsoleRenderer() if settings.ENVIRONMENT == "development" else structlog.processors.JSONRenderer()'
const configure = 'structlog.configure(processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter])'

judgeRepository('logging.structlog-json', structlogJson, texts, [
  {when: 'all there', is: 'pass', code: 'LOGS_JSON', at: ['app/logs.py:23', 'requirements.txt:2']},
  {when: 'Windows line ends', change: {'app/logs.py': crlf('app/logs.py')}, is: 'pass', code: 'LOGS_JSON'},
  {
    when: 'configure in a function that nothing calls',
    trap: 'setup_logging defined but not invoked',
    change: {'app/main.py': ['setup_logging()\n', '']},
    is: 'fail',
    code: 'LOGS_PARTLY_JSON',
    at: ['app/logs.py:23'],
  },
  {
    when: 'no configure',
    trap: 'structlog imported, configure() never called',
    change: {'app/logs.py': 'import structlog\ndef setup_logging(): ...\n', 'requirements.txt': ''},
    is: 'fail',
    code: 'LOGS_NOT_JSON',
  },
  {
    when: 'neither dependency nor configure',
    change: {'app/logs.py': 'import structlog\ndef setup_logging(): ...\n', 'requirements.txt': 'fastapi\n'},
    is: 'fail',
    code: 'LOGS_NOT_JSON',
    at: ['app/main.py:8', 'requirements.txt:1'],
  },
  {
    when: 'text everywhere',
    trap: 'only ConsoleRenderer',
    change: {'app/logs.py': [renderer, 'structlog.dev.ConsoleRenderer()']},
    is: 'fail',
    code: 'LOGS_PARTLY_JSON',
    at: ['app/logs.py:23'],
  },
  {
    when: 'JSON unless a terminal, chosen by a setting',
    trap: 'renderer chosen by settings (json unless tty)',
    change: {
      'app/logs.py': [
        renderer,
        'structlog.dev.ConsoleRenderer() if sys.stderr.isatty() or settings.LOG_FORMAT != "json" else structlog.processors.JSONRenderer()',
      ],
    },
    is: 'pass',
    code: 'LOGS_JSON',
  },
  {
    when: 'JSON only in production',
    change: {'app/logs.py': ['settings.ENVIRONMENT == "development"', 'not settings.is_production']},
    is: 'fail',
    code: 'LOGS_PARTLY_JSON',
  },
  {
    when: 'a formatter of python-json-logger',
    trap: 'python-json-logger + structlog wrap_for_formatter',
    change: {
      'app/logs.py': file`
        import logging.config
        import structlog
        from structlog.stdlib import ProcessorFormatter as Formatter

        def setup_logging(processors=None):
            structlog.configure(processors=[structlog.contextvars.merge_contextvars] + [structlog.stdlib.render_to_log_kwargs])
            logging.config.dictConfig({
                "version": 1,
                "formatters": {"json": {"()": "pythonjsonlogger.jsonlogger.JsonFormatter"}},
            })
      `,
    },
    is: 'pass',
    code: 'LOGS_JSON',
  },
  {
    when: 'handed on, and no formatter',
    change: {'app/logs.py': ['structlog.stdlib.ProcessorFormatter(\n', 'Other(\n']},
    is: 'fail',
    code: 'LOGS_PARTLY_JSON',
  },
  {
    when: 'processors that are made',
    change: {'app/logs.py': [configure, 'structlog.configure(processors=make())']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'only a development dependency',
    change: {'requirements.txt': 'fastapi\n', 'requirements-dev.txt': 'structlog\n'},
    is: 'fail',
    code: 'LOGS_PARTLY_JSON',
    at: ['requirements-dev.txt:1'],
  },
  {
    when: 'built step by step',
    change: {
      'app/logs.py': [
        configure,
        'chain = shared.copy()\n    chain.append(structlog.stdlib.ProcessorFormatter.wrap_for_formatter)\n    structlog.configure(chain)',
      ],
    },
    is: 'pass',
    code: 'LOGS_JSON',
  },
  {
    when: 'only when run as a program',
    change: {'app/main.py': ['setup_logging()\n', 'if __name__ == "__main__":\n    setup_logging()\n']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'not valid Python', change: {'app/logs.py': ['def redact', 'def ((']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

const bind = 'structlog.contextvars.bind_contextvars(request_id=request_id)'
judgeRepository('logging.request-id', requestId, texts, [
  {when: 'made, bound and merged', is: 'pass', code: 'REQUESTS_HAVE_IDS', at: ['app/middleware.py:14', 'app/middleware.py:15']},
  {
    when: 'never added',
    trap: "class defined, never add_middleware'd",
    change: {'app/main.py': ['app.add_middleware(RequestId)\n', '']},
    is: 'fail',
    code: 'REQUESTS_WITHOUT_IDS',
    at: ['app/middleware.py:11'],
  },
  {
    when: 'not merged',
    trap: 'bind without merge_contextvars',
    change: {'app/logs.py': ['structlog.contextvars.merge_contextvars,', '']},
    is: 'fail',
    code: 'REQUEST_IDS_INCOMPLETE',
    at: ['app/logs.py:23'],
  },
  {
    when: 'one id for all',
    trap: 'one module-level uuid reused',
    change: {'app/middleware.py': texts['app/middleware.py'].replace('str(uuid4())', 'ONE').replace('log = ', 'ONE = uuid4().hex\nlog = ')},
    is: 'fail',
    code: 'REQUEST_IDS_INCOMPLETE',
    at: ['app/middleware.py:8'],
  },
  {
    when: 'a library makes it, a processor reads it',
    change: {
      'app/main.py': [
        'app.add_middleware(RequestId)',
        'from asgi_correlation_id import CorrelationIdMiddleware\napp.add_middleware(CorrelationIdMiddleware)',
      ],
      'app/logs.py': ['structlog.contextvars.merge_contextvars', 'lambda _, __, event: {**event, "request_id": correlation_id.get()}\n'],
    },
    is: 'fail',
    code: 'REQUEST_IDS_INCOMPLETE',
  },
  {
    when: 'a library makes it, a processor of that library’s variable',
    trap: 'asgi-correlation-id package',
    change: {
      'app/main.py': [
        'app.add_middleware(RequestId)',
        'from asgi_correlation_id import CorrelationIdMiddleware as C\napp.add_middleware(C)',
      ],
      'app/logs.py': texts['app/logs.py']
        .replace(
          'import structlog',
          'import structlog\nfrom asgi_correlation_id import correlation_id\ndef with_id(_, __, event):\n    event["request_id"] = correlation_id.get()\n    return event\n',
        )
        .replace('structlog.contextvars.merge_contextvars', 'with_id'),
    },
    is: 'pass',
    code: 'REQUESTS_HAVE_IDS',
    at: ['app/main.py:12'],
  },
  {
    when: 'plain ASGI',
    trap: 'pure ASGI middleware',
    change: {
      'app/middleware.py': texts['app/middleware.py'].replace(
        /class RequestId[^]*?\n\n\n/,
        () => file`
          class RequestId:
              def __init__(self, app):
                  self.app = app

              async def __call__(self, scope, receive, send):
                  structlog.contextvars.bind_contextvars(request_id=uuid4().hex)
                  await self.app(scope, receive, send)


        `,
      ),
    },
    is: 'pass',
    code: 'REQUESTS_HAVE_IDS',
  },
  {
    when: 'a helper adds it',
    trap: 'registered through a setup_middleware(app) helper',
    change: {
      'app/main.py': [
        'app.add_middleware(RequestId)',
        'def setup_middleware(target):\n    target.add_middleware(RequestId)\nsetup_middleware(app)',
      ],
    },
    is: 'pass',
    code: 'REQUESTS_HAVE_IDS',
  },
  {
    when: 'a decorated function',
    change: {
      'app/main.py': [
        'app.add_middleware(RequestId)',
        'import structlog, uuid\n@app.middleware("http")\nasync def ids(request, call_next):\n    structlog.contextvars.bind_contextvars(id=str(uuid.uuid4()))\n    return await call_next(request)',
      ],
    },
    is: 'pass',
    code: 'REQUESTS_HAVE_IDS',
  },
  {
    when: 'bound nowhere',
    change: {'app/middleware.py': [bind, 'request.state.id = request_id']},
    is: 'fail',
    code: 'REQUESTS_WITHOUT_IDS',
    at: ['app/middleware.py:14'],
  },
  {
    when: 'bound nowhere, and another middleware is registered nowhere',
    change: {
      'app/middleware.py': [bind, 'request.state.id = request_id'],
      'app/headers.py': file`
        from starlette.middleware.base import BaseHTTPMiddleware
        class SecurityHeadersMiddleware(BaseHTTPMiddleware):
            async def dispatch(self, request, call_next):
                response = await call_next(request)
                response.headers["X-Frame-Options"] = "DENY"
                return response
      `,
    },
    is: 'fail',
    code: 'REQUESTS_WITHOUT_IDS',
    at: ['app/middleware.py:14'],
  },
  {
    when: 'one of several that are registered nowhere makes ids',
    change: {
      'app/main.py': ['app.add_middleware(RequestId)\n', ''],
      'app/headers.py': 'class SecurityHeadersMiddleware:\n    async def __call__(self, scope, receive, send): ...\n',
    },
    is: 'fail',
    code: 'REQUESTS_WITHOUT_IDS',
    at: ['app/middleware.py:11'],
  },
  {
    when: 'a function that calls itself makes it',
    change: {
      'app/middleware.py': texts['app/middleware.py']
        .replace('str(uuid4())', 'again(given)')
        .replace('log = ', 'def again(given):\n    return again(given) if given else str(uuid4())\nlog = '),
    },
    is: 'pass',
    code: 'REQUESTS_HAVE_IDS',
  },
])

judgeRepository('logging.request-logging', requestLogging, texts, [
  {when: 'one line with all', is: 'pass', code: 'REQUESTS_LOGGED', at: ['app/middleware.py:30']},
  {
    when: 'no middleware',
    trap: 'uvicorn --access-log only',
    change: {'app/main.py': ['app.add_middleware(RequestLog)\n', '']},
    is: 'fail',
    code: 'REQUESTS_NOT_LOGGED',
    at: ['app/middleware.py:21'],
  },
  {
    when: 'before the request',
    trap: 'logged before call_next (no status)',
    change: {
      'app/middleware.py': texts['app/middleware.py']
        .replace(
          '        started = perf_counter()',
          '        log.info("request", method=request.method, path=request.url.path, status=None, duration=0)\n        return await call_next(request)\n        started = perf_counter()',
        )
        .replace(/ {7} {4}finally:[^]*$/, '            finally:\n                pass\n'),
    },
    is: 'fail',
    code: 'REQUESTS_PARTLY_LOGGED',
  },
  {
    when: 'other names',
    trap: 'fields named http.method / latency_ms',
    change: {
      'app/middleware.py': texts['app/middleware.py'].replace(
        /method=request.method,[^]*?duration_ms=(.*),\n/,
        (_, value) =>
          `**{"http.method": request.method, "http.url": request.url.path, "http.status_code": status, "latency_ms": ${String(value)}},\n`,
      ),
    },
    is: 'pass',
    code: 'REQUESTS_LOGGED',
  },
  {
    when: 'as Google names them',
    trap: 'httpRequest dict for Cloud Logging',
    change: {
      'app/middleware.py': texts['app/middleware.py'].replace(
        /method=request.method,[^]*?duration_ms=(.*),\n/,
        (_, value) =>
          `httpRequest={"requestMethod": request.method, "requestUrl": str(request.url), "status": status, "latency": f"{${String(value)}}s"},\n`,
      ),
    },
    is: 'pass',
    code: 'REQUESTS_LOGGED',
  },
  {
    when: 'in extra',
    change: {
      'app/middleware.py': texts['app/middleware.py'].replace(
        /method=request.method,[^]*?duration_ms=(.*),\n/,
        (_, value) => `extra=dict(method=request.method, path="p", status=status, duration=${String(value)}),\n`,
      ),
    },
    is: 'pass',
    code: 'REQUESTS_LOGGED',
  },
  {
    when: 'by the wall clock',
    change: {'app/middleware.py': ['from time import perf_counter', 'from time import time as perf_counter']},
    is: 'fail',
    code: 'REQUESTS_PARTLY_LOGGED',
    at: ['app/middleware.py:30'],
  },
  {
    when: 'only when it returns',
    change: {'app/middleware.py': ['finally:', 'except KeyError:']},
    is: 'fail',
    code: 'REQUESTS_PARTLY_LOGGED',
  },
])

judgeRepository('logging.no-bare-except', bareExcept, texts, [
  {when: 'only what is expected', is: 'pass', code: 'ERRORS_STRUCTURED'},
  {
    when: 'a tuple',
    trap: 'except (Exception,) tuple',
    change: {'app/routes.py': ['except ValueError', 'except (KeyError, Exception,)']},
    is: 'fail',
    code: 'ERRORS_PARTLY_STRUCTURED',
    at: ['app/routes.py:13'],
  },
  {
    when: 'an alias',
    trap: 'except Exception as e spelled across alias',
    change: {
      'app/routes.py': texts['app/routes.py']
        .replace('log = ', 'Anything = Exception\nlog = ')
        .replace('except ValueError', 'except Anything'),
    },
    is: 'fail',
    code: 'ERRORS_PARTLY_STRUCTURED',
    at: ['app/routes.py:14'],
  },
  {
    when: 'a fixed detail',
    trap: 'generic detail but still except Exception',
    change: {'app/routes.py': texts['app/routes.py'].replace('except ValueError', 'except Exception').replace('str(error)', '"Failed."')},
    is: 'fail',
    code: 'ERRORS_PARTLY_STRUCTURED',
  },
  {
    when: 'a middleware that catches all',
    trap: 'the global ErrorBoundary itself',
    change: {'app/middleware.py': ['finally:', 'except Exception:\n            raise\n        finally:']},
    is: 'pass',
    code: 'ERRORS_STRUCTURED',
  },
  {
    when: 'an exception group',
    trap: 'except ExceptionGroup',
    change: {'app/routes.py': ['except ValueError', 'except ExceptionGroup']},
    is: 'pass',
    code: 'ERRORS_STRUCTURED',
  },
  {
    when: 'raised again',
    trap: '`except Exception: ...; raise`',
    change: {'app/routes.py': texts['app/routes.py'].replace('except ValueError', 'except Exception').replace(/raise HTTP.*/, 'raise')},
    is: 'pass',
    code: 'ERRORS_STRUCTURED',
  },
  {
    when: 'in a docstring',
    trap: 'word in docstring (middleware.py:42)',
    change: {'app/routes.py': ['    try:', '    """No except Exception: here."""\n    try:']},
    is: 'pass',
    code: 'ERRORS_STRUCTURED',
  },
  {
    when: 'a readiness probe',
    change: {'app/health.py': ['(SQLAlchemyError, OSError, TimeoutError)', 'Exception']},
    is: 'pass',
    code: 'ERRORS_STRUCTURED',
  },
  {
    when: 'in what a route calls, and no handler',
    change: {
      'app/routes.py': texts['app/routes.py']
        .replace('return {"id": int(item["id"])}', 'return work(item)')
        .replace('@router', 'def work(item):\n    try:\n        return 1\n    except:\n        return None\n\n\n@router'),
      'app/main.py': ['errors.install(app)\n', ''],
    },
    is: 'fail',
    code: 'ERRORS_SWALLOWED',
    at: ['app/routes.py:12', 'app/main.py:8'],
  },
  {
    when: 'suppressed',
    change: {
      'app/routes.py': ['    try:', '    from contextlib import suppress\n    with suppress(Exception):\n        item.clear()\n    try:'],
    },
    is: 'fail',
    code: 'ERRORS_PARTLY_STRUCTURED',
    at: ['app/routes.py:12'],
  },
  {
    when: 'handlers out of a mapping, by RFC 9457',
    change: {
      'app/errors.py': file`
      from fastapi import Response
      async def unexpected(request, error):
          return Response("{}", 500, media_type="application/problem+json")
      HANDLERS = {Exception: unexpected}
      def install(app):
          for kind, handler in HANDLERS.items():
              app.add_exception_handler(kind, handler)
    `,
    },
    is: 'pass',
    code: 'ERRORS_STRUCTURED',
    at: ['app/errors.py:2'],
  },
])

const broad = texts['app/routes.py'].replace('except ValueError', 'except Exception')
const guarded = (test: string) => broad.replace('str(error)', `str(error) if ${test} else "Failed."`)
judgeRepository('logging.no-internal-detail-leak', leak, texts, [
  {when: 'nothing leaks', is: 'pass', code: 'DETAILS_INSIDE'},
  {when: 'str of everything', change: {'app/routes.py': broad}, is: 'fail', code: 'DETAILS_LEAK', at: ['app/routes.py:15']},
  {
    when: 'all but production',
    trap: '`if not settings.is_production` - exposes in staging, and in prod if ENVIRONMENT=prod',
    change: {'app/routes.py': guarded('not settings.is_production'), 'infra/main.tf': ['"production"', '"prod"']},
    is: 'fail',
    code: 'DETAILS_LEAK',
    at: ['app/routes.py:15', 'infra/main.tf:6'],
  },
  {
    when: 'in a header',
    trap: "detail='x' with exc_info in response headers",
    change: {'app/routes.py': broad.replace('str(error)', '"x", headers={"X-Error": repr(error)}')},
    is: 'fail',
    code: 'DETAILS_LEAK',
    at: ['app/routes.py:15'],
  },
  {when: 'an error of the domain', trap: 'str(e) of a domain ValueError with author-written text', is: 'pass', code: 'DETAILS_INSIDE'},
  {
    when: 'logged',
    trap: 'detail logged, not returned',
    change: {'app/routes.py': broad.replace('item_id=item["id"]', 'error=str(error)').replace('400, str(error)', '400, "Failed."')},
    is: 'pass',
    code: 'DETAILS_INSIDE',
  },
  {
    when: 'only in development',
    change: {'app/routes.py': guarded('settings.ENVIRONMENT == "development"')},
    is: 'pass',
    code: 'DETAILS_INSIDE',
    at: ['app/routes.py:15'],
  },
  {
    when: 'development or staging',
    change: {'app/routes.py': guarded('settings.ENVIRONMENT in ("development", "staging")')},
    is: 'fail',
    code: 'DETAILS_LEAK',
  },
  {
    when: 'through a name and a helper',
    change: {
      'app/routes.py': broad
        .replace(/ {8}raise HTTP.*/, '        detail = f"failed: {error}"\n        raise problem(detail) from error')
        .replace('@router', 'def problem(text):\n    return HTTPException(500, detail=text)\n\n\n@router'),
    },
    is: 'fail',
    code: 'DETAILS_LEAK',
  },
  {
    when: 'debug, and a guard that holds',
    change: {'app/main.py': ['FastAPI()', 'FastAPI(debug=True)'], 'app/routes.py': guarded('settings.ENVIRONMENT == "development"')},
    is: 'fail',
    code: 'DETAILS_PARTLY_LEAK',
    at: ['app/main.py:8'],
  },
  {
    when: 'a guard that cannot be followed',
    change: {'app/routes.py': guarded('show_debug_details()')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'a trace in the last handler',
    change: {
      'app/errors.py': texts['app/errors.py']
        .replace('import structlog', 'import structlog, traceback')
        .replace('"Something went wrong."', 'traceback.format_exc()')
        .replace('error)\n        return', 'error)\n        return'),
    },
    is: 'fail',
    code: 'DETAILS_LEAK',
    at: ['app/errors.py:11'],
  },
  {
    when: 'the name of its class only',
    change: {'app/routes.py': broad.replace('str(error)', 'type(error).__name__')},
    is: 'pass',
    code: 'DETAILS_INSIDE',
  },
])

judgeRepository('logging.correlation-id-propagation', correlation, texts, [
  {when: 'passed on', is: 'pass', code: 'ID_PASSED_ON', at: ['app/middleware.py:13', 'app/middleware.py:17', 'web/nginx.conf:4']},
  {
    when: 'not echoed',
    trap: 'read but not echoed',
    change: {'app/middleware.py': ['response.headers["X-Request-ID"] = request_id', 'pass']},
    is: 'fail',
    code: 'ID_PARTLY_PASSED_ON',
    at: ['app/middleware.py:13'],
  },
  {
    when: 'nginx gives its own',
    trap: "nginx always overwrites with $request_id so client's id never survives (acceptable at trust boundary; report as info)",
    is: 'pass',
    code: 'ID_PASSED_ON',
    at: ['web/nginx.conf:4'],
  },
  {
    when: 'OpenTelemetry does it',
    trap: 'OpenTelemetry propagators used instead',
    change: {'app/main.py': ['app.add_middleware(RequestId)\n', '']},
    is: 'pass',
    code: 'ID_PASSED_ON',
    at: ['app/telemetry.py:17'],
  },
  {
    when: 'the proxy does not',
    change: {'web/nginx.conf': ['proxy_set_header X-Request-ID $request_id;', '']},
    is: 'fail',
    code: 'ID_PARTLY_PASSED_ON',
    at: ['web/nginx.conf:5'],
  },
  {
    when: 'nothing',
    change: {'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n', 'app/telemetry.py': 'x = 1\n', 'web/nginx.conf': undefined},
    is: 'fail',
    code: 'ID_NOT_PASSED_ON',
    at: ['app/middleware.py:11'],
  },
  {
    when: 'a client without it',
    change: {'app/routes.py': ['    try:', '    import httpx\n    httpx.get("https://x.example")\n    try:']},
    is: 'fail',
    code: 'ID_PARTLY_PASSED_ON',
    at: ['app/routes.py:12'],
  },
  {
    when: 'a client with it',
    change: {
      'app/routes.py': ['    try:', '    import httpx\n    httpx.get("https://x.example", headers={"X-Request-ID": "i"})\n    try:'],
    },
    is: 'pass',
    code: 'ID_PASSED_ON',
  },
])
