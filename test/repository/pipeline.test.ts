import migrate from '../../src/checks/migrations/migrate-in-pipeline.ts'
import tested from '../../src/checks/migrations/tested.ts'
import migrationStep from '../../src/checks/pipeline/migration-step.ts'
import separateJobs from '../../src/checks/pipeline/separate-jobs.ts'
import stages from '../../src/checks/pipeline/stages.ts'
import planApply from '../../src/checks/pipeline/terraform-plan-apply.ts'
import {judgeRepository} from './judge-repository.ts'
import {checks, release, terraform, texts, withoutWorkflows, workflow} from './pipeline-texts.ts'

/** The whole file with other line ends. */
const crlf = (path: string): string => (texts[path] ?? '').replaceAll('\n', '\r\n')
const infra = 'infra/environments/prod/main.tf'
const execute = 'gcloud run jobs execute "shop-$ENV-migrate" --region us-central1 --wait'
const update = 'gcloud run jobs update "shop-$ENV-migrate" --image "$API" --region us-central1'
const both = `${update}\n          ${execute}`

/** One file that does everything for one half each, as many repositories have it. */
const oneFile = workflow`
  on:
    push:
      branches: [main]
  jobs:
    api:
      runs-on: ubuntu-latest
      steps:
        - run: make -C api check
        - uses: docker/build-push-action@v6
          with:
            context: api
            push: true
            tags: europe-docker.pkg.dev/p/r/api:\${{ github.sha }}
    web:
      runs-on: ubuntu-latest
      steps:
        - run: npm ci
          working-directory: web
        - run: npm --prefix web run lint && npm --prefix web test
        - run: |
            docker build -t europe-docker.pkg.dev/p/r/web:$GITHUB_SHA web
            docker push europe-docker.pkg.dev/p/r/web:$GITHUB_SHA
    release:
      needs: [api, web]
      runs-on: ubuntu-latest
      steps:
        - run: scripts/release.sh
`
const makefile = '.PHONY: check lint test\ncheck: lint test\n\nlint:\n\t@poetry run ruff check app\ntest:\n\tpoetry run pytest\n'
const script = `#!/usr/bin/env bash
set -euo pipefail
gcloud run jobs update migrate --image europe-docker.pkg.dev/p/r/api:$GITHUB_SHA --command alembic --args upgrade,head --network shop
gcloud run jobs execute migrate --wait
for part in api web; do
  gcloud run deploy "shop-prod-$part" --image "europe-docker.pkg.dev/p/r/$part:$GITHUB_SHA"
done
`
const other = {...withoutWorkflows, '.github/workflows/main.yml': oneFile, 'api/Makefile': makefile, 'scripts/release.sh': script}
const main = '.github/workflows/main.yml'

/** Dockerfiles outside of both halves, under names that say nothing. */
const dockerfiles = {
  'docker/one.Dockerfile': 'FROM python:3.12\nCOPY api/requirements.txt ./\nCOPY --chown=1 ./api/app app\n',
  'docker/two.Dockerfile':
    'FROM node:22 AS build\nCOPY ["web/package.json", "web/"]\nCOPY web web\nFROM nginx\nCOPY --from=build /api /web\n',
}
const buildsOf = (between: string): string =>
  `on: {push: {branches: [main]}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker build -f docker/one.Dockerfile -t r/x .\n${between}      - uses: docker/build-push-action@v6\n        with: {context: ., file: docker/two.Dockerfile}\n`

const unchecked = (texts[release] ?? '')
  .replace('  checks:\n    uses: ./.github/workflows/checks.yml\n', '')
  .replace('    needs: checks\n', '')

judgeRepository('pipeline.stages', stages, texts, [
  {when: 'all stages run', is: 'pass', code: 'STAGES_RUN'},
  {when: 'files have Windows line ends', change: {[checks]: crlf(checks), [release]: crlf(release)}, is: 'pass', code: 'STAGES_RUN'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'fail', code: 'STAGES_MISSING', at: ['api/requirements.txt:1']},
  {
    when: 'ng lint has no target',
    trap: 'npm run lint --if-present where script `ng lint` has no lint target in angular.json',
    change: {'web/angular.json': ['"lint": {}', '"serve": {}'], [checks]: ['npm run lint', 'npm run lint --if-present']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
    at: ['web/package.json:4'],
  },
  {
    when: 'the script lint is not there and --if-present hides it',
    change: {'web/package.json': ['    "lint": "ng lint",\n', ''], [checks]: ['npm run lint', 'npm run lint --if-present']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
    at: [`${checks}:37`],
  },
  {
    when: 'the frontend is not tested',
    trap: 'test stage missing for frontend',
    change: {[checks]: ['      - run: npm test\n', '']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
  },
  {
    when: 'the tests are a word',
    trap: 'echo TODO',
    change: {[checks]: ['pytest -q', 'echo "TODO pytest -q"']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
  },
  {
    when: 'the tests are a comment',
    change: {[checks]: ['- run: pytest -q', '- run: |\n          # pytest -q\n          true']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
  },
  {when: 'stages stand in a called workflow', trap: 'stages in reusable workflows', is: 'pass', code: 'STAGES_RUN', at: [`${checks}:23`]},
  {
    when: 'make and a script do it',
    trap: 'make targets',
    change: other,
    is: 'pass',
    code: 'STAGES_RUN',
    at: ['api/Makefile:5', 'scripts/release.sh:6'],
  },
  {
    when: 'one action builds and pushes',
    trap: 'build+push combined by docker/build-push-action push: true',
    is: 'pass',
    code: 'STAGES_RUN',
    at: [`${release}:30`],
  },
  {
    when: 'make has no such target',
    change: {...other, [main]: oneFile.replace('make -C api check', 'make -C api verify')},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
  },
  {when: 'the image is not pushed', change: {[release]: ['push: true', 'push: false']}, is: 'fail', code: 'STAGES_INCOMPLETE'},
  {
    when: 'the deployment does not wait',
    change: {[release]: ['needs: checks', 'if: true']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
    at: [`${checks}:23`],
  },
  {
    when: 'the tests may fail',
    change: {[checks]: ['pytest -q', 'pytest -q || true']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
    at: [`${checks}:27`],
  },
  {
    when: 'linting may fail',
    change: {[checks]: ['- run: ruff check .', '- run: ruff check .\n        continue-on-error: true']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
  },
  {
    when: 'the deployment runs after a failure',
    change: {[release]: ['needs: image', 'needs: image\n    if: always()']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
  },
  {
    when: 'there is no lock for npm ci',
    change: {'web/package-lock.json': undefined},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
    at: [`${checks}:36`],
  },
  {
    when: 'any push deploys',
    change: {[release]: ['    branches: [main, develop]\n', '    branches: ["**"]\n']},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
  },
  {when: 'a pull request deploys', change: {[release]: ['on:\n', 'on:\n  pull_request:\n']}, is: 'fail', code: 'STAGES_INCOMPLETE'},
  {
    when: 'a condition keeps other branches away',
    change: {
      ...other,
      [main]: oneFile
        .replace('branches: [main]', "branches: ['**']")
        .replace('needs: [api, web]', "needs: [api, web]\n    if: github.ref == 'refs/heads/main'"),
    },
    is: 'pass',
    code: 'STAGES_RUN',
  },
  {
    when: 'a second workflow follows the first',
    change: {
      ...other,
      [main]: oneFile.slice(0, oneFile.indexOf('  release:')).replace('on:', 'name: CI\non:'),
      '.github/workflows/deploy.yml': `on:\n  workflow_run:\n    workflows: [CI]\n    types: [completed]\n    branches: [main]\njobs:\n  go:\n    if: github.event.workflow_run.conclusion == 'success'\n    runs-on: x\n    steps:\n      - run: scripts/release.sh\n`,
    },
    is: 'pass',
    code: 'STAGES_RUN',
  },
  {
    when: 'Dockerfiles lie beside the halves, two of them',
    change: {...other, [main]: oneFile.replace('context: api', 'file: docker/a').replace('$GITHUB_SHA web', '$GITHUB_SHA -f docker/b .')},
    is: 'pass',
    code: 'STAGES_RUN',
  },
  {
    when: 'nothing says what the one image holds',
    change: {[release]: ['context: ${{ matrix.part }}', 'file: docker/Dockerfile'], [checks]: ['      - run: npm run build\n', '']},
    is: 'pass',
    code: 'STAGES_RUN',
  },
  {when: 'a workflow cannot be read', change: {...withoutWorkflows, [main]: 'on: [push\njobs:\n'}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'there is nothing to build',
    change: {
      'api/requirements.txt': undefined,
      'api/requirements-dev.txt': undefined,
      'web/package.json': undefined,
      'web/angular.json': undefined,
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'only a pull request is tested: its place is named',
    change: {[release]: unchecked},
    is: 'fail',
    code: 'STAGES_INCOMPLETE',
    at: [`${checks}:27`],
  },
])

judgeRepository('pipeline.separate-jobs', separateJobs, texts, [
  {when: 'each has its jobs', is: 'pass', code: 'JOBS_SEPARATE'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'fail', code: 'JOBS_NOT_SEPARATE'},
  {
    when: 'Dockerfiles elsewhere say by what they copy which half they are of',
    change: {...withoutWorkflows, ...dockerfiles, [main]: buildsOf('  b:\n    runs-on: ubuntu-latest\n    steps:\n')},
    is: 'pass',
    code: 'JOBS_SEPARATE',
  },
  {
    when: 'one job builds by Dockerfiles of both halves',
    change: {...withoutWorkflows, ...dockerfiles, [main]: buildsOf('')},
    is: 'fail',
    code: 'JOBS_NOT_SEPARATE',
    at: [`${main}:3`],
  },
  {
    when: 'one job does both',
    trap: 'one job with two steps named backend/frontend',
    change: {
      ...withoutWorkflows,
      [main]:
        'on: push\njobs:\n  all:\n    runs-on: x\n    steps:\n      - name: backend\n        run: cd api && pytest\n      - name: frontend\n        run: cd web && npm test\n',
    },
    is: 'fail',
    code: 'JOBS_NOT_SEPARATE',
    at: [`${main}:3`],
  },
  {
    when: 'a matrix has a row for each',
    trap: 'matrix: [backend, frontend]',
    change: {
      ...withoutWorkflows,
      [main]:
        'on: push\njobs:\n  all:\n    strategy:\n      matrix:\n        part: [api, web]\n    runs-on: x\n    steps:\n      - run: make test\n        working-directory: ${{ matrix.part }}\n',
      'api/Makefile': 'test:\n\tpytest\n',
      'web/Makefile': 'test:\n\tnpm test\n',
    },
    is: 'pass',
    code: 'JOBS_SEPARATE',
  },
  {
    when: 'each has a workflow of its own',
    trap: 'path-filtered workflows',
    change: {
      ...withoutWorkflows,
      '.github/workflows/api.yml':
        'on: {push: {paths: ["api/**"]}}\ndefaults: {run: {working-directory: api}}\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: pytest\n',
      '.github/workflows/web.yml':
        'on: {push: {paths: ["web/**"]}}\ndefaults: {run: {working-directory: web}}\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: npm test\n',
    },
    is: 'pass',
    code: 'JOBS_SEPARATE',
  },
  {
    when: 'one waits for the other',
    change: {[checks]: ['  web:\n', '  web:\n    needs: api\n']},
    is: 'fail',
    code: 'JOBS_SEPARATE_IN_PART',
    at: [`${checks}:28`],
  },
])

judgeRepository('pipeline.terraform-plan-apply', planApply, texts, [
  {when: 'a request plans and a push applies', is: 'pass', code: 'TERRAFORM_RUNS', at: [`${terraform}:24`, `${terraform}:40`]},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'fail', code: 'TERRAFORM_DOES_NOT_RUN'},
  {
    when: 'it is only validated',
    trap: 'terraform fmt/validate only',
    change: {
      [terraform]:
        'on: pull_request\njobs:\n  check:\n    runs-on: x\n    steps:\n      - run: terraform fmt -check && terraform validate\n',
    },
    is: 'fail',
    code: 'TERRAFORM_DOES_NOT_RUN',
    at: [`${terraform}:6`],
  },
  {
    when: 'it is only spoken of',
    trap: 'docs mention',
    change: {
      [terraform]:
        '# terraform plan, terraform apply\non: pull_request\njobs:\n  check:\n    runs-on: x\n    steps:\n      - run: echo "run terraform plan and terraform apply"\n',
      'docs/infra.md': 'terraform plan\n',
    },
    is: 'fail',
    code: 'TERRAFORM_DOES_NOT_RUN',
  },
  {
    when: 'Atlantis does it',
    trap: 'atlantis.yaml',
    change: {[terraform]: undefined, 'atlantis.yaml': 'version: 3\nprojects: []\n'},
    is: 'pass',
    code: 'TERRAFORM_RUNS',
  },
  {
    when: 'a called workflow does it',
    trap: 'reusable workflow',
    change: {
      [terraform]:
        "on:\n  pull_request:\n  push: {branches: [main]}\njobs:\n  tf:\n    uses: ./.github/workflows/_tf.yml\n    with:\n      apply: ${{ github.event_name == 'push' }}\n",
      '.github/workflows/_tf.yml':
        'on:\n  workflow_call:\n    inputs:\n      apply: {type: boolean, default: false}\njobs:\n  go:\n    runs-on: x\n    environment: production\n    steps:\n      - run: terraform plan -out=tfplan\n      - if: inputs.apply\n        run: terraform apply tfplan\n',
    },
    is: 'pass',
    code: 'TERRAFORM_RUNS',
  },
  {
    when: 'actions do it',
    trap: 'dflook/terraform-* actions',
    change: {
      [terraform]:
        "on:\n  pull_request:\n  push: {branches: [main]}\njobs:\n  plan:\n    if: github.event_name == 'pull_request'\n    runs-on: x\n    steps:\n      - uses: dflook/terraform-plan@v2\n  apply:\n    if: github.event_name == 'push'\n    runs-on: x\n    steps:\n      - uses: dflook/terraform-apply@v2\n",
    },
    is: 'pass',
    code: 'TERRAFORM_RUNS',
  },
  {
    when: 'nobody answers the apply',
    change: {[terraform]: [' -auto-approve', '']},
    is: 'fail',
    code: 'TERRAFORM_RUNS_IN_PART',
    at: [`${terraform}:40`],
  },
  {
    when: 'nothing is behind the approval',
    change: {[terraform]: ['    environment: production\n', '']},
    is: 'fail',
    code: 'TERRAFORM_RUNS_IN_PART',
  },
  {
    when: 'requests are planned only for another folder',
    change: {[terraform]: ["paths: ['infra/**']", "paths: ['terraform/**']"]},
    is: 'fail',
    code: 'TERRAFORM_RUNS_IN_PART',
  },
  {
    when: 'Cloud Build does it',
    change: {
      [terraform]: undefined,
      'cloudbuild.yaml':
        'steps:\n  - name: hashicorp/terraform\n    args: [plan, -out=p]\n  - name: hashicorp/terraform\n    args: [apply, p]\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

judgeRepository('migrations.migrate-in-pipeline', migrate, texts, [
  {when: 'a job migrates first', is: 'pass', code: 'PIPELINE_MIGRATES'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'fail', code: 'PIPELINE_DOES_NOT_MIGRATE'},
  {
    when: 'a word is said about it',
    trap: 'echo "TODO: Run \'alembic upgrade head\'" (after!)',
    change: {[release]: [both, 'echo "TODO: Run \'alembic upgrade head\'"']},
    is: 'fail',
    code: 'PIPELINE_DOES_NOT_MIGRATE',
  },
  {
    when: 'it is a comment',
    trap: 'comment',
    change: {[release]: [both, '# alembic upgrade head\n          true']},
    is: 'fail',
    code: 'PIPELINE_DOES_NOT_MIGRATE',
  },
  {
    when: 'the deployment does not need it',
    trap: 'migration job not in needs: of deploy',
    change: {
      [release]: [`      - run: |\n          ${both}\n`, ''],
      '.github/workflows/m.yml':
        'on: {push: {branches: [main, develop]}}\njobs:\n  migrate:\n    runs-on: x\n    steps:\n      - run: alembic upgrade head\n',
    },
    is: 'fail',
    code: 'PIPELINE_DOES_NOT_MIGRATE',
    at: ['.github/workflows/m.yml:6'],
  },
  {
    when: 'the container migrates when it starts',
    trap: 'alembic upgrade head in container CMD/lifespan with N instances racing',
    change: {[release]: [both, 'true'], 'api/Dockerfile': 'FROM python:3.12\nCMD alembic upgrade head && uvicorn app.main:app\n'},
    is: 'fail',
    code: 'PIPELINE_DOES_NOT_MIGRATE',
  },
  {
    when: 'make leads to a script that leads to alembic',
    trap: 'make migrate / scripts/migrate.sh that resolves to alembic',
    change: {
      [release]: [both, 'make migrate'],
      Makefile: 'migrate:\n\t./scripts/migrate.sh\n',
      'scripts/migrate.sh': '#!/bin/sh\nset -e\ncd api\npoetry run alembic -c alembic.ini upgrade head\n',
    },
    is: 'pass',
    code: 'PIPELINE_MIGRATES',
    at: ['scripts/migrate.sh:4'],
  },
  {
    when: 'another workflow is called for it',
    trap: 'reusable workflow uses: ./.github/workflows/migrate.yml',
    change: {
      [release]: (texts[release] ?? '')
        .replace(`      - run: |\n          ${both}\n`, '')
        .replace(
          '  deploy:\n    needs: image',
          '  migrate:\n    needs: image\n    uses: ./.github/workflows/migrate.yml\n  deploy:\n    needs: [image, migrate]',
        ),
      '.github/workflows/migrate.yml':
        'on: workflow_call\njobs:\n  run:\n    runs-on: x\n    steps:\n      - run: cd api && python -m alembic upgrade head\n',
    },
    is: 'pass',
    code: 'PIPELINE_MIGRATES',
    at: ['.github/workflows/migrate.yml:6'],
  },
  {
    when: 'a Python script calls Alembic',
    change: {
      [release]: [both, 'python scripts/migrate.py'],
      'scripts/migrate.py':
        'from alembic import command\nfrom alembic.config import Config\n\ncommand.upgrade(Config("alembic.ini"), "head")\n',
    },
    is: 'pass',
    code: 'PIPELINE_MIGRATES',
    at: ['scripts/migrate.py:4'],
  },
  {
    when: 'its failure is passed over',
    change: {[release]: [execute, `${execute} || true`]},
    is: 'fail',
    code: 'PIPELINE_DOES_NOT_MIGRATE',
    at: [`${release}:61`],
  },
  {when: 'nobody waits', change: {[release]: [' --wait', '']}, is: 'fail', code: 'PIPELINE_DOES_NOT_MIGRATE', at: [`${release}:61`]},
  {
    when: 'a database for tests is migrated before',
    change: {
      [release]: [
        `- run: |\n          ${both}`,
        '- run: cd api && alembic upgrade head\n        env: {DATABASE_URL: "${{ secrets.TEST_DATABASE_URL }}"}',
      ],
    },
    is: 'fail',
    code: 'PIPELINE_DOES_NOT_MIGRATE',
  },
  {
    when: 'a service of compose is migrated on a machine that is thrown away',
    change: {[release]: [both, 'docker compose run --rm api alembic upgrade head']},
    is: 'fail',
    code: 'PIPELINE_DOES_NOT_MIGRATE',
  },
  {
    when: 'a script is told the job and the image',
    change: {
      [release]: [both, './scripts/migrate.sh "shop-$ENV-migrate" "$API"'],
      'scripts/migrate.sh':
        '#!/bin/sh\nset -e\njob=${1:?job}\nimage=$2\ngcloud run jobs update "$job" --image "$image"\ngcloud run jobs execute "$job" --wait\n',
    },
    is: 'pass',
    code: 'PIPELINE_MIGRATES',
    at: ['scripts/migrate.sh:6'],
  },
  {when: 'it only migrates in the tests', change: {[release]: [both, 'true']}, is: 'fail', code: 'PIPELINE_DOES_NOT_MIGRATE'},
  {
    when: 'what the job runs is not said',
    change: {
      [infra]: ['command = ["alembic"]', 'command = var.command'],
      'infra/environments/staging/main.tf': ['command = ["alembic"]', 'command = var.command'],
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'it may be left out',
    change: {
      [release]: [
        '      - run: |\n          gcloud run jobs',
        "      - if: steps.changed.outputs.sql == 'true'\n        run: |\n          gcloud run jobs",
      ],
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'one branch migrates, another does not',
    change: {
      [release]: [
        '      - run: |\n          gcloud run jobs',
        "      - if: github.ref == 'refs/heads/develop'\n        run: |\n          gcloud run jobs",
      ],
    },
    is: 'fail',
    code: 'PIPELINE_MIGRATES_IN_PART',
  },
  {
    when: 'Cloud Build migrates and deploys',
    change: {
      ...withoutWorkflows,
      'cloudbuild.yaml':
        'steps:\n  - name: gcr.io/google-appengine/exec-wrapper\n    args: [-i, gcr.io/p/api, -s, p:r:db, --, alembic, upgrade, head]\n  - name: gcr.io/google.com/cloudsdktool/cloud-sdk\n    entrypoint: gcloud\n    args: [run, deploy, api, --image, gcr.io/p/api]\n',
    },
    is: 'pass',
    code: 'PIPELINE_MIGRATES',
    at: ['cloudbuild.yaml:3'],
  },
])

judgeRepository('pipeline.migration-step', migrationStep, texts, [
  {when: 'a job in the network migrates with the image', is: 'pass', code: 'MIGRATION_REACHES'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'fail', code: 'MIGRATION_STEP_MISSING'},
  {
    when: 'the step only says so',
    trap: "step named 'Run database migrations' that only echoes (after!)",
    change: {[release]: [`- run: |\n          ${both}`, "- name: Run database migrations\n        run: echo 'alembic upgrade head'"]},
    is: 'fail',
    code: 'MIGRATION_STEP_MISSING',
  },
  {
    when: 'a script does it',
    trap: 'pre-traffic Cloud Run job in a script',
    change: other,
    is: 'pass',
    code: 'MIGRATION_REACHES',
    at: ['scripts/release.sh:4'],
  },
  {when: 'a hosted runner migrates', change: {[release]: [both, 'alembic upgrade head']}, is: 'fail', code: 'MIGRATION_STEP_MISSING'},
  {
    when: 'the job is not in the network',
    change: {
      ...other,
      'scripts/release.sh': script.replace(' --network shop', ''),
      [infra]: undefined,
      'infra/environments/staging/main.tf': undefined,
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'Terraform keeps the job out of the network',
    change: {[infra]: ['vpc_access', 'resources'], 'infra/environments/staging/main.tf': ['vpc_access', 'resources']},
    is: 'fail',
    code: 'MIGRATION_STEP_MISSING',
  },
  {when: 'the job keeps its old image', change: {[release]: [update, 'true']}, is: 'fail', code: 'MIGRATION_STEP_MISSING'},
  {
    when: 'the job gets another image',
    change: {[release]: ['migrate" --image "$API"', 'migrate" --image "$WEB"']},
    is: 'fail',
    code: 'MIGRATION_STEP_MISSING',
  },
  {
    when: 'one branch migrates, another does not',
    change: {
      [release]: [
        '      - run: |\n          gcloud run jobs',
        "      - if: github.ref == 'refs/heads/develop'\n        run: |\n          gcloud run jobs",
      ],
    },
    is: 'fail',
    code: 'MIGRATION_STEP_IN_PART',
  },
])

judgeRepository('migrations.tested', tested, texts, [
  {when: 'CI upgrades and checks', is: 'pass', code: 'MIGRATIONS_TESTED', at: [`${checks}:25`, `${checks}:26`]},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'fail', code: 'MIGRATIONS_NOT_TESTED'},
  {when: 'nothing compares', change: {[checks]: ['          alembic check\n', '']}, is: 'fail', code: 'MIGRATIONS_TESTED_IN_PART'},
  {
    when: 'there is no database',
    change: {[checks]: ['postgres:16-alpine', 'redis:7']},
    is: 'fail',
    code: 'MIGRATIONS_NOT_TESTED',
    at: [`${checks}:25`],
  },
  {when: 'there is no Alembic', change: {'api/requirements.txt': 'fastapi==0.109.0\n'}, is: 'not_applicable', code: 'NO_ALEMBIC'},
  {
    when: 'the tests do it',
    change: {
      [checks]: ['          alembic upgrade head\n          alembic check\n', '          true\n'],
      'api/tests/conftest.py':
        'from alembic import command\n\ndef db(config):\n    command.upgrade(config, "head")\n    command.check(config)\n',
    },
    is: 'pass',
    code: 'MIGRATIONS_TESTED',
    at: ['api/tests/conftest.py:4'],
  },
])
