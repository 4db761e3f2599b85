import envDev from '../../src/checks/infra/env-dev.ts'
import envProd from '../../src/checks/infra/env-prod.ts'
import envStaging from '../../src/checks/infra/env-staging.ts'
import backendTf from '../../src/checks/infra/backend-tf.ts'
import versionsTf from '../../src/checks/infra/versions-tf.ts'
import noOrphan from '../../src/checks/infra/no-orphan-root-files.ts'
import providerCurrent from '../../src/checks/infra/provider-current.ts'
import {terraformTexts as texts} from '../support/terraform.ts'
import {judgeRepository, type RepositoryRow} from './judge-repository.ts'

const all = Object.keys(texts)
const without = (part: string): Record<string, undefined> =>
  Object.fromEntries(all.filter((path) => path.includes(part)).map((path) => [path, undefined]))
const environment = (name: string) => `infra/environments/${name}`
const dev = environment('dev')
const staging = environment('staging')
const prod = environment('prod')

/** The environment's tree under other names. */
const moved = (from: string, to: string): Record<string, string | undefined> =>
  Object.fromEntries(
    all
      .filter((path) => path.startsWith(`${from}/`))
      .flatMap((path) => [
        [path, undefined],
        [path.replace(from, to), texts[path]],
      ]),
  )

const flat: RepositoryRow['change'] = {
  ...without('environments/'),
  'deploy/stack.tf':
    'resource "google_cloud_run_v2_service" "api" {\n  name = "api-${terraform.workspace}"\n}\nvariable "tier" {\n  type = string\n}\n',
}

judgeRepository('infra.env-dev', envDev, texts, [
  {when: 'the tree of the plan', is: 'pass', code: 'DEV_DESCRIBED', at: [`${dev}/main.tf:1`]},
  {when: 'no tree', change: without('environments/dev'), is: 'fail', code: 'DEV_ABSENT'},
  {
    when: 'main.tf says nothing',
    trap: 'empty main.tf',
    change: {[`${dev}/main.tf`]: '# soon\n'},
    is: 'fail',
    code: 'DEV_ABSENT',
    at: [`${dev}/main.tf:1`],
  },
  {
    when: 'values stand in an example only',
    trap: 'tfvars.example only',
    change: {[`${dev}/terraform.tfvars`]: undefined, [`${dev}/terraform.tfvars.example`]: 'environment = "development"\n'},
    is: 'fail',
    code: 'DEV_INCOMPLETE',
    at: [`${dev}/variables.tf:1`],
  },
  {
    when: 'values stand in an automatic file of another name',
    trap: '*.auto.tfvars',
    change: {[`${dev}/terraform.tfvars`]: undefined, [`${dev}/sizes.auto.tfvars`]: texts[`${dev}/terraform.tfvars`]},
    is: 'pass',
    code: 'DEV_DESCRIBED',
  },
  {
    when: 'a workflow gives the values',
    trap: 'values from CI -var / TF_VAR_',
    change: {
      [`${dev}/terraform.tfvars`]: undefined,
      '.github/workflows/terraform.yml':
        'env:\n  TF_VAR_project_id: x\n  TF_VAR_domain: y\njobs:\n  plan:\n    steps:\n      - run: terraform plan -var environment=development -var="database_tier=db-f1-micro" -var \'notification_email=ops@example.com\' -var "images={}"\n',
    },
    is: 'pass',
    code: 'DEV_DESCRIBED',
  },
  {
    when: 'the workflow gives them in a comment',
    change: {[`${dev}/terraform.tfvars`]: undefined, '.github/workflows/terraform.yml': '# TF_VAR_project_id: x\n'},
    is: 'fail',
    code: 'DEV_INCOMPLETE',
  },
  {
    when: 'git ignores the values',
    change: {},
    ignored: [`${dev}/terraform.tfvars`],
    is: 'fail',
    code: 'DEV_INCOMPLETE',
    at: [`${dev}/variables.tf:1`],
  },
  {
    when: 'a secret stands among the values',
    change: {[`${dev}/terraform.tfvars`]: ['environment ', 'db_password = "Hunter2Hunter2"\nenvironment ']},
    is: 'fail',
    code: 'DEV_INCOMPLETE',
    at: [`${dev}/terraform.tfvars:2`],
  },
  {
    when: 'the name of a secret stands among the values',
    change: {[`${dev}/terraform.tfvars`]: ['environment ', 'db_password_secret = "db-password"\nenvironment ']},
    is: 'pass',
    code: 'DEV_DESCRIBED',
  },
  {
    when: 'a module is called without what it needs',
    change: {[`${dev}/main.tf`]: ['  project_id = var.project_id\n', '']},
    is: 'fail',
    code: 'DEV_INCOMPLETE',
    at: [`${dev}/main.tf:1`],
  },
  {
    when: 'a module is called that does not exist',
    change: {[`${dev}/main.tf`]: ['../../modules/registry', '../../modules/registries']},
    is: 'fail',
    code: 'DEV_INCOMPLETE',
    at: [`${dev}/main.tf:25`],
  },
  {when: 'the folders have other names', change: moved('infra', 'deploy/terraform'), is: 'pass', code: 'DEV_DESCRIBED'},
  {
    when: 'Windows line ends',
    change: {[`${dev}/main.tf`]: texts[`${dev}/main.tf`]?.replaceAll('\n', '\r\n')},
    is: 'pass',
    code: 'DEV_DESCRIBED',
  },
  {when: 'main.tf is broken', change: {[`${dev}/main.tf`]: 'module "x" {\n  source =\n'}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'one root, and the workspace says which', change: flat, is: 'unknown', code: 'UNKNOWN_DYNAMIC', at: ['deploy/stack.tf:1']},
  {
    when: 'one root, and a workflow says which',
    change: {
      ...flat,
      'deploy/stack.tf': 'variable "environment" {\n  default = "prod"\n}\nresource "google_x" "y" {\n  name = var.environment\n}\n',
      '.github/workflows/terraform.yml':
        'jobs:\n  plan:\n    steps:\n      - run: terraform apply -var environment=${{ inputs.environment }}\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'Terragrunt', change: {...without('infra/'), 'live/dev/terragrunt.hcl': 'inputs = {}\n'}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

/** One root that makes staging and prod beside each other. */
const together = (keys: string, more = '') => ({
  ...without('infra/'),
  'iac/main.tf': `locals {\n  where = ${keys}\n}\nresource "google_sql_database_instance" "db" {\n  for_each = local.where\n  name     = "db-\${each.key}"\n}\n${more}`,
})
const bothKeys = '{prod = "acme-live", staging = "acme-trial"}'

judgeRepository('infra.env-staging', envStaging, texts, [
  {when: 'the tree of the plan', is: 'pass', code: 'STAGING_DESCRIBED'},
  {
    when: 'only a workflow speaks of it',
    trap: 'staging named only in workflow',
    change: {
      ...without('environments/staging'),
      '.github/workflows/deploy.yml': 'jobs:\n  staging:\n    steps:\n      - run: terraform -chdir=infra/environments/staging apply\n',
    },
    is: 'fail',
    code: 'STAGING_ABSENT',
  },
  {
    when: 'one root with a variable file for each environment',
    trap: 'workspace-based staging with -var-file',
    change: {...flat, 'deploy/env/stg.tfvars': 'tier = "db-g1-small"\n', 'deploy/env/prod.tfvars': 'tier = "db-custom-2-7680"\n'},
    is: 'pass',
    code: 'STAGING_DESCRIBED',
    at: ['deploy/stack.tf:1'],
  },
  {
    when: 'a value is missing in its variable file',
    change: {...flat, 'deploy/env/stg.tfvars': 'other = "x"\n', 'deploy/env/prod.tfvars': 'tier = "db-custom-2-7680"\n'},
    is: 'fail',
    code: 'STAGING_INCOMPLETE',
    at: ['deploy/stack.tf:4'],
  },
  {
    when: 'one root makes staging and prod by the keys of for_each',
    change: together(bothKeys),
    is: 'pass',
    code: 'STAGING_DESCRIBED',
    at: ['iac/main.tf:4'],
  },
  {
    when: 'one root makes both, and a variable has no value',
    change: together(bothKeys, 'variable "owner" {\n  type = string\n}\n'),
    is: 'fail',
    code: 'STAGING_INCOMPLETE',
    at: ['iac/main.tf:8'],
  },
  {
    when: 'the one file with values of that root sets it',
    change: {...together(bothKeys, 'variable "owner" {\n  type = string\n}\n'), 'iac/vars/shared-values.tfvars': 'owner = "acme"\n'},
    is: 'pass',
    code: 'STAGING_DESCRIBED',
  },
  {
    when: 'the keys are known only to Terraform, and a variable is named for staging',
    change: together(
      'var.where',
      'variable "where" {\n  type    = any\n  default = null\n}\nvariable "staging_project_id" {\n  type = string\n}\n',
    ),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['iac/main.tf:12'],
  },
  {when: 'one key alone is the name of a thing', change: together('{staging = "x"}'), is: 'fail', code: 'STAGING_ABSENT'},
])

judgeRepository('infra.env-prod', envProd, texts, [
  {when: 'the tree of the plan', is: 'pass', code: 'PROD_DESCRIBED'},
  {when: 'no tree', change: without('environments/prod'), is: 'fail', code: 'PROD_ABSENT'},
  {
    when: 'a module is called no time',
    trap: 'module block with count = 0',
    change: {[`${prod}/main.tf`]: ['module "monitoring" {\n', 'module "monitoring" {\n  count    = 0\n']},
    is: 'fail',
    code: 'PROD_INCOMPLETE',
    at: [`${prod}/main.tf:43`],
  },
  {
    when: 'a module between calls the six',
    trap: 'composed through a stack module',
    change: {
      'infra/modules/stack/main.tf': texts[`${prod}/main.tf`]?.replaceAll('../../modules/', '../'),
      'infra/modules/stack/variables.tf': texts[`${prod}/variables.tf`],
      [`${prod}/main.tf`]:
        'module "stack" {\n  source = "../../modules/stack"\n' +
        ['project_id', 'environment', 'region', 'database_tier', 'domain', 'notification_email', 'images']
          .map((name) => `  ${name} = var.${name}\n`)
          .join('') +
        '}\n',
    },
    is: 'pass',
    code: 'PROD_DESCRIBED',
  },
  {
    when: 'whether a module is called is not known',
    change: {
      [`${prod}/main.tf`]: ['module "monitoring" {\n', 'module "monitoring" {\n  count    = data.google_project.this.number > 1 ? 1 : 0\n'],
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'the database comes from the registry of modules',
    change: {
      [`${prod}/main.tf`]: ['../../modules/database"', 'GoogleCloudPlatform/sql-db/google//modules/postgresql"'],
    },
    is: 'pass',
    code: 'PROD_DESCRIBED',
  },
  {
    when: 'one root makes staging and prod by keys: what it lacks is missed, what is there holds',
    change: together(bothKeys, 'resource "google_artifact_registry_repository" "images" {\n  repository_id = "images"\n}\n'),
    is: 'fail',
    code: 'PROD_INCOMPLETE',
    at: ['iac/main.tf:4', 'iac/main.tf:8'],
  },
  {
    when: 'a variable of the one root is named for prod',
    change: {
      ...without('infra/'),
      'iac/main.tf':
        'resource "google_project_service" "run" {\n  project = var.prod_project\n}\nvariable "prod_project" {\n  type = string\n}\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['iac/main.tf:4'],
  },
])

const fixed = (name: string) =>
  `terraform {\n  backend "gcs" {\n    bucket = "acme-terraform-state"\n    prefix = "qlogic/${name}"\n  }\n}\n`

judgeRepository('infra.backend-tf', backendTf, texts, [
  {when: 'a file of settings for each environment', is: 'pass', code: 'STATE_REMOTE', at: [`${prod}/backend.tf:2`]},
  {
    when: 'the environments do not load it',
    trap: 'infra/backend.tf alone: not loaded by environments/*',
    change: {[`${dev}/backend.tf`]: undefined, [`${staging}/backend.tf`]: undefined, [`${prod}/backend.tf`]: undefined},
    is: 'fail',
    code: 'STATE_NOT_REMOTE',
    at: [`${prod}/main.tf:1`],
  },
  {
    when: 'the bucket is given when Terraform is set up',
    trap: 'partial config + -backend-config=bucket',
    change: {
      ...without('backend.hcl'),
      '.github/workflows/terraform.yml':
        'jobs:\n  plan:\n    steps:\n      - run: terraform init -backend-config="bucket=$BUCKET" -backend-config="prefix=$ENV"\n',
    },
    is: 'pass',
    code: 'STATE_REMOTE',
  },
  {
    when: 'each environment has its own block',
    trap: 'per-env backend.tf',
    change: {
      ...without('backend.hcl'),
      [`${dev}/backend.tf`]: fixed('dev'),
      [`${staging}/backend.tf`]: fixed('staging'),
      [`${prod}/backend.tf`]: fixed('prod'),
    },
    is: 'pass',
    code: 'STATE_REMOTE',
  },
  {
    when: 'two environments have one prefix',
    change: {
      ...without('backend.hcl'),
      [`${dev}/backend.tf`]: fixed('all'),
      [`${staging}/backend.tf`]: fixed('staging'),
      [`${prod}/backend.tf`]: fixed('all'),
    },
    is: 'fail',
    code: 'STATE_PARTLY_REMOTE',
    at: [`${dev}/backend.tf:2`, `${prod}/backend.tf:2`],
  },
  {when: 'the settings are nowhere', change: without('backend.hcl'), is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'the state is on the machine',
    change: {[`${prod}/backend.tf`]: 'terraform {\n  backend "local" {}\n}\n'},
    is: 'fail',
    code: 'STATE_PARTLY_REMOTE',
    at: [`${prod}/backend.tf:2`],
  },
])

judgeRepository('infra.versions-tf', versionsTf, texts, [
  {when: 'the same file in each root', is: 'pass', code: 'VERSIONS_BOUNDED'},
  {
    when: 'no upper bound in production',
    trap: "'>= 5.0' unbounded",
    change: {[`${prod}/versions.tf`]: ['"~> 7.0"', '">= 5.0"']},
    is: 'fail',
    code: 'VERSIONS_PARTLY_BOUNDED',
    at: [`${prod}/versions.tf:7`],
  },
  {
    when: 'they stand in main.tf',
    trap: 'constraints in main.tf',
    change: {
      [`${prod}/versions.tf`]: undefined,
      [`${prod}/main.tf`]: `${texts[`${prod}/versions.tf`] ?? ''}\n${texts[`${prod}/main.tf`] ?? ''}`,
    },
    is: 'pass',
    code: 'VERSIONS_BOUNDED',
  },
  {when: 'a range', change: {[`${prod}/versions.tf`]: ['"~> 7.0"', '">= 7.0, < 8.0"']}, is: 'pass', code: 'VERSIONS_BOUNDED'},
  {when: 'no root loads them', change: without('environments/'), is: 'fail', code: 'VERSIONS_OPEN'},
])

judgeRepository('infra.no-orphan-root-files', noOrphan, texts, [
  {when: 'the same text in each root', is: 'pass', code: 'SHARED_FILES_LOADED'},
  {
    when: 'no root has them',
    change: {
      ...without('/backend.tf'),
      ...without('/versions.tf'),
      'infra/backend.tf': texts['infra/backend.tf'],
      'infra/versions.tf': texts['infra/versions.tf'],
    },
    is: 'fail',
    code: 'SHARED_FILES_ORPHANED',
    at: ['infra/backend.tf:1'],
  },
  {
    when: 'one copy has come to differ',
    change: {[`${prod}/versions.tf`]: ['7.0', '6.0']},
    is: 'fail',
    code: 'SHARED_FILES_PARTLY_LOADED',
    at: [`${prod}/versions.tf:1`],
  },
  {
    when: 'git could not make the link',
    change: {[`${prod}/versions.tf`]: '../../versions.tf'},
    is: 'pass',
    code: 'SHARED_FILES_LOADED',
  },
  {
    when: 'there are none',
    change: {'infra/backend.tf': undefined, 'infra/versions.tf': undefined},
    is: 'not_applicable',
    code: 'NO_SHARED_FILES',
  },
])

judgeRepository('infra.provider-current', providerCurrent, texts, [
  {when: 'all of it', is: 'pass', code: 'PROVIDER_CURRENT'},
  {
    when: 'version 6',
    change: {[`${prod}/versions.tf`]: ['~> 7.0', '~> 6.50'], [`${prod}/.terraform.lock.hcl`]: ['"7.2.0"', '"6.50.0"']},
    is: 'fail',
    code: 'PROVIDER_PARTLY_CURRENT',
    at: [`${prod}/versions.tf:7`],
  },
  {
    when: 'a wide range, and 7 is locked',
    change: {[`${prod}/versions.tf`]: ['~> 7.0', '>= 6.0, < 8.0']},
    is: 'pass',
    code: 'PROVIDER_CURRENT',
  },
  {when: 'no lock file', change: {[`${prod}/.terraform.lock.hcl`]: undefined}, is: 'fail', code: 'PROVIDER_PARTLY_CURRENT'},
  {
    when: 'nothing of it',
    change: {...without('versions.tf'), ...without('.lock.hcl')},
    is: 'fail',
    code: 'PROVIDER_OLD',
  },
  {when: 'no Terraform', change: without('infra/'), is: 'not_applicable', code: 'NO_ROOTS'},
])
