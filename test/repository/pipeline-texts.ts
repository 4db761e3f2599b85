import {file, type Texts} from '../support/repository.ts'

/** A workflow in a test: `\\${{ }}` stands for the expression of GitHub's. */
export const workflow = (strings: TemplateStringsArray, ...values: unknown[]): string =>
  file(strings, ...values).replaceAll(String.raw`\$`, '$')

const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1'
const auth = 'google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0'
const build = 'docker/build-push-action@53b7df96c91f9c12dcc8a07bcb9ccacbed38856a # v7.3.0'
const attest = 'actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6 # v4.2.2'
const trivy = 'aquasecurity/trivy-action@57a97c7e7821a5776cebc9bb87c984fa69cba8f1 # v0.35.0'

/** A repository with halves in api/ and web/ whose pipeline does all that PART 2 asks for. */
export const texts: Texts = {
  'api/requirements.txt': 'fastapi==0.109.0\nalembic==1.13.1\n',
  'api/requirements-dev.txt': '-r requirements.txt\nruff==0.6.9\npytest==8.3.3\n',
  'api/app/main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
  'web/package.json':
    '{\n  "name": "web",\n  "scripts": {\n    "lint": "ng lint",\n    "test": "ng test --watch=false",\n    "build": "ng build"\n  },\n  "dependencies": {"@angular/core": "17.0.0"}\n}\n',
  'web/package-lock.json': '{}\n',
  'web/angular.json': '{"projects": {"web": {"root": "", "architect": {"build": {}, "test": {}, "lint": {}}}}}\n',
  'infra/environments/prod/main.tf': file`
    resource "google_cloud_run_v2_service" "api" {
      name = "shop-prod-api"
    }
    resource "google_cloud_run_v2_service" "web" {
      name = "shop-prod-web"
    }
    resource "google_cloud_run_v2_job" "migrate" {
      name = "shop-prod-migrate"
      template {
        template {
          containers {
            image   = "placeholder"
            command = ["alembic"]
            args    = ["upgrade", "head"]
          }
          vpc_access {
            network_interfaces {
              network = "shop"
            }
          }
        }
      }
    }
  `,
  'infra/environments/staging/main.tf': file`
    resource "google_cloud_run_v2_service" "api" {
      name = "shop-staging-api"
    }
    resource "google_cloud_run_v2_service" "web" {
      name = "shop-staging-web"
    }
    resource "google_cloud_run_v2_job" "migrate" {
      name = "shop-staging-migrate"
      template {
        template {
          containers {
            image   = "placeholder"
            command = ["alembic"]
            args    = ["upgrade", "head"]
          }
          vpc_access {
            network_interfaces {
              network = "shop"
            }
          }
        }
      }
    }
  `,
  '.github/workflows/checks.yml': workflow`
    name: Checks
    on:
      pull_request:
        branches: [main, develop]
      workflow_call:
    permissions: {}
    concurrency:
      group: checks-\${{ github.workflow }}-\${{ github.ref }}
      cancel-in-progress: \${{ github.event_name == 'pull_request' }}
    jobs:
      api:
        runs-on: ubuntu-24.04
        timeout-minutes: 10
        permissions: {contents: read}
        defaults: {run: {working-directory: api}}
        services:
          db:
            image: postgres:16-alpine
        steps:
          - uses: ${checkout}
            with: {persist-credentials: false}
          - run: pip install -r requirements-dev.txt
          - run: ruff check .
          - run: |
              alembic upgrade head
              alembic check
          - run: pytest -q
      web:
        runs-on: ubuntu-24.04
        timeout-minutes: 10
        permissions: {contents: read}
        defaults: {run: {working-directory: web}}
        steps:
          - uses: ${checkout}
            with: {persist-credentials: false}
          - run: npm ci
          - run: npm run lint
          - run: npm test
          - run: npm run build
  `,
  '.github/workflows/release.yml': workflow`
    name: Release
    on:
      push:
        branches: [main, develop]
    permissions: {}
    concurrency:
      group: release-\${{ github.ref }}
      cancel-in-progress: false
    env:
      REGISTRY: us-central1-docker.pkg.dev/\${{ vars.PROJECT }}/shop
      ENV: \${{ github.ref_name == 'main' && 'prod' || 'staging' }}
    jobs:
      checks:
        uses: ./.github/workflows/checks.yml
      image:
        needs: checks
        runs-on: ubuntu-24.04
        timeout-minutes: 20
        environment: images
        strategy:
          matrix:
            part: [api, web]
        steps:
          - uses: ${checkout}
            with: {persist-credentials: false}
          - uses: ${auth}
            with:
              workload_identity_provider: \${{ vars.PROVIDER }}
              service_account: push@shop.iam.gserviceaccount.com
          - uses: ${build}
            id: build
            with:
              context: \${{ matrix.part }}
              push: true
              tags: \${{ env.REGISTRY }}/\${{ matrix.part }}:\${{ github.sha }}
              sbom: true
              provenance: mode=max
          - uses: ${attest}
          - uses: ${trivy}
            with: {exit-code: '1', severity: 'HIGH,CRITICAL'}
          - id: digest
            run: echo "\${{ matrix.part }}=\${{ env.REGISTRY }}/\${{ matrix.part }}@\${{ steps.build.outputs.digest }}" >> "$GITHUB_OUTPUT"
        outputs:
          api: \${{ steps.digest.outputs.api }}
          web: \${{ steps.digest.outputs.web }}
      deploy:
        needs: image
        runs-on: ubuntu-24.04
        timeout-minutes: 20
        environment: \${{ github.ref_name == 'main' && 'production' || 'staging' }}
        env:
          API: \${{ needs.image.outputs.api }}
          WEB: \${{ needs.image.outputs.web }}
        steps:
          - uses: ${auth}
            with:
              workload_identity_provider: \${{ vars.PROVIDER }}
              service_account: deploy@shop.iam.gserviceaccount.com
          - run: |
              gcloud run jobs update "shop-$ENV-migrate" --image "$API" --region us-central1
              gcloud run jobs execute "shop-$ENV-migrate" --region us-central1 --wait
          - run: gcloud run services update "shop-$ENV-api" --image "$API" --region us-central1
          - run: gcloud run deploy shop-$ENV-web --image=$WEB --region us-central1
  `,
  '.github/workflows/terraform.yml': workflow`
    name: Terraform
    on:
      pull_request:
        branches: [main, develop]
        paths: ['infra/**']
      push:
        branches: [main]
        paths: ['infra/**']
    permissions: {}
    concurrency: terraform-\${{ github.ref }}
    jobs:
      plan:
        if: github.event_name == 'pull_request'
        runs-on: ubuntu-24.04
        timeout-minutes: 10
        defaults: {run: {working-directory: infra/environments/prod}}
        steps:
          - uses: ${checkout}
            with: {persist-credentials: false}
          - uses: ${auth}
            with:
              workload_identity_provider: \${{ vars.PROVIDER }}
              service_account: plan@shop.iam.gserviceaccount.com
          - run: terraform init -input=false && terraform plan -input=false
      apply:
        if: github.event_name == 'push'
        runs-on: ubuntu-24.04
        timeout-minutes: 30
        environment: production
        defaults: {run: {working-directory: infra/environments/prod}}
        steps:
          - uses: ${checkout}
            with: {persist-credentials: false}
          - uses: ${auth}
            with:
              workload_identity_provider: \${{ vars.PROVIDER }}
              service_account: apply@shop.iam.gserviceaccount.com
          - run: |
              terraform init -input=false
              terraform apply -input=false -auto-approve
  `,
}

export const checks = '.github/workflows/checks.yml'
export const release = '.github/workflows/release.yml'
export const terraform = '.github/workflows/terraform.yml'
export const withoutWorkflows = {[checks]: undefined, [release]: undefined, [terraform]: undefined}
