import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {itemIn, type ReportDocument} from '../support/cli.ts'
import {projectId} from '../support/folder.ts'
import {isInstalled, openGcloud} from '../support/gcloud.ts'

const installed = await isInstalled('gcloud', 'version')
const withKubectl = installed && (await isInstalled('kubectl', 'version', '--client'))

// Each step in its order: an image is pushed between registry and compute.
const steps = ['project', 'network', 'state', 'registry', 'database', 'secrets', 'compute', 'dns', 'monitoring', 'cicd'] as const
const [p, region, domain] = [projectId, 'us-central1', 'qlogic.acme.example']
const images = `${region}-docker.pkg.dev/${p}/qlogic`
const [terraform, app] = [`terraform@${p}.iam.gserviceaccount.com`, `qlogic-app@${p}.iam.gserviceaccount.com`]

const services = (names: string): string =>
  names
    .split(' ')
    .map((name) => `${name}.googleapis.com`)
    .join(' ')
const grant = (member: string, role: string): string =>
  `gcloud projects add-iam-policy-binding ${p} --member=serviceAccount:${member} --role=roles/${role}`

/** Steps 1 and 2 of the plan up to the network, which the rest stands on. */
const foundation = [
  `gcloud projects create ${p} --name=Q-Logic`,
  `gcloud billing projects link ${p} --billing-account=01A2B3-C4D5E6-F70819`,
  `gcloud services enable ${services('compute container sqladmin secretmanager artifactregistry cloudresourcemanager iam logging monitoring servicenetworking run')}`,
  `gcloud services enable ${services('serviceusage cloudbilling storage vpcaccess sts iamcredentials cloudbuild dns orgpolicy billingbudgets')}`,
]
const network = [
  'gcloud compute networks create qlogic-prod-vpc --subnet-mode=custom',
  `gcloud compute networks subnets create qlogic-prod-private --network=qlogic-prod-vpc --region=${region} --range=10.0.0.0/20 --enable-private-ip-google-access`,
]
const accounts = [
  'gcloud iam service-accounts create terraform --display-name="Terraform Admin"',
  ...['editor', 'secretmanager.admin', 'iam.securityAdmin', 'cloudsql.admin', 'artifactregistry.admin'].map((role) =>
    grant(terraform, role),
  ),
]
const runtimeAccount = [
  "gcloud iam service-accounts create qlogic-app --display-name='Q-Logic App Runtime'",
  ...['cloudsql.client', 'logging.logWriter', 'monitoring.metricWriter'].map((role) => grant(app, role)),
]
const peering = [
  'gcloud compute addresses create qlogic-prod-private-ip --global --purpose=VPC_PEERING --prefix-length=16 --network=qlogic-prod-vpc',
  'gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com --ranges=qlogic-prod-private-ip --network=qlogic-prod-vpc',
]
const instance =
  `gcloud beta sql instances create qlogic-prod-db --database-version=POSTGRES_16 --edition=enterprise --tier=db-custom-2-7680 --region=${region} --availability-type=regional --network=projects/${p}/global/networks/qlogic-prod-vpc --no-assign-ip` +
  ' --storage-auto-increase --backup-start-time=01:00 --enable-point-in-time-recovery --retained-transaction-log-days=7 --retained-backups-count=14 --maintenance-window-day=SUN --maintenance-window-hour=3 --maintenance-release-channel=production --ssl-mode=ENCRYPTED_ONLY --deletion-protection'
const passwordLine = 'echo -n "$(openssl rand -base64 32)" | gcloud secrets create db-password --data-file=-'

/** What the plan has beside the backend in its pods: the proxy of Cloud SQL, which signs in as the account that they run as. */
const backendWithProxy = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'qlogic-backend'},
  spec: {
    selector: {matchLabels: {app: 'qlogic-backend'}},
    template: {
      metadata: {labels: {app: 'qlogic-backend'}},
      spec: {
        serviceAccountName: 'qlogic-backend',
        containers: [
          {name: 'backend', image: `${images}/backend:1`, env: [{name: 'DB_HOST', value: '127.0.0.1'}]},
          {
            name: 'proxy',
            image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2',
            args: ['--private-ip', `${p}:${region}:qlogic-prod-db`],
          },
        ],
      },
    },
  },
}

/** Alert policies as `policies create --policy-from-file` takes them. */
const alertFiles = (channel: string): Record<string, object> => {
  const service = 'resource.type="cloud_run_revision" AND resource.labels.service_name="qlogic-prod-backend" AND '
  const database = `resource.type="cloudsql_database" AND resource.labels.database_id="${p}:qlogic-prod-db" AND `
  const rate = {
    alignmentPeriod: '60s',
    perSeriesAligner: 'ALIGN_RATE',
    crossSeriesReducer: 'REDUCE_SUM',
    groupByFields: ['resource.label.service_name'],
  }
  const policy = (displayName: string, threshold: object) => ({
    displayName,
    combiner: 'OR',
    notificationChannels: [channel],
    conditions: [{displayName, conditionThreshold: {comparison: 'COMPARISON_GT', duration: '300s', ...threshold}}],
  })
  const requests = `${service}metric.type="run.googleapis.com/request_count"`
  return {
    'alert-5xx': policy('5xx ratio', {
      filter: `${requests} AND metric.labels.response_code_class="5xx"`,
      aggregations: [rate],
      denominatorFilter: requests,
      denominatorAggregations: [rate],
      thresholdValue: 0.01,
    }),
    'alert-latency': policy('p99 latency', {
      filter: `${service}metric.type="run.googleapis.com/request_latencies"`,
      aggregations: [{...rate, perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_PERCENTILE_99'}],
      thresholdValue: 5000,
    }),
    'alert-sql-cpu': policy('SQL CPU', {
      filter: `${database}metric.type="cloudsql.googleapis.com/database/cpu/utilization"`,
      aggregations: [{alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN'}],
      thresholdValue: 0.8,
    }),
    'alert-sql-connections': policy('SQL connections', {
      filter: `${database}metric.type="cloudsql.googleapis.com/database/postgresql/num_backends"`,
      aggregations: [
        {
          alignmentPeriod: '60s',
          perSeriesAligner: 'ALIGN_MAX',
          crossSeriesReducer: 'REDUCE_SUM',
          groupByFields: ['resource.label.database_id'],
        },
      ],
      thresholdValue: 320,
    }),
  }
}

describe.skipIf(!installed)('real clients', () => {
  describe.concurrent('the commands of the plan, typed into gcloud', () => {
    let report: ReportDocument
    beforeAll(async () => {
      const {folder, type, typeAll, act, verify} = await openGcloud({vpcAccess: 'connector'})
      await typeAll(foundation)
      await typeAll(
        [
          ...accounts,
          `gcloud iam service-accounts keys create ${join(folder, 'tf-key.json')} --iam-account=${terraform}`,
          ...runtimeAccount,
        ],
        [...network, ...peering],
        [
          passwordLine,
          "openssl rand -base64 64 | tr -d '\\n' | gcloud secrets create jwt-secret --data-file=-",
          `printf '["https://${domain}"]' | gcloud secrets create cors-origins --data-file=-`,
          `gcloud storage buckets create gs://${p}-terraform-state --location=${region}`,
          `gcloud storage buckets update gs://${p}-terraform-state --versioning`,
        ],
        [
          `gcloud artifacts repositories create qlogic --repository-format=docker --location=${region}`,
          `gcloud auth configure-docker ${region}-docker.pkg.dev`,
        ],
      )
      await act('push-images')
      const tag = (await type(`gcloud artifacts docker tags list ${images}/backend --format='value(tag)' --limit=1`)).trim()
      const database = [
        instance,
        'gcloud sql databases create qlogic --instance=qlogic-prod-db --charset=UTF8',
        `gcloud sql users create qlogic_app --instance=qlogic-prod-db --password="$(gcloud secrets versions access latest --secret=db-password)"`,
        `gcloud sql instances describe qlogic-prod-db --format='value(ipAddresses.filter("type:PRIVATE").extract(ipAddress).flatten())' | tr -d '\\n' | gcloud secrets create db-host --data-file=-`,
      ]
      const compute = [
        `gcloud compute networks subnets create qlogic-prod-connector --network=qlogic-prod-vpc --region=${region} --range=10.8.0.0/28`,
        `gcloud compute networks vpc-access connectors create qlogic-connector --region=${region} --subnet=qlogic-prod-connector`,
      ]
      const frontend = `gcloud run deploy qlogic-prod-frontend --image=${images}/frontend:${tag} --region=${region} --service-account=${app} --port=80 --min-instances=1 --max-instances=10 --no-invoker-iam-check`
      const [edge, balancer] = [
        [
          `gcloud compute ssl-certificates create qlogic-cert --domains=${domain}`,
          'gcloud compute addresses create qlogic-prod-lb-ip --global --ip-version=IPV4',
          `gcloud dns managed-zones create acme-example --dns-name=acme.example. --description='Q-Logic'`,
          `gcloud dns record-sets create ${domain}. --zone=acme-example --type=A --ttl=300 --rrdatas="$(gcloud compute addresses describe qlogic-prod-lb-ip --global --format='value(address)')"`,
        ],
        [
          ...['backend', 'frontend'].flatMap((part) => [
            `gcloud compute network-endpoint-groups create qlogic-prod-${part}-neg --region=${region} --network-endpoint-type=serverless --cloud-run-service=qlogic-prod-${part}`,
            `gcloud compute backend-services create qlogic-prod-${part}-bs --global --load-balancing-scheme=EXTERNAL_MANAGED`,
            `gcloud compute backend-services add-backend qlogic-prod-${part}-bs --global --network-endpoint-group=qlogic-prod-${part}-neg --network-endpoint-group-region=${region}`,
          ]),
          'gcloud compute url-maps create qlogic-prod-urlmap --global --default-service=qlogic-prod-frontend-bs',
          `gcloud compute url-maps add-path-matcher qlogic-prod-urlmap --global --path-matcher-name=app --new-hosts=${domain} --default-service=qlogic-prod-frontend-bs --backend-service-path-rules='/api/*=qlogic-prod-backend-bs'`,
        ],
      ]
      const pool = [
        "gcloud iam workload-identity-pools create github-pool --location=global --display-name='GitHub Actions Pool'",
        `gcloud iam workload-identity-pools providers create-oidc github-provider --location=global --workload-identity-pool=github-pool --issuer-uri=https://token.actions.githubusercontent.com --attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository --attribute-condition="assertion.repository=='acme/q-logic'"`,
        `gcloud iam service-accounts add-iam-policy-binding ${terraform} --role=roles/iam.workloadIdentityUser --member="principalSet://iam.googleapis.com/projects/$(gcloud projects describe ${p} --format='value(projectNumber)')/locations/global/workloadIdentityPools/github-pool/attribute.repository/acme/q-logic"`,
      ]
      const channelLine =
        "gcloud beta monitoring channels create --display-name='qlogic-prod ops' --type=email --channel-labels=email_address=ops@acme.example"
      const access = ['db-password', 'jwt-secret', 'cors-origins'].map(
        (secret) =>
          `gcloud secrets add-iam-policy-binding ${secret} --member=serviceAccount:${app} --role=roles/secretmanager.secretAccessor`,
      )
      await typeAll(database, compute, [...edge, frontend], [...access, channelLine, ...pool])
      await act('delegate-domain')
      const channel = (await type("gcloud beta monitoring channels list --format='value(name)'")).trim()
      for (const [name, policy] of Object.entries(alertFiles(channel)))
        await writeFile(join(folder, `${name}.json`), JSON.stringify(policy))
      await typeAll(
        [
          `gcloud run deploy qlogic-prod-backend --image=${images}/backend:${tag} --region=${region} --vpc-connector=qlogic-connector --vpc-egress=private-ranges-only --service-account=${app} --port=8000 --no-invoker-iam-check --set-env-vars=ENVIRONMENT=production,DB_NAME=qlogic,DB_USER=qlogic_app,DB_HOST="$(gcloud sql instances describe qlogic-prod-db --format='value(ipAddresses[0].ipAddress)')" --set-secrets=DB_PASSWORD=db-password:latest,JWT_SECRET=jwt-secret:latest,CORS_ORIGINS=cors-origins:latest`,
          `gcloud beta run services update qlogic-prod-backend --region=${region} --min=1 --max=10`,
          `gcloud run services update qlogic-prod-backend --region=${region} --min-instances=1 --max-instances=10`,
        ],
        [
          ...balancer,
          'gcloud compute target-https-proxies create qlogic-prod-https --global --url-map=qlogic-prod-urlmap --ssl-certificates=qlogic-cert',
          'gcloud compute forwarding-rules create qlogic-prod-https-fr --global --load-balancing-scheme=EXTERNAL_MANAGED --address=qlogic-prod-lb-ip --target-https-proxy=qlogic-prod-https --ports=443',
          `gcloud monitoring uptime create 'qlogic-prod health' --resource-type=uptime-url --resource-labels=host=${domain},project_id=${p} --path=/api/health --protocol=https --port=443 --validate-ssl=true --period=1 --timeout=10`,
        ],
        Object.keys(alertFiles(channel)).map((name) => `gcloud alpha monitoring policies create --policy-from-file=${name}.json`),
      )
      report = await verify(...steps)
    })

    test.each([
      ...['project.exists', 'project.billing-linked', 'project.apis-enabled', 'project.terraform-sa', 'project.terraform-sa-roles'],
      ...['network.vpc-private-subnets', 'network.psa-range', 'network.psa-connection'],
      ...['database.instance-exists', 'database.instance-tier', 'database.availability', 'database.backups-pitr'],
      ...['database.maintenance-window', 'database.db-password-secret', 'database.database', 'database.app-user'],
      ...['database.no-public-ip', 'database.ssl-encrypted-only', 'database.deletion-protection'],
      ...['registry.docker-repo', 'registry.docker-auth'],
      ...['secrets.db-password', 'secrets.db-host', 'secrets.jwt-secret', 'secrets.cors-origins'],
      ...['compute.option-chosen', 'compute.vpc-connector', 'compute.run-services', 'compute.run-scaling', 'compute.run-sql-connectivity'],
      ...['dns.managed-certificate', 'dns.load-balancer', 'dns.domain-delegated'],
      ...['monitoring.logging-automatic', 'monitoring.uptime-check', 'monitoring.notification-channel'],
      ...['monitoring.alert-5xx', 'monitoring.alert-latency', 'monitoring.alert-sql-cpu', 'monitoring.alert-sql-connections'],
      ...['cicd.wif', 'state.bucket', 'state.versioning'],
    ])('make %s hold', (id) => {
      const {status, message} = itemIn(report, id)
      expect(`${status}: ${message}`).toMatch(/^(pass|warn)/)
    })
  })

  describe.concurrent('the commands of the plan for option B, typed into gcloud and kubectl', () => {
    let report: ReportDocument
    beforeAll(async () => {
      const {folder, type, typeAll, kubectl, verify} = await openGcloud({compute: 'gke-autopilot'})
      await typeAll(foundation)
      await typeAll(network, runtimeAccount)
      await typeAll([
        `gcloud container clusters create-auto qlogic-prod --region=${region} --network=qlogic-prod-vpc --subnetwork=qlogic-prod-private --enable-private-nodes --release-channel=regular`,
        `gcloud container clusters get-credentials qlogic-prod --region=${region}`,
        `gcloud iam service-accounts add-iam-policy-binding ${app} --role=roles/iam.workloadIdentityUser --member='serviceAccount:${p}.svc.id.goog[qlogic-prod/qlogic-backend]'`,
      ])
      if (withKubectl) {
        for (const namespace of ['qlogic-dev', 'qlogic-staging', 'qlogic-prod']) await type(`${kubectl} create namespace ${namespace}`)
        await type(`${kubectl} create serviceaccount qlogic-backend --namespace=qlogic-prod`)
        await type(`${kubectl} annotate serviceaccount qlogic-backend --namespace=qlogic-prod iam.gke.io/gcp-service-account=${app}`)
        await writeFile(join(folder, 'backend.json'), JSON.stringify(backendWithProxy))
        // kubectl would check the file against a schema that it asks the cluster for; the simulator has none.
        await type(`${kubectl} create --filename=backend.json --namespace=qlogic-prod --validate=false`)
      }
      report = await verify('compute')
    })

    test.each(['compute.option-chosen', 'compute.gke-autopilot'])('make %s hold', (id) => {
      const {status, message} = itemIn(report, id)
      expect(`${status}: ${message}`).toMatch(/^(pass|warn)/)
    })

    test.skipIf(!withKubectl).each(['compute.gke-namespaces', 'compute.gke-sql-auth'])('make %s hold', (id) => {
      const {status, message} = itemIn(report, id)
      expect(`${status}: ${message}`).toMatch(/^(pass|warn)/)
    })
  })

  describe.concurrent('the gcloud lines of a plan', () => {
    /** Lines of GitHub's own program need a login at GitHub, which is not simulated for it. */
    const isTyped = (line: string): boolean => !line.startsWith('gh ')

    /** Types what each step plans until it plans nothing more. @returns what is still planned and has a line of gcloud */
    const walk = async ({planOf, type, kubectl, act}: Awaited<ReturnType<typeof openGcloud>>, words: readonly string[]) => {
      const left: string[] = []
      for (const step of words) {
        if (step === 'database') await act('push-images')
        if (step === 'monitoring') await act('delegate-domain')
        // What can be read only after the first lines (a billing account, a bucket's bindings) is planned in a second round.
        for (let round = 0; ; round++) {
          const planned = (await planOf(step)).filter(({gcloud}) => gcloud.some(isTyped))
          if (planned.length === 0) break
          if (round === 3) left.push(...planned.map(({id}) => id))
          if (round === 3) break
          for (const line of planned.flatMap(({gcloud}) => gcloud).filter(isTyped)) await type(line.replaceAll(/\bkubectl\b/g, kubectl))
        }
      }
      return left
    }

    test.concurrent('typed as they stand, each step in its order, leave nothing planned and what setup leaves', async () => {
      const opened = await openGcloud()
      expect(await walk(opened, [...steps, 'compute'])).toEqual([])
      const {items} = await opened.verify(...steps)
      const idsOf = (...statuses: string[]) => items.filter(({status}) => statuses.includes(status)).map(({id}) => id)
      expect(idsOf('unknown', 'blocked')).toEqual([])
      // GitHub has no line of gcloud, and the federation with it comes last.
      expect(idsOf('fail').filter((id) => !id.startsWith('cicd.'))).toEqual([])
    })

    test.concurrent.each([
      ['through a connector', {vpcAccess: 'connector'}],
      ...(withKubectl ? [['on a cluster', {compute: 'gke-autopilot'}] as const] : []),
    ] as const)('of the application %s do too', async (_, parameters) => {
      const opened = await openGcloud(parameters)
      for (const step of steps.slice(0, 6)) {
        expect((await opened.cli('setup', step, '--yes')).exit).toBe(0)
        if (step === 'registry') await opened.act('push-images')
      }
      expect(await walk(opened, ['compute'])).toEqual([])
      const {items} = await opened.verify('compute')
      expect(items.filter(({status}) => ['fail', 'unknown', 'blocked'].includes(status)).map(({id}) => id)).toEqual([])
    })
  })

  describe.concurrent('after qlogic setup', () => {
    let type: (line: string) => Promise<string>
    beforeAll(async () => {
      const opened = await openGcloud()
      type = opened.type
      for (const step of steps) {
        expect((await opened.cli('setup', step, '--yes')).exit).toBe(0)
        if (step === 'registry') await opened.act('push-images')
        if (step === 'dns') await opened.act('delegate-domain')
      }
      expect((await opened.cli('setup', 'monitoring', '--yes')).exit).toBe(0)
    })

    test.each([
      [`gcloud projects describe ${p} --format='value(projectId,lifecycleState,labels.environment)'`, `${p}\tACTIVE\tprod`],
      [`gcloud billing projects describe ${p} --format='value(billingEnabled)'`, 'True'],
      [
        "gcloud services list --enabled --filter=config.name:servicenetworking.googleapis.com --format='value(config.name)'",
        'servicenetworking.googleapis.com',
      ],
      [`gcloud iam service-accounts describe ${terraform} --format='value(displayName)'`, 'Terraform Admin'],
      [
        "gcloud compute networks describe qlogic-prod-vpc --format='value(autoCreateSubnetworks,routingConfig.routingMode)'",
        'False\tREGIONAL',
      ],
      [
        `gcloud compute networks subnets describe qlogic-prod-private --region=${region} --format='value(ipCidrRange,privateIpGoogleAccess,logConfig.enable)'`,
        '10.0.0.0/20\tTrue\tTrue',
      ],
      [
        "gcloud compute addresses describe qlogic-prod-private-ip --global --format='value(purpose,prefixLength,addressType)'",
        'VPC_PEERING\t16\tINTERNAL',
      ],
      ["gcloud services vpc-peerings list --network=qlogic-prod-vpc --format='value(peering)'", 'servicenetworking-googleapis-com'],
      [
        "gcloud sql instances describe qlogic-prod-db --format='value(state,databaseVersion,settings.tier,settings.availabilityType,settings.ipConfiguration.ipv4Enabled,settings.deletionProtectionEnabled)'",
        'RUNNABLE\tPOSTGRES_16\tdb-custom-2-7680\tREGIONAL\tFalse\tTrue',
      ],
      ["gcloud sql databases list --instance=qlogic-prod-db --filter=name=qlogic --format='value(name,charset)'", 'qlogic\tUTF8'],
      ["gcloud sql users list --instance=qlogic-prod-db --filter=name=qlogic_app --format='value(name,type)'", 'qlogic_app\tBUILT_IN'],
      [`gcloud artifacts repositories describe qlogic --location=${region} --format='value(format,mode)'`, 'DOCKER\tSTANDARD_REPOSITORY'],
      [`gcloud artifacts docker images list ${images} --format='value(package.basename())' --sort-by=package`, 'backend\nfrontend'],
      ["gcloud secrets versions list jwt-secret --format='value(state)'", 'enabled'],
      [
        `gcloud run services describe qlogic-prod-backend --region=${region} --format='value(status.conditions[0].status,spec.template.spec.serviceAccountName,spec.template.spec.containers[0].ports[0].containerPort)'`,
        `True\t${app}\t8000`,
      ],
      [`gcloud run services list --region=${region} --format='value(name)' --sort-by=name`, 'qlogic-prod-backend\nqlogic-prod-frontend'],
      [
        "gcloud compute ssl-certificates describe qlogic-cert --global --format='value(type,managed.status,managed.domains)'",
        `MANAGED\tACTIVE\t${domain}`,
      ],
      [
        "gcloud compute forwarding-rules list --global --format='value(name,portRange,loadBalancingScheme)' --sort-by=name",
        'qlogic-prod-http-fr\t80-80\tEXTERNAL_MANAGED\nqlogic-prod-https-fr\t443-443\tEXTERNAL_MANAGED',
      ],
      [
        "gcloud compute url-maps describe qlogic-prod-urlmap --global --format='value(defaultService.basename(),pathMatchers[0].pathRules[0].paths)'",
        'qlogic-prod-frontend-bs\t/api/*',
      ],
      [
        "gcloud compute backend-services describe qlogic-prod-backend-bs --global --format='value(backends[0].group.basename(),securityPolicy.basename())'",
        'qlogic-prod-backend-neg\tqlogic-prod-armor',
      ],
      [`gcloud dns record-sets list --zone=acme-example --name=${domain}. --type=A --format='value(name,ttl)'`, `${domain}.\t300`],
      [
        "gcloud alpha monitoring policies list --format='value(userLabels.qlogic-id)' --sort-by=displayName",
        'alert-5xx\nalert-sql-cpu\nalert-sql-connections\nalert-latency\nalert-uptime',
      ],
      [
        "gcloud monitoring uptime list-configs --format='value(monitoredResource.labels.host,httpCheck.path,period)' --sort-by=httpCheck.path",
        `${domain}\t/api/health\t60s\n${domain}\t/api/health/ready\t60s`,
      ],
      ["gcloud beta monitoring channels list --format='value(type,labels.email_address)'", 'email\tops@acme.example'],
      ["gcloud logging sinks list --format='value(name)' --sort-by=name", '_Default\n_Required'],
      ["gcloud logging buckets describe _Default --location=global --format='value(retentionDays)'", '90'],
      ["gcloud iam workload-identity-pools list --location=global --format='value(name.basename(),state)'", 'github-pool\tACTIVE'],
      [
        `gcloud storage buckets describe gs://${p}-terraform-state --format='value(versioning_enabled,uniform_bucket_level_access,public_access_prevention)'`,
        'True\tTrue\tenforced',
      ],
    ])('%s', async (line, expected) => {
      expect((await type(line)).trim().toLowerCase()).toBe(expected.toLowerCase())
    })
  })

  describe.concurrent('after qlogic setup of option B', () => {
    test('gcloud and kubectl see the cluster', async () => {
      const {cli, type, kubectl} = await openGcloud({compute: 'gke-autopilot'})
      for (const step of steps.slice(0, 7)) expect((await cli('setup', step, '--yes')).exit).toBe(0)
      expect(
        await type(
          `gcloud container clusters describe qlogic-prod --region=${region} --format='value(status,autopilot.enabled,releaseChannel.channel)'`,
        ),
      ).toBe('RUNNING\tTrue\tREGULAR')
      if (withKubectl) expect(await type(`${kubectl} get namespaces --output=name`)).toContain('namespace/qlogic-prod')
    })
  })
})
