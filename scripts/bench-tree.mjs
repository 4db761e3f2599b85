// A repository of public size that nobody has to download: 5,000 Python files whose packages import each other, some FastAPI applications
// among them, 500 YAML files, and the files around them.
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

const packages = 50
const modules = 100
const apps = 5

/** Writes the tree below a folder and says what it holds. */
export const writeTree = (folder) => {
  const counts = {files: 0, python: 0, yaml: 0, bytes: 0}
  const put = (path, text) => {
    const file = join(folder, path)
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, text)
    counts.files += 1
    counts.bytes += text.length
    if (path.endsWith('.py')) counts.python += 1
    if (/\.ya?ml$/.test(path)) counts.yaml += 1
  }
  for (let index = 0; index < packages; index += 1) {
    put(`src/pkg${index}/__init__.py`, `from .module1 import Service1\n\n__all__ = ["Service1"]\n`)
    for (let number = 1; number < modules; number += 1) put(`src/pkg${index}/module${number}.py`, moduleOf(index, number))
  }
  for (let index = 0; index < apps; index += 1)
    for (const [path, text] of Object.entries(appOf(index))) put(`services/svc${index}/${path}`, text)
  for (let number = 0; number < 470; number += 1) put(`deploy/chart${number % 20}/manifest${number}.yaml`, manifestOf(number))
  for (let number = 0; number < 25; number += 1) put(`.github/workflows/job${number}.yml`, workflowOf(number))
  put('.gitignore', '__pycache__/\n*.log\n.env\n')
  put('pyproject.toml', '[project]\nname = "tree"\nversion = "1"\ndependencies = ["fastapi>=0.109"]\n\n[tool.ruff]\nline-length = 100\n')
  return counts
}

const moduleOf = (index, number) => {
  const other = (index * 7 + number) % packages
  const next = (number % (modules - 1)) + 1
  return `"""Module ${number} of package ${index}."""
from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from typing import Any

from pkg${other}.module${next} import Service${next} as Other
from pkg${other} import Service1

logger = logging.getLogger(__name__)
LIMITS = {"small": 10, "large": [1, 2, 3], "name": os.getenv("LIMIT_${number}", "none")}


@dataclass
class Row${number}:
    id: int
    name: str = "row"
    tags: list[str] = field(default_factory=list)

    def label(self, prefix: str = "") -> str:
        return f"{prefix}{self.name}-{self.id}"


class Service${number}:
    """Does what services do."""

    def __init__(self, other: Other | None = None, **options: Any) -> None:
        self.other = other
        self.options = {**LIMITS, **options}

    async def rows(self, count: int = 10) -> list[Row${number}]:
        found = [Row${number}(id=number, tags=["a", "b"]) for number in range(count) if number % 2 == 0]
        for row in found:
            try:
                logger.info("row %s", row.label("x"))
            except (KeyError, ValueError) as error:
                logger.exception("failed", exc_info=error)
                raise
        return sorted(found, key=lambda row: row.id)

    def total(self, first: Service1 | None = None) -> int:
        with open(os.devnull) as sink:
            print(self.options, file=sink)
        return sum(value for value in (1, 2, 3)) if first is None else 0
`
}

const appOf = (index) => ({
  'requirements.txt':
    'fastapi==0.109.0\npydantic-settings==2.1.0\nsqlalchemy[asyncio]==2.0.25\nasyncpg==0.29.0\nalembic==1.13.1\nstructlog==24.1.0\n',
  Dockerfile:
    'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8080"]\n',
  'compose.yaml':
    'services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?set it}\n  api:\n    build: .\n    ports: ["8080:8080"]\n',
  '.env.example': '# Host of the database\nDB_HOST=localhost\n# Port of the database\nDB_PORT=5432\n',
  'alembic.ini': '[alembic]\nscript_location = alembic\nsqlalchemy.url =\n',
  'alembic/env.py': 'from alembic import context\nfrom app.core.database import Base\n\ntarget_metadata = Base.metadata\n',
  'app/__init__.py': '',
  'app/core/__init__.py': '',
  'app/core/config.py': `from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")
    DB_HOST: str = "localhost"
    DB_PORT: int = 5432
    DB_NAME: str = "app${index}"
    DB_USER: str = "app"
    DB_PASSWORD: SecretStr


settings = Settings()
`,
  'app/core/database.py': `from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase

from app.core.config import settings

engine = create_async_engine(URL.create("postgresql+asyncpg", host=settings.DB_HOST, port=settings.DB_PORT), pool_pre_ping=True)


class Base(DeclarativeBase):
    pass
`,
  'app/models.py': Array.from(
    {length: 20},
    (_, number) => `class Model${number}(Base):
    __tablename__ = "model_${number}"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), index=True)
`,
  ).reduce(
    (text, model) => `${text}\n\n${model}`,
    'from sqlalchemy import String\nfrom sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.core.database import Base',
  ),
  'app/main.py': `from fastapi import FastAPI
from pkg${index}.module1 import Service1

from app.api import ${Array.from({length: 20}, (_, number) => `routes${number}`).join(', ')}

app = FastAPI(title="svc${index}")
${Array.from({length: 20}, (_, number) => `app.include_router(routes${number}.router, prefix="/api")`).join('\n')}


@app.get("/api/health")
def health() -> dict[str, str]:
    return {"status": "ok", "rows": str(Service1().total())}
`,
  'app/api/__init__.py': '',
  ...Object.fromEntries(
    Array.from({length: 20}, (_, number) => [
      `app/api/routes${number}.py`,
      `from fastapi import APIRouter, Depends

from app.core.database import engine

router = APIRouter(prefix="/things${number}", tags=["things"])


@router.get("/{thing_id}")
async def read(thing_id: int) -> dict[str, int]:
    return {"id": thing_id}


@router.post("", dependencies=[Depends(lambda: engine)])
async def create(name: str) -> dict[str, str]:
    return {"name": name}
`,
    ]),
  ),
})

const manifestOf = (number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${number}
  labels: &labels {app: app-${number}, tier: backend}
spec:
  replicas: 2
  selector: {matchLabels: *labels}
  template:
    metadata: {labels: *labels}
    spec:
      containers:
        - name: app
          image: example.test/app:${number}
          env:
${Array.from({length: 15}, (_, index) => `            - {name: KEY_${index}, value: "${index}"}`).join('\n')}
`

const workflowOf = (number) => `name: job${number}
on:
  push: {branches: [main]}
jobs:
${Array.from(
  {length: 5},
  (_, index) => `  step${index}:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: |
          cd services/svc${index}
          pip install -r requirements.txt
          pytest -q
`,
).join('')}`
