import {execa} from 'execa'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {itemIn, qlogic, reportIn, setupIn, type ReportDocument} from '../support/cli.ts'
import {openFolder, projectId, writeConfig} from '../support/folder.ts'
import {startSandboxProcess} from '../support/sandbox-process.ts'
import {clientEnvironment} from '../../src/sandbox/client-environment.ts'

const installed = await execa('gcloud', ['version'], {reject: false}).then(({exitCode}) => exitCode === 0)
if (!installed) process.stderr.write('gcloud is not installed: nothing was typed into it\n')

const steps = ['project', 'network', 'secrets', 'state'] as const
const [p, region] = [projectId, 'us-central1']

/** A fresh simulator, and the real gcloud with a configuration of its own that points at it. */
const openGcloud = async () => {
  const folder = await openFolder()
  await writeConfig(folder, {billingAccount: '01A2B3-C4D5E6-F70819'})
  // A change of a file of the repository has no gcloud line.
  await writeFile(join(folder, '.gitignore'), 'tf-key.json\n*-key.json\n')
  const {url, port} = await startSandboxProcess(folder, ['--state', join(folder, 'cloud.json'), '--operation-time', '20'])
  const env = {
    ...clientEnvironment(port),
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
    CLOUDSDK_CORE_PROJECT: p,
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    HOME: folder,
  }
  /** Types one line into a shell. @throws Error with what gcloud said */
  const type = async (line: string): Promise<string> => {
    const {exitCode, stdout, stderr} = await execa('bash', ['-o', 'pipefail', '-c', line], {
      cwd: folder,
      env,
      stdin: 'ignore',
      reject: false,
      timeout: 120_000,
    })
    if (exitCode !== 0) throw new Error(`${line}\n${stderr}`)
    return stdout
  }
  const cli = (...args: string[]) => qlogic(args, {cwd: folder, env: {QLOGIC_API_ENDPOINT: url}})
  const verify = async (...names: string[]): Promise<ReportDocument> => reportIn(await cli('verify', ...names, '--json'))
  return {folder, type, cli, verify}
}

describe.skipIf(!installed)('the commands of the plan, typed into gcloud', () => {
  let report: ReportDocument
  beforeAll(async () => {
    const {folder, type, verify} = await openGcloud()
    const services = (names: string) =>
      names
        .split(' ')
        .map((name) => `${name}.googleapis.com`)
        .join(' ')
    const sa = `terraform@${p}.iam.gserviceaccount.com`
    for (const line of [
      `gcloud projects create ${p} --name=Q-Logic`,
      `gcloud billing projects link ${p} --billing-account=01A2B3-C4D5E6-F70819`,
      `gcloud services enable ${services('compute container sqladmin secretmanager artifactregistry cloudresourcemanager iam logging monitoring servicenetworking run')}`,
      `gcloud services enable ${services('serviceusage cloudbilling storage sts iamcredentials orgpolicy billingbudgets')}`,
      'gcloud iam service-accounts create terraform --display-name="Terraform Admin"',
      ...['editor', 'secretmanager.admin', 'iam.securityAdmin', 'cloudsql.admin', 'artifactregistry.admin'].map(
        (role) => `gcloud projects add-iam-policy-binding ${p} --member=serviceAccount:${sa} --role=roles/${role}`,
      ),
      `gcloud iam service-accounts keys create ${join(folder, 'tf-key.json')} --iam-account=${sa}`,
      'gcloud compute networks create qlogic-prod-vpc --subnet-mode=custom',
      `gcloud compute networks subnets create qlogic-prod-private --network=qlogic-prod-vpc --region=${region} --range=10.0.0.0/20 --enable-private-ip-google-access`,
      'gcloud compute addresses create qlogic-prod-private-ip --global --purpose=VPC_PEERING --prefix-length=16 --network=qlogic-prod-vpc',
      'gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com --ranges=qlogic-prod-private-ip --network=qlogic-prod-vpc',
      ...['db-password', 'jwt-secret'].map((id) => `openssl rand -base64 32 | tr -d '\\n' | gcloud secrets create ${id} --data-file=-`),
      `gcloud storage buckets create gs://${p}-terraform-state --location=${region}`,
      `gcloud storage buckets update gs://${p}-terraform-state --versioning`,
    ])
      await type(line)
    report = await verify(...steps)
  })

  test.each([
    ...['project.exists', 'project.billing-linked', 'project.apis-enabled', 'project.terraform-sa', 'project.terraform-sa-roles'],
    ...['network.vpc-private-subnets', 'network.psa-range', 'network.psa-connection'],
    ...['secrets.db-password', 'secrets.jwt-secret', 'state.bucket', 'state.versioning'],
  ])('make %s hold', (id) => {
    expect(itemIn(report, id).status).toMatch(/^(pass|warn)$/)
  })
})

describe.skipIf(!installed)('the gcloud lines of a plan', () => {
  test('typed as they stand, each step in its order, leave nothing planned and what setup leaves', async () => {
    const {type, cli, verify} = await openGcloud()
    const planOf = async (step: string) => setupIn(await cli('setup', step, '--dry-run', '--json')).planned
    for (const step of steps) {
      // What can be read only after the first lines (a billing account, a bucket's bindings) is planned in a second round.
      for (let round = 0; round < 3; round++) {
        const lines = (await planOf(step)).flatMap((change) => change.gcloud).filter((line) => !/\{\w+\}|PROJECT_NUMBER/.test(line))
        if (lines.length === 0) break
        for (const line of lines) await type(line)
      }
      expect((await planOf(step)).map(({id}) => id)).toEqual([])
    }
    const report = await verify(...steps)
    expect(report.items.filter(({status}) => ['unknown', 'blocked'].includes(status))).toEqual([])
    expect(report.items.filter(({status}) => status === 'fail').map(({id}) => id)).toEqual([
      'project.terraform-sa-credential',
      'secrets.db-host',
    ])
  })
})

describe.skipIf(!installed)('after qlogic setup', () => {
  let type: (line: string) => Promise<string>
  beforeAll(async () => {
    const opened = await openGcloud()
    type = opened.type
    for (const step of steps) expect((await opened.cli('setup', step, '--yes')).exit).toBe(0)
  })

  test.each([
    [`gcloud projects describe ${p} --format='value(projectId,lifecycleState,labels.environment)'`, `${p}\tACTIVE\tprod`],
    [`gcloud billing projects describe ${p} --format='value(billingEnabled)'`, 'True'],
    [
      "gcloud services list --enabled --filter=config.name:servicenetworking.googleapis.com --format='value(config.name)'",
      'servicenetworking.googleapis.com',
    ],
    [`gcloud iam service-accounts describe terraform@${p}.iam.gserviceaccount.com --format='value(displayName)'`, 'Terraform Admin'],
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
    ["gcloud secrets versions list jwt-secret --format='value(state)'", 'enabled'],
    [
      `gcloud storage buckets describe gs://${p}-terraform-state --format='value(versioning_enabled,uniform_bucket_level_access,public_access_prevention)'`,
      'True\tTrue\tenforced',
    ],
  ])('%s', async (line, expected) => {
    expect((await type(line)).trim().toLowerCase()).toBe(expected.toLowerCase())
  })
})
