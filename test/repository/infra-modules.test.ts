import moduleCompute from '../../src/checks/infra/module-compute.ts'
import moduleDatabase from '../../src/checks/infra/module-database.ts'
import moduleMonitoring from '../../src/checks/infra/module-monitoring.ts'
import moduleNetworking from '../../src/checks/infra/module-networking.ts'
import moduleRegistry from '../../src/checks/infra/module-registry.ts'
import moduleSecrets from '../../src/checks/infra/module-secrets.ts'
import {terraformTexts as texts} from '../support/terraform.ts'
import {judgeRepository} from './judge-repository.ts'

const path = (module: string) => `infra/modules/${module}/main.tf`
const nothing = '# nothing\n'
const v1 = (name: string, more = '') => `resource "google_cloud_run_service" "${name}" {\n  name = "${name}"\n${more}}\n`
const outputs = 'output "service_account_member" {\n  value = ""\n}\noutput "service_names" {\n  value = {}\n}\n'

judgeRepository('infra.module-networking', moduleNetworking, texts, [
  {when: 'all of it', is: 'pass', code: 'NETWORK_MODULE', at: [`${path('networking')}:3`]},
  {when: 'nothing', change: {[path('networking')]: nothing}, is: 'fail', code: 'NETWORK_MODULE_ABSENT', at: [`${path('networking')}:1`]},
  {
    when: 'firewall rules are only spoken of',
    trap: 'word firewall in comment',
    change: {
      [path('networking')]: [
        'resource "google_compute_firewall" "deny" {',
        '# google_compute_firewall\nresource "google_compute_route" "deny" {',
      ],
    },
    is: 'fail',
    code: 'NETWORK_MODULE_INCOMPLETE',
  },
  {
    when: 'a network that makes its own subnets',
    change: {[path('networking')]: ['  auto_create_subnetworks = false\n', '']},
    is: 'fail',
    code: 'NETWORK_MODULE_INCOMPLETE',
    at: [`${path('networking')}:1`],
  },
  {
    when: 'the module of the registry',
    trap: 'terraform-google-modules/network',
    change: {
      [path('networking')]:
        'module "vpc" {\n  source  = "terraform-google-modules/network/google"\n  version = "~> 10.0"\n  subnets = [{subnet_name = "a"}]\n}\n' +
        'module "psa" {\n  source = "GoogleCloudPlatform/sql-db/google//modules/private_service_access"\n}\n',
    },
    is: 'pass',
    code: 'NETWORK_MODULE',
  },
  {
    when: 'whether it makes its own subnets is not known',
    change: {[path('networking')]: ['auto_create_subnetworks = false', 'auto_create_subnetworks = data.x.y.z']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
    at: [`${path('networking')}:3`],
  },
  {
    when: 'a broken file',
    change: {[path('networking')]: 'resource "google_compute_network" {{{\n'},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

judgeRepository('infra.module-database', moduleDatabase, texts, [
  {when: 'all of it', is: 'pass', code: 'DATABASE_MODULE'},
  {when: 'nothing', change: {[path('database')]: nothing}, is: 'fail', code: 'DATABASE_MODULE_ABSENT'},
  {
    when: 'the user is postgres by default',
    trap: 'user name defaulting to postgres',
    change: {
      [path('database')]: ['= "qlogic_app"', '= var.user'],
      'infra/modules/database/variables.tf': `${texts['infra/modules/database/variables.tf'] ?? ''}\nvariable "user" {\n  default = "postgres"\n}\n`,
    },
    is: 'fail',
    code: 'DATABASE_MODULE_INCOMPLETE',
    at: [`${path('database')}:51`],
  },
  {
    when: 'the module of the registry',
    trap: 'GoogleCloudPlatform/sql-db module',
    change: {
      [path('database')]:
        'module "sql" {\n  source    = "GoogleCloudPlatform/sql-db/google//modules/postgresql"\n  name      = "x"\n  db_name   = "qlogic"\n  user_name = "qlogic_app"\n}\n',
    },
    is: 'pass',
    code: 'DATABASE_MODULE',
  },
  {when: 'the user is not known', change: {[path('database')]: ['= "qlogic_app"', '= data.x.y.z']}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('infra.module-secrets', moduleSecrets, texts, [
  {when: 'all of it', is: 'pass', code: 'SECRETS_MODULE'},
  {
    when: 'for_each over names of the environment',
    trap: 'for_each over names',
    change: {
      [path('secrets')]: [
        'names = toset(["db-password", "jwt-secret", "cors-origins", "db-host"])',
        'names = toset(concat(["db-password"], split(",", "jwt-secret,cors-origins")))',
      ],
    },
    is: 'pass',
    code: 'SECRETS_MODULE',
    at: [`${path('secrets')}:10`],
  },
  {
    when: 'a value goes into the state',
    trap: 'secret_data = var.x (state leak)',
    change: {[path('secrets')]: ['secret_data_wo         = ephemeral.random_password.made.result', 'secret_data = var.prefix']},
    is: 'fail',
    code: 'SECRETS_MODULE_INCOMPLETE',
    at: [`${path('secrets')}:22`],
  },
  {when: 'one is missing', change: {[path('secrets')]: ['"jwt-secret", ', '']}, is: 'fail', code: 'SECRETS_MODULE_INCOMPLETE'},
  {
    when: 'access to the whole project',
    change: {
      [path('secrets')]: [
        '"google_secret_manager_secret_iam_member" "accessor" {\n  for_each  = google_secret_manager_secret.app\n  secret_id = each.value.secret_id',
        '"google_project_iam_member" "accessor" {',
      ],
    },
    is: 'fail',
    code: 'SECRETS_MODULE_INCOMPLETE',
    at: [`${path('secrets')}:10`],
  },
  {when: 'nothing', change: {[path('secrets')]: nothing}, is: 'fail', code: 'SECRETS_MODULE_ABSENT'},
  {
    when: 'which names is not known',
    change: {[path('secrets')]: ['names = toset(["db-password", "jwt-secret", "cors-origins", "db-host"])', 'names = data.x.y.names']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {
    when: 'a role of a list grants the whole project',
    change: {
      ...Object.fromEntries(Object.keys(texts).map((one) => [one, undefined])),
      'iac/main.tf':
        'resource "google_secret_manager_secret" "db" {\n  secret_id = "db-password"\n}\nresource "google_project_iam_member" "app" {\n  for_each = {for pair in setproduct(["prod", "staging"], ["roles/logging.logWriter", "roles/secretmanager.secretAccessor"]) : join(",", pair) => pair[1]}\n  role     = each.value\n  member   = "serviceAccount:x"\n}\n',
    },
    is: 'fail',
    code: 'SECRETS_MODULE_INCOMPLETE',
    at: ['iac/main.tf:6'],
  },
])

judgeRepository('infra.module-registry', moduleRegistry, texts, [
  {when: 'a repository', is: 'pass', code: 'REGISTRY_MODULE'},
  {
    when: 'the registry of old',
    trap: 'google_container_registry',
    change: {[path('registry')]: 'resource "google_container_registry" "docker" {\n  location = "US"\n}\n'},
    is: 'fail',
    code: 'REGISTRY_MODULE_ABSENT',
  },
  {
    when: 'one for each of a list',
    trap: 'count/for_each',
    change: {[path('registry')]: ['"docker" {', '"docker" {\n  for_each = toset(["a", "b"])\n  count_of = each.key']},
    is: 'pass',
    code: 'REGISTRY_MODULE',
  },
  {when: 'a repository for packages', change: {[path('registry')]: ['"DOCKER"', '"PYTHON"']}, is: 'fail', code: 'REGISTRY_MODULE_ABSENT'},
  {
    when: 'made under a condition',
    change: {[path('registry')]: ['"docker" {', '"docker" {\n  count = data.x.y.z ? 1 : 0']},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

judgeRepository('infra.module-compute', moduleCompute, texts, [
  {when: 'two services', is: 'pass', code: 'COMPUTE_MODULE'},
  {
    when: 'services of the first generation',
    trap: 'google_cloud_run_service v1 without traffic block -> warn deprecated',
    change: {[path('compute')]: v1('backend') + v1('frontend') + outputs},
    is: 'warn',
    code: 'COMPUTE_DEPRECATED',
    at: [`${path('compute')}:1`],
  },
  {
    when: 'the same with their traffic',
    change: {
      [path('compute')]:
        v1('backend', '  traffic {\n    percent = 100\n  }\n') + v1('frontend', '  traffic {\n    percent = 100\n  }\n') + outputs,
    },
    is: 'pass',
    code: 'COMPUTE_MODULE',
  },
  {
    when: 'the module of the registry',
    trap: 'GoogleCloudPlatform/cloud-run module',
    change: {
      [path('compute')]:
        'module "services" {\n  for_each = toset(["backend", "frontend"])\n  source = "GoogleCloudPlatform/cloud-run/google"\n}\nmodule "web" {\n  source = "GoogleCloudPlatform/cloud-run/google"\n}\n' +
        outputs,
    },
    is: 'pass',
    code: 'COMPUTE_MODULE',
  },
  {
    when: 'a cluster',
    change: {[path('compute')]: `resource "google_container_cluster" "main" {\n  enable_autopilot = true\n}\n${outputs}`},
    is: 'pass',
    code: 'COMPUTE_MODULE',
  },
  {
    when: 'a cluster with nodes',
    change: {[path('compute')]: `resource "google_container_cluster" "main" {\n  name = "x"\n}\n${outputs}`},
    is: 'fail',
    code: 'COMPUTE_MODULE_ABSENT',
  },
  {
    when: 'one service',
    change: {[path('compute')]: ['"google_cloud_run_v2_service" "frontend"', '"google_storage_bucket" "frontend"']},
    is: 'fail',
    code: 'COMPUTE_MODULE_INCOMPLETE',
  },
  {
    when: 'one resource for a map of services',
    change: {
      [path('compute')]:
        `resource "google_cloud_run_v2_service" "all" {\n  for_each = {backend = 1, frontend = 2}\n  name     = each.key\n}\n${outputs}`,
    },
    is: 'pass',
    code: 'COMPUTE_MODULE',
  },
  {
    when: 'one resource for services that are not known',
    change: {
      [path('compute')]: `resource "google_cloud_run_v2_service" "all" {\n  for_each = data.x.y.z\n  name     = each.key\n}\n${outputs}`,
    },
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
])

const slo =
  'module "slo" {\n  source = "terraform-google-modules/slo/google"\n}\nresource "google_monitoring_dashboard" "d" {\n  dashboard_json = "{}"\n}\n'

judgeRepository('infra.module-monitoring', moduleMonitoring, texts, [
  {when: 'both', is: 'pass', code: 'MONITORING_MODULE'},
  {
    when: 'an alert without a channel',
    trap: 'alert with empty notification_channels -> warn',
    change: {
      [path('monitoring')]: ['notification_channels = [google_monitoring_notification_channel.email.id]', 'notification_channels = []'],
    },
    is: 'warn',
    code: 'MONITORING_SILENT',
    at: [`${path('monitoring')}:27`],
  },
  {
    when: 'alerts on objectives, and a dashboard',
    trap: 'dashboards/SLO modules',
    change: {
      [path('monitoring')]: `${(texts[path('monitoring')] ?? '').split('resource "google_monitoring_alert_policy"')[0] ?? ''}${slo}`,
    },
    is: 'pass',
    code: 'MONITORING_MODULE',
  },
  {
    when: 'an uptime check on the front page',
    change: {[path('monitoring')]: ['"/api/health"', '"/"']},
    is: 'fail',
    code: 'MONITORING_MODULE_INCOMPLETE',
    at: [`${path('monitoring')}:14`],
  },
  {when: 'nothing', change: {[path('monitoring')]: nothing}, is: 'fail', code: 'MONITORING_MODULE_ABSENT'},
])
