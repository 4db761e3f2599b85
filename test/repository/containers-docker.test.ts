import multistage from '../../src/checks/containers/docker-backend-multistage.ts'
import basePinned from '../../src/checks/containers/docker-base-pinned.ts'
import codeNotWritable from '../../src/checks/containers/docker-code-not-writable.ts'
import dockerignore from '../../src/checks/containers/docker-dockerignore.ts'
import frontendHealth from '../../src/checks/containers/docker-frontend-health-own.ts'
import healthcheck from '../../src/checks/containers/docker-healthcheck.ts'
import honoursPort from '../../src/checks/containers/docker-honours-port.ts'
import nonRoot from '../../src/checks/containers/docker-non-root-user.ts'
import numericUser from '../../src/checks/containers/docker-numeric-user.ts'
import lockfile from '../../src/checks/containers/frontend-lockfile.ts'
import prodEnvironment from '../../src/checks/containers/frontend-prod-environment-used.ts'
import {containers} from './containers-texts.ts'
import {judgeRepository, type RepositoryRow} from './judge-repository.ts'

const back = 'backend/Dockerfile'
const front = 'frontend/Dockerfile'
const backend = (change: string | readonly [string, string]): NonNullable<RepositoryRow['change']> => ({[back]: change})
const frontend = (change: string | readonly [string, string]): NonNullable<RepositoryRow['change']> => ({[front]: change})
const none = {[back]: undefined, [front]: undefined}
const broken = backend('FROM python:3.12\nRUM echo\n')
const start = 'CMD ["sh", "-c", "exec uvicorn app.main:app --host 0.0.0.0 --port ${PORT:-8000}"]'
const install = '/venv/bin/pip install -r requirements.txt'
const poetry = (install: string) => ({
  'backend/requirements.txt': undefined,
  'backend/requirements-dev.txt': undefined,
  'backend/pyproject.toml':
    '[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n',
  ...backend(['/venv/bin/pip install -r requirements.txt', install] as const),
})

judgeRepository('containers.docker-backend-multistage', multistage, containers, [
  {when: 'all is well', is: 'pass', code: 'MULTISTAGE', at: [`${back}:9`, `${back}:6`]},
  {
    when: 'lines end as in Windows',
    change: backend((containers[back] ?? '').replaceAll('\n', '\r\n')),
    is: 'pass',
    code: 'MULTISTAGE',
    at: [`${back}:9`],
  },
  {when: 'there is no Dockerfile', change: none, is: 'fail', code: 'MULTISTAGE_NO_DOCKERFILE'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC', at: [`${back}:2`]},
  {
    when: 'it is the plain one',
    change: {
      ...backend('FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\nCMD uvicorn app.main:app --reload\n'),
      'backend/requirements.txt': 'fastapi\npytest\n',
    },
    is: 'fail',
    code: 'MULTISTAGE_MISSING',
    at: [`${back}:1`, `${back}:4`, 'backend/requirements.txt:2'],
  },
  {
    when: 'the last stage installs the tests again',
    trap: 'second FROM but prod stage re-installs requirements incl. pytest',
    change: backend(['COPY app/ ./app/', 'RUN pip install -r requirements-dev.txt\nCOPY app/ ./app/']),
    is: 'fail',
    code: 'MULTISTAGE_PARTLY',
    at: ['backend/requirements-dev.txt:2'],
  },
  {
    when: 'compose adds the reload again',
    trap: '--reload removed from CMD but compose command: re-adds it',
    change: {'compose.yaml': ['    environment:\n', '    command: uvicorn app.main:app --reload\n    environment:\n']},
    is: 'fail',
    code: 'MULTISTAGE_PARTLY',
    at: ['compose.yaml:30'],
  },
  {
    when: 'the override file adds the reload',
    change: {'compose.override.yaml': 'services:\n  api:\n    command: uvicorn app.main:app --reload\n'},
    is: 'pass',
    code: 'MULTISTAGE',
  },
  {
    when: 'the last stage is for development',
    trap: 'deploy builds without --target and last stage is development',
    change: backend([
      start,
      `${start}\n\nFROM production AS development\nRUN pip install -r requirements-dev.txt\nCMD uvicorn app.main:app --reload`,
    ]),
    is: 'fail',
    code: 'MULTISTAGE_PARTLY',
    at: [`${back}:24`],
  },
  {
    when: 'reload is in the development stage, and compose builds the other',
    trap: '--reload only in a development stage',
    change: {
      ...backend([start, `${start}\n\nFROM production AS development\nCMD uvicorn app.main:app --reload`]),
      'compose.yaml': 'services:\n  api:\n    build: {context: backend, target: production}\n',
    },
    is: 'pass',
    code: 'MULTISTAGE',
    at: [`${back}:20`],
  },
  {
    when: 'a workflow builds the production stage',
    change: {
      ...backend([start, `${start}\n\nFROM production AS development\nCMD uvicorn app.main:app --reload`]),
      'compose.yaml': undefined,
      '.github/workflows/release.yml':
        'on: {push: {branches: [main]}}\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker build --target production -t x backend\n',
    },
    is: 'pass',
    code: 'MULTISTAGE',
  },
  {
    when: 'packages go to a folder that is copied',
    trap: 'pip --target/venv copy',
    change: backend([install, 'pip install --target /venv -r requirements.txt']),
    is: 'pass',
    code: 'MULTISTAGE',
  },
  {
    when: 'uv leaves the group for developers out',
    trap: 'uv sync --no-dev',
    change: {
      'backend/requirements.txt': undefined,
      'backend/requirements-dev.txt': undefined,
      'backend/pyproject.toml':
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi"]\n\n[dependency-groups]\ndev = ["pytest"]\n',
      ...backend([install, 'uv sync --locked --no-dev']),
    },
    is: 'pass',
    code: 'MULTISTAGE',
  },
  {
    when: 'poetry installs all groups',
    change: poetry('poetry install'),
    is: 'fail',
    code: 'MULTISTAGE_PARTLY',
    at: ['backend/pyproject.toml:6'],
  },
  {when: 'poetry installs the main group', change: poetry('poetry install --only main'), is: 'pass', code: 'MULTISTAGE'},
  {
    when: 'a script starts it with reload',
    change: {...backend([start, 'CMD ["./start.sh"]']), 'backend/start.sh': '#!/bin/sh\nexec uvicorn app.main:app --reload\n'},
    is: 'fail',
    code: 'MULTISTAGE_PARTLY',
    at: ['backend/start.sh:2'],
  },
  {when: 'a script starts it that is not here', change: backend([start, 'CMD ["/start.sh"]']), is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'httpx is there for the tests only',
    change: {
      'backend/requirements.txt': 'fastapi==0.109.0\nhttpx==0.26.0\n',
      'backend/tests/test_health.py': 'from fastapi.testclient import TestClient\n',
    },
    is: 'fail',
    code: 'MULTISTAGE_PARTLY',
    at: ['backend/requirements.txt:2'],
  },
  {
    when: 'the code needs httpx',
    change: {
      'backend/requirements.txt': 'fastapi==0.109.0\nhttpx==0.26.0\n',
      'backend/tests/test_health.py': 'from fastapi.testclient import TestClient\n',
      'backend/app/client.py': 'import httpx\n',
    },
    is: 'pass',
    code: 'MULTISTAGE',
  },
  {
    when: 'the workflow builds a stage that is only known when it runs',
    change: {
      'compose.yaml': undefined,
      '.github/workflows/x.yml':
        'on: {push: {branches: [main]}}\njobs:\n  b:\n    runs-on: x\n    steps:\n      - run: docker build --target "${{ vars.STAGE }}" backend\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['.github/workflows/x.yml:6'],
  },
])

judgeRepository('containers.docker-non-root-user', nonRoot, containers, [
  {when: 'both images say another user', is: 'pass', code: 'USER_NOT_ROOT', at: [`${back}:16`, `${front}:12`]},
  {when: 'there is no Dockerfile', change: none, is: 'fail', code: 'USER_NO_DOCKERFILE'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'the base is not known', change: backend('FROM registry.acme.io/python:1\n'), is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'only the builder has one',
    trap: 'USER in builder stage only',
    change: {...backend('FROM python:3.12 AS b\nUSER app\nFROM python:3.12\nCOPY --from=b /x /x\n'), [front]: undefined},
    is: 'fail',
    code: 'USER_ROOT',
    at: [`${back}:3`],
  },
  {
    when: 'root comes back',
    trap: 'USER app then USER root later',
    change: backend(['EXPOSE 8000', 'USER root']),
    is: 'fail',
    code: 'USER_ROOT_PARTLY',
    at: [`${back}:17`],
  },
  {
    when: 'the number is a variable that is 0',
    trap: 'USER ${UID} with ARG default 0',
    change: backend(['USER 10001:10001', 'ARG UID=0\nUSER ${UID}']),
    is: 'fail',
    code: 'USER_ROOT_PARTLY',
    at: [`${back}:17`],
  },
  {
    when: 'the number is given when it is built',
    change: backend(['USER 10001:10001', 'ARG UID\nUSER ${UID}']),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${back}:17`],
  },
  {
    when: 'the frontend is nginx as root',
    trap: 'backend only, frontend nginx still root',
    change: frontend('FROM nginx:1.28-alpine\nCOPY dist /usr/share/nginx/html\n'),
    is: 'fail',
    code: 'USER_ROOT_PARTLY',
    at: [`${front}:1`],
  },
  {
    when: 'the base is unprivileged',
    trap: 'nginx-unprivileged base has USER 101 inherited',
    change: frontend(['USER 101\n', '']),
    is: 'pass',
    code: 'USER_NOT_ROOT',
    at: [`${front}:8`],
  },
  {
    when: 'the base is distroless for nonroot',
    change: backend('FROM gcr.io/distroless/python3-debian12:nonroot\n'),
    is: 'pass',
    code: 'USER_NOT_ROOT',
  },
  {
    when: 'an earlier stage of it has one',
    change: backend('FROM python:3.12 AS base\nUSER 1000\nFROM base\nCMD ["python"]\n'),
    is: 'pass',
    code: 'USER_NOT_ROOT',
    at: [`${back}:2`],
  },
  {
    when: 'a Dockerfile for development runs as root',
    change: {'backend/Dockerfile.dev': 'FROM python:3.12\n'},
    is: 'pass',
    code: 'USER_NOT_ROOT',
  },
])

judgeRepository('containers.docker-healthcheck', healthcheck, containers, [
  {when: 'both have one that works', is: 'pass', code: 'HEALTHCHECK', at: [`${back}:18`, `${front}:14`]},
  {when: 'it goes over lines', trap: 'multi-line with backslashes', is: 'pass', code: 'HEALTHCHECK', at: [`${back}:18`]},
  {when: 'there is no Dockerfile', change: none, is: 'fail', code: 'HEALTHCHECK_NO_DOCKERFILE'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'none has one',
    change: {...backend('FROM python:3.12\nCMD uvicorn app.main:app\n'), [front]: undefined},
    is: 'fail',
    code: 'HEALTHCHECK_MISSING',
    at: [`${back}:1`],
  },
  {
    when: 'it is switched off',
    trap: 'HEALTHCHECK NONE',
    change: frontend(['HEALTHCHECK CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]', 'HEALTHCHECK NONE']),
    is: 'fail',
    code: 'HEALTHCHECK_PARTLY',
    at: [`${front}:14`],
  },
  {
    when: 'curl is not in the image',
    trap: 'curl in a slim image',
    change: backend([
      'CMD ["python", "-c", "import os',
      'CMD curl -f http://localhost:8000/api/health/live || exit 1\nLABEL x=["python", "-c", "import os',
    ]),
    is: 'fail',
    code: 'HEALTHCHECK_PARTLY',
    at: [`${back}:18`],
  },
  {
    when: 'curl is installed',
    change: {
      ...backend([
        'CMD ["python", "-c", "import os',
        'CMD curl -f http://localhost:8000/api/health/live || exit 1\nLABEL x=["python", "-c", "import os',
      ]),
      ...backend(
        (containers[back] ?? '')
          .replace('RUN groupadd', 'RUN apt-get update && apt-get install -y curl && groupadd')
          .replace(/CMD \["python"[^\n]*/, 'CMD curl -f http://localhost:8000/api/health/live || exit 1'),
      ),
    },
    is: 'pass',
    code: 'HEALTHCHECK',
  },
  {
    when: 'it is a comment',
    trap: 'commented',
    change: frontend(['HEALTHCHECK CMD', '# HEALTHCHECK CMD']),
    is: 'fail',
    code: 'HEALTHCHECK_PARTLY',
    at: [`${front}:8`],
  },
  {
    when: 'the builder has it',
    trap: 'in builder stage',
    change: frontend(
      'FROM node:20-alpine AS build\nHEALTHCHECK CMD wget http://localhost/\nFROM nginxinc/nginx-unprivileged:1\nCOPY --from=build /d /usr/share/nginx/html\n',
    ),
    is: 'fail',
    code: 'HEALTHCHECK_PARTLY',
    at: [`${front}:3`],
  },
  {
    when: 'compose checks alone',
    trap: 'compose healthcheck only - report partial',
    change: {
      [front]: undefined,
      ...backend('FROM python:3.12\nCMD uvicorn app.main:app\n'),
      'compose.yaml': 'services:\n  api:\n    build: backend\n    healthcheck: {test: [CMD, curl, http://localhost:8000/]}\n',
    },
    is: 'fail',
    code: 'HEALTHCHECK_PARTLY',
    at: [`${back}:1`, 'compose.yaml:4'],
  },
  {
    when: 'it asks another port',
    change: frontend(['127.0.0.1:8080', '127.0.0.1:80']),
    is: 'fail',
    code: 'HEALTHCHECK_PARTLY',
    at: [`${front}:14`],
  },
  {
    when: 'there is no such route',
    change: {'backend/app/main.py': ['/api/health/live', '/api/live']},
    is: 'fail',
    code: 'HEALTHCHECK_PARTLY',
    at: [`${back}:18`],
  },
])

judgeRepository('containers.docker-dockerignore', dockerignore, containers, [
  {when: 'both contexts have one', is: 'pass', code: 'DOCKERIGNORE'},
  {when: 'nothing is built', change: none, is: 'not_applicable', code: 'DOCKERIGNORE_NO_CONTEXT'},
  {when: 'one lacks it', change: {'frontend/.dockerignore': undefined}, is: 'fail', code: 'DOCKERIGNORE_PARTLY', at: [`${front}:1`]},
  {
    when: 'both lack it',
    change: {'frontend/.dockerignore': undefined, 'backend/.dockerignore': undefined},
    is: 'fail',
    code: 'DOCKERIGNORE_MISSING',
  },
  {
    when: 'it leaves env files in',
    change: {'backend/.dockerignore': '__pycache__\ntests\n'},
    is: 'fail',
    code: 'DOCKERIGNORE_PARTLY',
    at: ['backend/.dockerignore:1'],
  },
  {
    when: 'it takes a secret back in',
    change: {'backend/.dockerignore': '.env*\n**/__pycache__\ntests\n!.env\n'},
    is: 'fail',
    code: 'DOCKERIGNORE_PARTLY',
  },
  {when: 'it lets only the app in', change: {'backend/.dockerignore': '*\n!app\n**/__pycache__\n'}, is: 'pass', code: 'DOCKERIGNORE'},
  {
    when: 'the context is the root',
    change: {
      'compose.yaml': ['build: ./backend\n    command', 'build: {context: ., dockerfile: backend/Dockerfile}\n    command'],
      '.dockerignore': '**/.env*\n**/__pycache__\n**/tests\n**/node_modules\n**/dist\n',
    },
    is: 'fail',
    code: 'DOCKERIGNORE_PARTLY',
    at: ['.dockerignore:1'],
  },
])

judgeRepository('containers.docker-base-pinned', basePinned, containers, [
  {when: 'every image has a digest', is: 'pass', code: 'BASE_PINNED', at: [`${back}:3`, 'compose.yaml:13']},
  {when: 'there is none', change: {...none, 'compose.yaml': undefined}, is: 'not_applicable', code: 'BASE_PINNED_NO_IMAGE'},
  {
    when: 'one has a version',
    change: backend((containers[back] ?? '').replace(/@sha256:\w+/, '')),
    is: 'warn',
    code: 'BASE_FLOATS',
    at: [`${back}:3`],
  },
  {
    when: 'one is the latest',
    change: {'compose.yaml': 'services:\n  db:\n    image: postgres\n'},
    is: 'fail',
    code: 'BASE_UNPINNED',
    at: ['compose.yaml:3'],
  },
  {
    when: 'one is copied from outside',
    change: backend(['COPY app/', 'COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\nCOPY app/']),
    is: 'fail',
    code: 'BASE_UNPINNED',
    at: [`${back}:15`],
  },
  {
    when: 'one is only known when it is built',
    change: backend('ARG BASE\nFROM ${BASE}\nUSER 1\n'),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${back}:2`],
  },
])

judgeRepository('containers.docker-numeric-user', numericUser, containers, [
  {when: 'both are', is: 'pass', code: 'USER_NUMERIC'},
  {when: 'one is a name', change: backend(['USER 10001:10001', 'USER app']), is: 'fail', code: 'USER_NAMED', at: [`${back}:16`]},
  {
    when: 'all run as root',
    change: {...backend('FROM python:3.12\n'), [front]: undefined},
    is: 'not_applicable',
    code: 'NUMERIC_USER_NONE',
  },
])

judgeRepository('containers.docker-code-not-writable', codeNotWritable, containers, [
  {when: 'files belong to root', is: 'pass', code: 'CODE_OF_ROOT'},
  {
    when: 'all run as root',
    change: {...backend('FROM python:3.12\n'), [front]: undefined},
    is: 'not_applicable',
    code: 'CODE_NO_UNPRIVILEGED_IMAGE',
  },
  {
    when: 'they are copied to the user',
    change: backend(['COPY app/', 'COPY --chown=app:app app/']),
    is: 'fail',
    code: 'CODE_WRITABLE',
    at: [`${back}:15`],
  },
  {
    when: 'they are given to the user',
    change: backend(['USER 10001:10001', 'RUN chown -R app:app /srv\nUSER 10001:10001']),
    is: 'fail',
    code: 'CODE_WRITABLE',
    at: [`${back}:16`],
  },
  {
    when: 'a folder for data is given to the user',
    change: backend(['USER 10001:10001', 'RUN mkdir /srv/data && chown app /srv/data /var/cache\nUSER 10001:10001']),
    is: 'pass',
    code: 'CODE_OF_ROOT',
  },
])

const service = (port: string) =>
  `resource "google_cloud_run_v2_service" "api" {\n  name = "api"\n  template {\n    containers {\n      image = "x"\n${port}    }\n  }\n}\n`
judgeRepository('containers.docker-honours-port', honoursPort, containers, [
  {
    when: 'the backend follows PORT, nginx listens on the default',
    is: 'pass',
    code: 'PORT_HONOURED',
    at: ['frontend/nginx/default.conf.template:7'],
  },
  {when: 'nothing is built', change: none, is: 'not_applicable', code: 'PORT_NO_IMAGE'},
  {
    when: 'the port is fixed, and the platform sends elsewhere',
    change: {
      ...backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "8000"]']),
      [front]: undefined,
      'infra/main.tf': service(''),
    },
    is: 'fail',
    code: 'PORT_WRONG',
    at: [`${back}:20`],
  },
  {
    when: 'the port is fixed, and Terraform says the same',
    change: {
      ...backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "8000"]']),
      'infra/main.tf': service('      ports {\n        container_port = 8000\n      }\n'),
    },
    is: 'pass',
    code: 'PORT_HONOURED',
  },
  {
    when: 'Terraform says another',
    change: {
      ...backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "8000"]']),
      'infra/main.tf': service('      ports {\n        container_port = 8001\n      }\n'),
    },
    is: 'fail',
    code: 'PORT_HONOURED_PARTLY',
  },
  {
    when: 'no shell puts the variable in',
    change: backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "${PORT}"]']),
    is: 'fail',
    code: 'PORT_HONOURED_PARTLY',
    at: [`${back}:20`],
  },
  {
    when: 'a module reads PORT',
    change: {
      ...backend([start, 'CMD ["python", "-m", "app.server"]']),
      'backend/app/server.py': 'import os\nimport uvicorn\n\nuvicorn.run("app.main:app", port=int(os.environ.get("PORT", 8000)))\n',
    },
    is: 'pass',
    code: 'PORT_HONOURED',
    at: ['backend/app/server.py:4'],
  },
  {
    when: 'the port is fixed, and nothing in the repository deploys to Cloud Run',
    change: {...backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "8000"]']), [front]: undefined},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${back}:20`],
  },
  {
    when: 'the port is fixed to Cloud Run’s own, and nothing deploys',
    change: {...backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "8080"]']), [front]: undefined},
    is: 'pass',
    code: 'PORT_HONOURED',
  },
  {
    when: 'the action of Google’s deploys with a port',
    change: {
      ...backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "8000"]']),
      [front]: undefined,
      '.github/workflows/go.yml':
        'on: {push: {branches: [main]}}\njobs:\n  go:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: google-github-actions/deploy-cloudrun@v3\n        with:\n          service: api\n          image: x\n          flags: --port=8000 --cpu=1\n',
    },
    is: 'pass',
    code: 'PORT_HONOURED',
  },
  {
    when: 'it deploys without one',
    change: {
      ...backend([start, 'CMD ["uvicorn", "app.main:app", "--port", "8000"]']),
      [front]: undefined,
      '.github/workflows/go.yml':
        'on: {push: {branches: [main]}}\njobs:\n  go:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: google-github-actions/deploy-cloudrun@v3\n        with: {service: api, image: x}\n',
    },
    is: 'fail',
    code: 'PORT_WRONG',
  },
])

judgeRepository('containers.docker-frontend-health-own', frontendHealth, containers, [
  {when: 'it asks itself', is: 'pass', code: 'FRONTEND_HEALTH_OWN'},
  {when: 'it has none', change: frontend(['HEALTHCHECK CMD', '# HEALTHCHECK CMD']), is: 'not_applicable', code: 'FRONTEND_HEALTH_NONE'},
  {
    when: 'it asks through the proxy',
    change: frontend(['8080/healthz', '8080/api/health/live']),
    is: 'fail',
    code: 'FRONTEND_HEALTH_FOREIGN',
    at: [`${front}:14`],
  },
  {
    when: 'it asks the backend',
    change: frontend(['127.0.0.1:8080/healthz', 'backend:8000/health']),
    is: 'fail',
    code: 'FRONTEND_HEALTH_FOREIGN',
  },
])

judgeRepository('containers.frontend-lockfile', lockfile, containers, [
  {when: 'it is there', is: 'pass', code: 'LOCKFILE', at: ['frontend/package-lock.json:1']},
  {when: 'it is not', change: {'frontend/package-lock.json': undefined}, is: 'fail', code: 'LOCKFILE_MISSING', at: [`${front}:4`]},
  {when: 'git keeps it out', ignored: ['frontend/package-lock.json'], is: 'fail', code: 'LOCKFILE_MISSING', at: [`${front}:4`]},
  {
    when: 'nobody needs it, and it is not there',
    change: {...frontend(['npm ci', 'npm install']), 'frontend/package-lock.json': undefined},
    is: 'fail',
    code: 'LOCKFILE_NONE',
    at: ['frontend/package.json:1'],
  },
  {
    when: 'there is no frontend',
    change: {[front]: undefined, 'frontend/package.json': undefined},
    is: 'not_applicable',
    code: 'LOCKFILE_NO_FRONTEND',
  },
])

judgeRepository('containers.frontend-prod-environment-used', prodEnvironment, containers, [
  {when: 'it is replaced', is: 'pass', code: 'ENVIRONMENT_REPLACED', at: ['frontend/angular.json:13']},
  {
    when: 'it is not replaced',
    change: {'frontend/angular.json': ['"fileReplacements"', '"noReplacements"']},
    is: 'fail',
    code: 'ENVIRONMENT_NOT_REPLACED',
    at: ['frontend/angular.json:11'],
  },
  {
    when: 'nobody imports it',
    change: {'frontend/angular.json': ['"fileReplacements"', '"noReplacements"'], 'frontend/src/app/api.ts': 'export {}\n'},
    is: 'pass',
    code: 'ENVIRONMENT_REPLACED',
  },
  {
    when: 'what replaces it is not there',
    change: {'frontend/src/environments/environment.prod.ts': undefined},
    is: 'fail',
    code: 'ENVIRONMENT_NOT_REPLACED',
  },
  {when: 'there is no Angular', change: {'frontend/angular.json': undefined}, is: 'not_applicable', code: 'ENVIRONMENT_NO_ANGULAR'},
])
