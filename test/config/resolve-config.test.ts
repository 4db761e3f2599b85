import {describe, expect, it} from 'vitest'
import {isPlaceholderDomain, parameters} from '../../src/config/parameters.ts'
import {parseConfig} from '../../src/config/qlogic-yaml.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'

const file = (text: string) => parseConfig(`schemaVersion: 1\n${text}`, {name: 'qlogic.yaml'})
const prod = (yaml: string) => file(`environments:\n  prod:\n    projectId: acme-prod\n    ${yaml}\n`)

describe('without a file', () => {
  it('everything has a default but the project', () => {
    const {config, origins} = resolveConfig({env: 'prod', project: 'acme-prod'})
    expect(Object.keys(config)).toHaveLength(67)
    expect(Object.keys(parameters)).toHaveLength(68)
    expect(config).toMatchObject({
      env: 'prod',
      network: 'qlogic-prod-vpc',
      stateBucket: 'acme-prod-terraform-state',
      runServices: {backend: 'qlogic-prod-backend', frontend: 'qlogic-prod-frontend'},
      dbTier: 'db-custom-2-7680',
      ha: 'REGIONAL',
      edge: 'lb',
      budgetAmount: 300,
      githubRepo: null,
      branches: {prod: 'main', staging: 'develop'},
    })
    expect(config).not.toHaveProperty('pagerdutyServiceKey')
    expect(origins.get('projectId')).toBe('--project')
    expect(origins.get('region')).toBe('default')
    expect(isPlaceholderDomain(config.domain)).toBe(true)
  })

  it('each environment has its own defaults', () => {
    const of = (env: string) => resolveConfig({env, project: 'acme-qlogic'}).config
    expect(of('staging')).toMatchObject({
      dbTier: 'db-g1-small',
      ha: 'ZONAL',
      runMin: 0,
      runMax: 5,
      edge: 'run-app-url',
      budgetAmount: 60,
      cluster: 'qlogic-staging',
    })
    expect(of('dev')).toMatchObject({dbTier: 'db-f1-micro', runMax: 2, budgetAmount: 60, subnet: 'qlogic-dev-private'})
  })

  it('a missing project, a bad one and a bad environment are refused', () => {
    expect(() => resolveConfig({})).toThrow(
      expect.objectContaining({code: 'PROJECT_MISSING', exit: 2, hint: '--project ID, or qlogic init'}),
    )
    expect(() => resolveConfig({project: 'Bad_ID'})).toThrow(/^--project: expected a project id .* found "Bad_ID"$/)
    expect(() => resolveConfig({project: 'acme-prod', env: 'production'})).toThrow(/^--env: expected one of dev, staging, prod/)
  })
})

describe('with a file', () => {
  const both = file(`defaults:
  region: europe-west1
  projectId: acme-{env}
  dbTier: {prod: db-custom-4-15360}
  budgetAmount: {dev: 80, prod: 400}
environments:
  prod: {region: us-east1}
`)

  it('a flag wins over the block, the block over the defaults', () => {
    const {config, origins} = resolveConfig({file: both, env: 'prod'})
    expect(config).toMatchObject({region: 'us-east1', projectId: 'acme-prod', dbTier: 'db-custom-4-15360', budgetAmount: 400})
    expect(origins.get('region')).toBe('qlogic.yaml:8')
    const staging = resolveConfig({file: both, env: 'staging'})
    expect(staging.config).toMatchObject({
      region: 'europe-west1',
      projectId: 'acme-staging',
      dbTier: 'db-g1-small',
      budgetAmount: 80,
      stateBucket: 'acme-staging-terraform-state',
    })
    expect(staging.origins.get('region')).toBe('qlogic.yaml:3')
    expect(resolveConfig({file: both, env: 'prod', project: 'other-one', overrides: {region: 'asia-east1'}}).config).toMatchObject({
      region: 'asia-east1',
      projectId: 'other-one',
    })
    expect(() => resolveConfig({file: both, overrides: {githubRepo: 'nope'}})).toThrow(/^--github-repo: expected/)
  })

  it.each([
    ['subnetCidr: 10.8.0.0/20', 'qlogic.yaml:5: subnetCidr: expected a range that does not overlap connectorCidr'],
    ['connectorCidr: 10.0.1.0/28', 'qlogic.yaml:5: subnetCidr: expected a range'],
    ['connectorMaxInstances: 9\n    connectorMinInstances: 9', 'qlogic.yaml:5: connectorMaxInstances: expected more than'],
    ['runMin: 20', 'runMax: expected at least runMin (20)'],
    ['backupStartTime: 03:30', 'qlogic.yaml:5: backupStartTime: expected a time outside the maintenance hour'],
    ['pitrDays: 9', 'pitrDays: expected at most 7 days'],
    ['dbEdition: ENTERPRISE_PLUS', 'dbTier: expected a db-perf-optimized-N- tier'],
  ])('%s breaks a rule between parameters', (yaml, message) => {
    expect(() => resolveConfig({file: prod(yaml), env: 'prod'})).toThrow(message)
  })

  it.each([
    'subnetCidr: 10.0.0.1/20',
    'subnetCidr: 8.8.0.0/20',
    'subnetCidr: 10.0.0.0/27',
    'subnetCidr: 172.17.0.0/20',
    'subnetCidr: 172.16.0.0/12',
    'subnetCidr: 10.300.0.0/20',
    'connectorCidr: 10.8.0.0/27',
    'stateBucket: my-google-state',
    'stateBucket: a..b',
    'dbUser: postgres',
    'dbUser: pg_app',
    'wifPool: gcp-pool',
    'alertSqlCpu: 1',
    'pitrDays: 1.5',
    'secretNames: [a, a]',
    'runServices: {backend: a}',
    'branches: {prod: "a b"}',
    'domain: "*.acme.example"',
    'budgetAmount: 0',
    'psaPrefixLength: 25',
  ])('%s is refused in its line', (yaml) => {
    expect(() => prod(yaml)).toThrow(/^qlogic\.yaml:5: environments\.prod\./)
  })

  it('accepts the bounds', () => {
    expect(() =>
      resolveConfig({file: prod('subnetCidr: 192.168.0.0/26\n    connectorCidr: 172.16.0.0/28\n    wifPool: pool')}),
    ).not.toThrow()
    expect(() => resolveConfig({file: prod('subnetCidr: 10.0.0.0/8\n    connectorCidr: 192.168.0.0/28')})).not.toThrow()
  })
})
