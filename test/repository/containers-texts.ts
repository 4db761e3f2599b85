import {file, type Texts} from '../support/repository.ts'

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

/** A repository in which every item on containers passes. */
export const containers: Texts = {
  'backend/Dockerfile': file`
    # syntax=docker/dockerfile:1
    ARG PYTHON_IMAGE=python:3.12-slim-bookworm@${digest}
    FROM ${'${PYTHON_IMAGE}'} AS builder
    WORKDIR /build
    COPY requirements.txt ./
    RUN --mount=type=cache,target=/root/.cache/pip python -m venv /venv \
        && /venv/bin/pip install -r requirements.txt

    FROM ${'${PYTHON_IMAGE}'} AS production
    ENV PATH=/venv/bin:$PATH \
        PORT=8000
    WORKDIR /srv
    RUN groupadd -g 10001 app && useradd -l -r -u 10001 -g 10001 app
    COPY --from=builder /venv /venv
    COPY app/ ./app/
    USER 10001:10001
    EXPOSE 8000
    HEALTHCHECK --interval=30s --timeout=3s \
        CMD ["python", "-c", "import os,urllib.request as u;u.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\",\"8000\")}/api/health/live',timeout=2)"]
    CMD ["sh", "-c", "exec uvicorn app.main:app --host 0.0.0.0 --port ${'${PORT:-8000}'}"]
    `,
  'backend/.dockerignore': '.env*\n!.env.example\n**/__pycache__\ntests\n',
  'backend/requirements.txt': 'fastapi==0.109.0\nuvicorn==0.27.0\npydantic-settings==2.1.0\n',
  'backend/requirements-dev.txt': '-r requirements.txt\npytest==8.0.0\n',
  'backend/tests/test_health.py': 'def test_health():\n    assert True\n',
  'backend/app/__init__.py': '',
  'backend/app/main.py': file`
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/api/health/live")
    def live():
        return {"status": "ok"}
    `,
  'backend/app/config.py': file`
    from pydantic_settings import BaseSettings


    class Settings(BaseSettings):
        MAX_CSV_SIZE_MB: int = 50


    settings = Settings()
    `,
  'frontend/Dockerfile': file`
    FROM node:20-alpine@${digest} AS build
    WORKDIR /src
    COPY package.json package-lock.json ./
    RUN npm ci
    COPY . .
    RUN npm run build -- --configuration production

    FROM nginxinc/nginx-unprivileged:1.28-alpine-slim@${digest}
    COPY nginx/default.conf.template /etc/nginx/templates/
    COPY nginx/security-headers.conf /etc/nginx/security-headers.conf
    COPY --from=build /src/dist/app/browser /usr/share/nginx/html
    USER 101
    EXPOSE 8080
    HEALTHCHECK CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
    `,
  'frontend/.dockerignore': '.env*\nnode_modules\ndist\n',
  'frontend/package.json': '{"name": "app", "scripts": {"build": "ng build"}}\n',
  'frontend/package-lock.json': '{"lockfileVersion": 3}\n',
  'frontend/angular.json': file`
    {
      "projects": {
        "app": {
          "projectType": "application",
          "root": "",
          "sourceRoot": "src",
          "architect": {
            "build": {
              "builder": "@angular-devkit/build-angular:application",
              "configurations": {
                "production": {
                  "fileReplacements": [
                    {"replace": "src/environments/environment.ts", "with": "src/environments/environment.prod.ts"}
                  ]
                },
                "development": {}
              },
              "defaultConfiguration": "production"
            }
          }
        }
      }
    }
    `,
  'frontend/src/environments/environment.ts': "export const environment = {api: 'http://localhost:8000'}\n",
  'frontend/src/environments/environment.prod.ts': "export const environment = {api: ''}\n",
  'frontend/src/app/api.ts': "import {environment} from '../environments/environment'\n\nexport const api = environment.api\n",
  'frontend/nginx/security-headers.conf': file`
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy strict-origin-when-cross-origin always;
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
    add_header Content-Security-Policy "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'" always;
    `,
  'frontend/nginx/default.conf.template': file`
    map $uri $cache_control {
      "~-[A-Z0-9]{8}\.(js|css|woff2)$" "public, max-age=31536000, immutable";
      default "no-cache";
    }

    server {
      listen 8080;
      root /usr/share/nginx/html;
      server_tokens off;
      client_max_body_size 51m;
      gzip on;
      gzip_types text/css application/javascript application/json image/svg+xml;
      include /etc/nginx/security-headers.conf;

      location = /healthz {
        access_log off;
        return 200 "ok\n";
      }

      location /api/ {
        resolver 127.0.0.11 valid=30s;
        set $up ${'${API_UPSTREAM}'};
        proxy_pass $up;
        proxy_set_header X-Request-ID $request_id;
      }

      location / {
        include /etc/nginx/security-headers.conf;
        add_header Cache-Control $cache_control always;
        try_files $uri /index.html;
      }
    }
    `,
  'compose.yaml': file`
    x-limits: &limits
      restart: unless-stopped
      read_only: true
      tmpfs: [/tmp]
      cap_drop: [ALL]
      security_opt: ["no-new-privileges:true"]
      deploy:
        resources:
          limits: {memory: 512m, cpus: "0.5", pids: 100}

    services:
      db:
        image: postgres:16-alpine@${digest}
        restart: unless-stopped
        mem_limit: 1g
        cpus: 1
        pids_limit: 200
        expose: ["5432"]
      migrate:
        <<: *limits
        build: ./backend
        command: ["alembic", "upgrade", "head"]
        restart: "no"
        depends_on: [db]
      api:
        <<: *limits
        build: ./backend
        depends_on:
          migrate: {condition: service_completed_successfully}
        environment:
          DB_HOST: db
      web:
        <<: *limits
        build: {context: frontend}
        ports: ["4200:8080"]
    `,
}
