import {file} from '../support/repository.ts'

/** A small application that logs, handles errors, checks its health and is traced as it should. */
export const texts = {
  'requirements.txt': 'fastapi\nstructlog>=24\nopentelemetry-instrumentation-fastapi\nopentelemetry-sdk\n',
  'app/__init__.py': '',
  'app/settings.py': file`
    from typing import Literal
    from pydantic_settings import BaseSettings


    class Settings(BaseSettings):
        ENVIRONMENT: Literal["development", "staging", "production"]
        LOG_FORMAT: str = "json"

        @property
        def is_production(self) -> bool:
            return self.ENVIRONMENT == "production"


    settings = Settings()
  `,
  'app/logs.py': file`
    import logging
    import structlog
    from app.settings import settings


    def for_google(_, __, event):
        event["severity"] = event.pop("level", "info").upper()
        event["logging.googleapis.com/trace"] = "trace"
        return event


    def redact(_, __, event):
        return {key: "***" if "password" in key else value for key, value in event.items()}


    def setup_logging() -> None:
        shared = [
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            redact,
        ]
        renderer = structlog.dev.ConsoleRenderer() if settings.ENVIRONMENT == "development" else structlog.processors.JSONRenderer()
        structlog.configure(processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter])
        handler = logging.StreamHandler()
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=shared,
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    for_google,
                    renderer,
                ],
            )
        )
        logging.getLogger().addHandler(handler)
        for name in ("uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True
  `,
  'app/middleware.py': file`
    import re
    from time import perf_counter
    from uuid import uuid4
    import structlog
    from starlette.middleware.base import BaseHTTPMiddleware

    ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
    log = structlog.get_logger()


    class RequestId(BaseHTTPMiddleware):
        async def dispatch(self, request, call_next):
            given = request.headers.get("X-Request-ID", "")
            request_id = given if ID.fullmatch(given) else str(uuid4())
            structlog.contextvars.bind_contextvars(request_id=request_id)
            response = await call_next(request)
            response.headers["X-Request-ID"] = request_id
            return response


    class RequestLog(BaseHTTPMiddleware):
        async def dispatch(self, request, call_next):
            started = perf_counter()
            status = 500
            try:
                response = await call_next(request)
                status = response.status_code
                return response
            finally:
                log.info(
                    "request",
                    method=request.method,
                    path=request.url.path,
                    status=status,
                    duration_ms=(perf_counter() - started) * 1000,
                )
  `,
  'app/errors.py': file`
    import structlog
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse
    from app.settings import settings

    log = structlog.get_logger()


    async def unexpected(request, error):
        log.error("unexpected", exc_info=error)
        return JSONResponse({"code": "internal", "message": "Something went wrong.", "request_id": "x"}, 500)


    def install(app: FastAPI) -> None:
        app.add_exception_handler(Exception, unexpected)
  `,
  'app/db.py': file`
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    engine = create_async_engine("postgresql+asyncpg://")


    async def get_session():
        async with AsyncSession(engine) as session:
            yield session
  `,
  'app/health.py': file`
    import asyncio
    from fastapi import APIRouter, Depends, HTTPException
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError
    from app.db import engine

    router = APIRouter(prefix="/health")


    async def check_db():
        try:
            async with asyncio.timeout(2), engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise HTTPException(503, "No database.") from error


    @router.get("")
    async def health():
        await check_db()
        return {"status": "ok"}


    @router.get("/ready")
    async def ready():
        await check_db()
        return {"status": "ready"}
  `,
  'app/telemetry.py': file`
    from opentelemetry import metrics, trace
    from opentelemetry.exporter.cloud_monitoring import CloudMonitoringMetricsExporter
    from opentelemetry.exporter.cloud_trace import CloudTraceSpanExporter
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor


    def setup_telemetry(app):
        provider = TracerProvider()
        provider.add_span_processor(BatchSpanProcessor(CloudTraceSpanExporter()))
        trace.set_tracer_provider(provider)
        reader = PeriodicExportingMetricReader(CloudMonitoringMetricsExporter())
        metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))
        FastAPIInstrumentor().instrument_app(app)
  `,
  'app/routes.py': file`
    import structlog
    from fastapi import APIRouter, HTTPException
    from app.settings import settings

    router = APIRouter()
    log = structlog.get_logger()


    @router.post("/items")
    async def add(item: dict):
        try:
            return {"id": int(item["id"])}
        except ValueError as error:
            log.info("refused", item_id=item["id"])
            raise HTTPException(400, str(error)) from error
  `,
  'app/main.py': file`
    from fastapi import FastAPI
    from app import errors, health, routes
    from app.logs import setup_logging
    from app.middleware import RequestId, RequestLog
    from app.telemetry import setup_telemetry

    setup_logging()
    app = FastAPI()
    errors.install(app)
    app.add_middleware(RequestLog)
    app.add_middleware(RequestId)
    app.include_router(health.router, prefix="/api")
    app.include_router(routes.router, prefix="/api")
    setup_telemetry(app)
  `,
  'web/nginx.conf': file`
    server {
        listen 80;
        location /api/ {
            proxy_set_header X-Request-ID $request_id;
            proxy_pass http://api:8000;
        }
    }
  `,
  'infra/main.tf': file`
    resource "google_cloud_run_v2_service" "api" {
      name = "api"
      template {
        containers {
          image = "api@sha256:0"
          env {
            name  = "ENVIRONMENT"
            value = "production"
          }
        }
      }
    }
    resource "google_project_iam_member" "metrics" {
      project = "p"
      role    = "roles/monitoring.metricWriter"
      member  = "serviceAccount:api@p.iam.gserviceaccount.com"
    }
  `,
}

/** The whole of a file with other line ends. */
export const crlf = (path: keyof typeof texts): string => texts[path].replaceAll('\n', '\r\n')
