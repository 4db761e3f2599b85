import pinned from '../../src/checks/pipeline/actions-pinned-sha.ts'
import concurrency from '../../src/checks/pipeline/concurrency.ts'
import identity from '../../src/checks/pipeline/deploy-identity.ts'
import gate from '../../src/checks/pipeline/environment-gate.ts'
import image from '../../src/checks/pipeline/immutable-image-ref.ts'
import lint from '../../src/checks/pipeline/lint-would-pass.ts'
import permissions from '../../src/checks/pipeline/permissions-minimal.ts'
import credentials from '../../src/checks/pipeline/persist-credentials.ts'
import requests from '../../src/checks/pipeline/pr-trigger-covers-develop.ts'
import names from '../../src/checks/pipeline/service-names-match-tf.ts'
import variables from '../../src/checks/pipeline/set-env-vars-clobbers.ts'
import identities from '../../src/checks/pipeline/split-identities.ts'
import chain from '../../src/checks/pipeline/supply-chain.ts'
import timeouts from '../../src/checks/pipeline/timeouts.ts'
import {judgeRepository} from './judge-repository.ts'
import {checks, release, terraform, texts, withoutWorkflows} from './pipeline-texts.ts'

const prod = 'infra/environments/prod/main.tf'
const staging = 'infra/environments/staging/main.tf'
const one = '.github/workflows/one.yml'
const only = (steps: string, more = ''): Record<string, string | undefined> => ({
  ...withoutWorkflows,
  [one]: `on:\n  push: {branches: [main]}\n${more}jobs:\n  go:\n    runs-on: ubuntu-latest\n    steps:\n${steps.replaceAll(/^/gm, '      ')}\n`,
})
const update = 'gcloud run services update "shop-$ENV-api" --image "$API"'

judgeRepository('pipeline.actions-pinned-sha', pinned, texts, [
  {when: 'all are pinned', is: 'pass', code: 'ACTIONS_PINNED'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_ACTION_USED'},
  {
    when: 'tags are used',
    change: only('- uses: actions/checkout@v4\n- uses: docker://alpine:3'),
    is: 'fail',
    code: 'ACTIONS_NOT_PINNED',
    at: [`${one}:7`, `${one}:8`],
  },
  {
    when: 'no version stands beside it',
    change: {[checks]: [' # v7.0.1', '']},
    is: 'fail',
    code: 'ACTIONS_PINNED_IN_PART',
    at: [`${checks}:20`],
  },
  {when: 'a workflow of the repository is called', trap: 'reusable ./.github/workflows', is: 'pass', code: 'ACTIONS_PINNED'},
  {
    when: 'an image is used by digest',
    change: only(`- uses: docker://alpine@sha256:${'a'.repeat(64)}`),
    is: 'pass',
    code: 'ACTIONS_PINNED',
  },
  {
    when: 'a foreign workflow is called by its branch',
    change: {[release]: ['./.github/workflows/checks.yml', 'acme/shared/.github/workflows/checks.yml@main']},
    is: 'fail',
    code: 'ACTIONS_PINNED_IN_PART',
  },
  {
    when: 'a composite action uses a tag',
    change: {'.github/actions/x/action.yml': 'runs:\n  using: composite\n  steps:\n    - uses: actions/cache@v4\n'},
    is: 'fail',
    code: 'ACTIONS_PINNED_IN_PART',
    at: ['.github/actions/x/action.yml:4'],
  },
])

judgeRepository('pipeline.permissions-minimal', permissions, texts, [
  {when: 'all start with none', is: 'pass', code: 'PERMISSIONS_MINIMAL'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_WORKFLOW'},
  {when: 'nothing is said', change: only('- run: pytest'), is: 'fail', code: 'PERMISSIONS_TOO_WIDE', at: [`${one}:4`]},
  {
    when: 'contents may be read',
    change: only('- run: pytest', 'permissions:\n  contents: read\n'),
    is: 'pass',
    code: 'PERMISSIONS_MINIMAL',
  },
  {
    when: 'everything may be written',
    change: {[release]: ['permissions: {}', 'permissions: write-all']},
    is: 'fail',
    code: 'PERMISSIONS_WIDE_IN_PART',
    at: [`${release}:5`],
  },
  {
    when: 'a token may be asked for by all jobs',
    change: {[release]: ['permissions: {}', 'permissions: {id-token: write}']},
    is: 'fail',
    code: 'PERMISSIONS_WIDE_IN_PART',
  },
  {when: 'a workflow cannot be read', change: {[release]: 'jobs: ['}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('pipeline.concurrency', concurrency, texts, [
  {when: 'checks cancel and deployments wait', is: 'pass', code: 'CONCURRENCY_SET'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_WORKFLOW'},
  {
    when: 'there is only a schedule',
    change: {
      ...withoutWorkflows,
      [one]: 'on: {schedule: [{cron: "0 0 * * *"}]}\njobs:\n  a:\n    runs-on: x\n    steps: [{run: pytest}]\n',
    },
    is: 'not_applicable',
    code: 'NOTHING_CONCURRENT',
  },
  {when: 'nothing is said', change: only('- run: pytest'), is: 'fail', code: 'CONCURRENCY_MISSING', at: [`${one}:2`]},
  {
    when: 'a deployment is cancelled',
    change: {[release]: ['cancel-in-progress: false', 'cancel-in-progress: true']},
    is: 'fail',
    code: 'CONCURRENCY_SET_IN_PART',
    at: [`${release}:6`],
  },
  {
    when: 'a job has a group of its own',
    change: {
      ...withoutWorkflows,
      [one]:
        'on: push\njobs:\n  go:\n    runs-on: x\n    concurrency: production\n    steps:\n      - run: gcloud run deploy x --image y\n',
    },
    is: 'pass',
    code: 'CONCURRENCY_SET',
  },
])

judgeRepository('pipeline.environment-gate', gate, texts, [
  {when: 'deployments name an environment', is: 'pass', code: 'DEPLOYMENTS_GATED'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_WORKFLOW'},
  {when: 'nothing is deployed', change: only('- run: pytest'), is: 'not_applicable', code: 'NOTHING_DEPLOYED'},
  {
    when: 'a deployment names none',
    change: only('- run: gcloud run deploy x --image y'),
    is: 'fail',
    code: 'DEPLOYMENTS_NOT_GATED',
    at: [`${one}:4`],
  },
  {
    when: 'a secret is read elsewhere',
    change: {[checks]: ['pytest -q', 'pytest -q ${{ secrets.KEY }}']},
    is: 'fail',
    code: 'DEPLOYMENTS_GATED_IN_PART',
    at: [`${checks}:27`],
  },
  {
    when: 'the token of the run is read',
    change: {[checks]: ['pytest -q', 'pytest -q ${{ secrets.GITHUB_TOKEN }}']},
    is: 'pass',
    code: 'DEPLOYMENTS_GATED',
  },
  {when: 'apply names none', change: {[terraform]: ['    environment: production\n', '']}, is: 'fail', code: 'DEPLOYMENTS_GATED_IN_PART'},
  {
    when: 'a job that tests reads identifiers of workload identity',
    change: {
      [checks]: [
        '      - run: pytest -q',
        '      - uses: google-github-actions/auth@v3\n        with:\n          workload_identity_provider: projects/1/locations/global/workloadIdentityPools/${{ secrets.POOL }}/providers/${{ secrets.WIF_PROVIDER_ID }}\n          service_account: ${{ secrets.CI_ACCOUNT }}\n          project_id: ${{ secrets.GCP_PROJECT_ID }}\n      - run: pytest -q',
      ],
    },
    is: 'pass',
    code: 'DEPLOYMENTS_GATED',
  },
  {
    when: 'it reads the key of an account',
    change: {
      [checks]: [
        '      - run: pytest -q',
        '      - uses: google-github-actions/auth@v3\n        with:\n          credentials_json: ${{ secrets.GCP_SERVICE_ACCOUNT }}\n      - run: pytest -q',
      ],
    },
    is: 'fail',
    code: 'DEPLOYMENTS_GATED_IN_PART',
    at: [`${checks}:29`],
  },
])

judgeRepository('pipeline.persist-credentials', credentials, texts, [
  {when: 'no token is kept', is: 'pass', code: 'CREDENTIALS_NOT_KEPT'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_CHECKOUT'},
  {when: 'one is kept', change: only('- uses: actions/checkout@v4'), is: 'fail', code: 'CREDENTIALS_KEPT', at: [`${one}:7`]},
  {
    when: 'one of many is kept',
    change: {[checks]: ['persist-credentials: false', 'fetch-depth: 0']},
    is: 'fail',
    code: 'CREDENTIALS_KEPT_IN_PART',
  },
  {
    when: 'it depends',
    change: only('- uses: actions/checkout@v4\n  with: {persist-credentials: "${{ inputs.keep }}"}'),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

judgeRepository('pipeline.timeouts', timeouts, texts, [
  {when: 'every job has one', is: 'pass', code: 'TIMEOUTS_SET'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_JOB'},
  {when: 'none has one', change: only('- run: pytest'), is: 'fail', code: 'TIMEOUTS_MISSING', at: [`${one}:4`]},
  {when: 'one has none', change: {[checks]: ['    timeout-minutes: 10\n', '']}, is: 'fail', code: 'TIMEOUTS_MISSING_IN_PART'},
])

judgeRepository('pipeline.pr-trigger-covers-develop', requests, texts, [
  {when: 'all are covered', is: 'pass', code: 'PULL_REQUESTS_COVERED'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_PUSH_TRIGGER'},
  {when: 'no request is checked', change: only('- run: pytest'), is: 'fail', code: 'PULL_REQUESTS_NOT_COVERED', at: [`${one}:2`]},
  {
    when: 'develop is forgotten',
    change: {[checks]: ['[main, develop]', '[main]'], [terraform]: ['[main, develop]', '[main]']},
    is: 'fail',
    code: 'PULL_REQUESTS_COVERED_IN_PART',
    at: [`${checks}:3`],
  },
  {
    when: 'every request is checked',
    change: {[checks]: ['\n    branches: [main, develop]', '']},
    is: 'pass',
    code: 'PULL_REQUESTS_COVERED',
  },
])

judgeRepository('pipeline.lint-would-pass', lint, texts, [
  {when: 'nothing is unused', is: 'pass', code: 'LINT_PASSES'},
  {when: 'ruff is not run', change: withoutWorkflows, is: 'not_applicable', code: 'RUFF_NOT_RUN'},
  {
    when: 'an import is unused',
    change: {'api/app/main.py': 'import os\nfrom typing import (\n    Any,\n    List,\n)\n\nx: Any = 1\n'},
    is: 'fail',
    code: 'LINT_FAILS_IN_PART',
    at: ['api/app/main.py:1', 'api/app/main.py:4'],
  },
  {
    when: 'it is kept on purpose',
    change: {'api/app/__init__.py': 'from .main import app\nfrom .x import y as y\nimport os  # noqa: F401\n\n__all__ = ["app"]\n'},
    is: 'pass',
    code: 'LINT_PASSES',
  },
  {
    when: 'only types use it',
    change: {
      'api/app/x.py':
        'from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from app.main import App\n\ndef f(a: "App") -> None: ...\n',
    },
    is: 'pass',
    code: 'LINT_PASSES',
  },
  {
    when: 'the rule is off for such files',
    change: {'api/app/__init__.py': 'from .main import app\n', 'api/ruff.toml': '[lint.per-file-ignores]\n"__init__.py" = ["F401"]\n'},
    is: 'pass',
    code: 'LINT_PASSES',
  },
  {
    when: 'other rules are selected',
    change: {'api/app/x.py': 'import os\n', 'api/pyproject.toml': '[tool.ruff.lint]\nselect = ["I"]\n'},
    is: 'pass',
    code: 'LINT_PASSES',
  },
  {when: 'it lies outside of what is checked', change: {'tools/x.py': 'import os\n'}, is: 'pass', code: 'LINT_PASSES'},
  {
    when: 'any version is taken',
    change: {[checks]: ['pip install -r requirements-dev.txt', 'pip install ruff'], 'api/app/x.py': 'import os\n'},
    is: 'fail',
    code: 'LINT_FAILS',
    at: [`${checks}:22`],
  },
])

judgeRepository('pipeline.service-names-match-tf', names, texts, [
  {when: 'names are the same', is: 'pass', code: 'SERVICE_NAMES_MATCH'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NOTHING_TO_COMPARE'},
  {
    when: 'one differs',
    change: {[release]: ['deploy shop-$ENV-web', 'deploy shop-web-$ENV']},
    is: 'fail',
    code: 'SERVICE_NAMES_DIFFER_IN_PART',
    at: [`${release}:63`],
  },
  {when: 'all differ', change: only('- run: gcloud run deploy backend --image x'), is: 'fail', code: 'SERVICE_NAMES_DIFFER'},
  {
    when: 'a name is only known when it runs',
    change: only('- run: gcloud run deploy "$SERVICE" --image x'),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'an action deploys',
    change: only('- uses: google-github-actions/deploy-cloudrun@v2\n  with: {service: shop-prod-api, image: x}'),
    is: 'pass',
    code: 'SERVICE_NAMES_MATCH',
  },
])

judgeRepository('pipeline.set-env-vars-clobbers', variables, texts, [
  {when: 'images alone are deployed', is: 'pass', code: 'VARIABLES_KEPT'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'SERVICE_NOT_IN_TERRAFORM'},
  {
    when: 'one replaces all',
    change: {[release]: [update, `${update} --set-env-vars ENVIRONMENT=production`]},
    is: 'fail',
    code: 'VARIABLES_REPLACED_IN_PART',
    at: [`${release}:62`],
  },
  {
    when: 'the only one replaces all',
    change: only('- run: |\n    gcloud run deploy shop-prod-api --image x \\\n      --set-env-vars="A=1"'),
    is: 'fail',
    code: 'VARIABLES_REPLACED',
    at: [`${one}:8`],
  },
  {
    when: 'variables are added',
    change: only('- run: gcloud run deploy shop-prod-api --image x --update-env-vars A=1'),
    is: 'pass',
    code: 'VARIABLES_KEPT',
  },
  {
    when: 'an action adds them',
    change: only('- uses: google-github-actions/deploy-cloudrun@v2\n  with: {service: shop-prod-api, image: x, env_vars: "A=1"}'),
    is: 'pass',
    code: 'VARIABLES_KEPT',
  },
  {
    when: 'an action replaces them',
    change: only(
      '- uses: google-github-actions/deploy-cloudrun@v2\n  with: {service: shop-prod-api, image: x, env_vars: "A=1", env_vars_update_strategy: overwrite}',
    ),
    is: 'fail',
    code: 'VARIABLES_REPLACED',
  },
])

judgeRepository('pipeline.deploy-identity', identity, texts, [
  {when: 'Terraform has the services', is: 'pass', code: 'DEPLOYED_WITH_IDENTITY'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NOT_DEPLOYED_TO_CLOUD_RUN'},
  {
    when: 'nothing is set',
    change: {...only('- run: gcloud run deploy api --image x'), [prod]: undefined, [staging]: undefined},
    is: 'fail',
    code: 'DEPLOYED_WITHOUT_IDENTITY',
    at: [`${one}:7`],
  },
  {
    when: 'all is set',
    change: {
      ...only('- run: gcloud run deploy api --image x --service-account a --network n --set-secrets S=s:1'),
      [prod]: undefined,
      [staging]: undefined,
    },
    is: 'pass',
    code: 'DEPLOYED_WITH_IDENTITY',
  },
  {
    when: 'the API is opened',
    change: {
      [release]: [
        'gcloud run services update "shop-$ENV-api" --image "$API"',
        'gcloud run deploy "shop-$ENV-api" --image "$API" --allow-unauthenticated',
      ],
    },
    is: 'fail',
    code: 'DEPLOYED_WITH_IDENTITY_IN_PART',
    at: [`${release}:62`],
  },
  {
    when: 'the page is open',
    change: {[release]: ['--image=$WEB', '--image=$WEB --allow-unauthenticated']},
    is: 'pass',
    code: 'DEPLOYED_WITH_IDENTITY',
  },
])

judgeRepository('pipeline.immutable-image-ref', image, texts, [
  {when: 'digests are deployed', is: 'pass', code: 'IMAGES_BY_DIGEST'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_IMAGE_DEPLOYED'},
  {
    when: 'a tag is deployed',
    change: only('- run: gcloud run deploy api --image europe-docker.pkg.dev/p/r/api:latest'),
    is: 'fail',
    code: 'IMAGES_BY_TAG',
    at: [`${one}:7`],
  },
  {
    when: 'no tag is said',
    change: only('- run: gcloud run deploy api --image europe-docker.pkg.dev/p/r/api'),
    is: 'fail',
    code: 'IMAGES_BY_TAG',
  },
  {
    when: 'one is by tag',
    change: {[release]: ['--image=$WEB', '--image=$REGISTRY/web:$GITHUB_SHA']},
    is: 'fail',
    code: 'IMAGES_BY_TAG_IN_PART',
  },
  {
    when: 'the image is handed in',
    change: {
      ...withoutWorkflows,
      [one]:
        'on: workflow_dispatch\njobs:\n  go:\n    runs-on: x\n    steps:\n      - run: gcloud run deploy api --image ${{ inputs.image }}\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'branches share a tag',
    change: {[release]: ['tags: ${{ env.REGISTRY }}/${{ matrix.part }}:${{ github.sha }}', 'tags: r/x:latest']},
    is: 'fail',
    code: 'IMAGES_BY_TAG_IN_PART',
  },
])

judgeRepository('pipeline.supply-chain', chain, texts, [
  {when: 'images are attested and scanned', is: 'pass', code: 'IMAGES_ATTESTED'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_IMAGE_PUSHED'},
  {when: 'nothing is done', change: only('- run: docker push x/y:1'), is: 'fail', code: 'IMAGES_NOT_ATTESTED', at: [`${one}:7`]},
  {
    when: 'the scan only reports',
    change: {[release]: ["exit-code: '1'", "exit-code: '0'"]},
    is: 'fail',
    code: 'IMAGES_ATTESTED_IN_PART',
    at: [`${release}:39`],
  },
  {
    when: 'commands do it',
    change: only('- run: |\n    docker build --push -t x/y .\n    syft x/y\n    trivy image --exit-code 1 x/y\n    cosign sign x/y'),
    is: 'pass',
    code: 'IMAGES_ATTESTED',
  },
])

judgeRepository('pipeline.split-identities', identities, texts, [
  {when: 'each has its account', is: 'pass', code: 'IDENTITIES_SPLIT'},
  {when: 'there is no workflow', change: withoutWorkflows, is: 'not_applicable', code: 'NO_GOOGLE_IDENTITY'},
  {
    when: 'one account does all',
    change: only(
      '- uses: google-github-actions/auth@v2\n  with: {service_account: ci@p}\n- run: docker push x/y\n- run: gcloud run deploy api --image x/y',
    ),
    is: 'fail',
    code: 'IDENTITIES_SHARED',
    at: [`${one}:7`],
  },
  {
    when: 'plan and apply share one',
    change: {[terraform]: ['service_account: plan@', 'service_account: apply@']},
    is: 'fail',
    code: 'IDENTITIES_SHARED_IN_PART',
  },
  {
    when: 'who applies plans what it applies',
    change: only(
      '- uses: google-github-actions/auth@v2\n  with: {service_account: apply@p}\n- run: terraform plan -out=p\n- run: terraform apply p',
    ),
    is: 'pass',
    code: 'IDENTITIES_SPLIT',
  },
  {
    when: 'who applies also deploys',
    change: only(
      '- uses: google-github-actions/auth@v2\n  with: {service_account: apply@p}\n- run: terraform plan -out=p\n- run: terraform apply p\n- run: gcloud run deploy api --image x/y',
    ),
    is: 'fail',
    code: 'IDENTITIES_SHARED',
  },
  {
    when: 'the pool itself signs in',
    change: only('- uses: google-github-actions/auth@v2\n  with: {workload_identity_provider: p}\n- run: docker push x/y'),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'the pool takes any repository',
    change: {
      [prod]: [
        'resource "google_cloud_run_v2_job"',
        'resource "google_iam_workload_identity_pool_provider" "github" {\n  attribute_condition = "assertion.repository_owner == \'acme\'"\n}\nresource "google_cloud_run_v2_job"',
      ],
    },
    is: 'fail',
    code: 'IDENTITIES_SHARED_IN_PART',
  },
])
