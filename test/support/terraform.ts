import {file, type Texts} from './repository.ts'

const environmentMain = file`
  module "networking" {
    source     = "../../modules/networking"
    project_id = var.project_id
    prefix     = local.prefix
    region     = var.region
  }

  module "database" {
    source       = "../../modules/database"
    prefix       = local.prefix
    region       = var.region
    tier         = var.database_tier
    network_id   = module.networking.network_id
    psa_ready    = module.networking.psa_connection
    secret_id    = module.secrets.secret_ids["db-password"]
    secret_order = module.secrets.version_ids["db-password"]
  }

  module "secrets" {
    source   = "../../modules/secrets"
    prefix   = local.prefix
    accessor = module.compute.service_account_member
  }

  module "registry" {
    source = "../../modules/registry"
    prefix = local.prefix
    region = var.region
  }

  module "compute" {
    source      = "../../modules/compute"
    prefix      = local.prefix
    region      = var.region
    environment = var.environment
    network     = module.networking.network_id
    subnet      = module.networking.subnet_id
    images      = var.images
    secret_ids  = module.secrets.secret_ids
    db_host     = module.database.private_ip
  }

  module "monitoring" {
    source   = "../../modules/monitoring"
    prefix   = local.prefix
    host     = var.domain
    email    = var.notification_email
    services = module.compute.service_names
    database = module.database.name
  }

  locals {
    prefix = "qlogic-${'$'}{var.environment}"
  }
`

const environmentVariables = file`
  variable "project_id" {
    type = string
  }

  variable "environment" {
    type = string
  }

  variable "region" {
    type    = string
    default = "us-central1"
  }

  variable "database_tier" {
    type = string
  }

  variable "domain" {
    type = string
  }

  variable "notification_email" {
    type = string
  }

  variable "images" {
    type = map(string)
  }
`

const backend = file`
  terraform {
    backend "gcs" {}
  }
`

const versions = file`
  terraform {
    required_version = ">= 1.11, < 2.0"

    required_providers {
      google = {
        source  = "hashicorp/google"
        version = "~> 7.0"
      }
    }
  }
`

const lock = file`
  provider "registry.terraform.io/hashicorp/google" {
    version     = "7.2.0"
    constraints = "~> 7.0"
  }
`

const values = (environment: string, word: string, tier: string): string => file`
  project_id         = "acme-qlogic-${environment}"
  environment        = "${word}"
  database_tier      = "${tier}"
  domain             = "${environment}.qlogic.example.com"
  notification_email = "ops@example.com"
  images = {
    backend  = "us-central1-docker.pkg.dev/acme/qlogic/backend@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    frontend = "us-central1-docker.pkg.dev/acme/qlogic/frontend@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  }
`

const environment = (name: string, word: string, tier: string): Texts => ({
  [`infra/environments/${name}/main.tf`]: environmentMain,
  [`infra/environments/${name}/variables.tf`]: environmentVariables,
  [`infra/environments/${name}/terraform.tfvars`]: values(name, word, tier),
  [`infra/environments/${name}/backend.tf`]: backend,
  [`infra/environments/${name}/backend.hcl`]: `bucket = "acme-terraform-state"\nprefix = "qlogic/${name}"\n`,
  [`infra/environments/${name}/versions.tf`]: versions,
  [`infra/environments/${name}/.terraform.lock.hcl`]: lock,
})

const strings = (...names: string[]): string => names.map((name) => `variable "${name}" {\n  type = string\n}\n`).join('\n')

/** A Terraform tree as the plan draws it, small and whole: every infra item passes on it. */
export const terraformTexts: Texts = {
  'infra/backend.tf': backend,
  'infra/versions.tf': versions,
  ...environment('dev', 'development', 'db-f1-micro'),
  ...environment('staging', 'staging', 'db-g1-small'),
  ...environment('prod', 'production', 'db-custom-2-7680'),

  'infra/modules/networking/main.tf': file`
    resource "google_compute_network" "main" {
      name                    = "${'$'}{var.prefix}-vpc"
      auto_create_subnetworks = false
    }

    resource "google_compute_subnetwork" "private" {
      name                     = "${'$'}{var.prefix}-private"
      region                   = var.region
      network                  = google_compute_network.main.id
      ip_cidr_range            = "10.0.0.0/20"
      private_ip_google_access = true
    }

    resource "google_compute_firewall" "deny" {
      name     = "${'$'}{var.prefix}-deny-ingress"
      network  = google_compute_network.main.name
      priority = 65534

      deny {
        protocol = "all"
      }

      source_ranges = ["0.0.0.0/0"]
    }

    resource "google_compute_global_address" "private_services" {
      name          = "${'$'}{var.prefix}-private-ip"
      purpose       = "VPC_PEERING"
      address_type  = "INTERNAL"
      prefix_length = 16
      network       = google_compute_network.main.id
    }

    resource "google_service_networking_connection" "private_services" {
      network                 = google_compute_network.main.id
      service                 = "servicenetworking.googleapis.com"
      reserved_peering_ranges = [google_compute_global_address.private_services.name]
    }
  `,
  'infra/modules/networking/outputs.tf': file`
    output "network_id" {
      value = google_compute_network.main.id
    }

    output "subnet_id" {
      value = google_compute_subnetwork.private.id
    }

    output "psa_connection" {
      value = google_service_networking_connection.private_services.id
    }
  `,
  'infra/modules/networking/variables.tf': strings('project_id', 'prefix', 'region'),

  'infra/modules/database/main.tf': file`
    ephemeral "google_secret_manager_secret_version" "db" {
      secret = var.secret_order
    }

    resource "google_sql_database_instance" "main" {
      name             = "${'$'}{var.prefix}-db"
      region           = var.region
      database_version = "POSTGRES_16"

      settings {
        tier    = var.tier
        edition = "ENTERPRISE"

        ip_configuration {
          ipv4_enabled    = false
          private_network = var.network_id
          ssl_mode        = "ENCRYPTED_ONLY"
        }

        dynamic "database_flags" {
          for_each = local.flags
          content {
            name  = database_flags.key
            value = database_flags.value
          }
        }

        insights_config {
          query_insights_enabled = true
        }
      }
    }

    locals {
      flags = {
        max_connections           = "100"
        log_connections           = "on"
        log_disconnections        = "on"
        log_checkpoints           = "on"
        log_lock_waits            = "on"
        "cloudsql.enable_pgaudit" = "on"
      }
    }

    resource "google_sql_database" "app" {
      name     = "qlogic"
      instance = google_sql_database_instance.main.name
    }

    resource "google_sql_user" "app" {
      name                = "qlogic_app"
      instance            = google_sql_database_instance.main.name
      password_wo         = ephemeral.google_secret_manager_secret_version.db.secret_data
      password_wo_version = 1
    }

    output "private_ip" {
      value = google_sql_database_instance.main.private_ip_address
    }

    output "name" {
      value = google_sql_database_instance.main.name
    }
  `,
  'infra/modules/database/variables.tf': strings('prefix', 'region', 'tier', 'network_id', 'psa_ready', 'secret_id', 'secret_order'),

  'infra/modules/secrets/main.tf': file`
    locals {
      names = toset(["db-password", "jwt-secret", "cors-origins", "db-host"])
    }

    ephemeral "random_password" "made" {
      length  = 40
      special = false
    }

    resource "google_secret_manager_secret" "app" {
      for_each  = local.names
      secret_id = "${'$'}{var.prefix}-${'$'}{each.key}"

      replication {
        auto {}
      }
    }

    resource "google_secret_manager_secret_version" "app" {
      for_each               = google_secret_manager_secret.app
      secret                 = each.value.id
      secret_data_wo         = ephemeral.random_password.made.result
      secret_data_wo_version = 1
    }

    resource "google_secret_manager_secret_iam_member" "accessor" {
      for_each  = google_secret_manager_secret.app
      secret_id = each.value.secret_id
      role      = "roles/secretmanager.secretAccessor"
      member    = var.accessor
    }

    output "secret_ids" {
      value      = { for name, secret in google_secret_manager_secret.app : name => secret.secret_id }
      depends_on = [google_secret_manager_secret_version.app]
    }

    output "version_ids" {
      value = { for name, version in google_secret_manager_secret_version.app : name => version.id }
    }
  `,
  'infra/modules/secrets/variables.tf': strings('prefix', 'accessor'),

  'infra/modules/registry/main.tf': file`
    resource "google_artifact_registry_repository" "docker" {
      repository_id = "${'$'}{var.prefix}-images"
      location      = var.region
      format        = "DOCKER"

      docker_config {
        immutable_tags = true
      }

      cleanup_policies {
        id     = "keep-recent"
        action = "KEEP"
        most_recent_versions {
          keep_count = 20
        }
      }

      cleanup_policies {
        id     = "delete-old"
        action = "DELETE"
        condition {
          tag_state  = "UNTAGGED"
          older_than = "1209600s"
        }
      }
    }
  `,
  'infra/modules/registry/variables.tf': strings('prefix', 'region'),

  'infra/modules/compute/main.tf': file`
    resource "google_service_account" "api" {
      account_id = "${'$'}{var.prefix}-api"
    }

    resource "google_service_account" "web" {
      account_id = "${'$'}{var.prefix}-web"
    }

    resource "google_cloud_run_v2_service" "backend" {
      name     = "${'$'}{var.prefix}-backend"
      location = var.region
      ingress  = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"

      template {
        service_account                  = google_service_account.api.email
        max_instance_request_concurrency = 40

        scaling {
          min_instance_count = 1
          max_instance_count = 4
        }

        vpc_access {
          egress = "PRIVATE_RANGES_ONLY"
          network_interfaces {
            network    = var.network
            subnetwork = var.subnet
          }
        }

        containers {
          image = var.images["backend"]

          ports {
            container_port = 8000
          }

          env {
            name  = "ENVIRONMENT"
            value = var.environment
          }

          env {
            name  = "DB_HOST"
            value = var.db_host
          }

          env {
            name = "DB_PASSWORD"
            value_source {
              secret_key_ref {
                secret  = var.secret_ids["db-password"]
                version = "1"
              }
            }
          }

          startup_probe {
            http_get {
              path = "/api/health/ready"
            }
          }

          liveness_probe {
            http_get {
              path = "/api/health/live"
            }
          }
        }
      }
    }

    resource "google_cloud_run_v2_service" "frontend" {
      name     = "${'$'}{var.prefix}-frontend"
      location = var.region
      ingress  = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"

      template {
        service_account = google_service_account.web.email

        containers {
          image = var.images["frontend"]

          ports {
            container_port = 8080
          }
        }
      }
    }

    output "service_account_member" {
      value = google_service_account.api.member
    }

    output "service_names" {
      value = {
        backend  = google_cloud_run_v2_service.backend.name
        frontend = google_cloud_run_v2_service.frontend.name
      }
    }
  `,
  'infra/modules/compute/variables.tf':
    strings('prefix', 'region', 'environment', 'network', 'subnet', 'db_host') +
    '\nvariable "images" {\n  type = map(string)\n}\n\nvariable "secret_ids" {\n  type = map(string)\n}\n',

  'infra/modules/monitoring/main.tf': file`
    resource "google_monitoring_notification_channel" "email" {
      display_name = "Operations"
      type         = "email"
      labels = {
        email_address = var.email
      }
    }

    resource "google_monitoring_uptime_check_config" "health" {
      display_name = "${'$'}{var.prefix} health"
      timeout      = "10s"

      http_check {
        path    = "/api/health"
        port    = 443
        use_ssl = true
      }

      monitored_resource {
        type = "uptime_url"
        labels = {
          host = var.host
        }
      }
    }

    resource "google_monitoring_alert_policy" "uptime" {
      display_name          = "${'$'}{var.prefix} is down"
      combiner              = "OR"
      notification_channels = [google_monitoring_notification_channel.email.id]

      conditions {
        display_name = "uptime"
        condition_threshold {
          filter          = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" resource.type=\"uptime_url\" metric.label.check_id=\"${'$'}{google_monitoring_uptime_check_config.health.uptime_check_id}\""
          comparison      = "COMPARISON_GT"
          threshold_value = 1
          duration        = "60s"
        }
      }
    }

    resource "google_monitoring_alert_policy" "errors" {
      display_name          = "${'$'}{var.prefix} 5xx above 1 %"
      combiner              = "OR"
      notification_channels = [google_monitoring_notification_channel.email.id]

      conditions {
        display_name = "5xx ratio"
        condition_threshold {
          filter             = "metric.type=\"run.googleapis.com/request_count\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"${'$'}{var.services["backend"]}\" metric.label.response_code_class=\"5xx\""
          denominator_filter = "metric.type=\"run.googleapis.com/request_count\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"${'$'}{var.services["backend"]}\""
          comparison         = "COMPARISON_GT"
          threshold_value    = 0.01
          duration           = "300s"
        }
      }
    }

    resource "google_monitoring_alert_policy" "connections" {
      display_name          = "${'$'}{var.prefix} database connections"
      combiner              = "OR"
      notification_channels = [google_monitoring_notification_channel.email.id]

      conditions {
        display_name = "connections above 80 %"
        condition_threshold {
          filter          = "metric.type=\"cloudsql.googleapis.com/database/postgresql/num_backends\" resource.type=\"cloudsql_database\""
          comparison      = "COMPARISON_GT"
          threshold_value = 80
          duration        = "300s"
        }
      }
    }
  `,
  'infra/modules/monitoring/variables.tf':
    strings('prefix', 'host', 'email', 'database') + '\nvariable "services" {\n  type = map(string)\n}\n',
}
