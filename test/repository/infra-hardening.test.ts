import alert5xx from '../../src/checks/infra/alert-5xx-is-ratio.ts'
import alertConnections from '../../src/checks/infra/alert-db-connections.ts'
import backendNotPublic from '../../src/checks/infra/backend-not-public.ts'
import auditFlags from '../../src/checks/infra/cloudsql-audit-flags.ts'
import edition from '../../src/checks/infra/cloudsql-edition.ts'
import sslMode from '../../src/checks/infra/cloudsql-ssl-mode.ts'
import connector from '../../src/checks/infra/connector-subnet-28.ts'
import accounts from '../../src/checks/infra/dedicated-service-accounts.ts'
import fmt from '../../src/checks/infra/fmt.ts'
import image from '../../src/checks/infra/image-not-latest.ts'
import names from '../../src/checks/infra/names-env-scoped.ts'
import noSecret from '../../src/checks/infra/no-secret-in-state.ts'
import channel from '../../src/checks/infra/notification-channel.ts'
import probes from '../../src/checks/infra/readiness-probe-used.ts'
import registryPolicy from '../../src/checks/infra/registry-policy.ts'
import versionOrder from '../../src/checks/infra/secret-version-order.ts'
import secretsExist from '../../src/checks/infra/secrets-exist-where-referenced.ts'
import {terraformTexts as texts} from '../support/terraform.ts'
import {judgeRepository} from './judge-repository.ts'

const path = (module: string) => `infra/modules/${module}/main.tf`
const database = path('database')
const compute = path('compute')
const secrets = path('secrets')
const monitoring = path('monitoring')
const registry = path('registry')
const none = Object.fromEntries(Object.keys(texts).map((one) => [one, undefined]))
const withMore = (file: string, more: string) => ({[file]: `${texts[file] ?? ''}\n${more}`})
const values = (environment: string) => `infra/environments/${environment}/terraform.tfvars`

judgeRepository('infra.no-secret-in-state', noSecret, texts, [
  {when: 'a write-only password', is: 'pass', code: 'STATE_HOLDS_NO_SECRET', at: [`${database}:53`]},
  {
    when: 'a password',
    change: {
      [database]: ['password_wo         = ephemeral.google_secret_manager_secret_version.db.secret_data', 'password = var.secret_id'],
    },
    is: 'fail',
    code: 'STATE_HOLDS_SECRET',
    at: [`${database}:53`],
  },
  {
    when: 'a write-only password made by a resource that is stored',
    change: {
      ...withMore(database, 'resource "random_password" "db" {\n  length = 32\n}\n'),
      [database]: `${(texts[database] ?? '').replace('ephemeral.google_secret_manager_secret_version.db.secret_data', 'random_password.db.result')}\nresource "random_password" "db" {\n  length = 32\n}\n`,
    },
    is: 'fail',
    code: 'STATE_HOLDS_SECRET',
  },
  {
    when: 'a password among the values',
    change: {[values('prod')]: ['domain ', 'db_password = "Xk8dj2kdl"\ndomain ']},
    is: 'fail',
    code: 'STATE_HOLDS_SECRET',
    at: [`${values('prod')}:4`],
  },
  {
    when: 'a user without a password',
    change: {
      [database]: [
        '  password_wo         = ephemeral.google_secret_manager_secret_version.db.secret_data\n  password_wo_version = 1',
        '  type = "CLOUD_IAM_SERVICE_ACCOUNT"',
      ],
    },
    is: 'pass',
    code: 'STATE_HOLDS_NO_SECRET',
  },
  {
    when: 'the module of the registry',
    change: {[database]: 'module "sql" {\n  source = "GoogleCloudPlatform/sql-db/google//modules/postgresql"\n}\n'},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no Terraform', change: none, is: 'not_applicable', code: 'NO_DATABASE_USER'},
])

judgeRepository('infra.cloudsql-ssl-mode', sslMode, texts, [
  {when: 'encrypted only', is: 'pass', code: 'SSL_DEMANDED', at: [`${database}:17`]},
  {
    when: 'both',
    change: {[database]: ['"ENCRYPTED_ONLY"', '"ALLOW_UNENCRYPTED_AND_ENCRYPTED"']},
    is: 'fail',
    code: 'SSL_NOT_DEMANDED',
    at: [`${database}:17`],
  },
  {
    when: 'nothing',
    change: {[database]: ['      ssl_mode        = "ENCRYPTED_ONLY"\n', '']},
    is: 'fail',
    code: 'SSL_NOT_DEMANDED',
    at: [`${database}:5`],
  },
  {when: 'the mode is not known', change: {[database]: ['"ENCRYPTED_ONLY"', 'data.x.y.z']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'no database', change: {[database]: '# none\n'}, is: 'not_applicable', code: 'NO_DATABASE'},
])

judgeRepository('infra.cloudsql-edition', edition, texts, [
  {when: 'the edition is named', is: 'pass', code: 'EDITION_FITS'},
  {
    when: 'it is not',
    change: {[database]: ['    edition = "ENTERPRISE"\n', '']},
    is: 'fail',
    code: 'EDITION_REFUSED',
    at: [`${database}:11`],
  },
  {
    when: 'version 15',
    change: {[database]: (texts[database] ?? '').replace('    edition = "ENTERPRISE"\n', '').replace('POSTGRES_16', 'POSTGRES_15')},
    is: 'pass',
    code: 'EDITION_FITS',
  },
  {
    when: 'the greater edition with a tier of the other',
    change: {[database]: ['"ENTERPRISE"', '"ENTERPRISE_PLUS"']},
    is: 'fail',
    code: 'EDITION_REFUSED',
  },
  {
    when: 'a tier that is not known',
    change: {[database]: (texts[database] ?? '').replace('    edition = "ENTERPRISE"\n', '').replace('= var.tier', '= data.x.y.z')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no database', change: {[database]: '# none\n'}, is: 'not_applicable', code: 'NO_DATABASE'},
])

const withConnector = (range: string, name = 'qlogic-connector', subnet = 'google_compute_subnetwork.connector.name') => ({
  [path('networking')]: `${texts[path('networking')] ?? ''}
resource "google_compute_subnetwork" "connector" {
  name          = "connector"
  ip_cidr_range = "${range}"
}

resource "google_vpc_access_connector" "main" {
  name = "${name}"
  subnet {
    name = ${subnet}
  }
}
`,
})

judgeRepository('infra.connector-subnet-28', connector, texts, [
  {when: 'no connector is needed', is: 'pass', code: 'VPC_ACCESS_FITS'},
  {when: 'a subnet of its own', change: withConnector('10.8.0.0/28'), is: 'pass', code: 'VPC_ACCESS_FITS'},
  {when: 'a range too wide', change: withConnector('10.8.0.0/24'), is: 'fail', code: 'CONNECTOR_REFUSED'},
  {
    when: 'the subnet of the application',
    change: withConnector('10.8.0.0/28', 'x', 'google_compute_subnetwork.private.name'),
    is: 'fail',
    code: 'CONNECTOR_REFUSED',
  },
  {when: 'a long name', change: withConnector('10.8.0.0/28', 'qlogic-production-con'), is: 'fail', code: 'CONNECTOR_REFUSED'},
  {
    when: 'a subnet made elsewhere',
    change: withConnector('10.8.0.0/28', 'x', 'data.google_compute_subnetwork.x.name'),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no services', change: {[compute]: '# none\n'}, is: 'not_applicable', code: 'NO_VPC_ACCESS'},
])

judgeRepository('infra.secrets-exist-where-referenced', secretsExist, texts, [
  {when: 'the module makes it', is: 'pass', code: 'SECRETS_EXIST'},
  {
    when: 'another name',
    change: {[compute]: ['var.secret_ids["db-password"]', '"database-password"']},
    is: 'fail',
    code: 'SECRET_MISSING',
    at: [`${compute}:52`],
  },
  {
    when: 'the full name',
    change: {[compute]: ['var.secret_ids["db-password"]', '"projects/p/secrets/${var.prefix}-db-password"']},
    is: 'pass',
    code: 'SECRETS_EXIST',
  },
  {
    when: 'dev does not make it',
    change: {
      'infra/environments/dev/main.tf': (texts['infra/environments/dev/main.tf'] ?? '')
        .replace(/module "secrets" \{[^}]*\}\n/, '')
        .replace('module.secrets.secret_ids', '{ db-password = "qlogic-development-db-password" }')
        .replaceAll(/module\.secrets\.\w+\["[a-z-]+"\]/g, '"x"'),
    },
    is: 'fail',
    code: 'SOME_SECRETS_MISSING',
  },
  {
    when: 'which secret is not known',
    change: {[compute]: ['var.secret_ids["db-password"]', 'data.x.y.z']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no secrets', change: {[compute]: '# none\n'}, is: 'not_applicable', code: 'NO_SECRET_REFERENCES'},
])

judgeRepository('infra.secret-version-order', versionOrder, texts, [
  {when: 'an output waits for the version', is: 'pass', code: 'VERSIONS_ORDERED'},
  {
    when: 'production takes the latest',
    change: {[compute]: ['version = "1"', 'version = "latest"']},
    is: 'fail',
    code: 'SOME_VERSIONS_UNORDERED',
    at: [`${compute}:53`],
  },
  {
    when: 'nothing waits',
    change: {[secrets]: ['  depends_on = [google_secret_manager_secret_version.app]\n', '']},
    is: 'fail',
    code: 'SOME_VERSIONS_UNORDERED',
  },
  {
    when: 'the whole module waits',
    change: {
      [secrets]: ['  depends_on = [google_secret_manager_secret_version.app]\n', ''],
      ...Object.fromEntries(
        ['dev', 'staging', 'prod'].map((one) => [
          `infra/environments/${one}/main.tf`,
          ['  db_host     = module', '  depends_on = [module.secrets]\n  db_host     = module'] as const,
        ]),
      ),
    },
    is: 'pass',
    code: 'VERSIONS_ORDERED',
  },
  {
    when: 'there is no version, and the latest is taken',
    change: {
      [secrets]: (texts[secrets] ?? '').replace('"google_secret_manager_secret_version" "app"', '"null_resource" "app"'),
      [compute]: ['version = "1"', 'version = "latest"'],
    },
    is: 'fail',
    code: 'VERSIONS_UNORDERED',
  },
  {when: 'no secrets', change: {[compute]: '# none\n'}, is: 'not_applicable', code: 'NO_SECRET_REFERENCES'},
])

const oneProject = Object.fromEntries(
  ['dev', 'staging', 'prod'].map((one) => [values(one), [`acme-qlogic-${one}`, 'acme-qlogic'] as const]),
)

judgeRepository('infra.names-env-scoped', names, texts, [
  {when: 'a project for each', is: 'pass', code: 'NAMES_APART', at: [`${values('prod')}:1`]},
  {when: 'one project, and a prefix', change: oneProject, is: 'pass', code: 'NAMES_APART'},
  {
    when: 'one project, and no prefix',
    change: {...oneProject, [secrets]: ['"${var.prefix}-${each.key}"', 'each.key'], [registry]: ['"${var.prefix}-images"', '"images"']},
    is: 'fail',
    code: 'NAMES_COLLIDE',
    at: [`${registry}:2`],
  },
  {
    when: 'one project, and no prefix for the registry',
    change: {...oneProject, [registry]: ['"${var.prefix}-images"', '"images"']},
    is: 'fail',
    code: 'SOME_NAMES_COLLIDE',
  },
  {
    when: 'names that are not known',
    change: {...oneProject, [registry]: ['"${var.prefix}-images"', 'data.x.y.z']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'nothing that is named', change: {[registry]: '# none\n', [secrets]: '# none\n'}, is: 'not_applicable', code: 'NO_NAMES'},
  {
    when: 'a root for dev and one for the others, each environment with a variable for its project',
    change: {
      ...none,
      'iac/dev/main.tf':
        'variable "dev_project_id" {\n  type = string\n}\nresource "google_secret_manager_secret" "key" {\n  project   = var.dev_project_id\n  secret_id = "key"\n}\n',
      'iac/main.tf':
        'variable "prod_project_id" {\n  type = string\n}\nresource "google_project_service" "run" {\n  project = var.prod_project_id\n}\n',
    },
    is: 'pass',
    code: 'NAMES_APART',
    at: ['iac/dev/main.tf:1'],
  },
  {
    when: 'those variables name one project',
    change: {
      ...none,
      'iac/dev/main.tf':
        'variable "dev_project_id" {\n  default = "acme"\n}\nresource "google_secret_manager_secret" "key" {\n  project   = var.dev_project_id\n  secret_id = "key"\n}\n',
      'iac/main.tf':
        'variable "prod_project_id" {\n  default = "acme"\n}\nresource "google_project_service" "run" {\n  project = var.prod_project_id\n}\n',
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: ['iac/dev/main.tf:6'],
  },
])

judgeRepository('infra.dedicated-service-accounts', accounts, texts, [
  {when: 'an account for each', is: 'pass', code: 'ACCOUNTS_DEDICATED'},
  {
    when: 'one names none',
    change: {[compute]: ['    service_account = google_service_account.web.email\n', '']},
    is: 'fail',
    code: 'SOME_ACCOUNTS_SHARED',
    at: [`${compute}:73`],
  },
  {
    when: 'the default account',
    change: {
      [compute]: (texts[compute] ?? '').replaceAll(
        /google_service_account\.(api|web)\.email/g,
        '"123-compute@developer.gserviceaccount.com"',
      ),
    },
    is: 'fail',
    code: 'ACCOUNTS_SHARED',
  },
  {
    when: 'its address written out',
    change: {[compute]: ['google_service_account.web.email', '"${var.prefix}-web@acme.iam.gserviceaccount.com"']},
    is: 'pass',
    code: 'ACCOUNTS_DEDICATED',
  },
  {when: 'not known', change: {[compute]: ['google_service_account.web.email', 'data.x.y.z']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'no services', change: {[compute]: '# none\n'}, is: 'not_applicable', code: 'NO_SERVICES'},
])

const everybody = (member: string) =>
  `resource "google_cloud_run_v2_service_iam_member" "all" {\n  name   = google_cloud_run_v2_service.backend.name\n  role   = "roles/run.invoker"\n  member = ${member}\n}\n`
const armor =
  'resource "google_compute_backend_service" "api" {\n  name            = "x"\n  security_policy = google_compute_security_policy.main.id\n}\n'

judgeRepository('infra.backend-not-public', backendNotPublic, texts, [
  {when: 'nobody is admitted', is: 'pass', code: 'API_GUARDED'},
  {
    when: 'everybody, past the load balancer',
    change: {
      [compute]: `${(texts[compute] ?? '').replace('INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', 'INGRESS_TRAFFIC_ALL')}\n${everybody('"allUsers"')}`,
    },
    is: 'fail',
    code: 'API_PUBLIC',
    at: [`${compute}:105`],
  },
  {when: 'everybody, without Cloud Armor', change: withMore(compute, everybody('"allUsers"')), is: 'fail', code: 'API_PUBLIC'},
  {
    when: 'everybody, by the load balancer with Cloud Armor',
    change: withMore(compute, everybody('"allUsers"') + armor),
    is: 'pass',
    code: 'API_GUARDED',
  },
  {
    when: 'everybody may see the frontend',
    change: withMore(compute, everybody('"allUsers"').replace('backend', 'frontend')),
    is: 'pass',
    code: 'API_GUARDED',
  },
  {
    when: 'a policy document for everybody',
    change: withMore(
      compute,
      'data "google_iam_policy" "noauth" {\n  binding {\n    role    = "roles/run.invoker"\n    members = ["allUsers"]\n  }\n}\nresource "google_cloud_run_v2_service_iam_policy" "noauth" {\n  name        = google_cloud_run_v2_service.backend.name\n  policy_data = data.google_iam_policy.noauth.policy_data\n}\n',
    ),
    is: 'fail',
    code: 'API_PUBLIC',
  },
  {when: 'somebody who is not known', change: withMore(compute, everybody('data.x.y.z')), is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'no services', change: {[compute]: '# none\n'}, is: 'not_applicable', code: 'NO_API_SERVICE'},
])

const image1 = /backend@sha256:1+/
const tagged = (tag: string) =>
  Object.fromEntries(['dev', 'staging', 'prod'].map((one) => [values(one), (texts[values(one)] ?? '').replace(image1, `backend${tag}`)]))

judgeRepository('infra.image-not-latest', image, texts, [
  {when: 'by digest', is: 'pass', code: 'IMAGES_FIXED'},
  {when: 'the latest', change: tagged(':latest'), is: 'fail', code: 'SOME_IMAGES_FLOAT', at: [`${compute}:32`]},
  {when: 'no tag', change: tagged(''), is: 'fail', code: 'SOME_IMAGES_FLOAT'},
  {
    when: 'both by tag',
    change: {[compute]: (texts[compute] ?? '').replaceAll(/image = var\.images\["\w+"\]/g, 'image = "gcr.io/x/y:latest"')},
    is: 'fail',
    code: 'IMAGES_FLOAT',
  },
  {
    when: 'the pipeline owns it',
    change: {
      ...tagged(':latest'),
      [compute]: [
        '  template {\n    service_account                  =',
        '  lifecycle {\n    ignore_changes = [template[0].containers[0].image]\n  }\n  template {\n    service_account                  =',
      ],
    },
    is: 'pass',
    code: 'IMAGES_FIXED',
  },
  {
    when: 'a digest that the pipeline gives',
    change: {[compute]: ['var.images["backend"]', '"gcr.io/x/y@${data.x.y.digest}"']},
    is: 'pass',
    code: 'IMAGES_FIXED',
  },
  {when: 'the pipeline gives it', change: {[compute]: ['var.images["backend"]', 'data.x.y.z']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'no services', change: {[compute]: '# none\n'}, is: 'not_applicable', code: 'NO_SERVICES'},
])

judgeRepository('infra.readiness-probe-used', probes, texts, [
  {when: 'both', is: 'pass', code: 'PROBES_FIT'},
  {
    when: 'liveness asks the database',
    change: {[compute]: ['"/api/health/live"', '"/api/health"']},
    is: 'fail',
    code: 'PROBES_PARTLY_UNFIT',
  },
  {
    when: 'none',
    change: {
      [compute]: (texts[compute] ?? '')
        .replace(/ +startup_probe \{[\s\S]*?\n {6}\}\n/, '')
        .replace(/ +liveness_probe \{[\s\S]*?\n {6}\}\n/, ''),
    },
    is: 'fail',
    code: 'PROBES_UNFIT',
  },
  {when: 'a path of its own', change: {[compute]: ['"/api/health/live"', '"/status"']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'no services', change: {[compute]: '# none\n'}, is: 'not_applicable', code: 'NO_API_SERVICE'},
])

const promql =
  'condition_prometheus_query_language {\n      query = "sum(rate(run_googleapis_com:request_count{response_code_class=\\"5xx\\",service_name=\\"x\\"}[5m])) / sum(rate(run_googleapis_com:request_count{service_name=\\"x\\"}[5m])) > 0.01"\n    }'
const threshold = /condition_threshold \{\n {6}filter {13}=[\s\S]*?\n {4}\}/

judgeRepository('infra.alert-5xx-is-ratio', alert5xx, texts, [
  {when: 'a denominator', is: 'pass', code: 'ERROR_ALERT_IS_RATIO'},
  {
    when: 'a rate',
    change: {[monitoring]: (texts[monitoring] ?? '').replace(/ +denominator_filter.*\n/, '')},
    is: 'fail',
    code: 'ERROR_ALERT_HALF_RIGHT',
  },
  {
    when: 'a rate of everything',
    change: {
      [monitoring]: (texts[monitoring] ?? '')
        .replace(/ +denominator_filter.*\n/, '')
        .replace(/ resource.label.service_name=\\"[^}]*}\\"/, ''),
    },
    is: 'fail',
    code: 'ERROR_ALERT_IS_RATE',
  },
  {
    when: 'PromQL that divides',
    change: {[monitoring]: (texts[monitoring] ?? '').replace(threshold, promql)},
    is: 'pass',
    code: 'ERROR_ALERT_IS_RATIO',
  },
  {
    when: 'PromQL that does not',
    change: {[monitoring]: (texts[monitoring] ?? '').replace(threshold, promql.replace(/ \/ sum.*\) >/, ' >'))},
    is: 'fail',
    code: 'ERROR_ALERT_HALF_RIGHT',
  },
  {
    when: 'a filter that is not known',
    change: {[monitoring]: (texts[monitoring] ?? '').replace(threshold, 'condition_threshold {\n      filter = data.x.y.z\n    }')},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no alerts', change: {[monitoring]: '# none\n'}, is: 'not_applicable', code: 'NO_ERROR_ALERT'},
])

judgeRepository('infra.alert-db-connections', alertConnections, texts, [
  {when: '80 of 100', is: 'pass', code: 'CONNECTIONS_WATCHED'},
  {
    when: 'a share where connections are counted',
    change: {[monitoring]: ['threshold_value = 80', 'threshold_value = 0.8']},
    is: 'fail',
    code: 'CONNECTIONS_UNWATCHED',
  },
  {
    when: 'a policy that is off',
    change: {
      [monitoring]: [
        '"google_monitoring_alert_policy" "connections" {',
        '"google_monitoring_alert_policy" "connections" {\n  enabled = false',
      ],
    },
    is: 'fail',
    code: 'CONNECTIONS_UNWATCHED',
  },
  {when: '95 of 100', change: {[monitoring]: ['threshold_value = 80', 'threshold_value = 95']}, is: 'fail', code: 'CONNECTIONS_UNWATCHED'},
  {
    when: 'nobody watches',
    change: {[monitoring]: ['postgresql/num_backends', 'cpu/utilization']},
    is: 'fail',
    code: 'CONNECTIONS_UNWATCHED',
  },
  {
    when: 'a threshold for each environment',
    change: {[monitoring]: ['threshold_value = 80', 'threshold_value = var.prefix == "qlogic-production" ? 80 : 95']},
    is: 'fail',
    code: 'CONNECTIONS_PARTLY_WATCHED',
  },
  {
    when: 'a threshold that is not known',
    change: {[monitoring]: ['threshold_value = 80', 'threshold_value = data.x.y.z']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no alerts', change: {[monitoring]: '# none\n'}, is: 'not_applicable', code: 'NO_DATABASE_TO_WATCH'},
])

judgeRepository('infra.notification-channel', channel, texts, [
  {when: 'all of it', is: 'pass', code: 'ALERTS_REACH_SOMEBODY'},
  {
    when: 'nobody watches the uptime check',
    change: {[monitoring]: ['uptime_check/check_passed', 'other'], ...{}},
    is: 'pass',
    code: 'ALERTS_REACH_SOMEBODY',
  },
  {
    when: 'no policy on the uptime check',
    change: {[monitoring]: (texts[monitoring] ?? '').replace(/resource "google_monitoring_alert_policy" "uptime" \{[\s\S]*?\n\}\n/, '')},
    is: 'fail',
    code: 'ALERTS_PARTLY_REACH',
    at: [`${monitoring}:9`],
  },
  {
    when: 'no channel, and nobody watches the uptime check',
    change: {
      [monitoring]: (texts[monitoring] ?? '')
        .replace(/resource "google_monitoring_notification_channel" "email" \{[\s\S]*?\n\}\n/, '')
        .replace(/resource "google_monitoring_alert_policy" "uptime" \{[\s\S]*?\n\}\n/, '')
        .replaceAll('[google_monitoring_notification_channel.email.id]', '[]'),
    },
    is: 'fail',
    code: 'ALERTS_REACH_NOBODY',
  },
  {
    when: 'a list that is not known',
    change: {
      [monitoring]: (texts[monitoring] ?? '')
        .replace(/resource "google_monitoring_notification_channel" "email" \{[\s\S]*?\n\}\n/, '')
        .replaceAll('[google_monitoring_notification_channel.email.id]', 'data.x.y.z'),
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no alerts', change: {[monitoring]: '# none\n'}, is: 'not_applicable', code: 'NO_ALERTS'},
])

judgeRepository('infra.registry-policy', registryPolicy, texts, [
  {when: 'both', is: 'pass', code: 'REGISTRY_KEPT'},
  {when: 'it only keeps', change: {[registry]: ['"DELETE"', '"KEEP"']}, is: 'fail', code: 'REGISTRY_PARTLY_KEPT'},
  {
    when: 'tags move',
    change: {[registry]: ['immutable_tags = true', 'immutable_tags = false']},
    is: 'fail',
    code: 'REGISTRY_PARTLY_KEPT',
    at: [`${registry}:7`],
  },
  {
    when: 'neither',
    change: {[registry]: 'resource "google_artifact_registry_repository" "x" {\n  format = "DOCKER"\n}\n'},
    is: 'fail',
    code: 'REGISTRY_UNKEPT',
  },
  {
    when: 'policies that are not known',
    change: {[registry]: ['action = "DELETE"', 'action = data.x.y.z']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no registry', change: {[registry]: '# none\n'}, is: 'not_applicable', code: 'NO_REGISTRY'},
])

judgeRepository('infra.cloudsql-audit-flags', auditFlags, texts, [
  {when: 'all of it', is: 'pass', code: 'DATABASE_AUDITED'},
  {when: 'no audit', change: {[database]: ['    "cloudsql.enable_pgaudit" = "on"\n', '']}, is: 'fail', code: 'DATABASE_PARTLY_AUDITED'},
  {
    when: 'none',
    change: {[database]: 'resource "google_sql_database_instance" "x" {\n  settings {\n    tier = "db-f1-micro"\n  }\n}\n'},
    is: 'fail',
    code: 'DATABASE_UNAUDITED',
  },
  {
    when: 'flags that are not known',
    change: {[database]: ['for_each = local.flags', 'for_each = data.x.y.z']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'no database', change: {[database]: '# none\n'}, is: 'not_applicable', code: 'NO_DATABASE'},
])

judgeRepository('infra.fmt', fmt, texts, [
  {when: 'all of it', is: 'pass', code: 'FILES_FORMATTED'},
  {
    when: 'one space too many',
    change: {[registry]: ['  format ', '   format ']},
    is: 'fail',
    code: 'FILES_UNFORMATTED',
    at: [`${registry}:4`],
  },
  {
    when: 'signs that are not below each other',
    change: {[values('dev')]: ['environment        =', 'environment =']},
    is: 'fail',
    code: 'FILES_UNFORMATTED',
    at: [`${values('dev')}:2`],
  },
  {when: 'a file that is broken', change: {[registry]: 'a = "\n'}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'no Terraform', change: none, is: 'not_applicable', code: 'NO_TERRAFORM_FILES'},
])
