import {describe, expect, test} from 'vitest'
import {requires} from '../../src/checks/cel.ts'
import branchDeployment from '../../src/checks/cicd/branch-deployment.ts'
import cloudBuildTrigger from '../../src/checks/cicd/cloudbuild-trigger.ts'
import githubSecret from '../../src/checks/cicd/github-secret.ts'
import wif from '../../src/checks/cicd/wif.ts'
import {noFederation} from '../../src/checks/federation.ts'
import {bareDeployments, leadOf, otherEnvironmentNames, otherServices} from '../../src/checks/branch-leads.ts'
import type {BuildTrigger} from '../../src/gcp/cloud.ts'
import {deployWorkflow} from '../../src/demo-repository.ts'
import {readWorkflows} from '../../src/repo/workflows/workflows.ts'
import {readingOf, type Texts} from '../support/repository.ts'
import {bound, condition, federation, ownPrincipal} from './federated.ts'
import {context, daysAgo, freshPlan, judge} from './judge.ts'

const config = {githubRepo: 'acme/q-logic'}
const withProvider = (rest: Partial<typeof federation.provider> | {attributeCondition: undefined}) => ({
  ...federation,
  provider: {...federation.provider, ...rest},
})
const update = ['update-provider-github-provider']
const wholePool = 'principalSet://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github-pool/*'

judge('cicd.wif', wif, [
  {when: 'Cloud Build deploys', observed: noFederation, config: {...config, ci: 'cloud-build'}, is: 'not_applicable', code: 'WIF_NOT_USED'},
  {when: 'no repository is chosen', observed: noFederation, is: 'manual', code: 'WIF_NO_REPOSITORY'},
  {
    when: 'there is nothing',
    observed: noFederation,
    config,
    is: 'fail',
    code: 'WIF_POOL_MISSING',
    plans: ['create-pool-github-pool', 'create-provider-github-provider', 'bind-repository-to-terraform'],
  },
  {
    when: 'the pool was deleted, and its provider with it',
    observed: {...federation, pool: {...federation.pool, state: 'DELETED'}, provider: {...federation.provider, state: 'DELETED'}},
    config,
    is: 'fail',
    code: 'WIF_POOL_DELETED',
    plans: ['undelete-pool-github-pool', 'undelete-provider-github-provider'],
  },
  {
    when: 'the pool is disabled',
    observed: {...federation, pool: {...federation.pool, disabled: true}},
    config,
    is: 'fail',
    code: 'WIF_POOL_DISABLED',
    plans: ['enable-pool-github-pool'],
  },
  {
    when: 'the pool has no provider',
    observed: {...federation, provider: undefined},
    config,
    is: 'fail',
    code: 'WIF_PROVIDER_MISSING',
    plans: ['create-provider-github-provider'],
  },
  {
    when: 'the provider was deleted',
    observed: withProvider({state: 'DELETED'}),
    config,
    is: 'fail',
    code: 'WIF_PROVIDER_DELETED',
    plans: ['undelete-provider-github-provider'],
  },
  {
    when: 'the provider is disabled',
    observed: withProvider({disabled: true}),
    config,
    is: 'fail',
    code: 'WIF_PROVIDER_DISABLED',
    plans: update,
  },
  {
    when: 'it trusts GitLab',
    observed: withProvider({issuerUri: 'https://gitlab.com'}),
    config,
    is: 'fail',
    code: 'WIF_OTHER_ISSUER',
    plans: update,
  },
  {
    when: 'the repository is not mapped',
    observed: withProvider({attributeMapping: {...federation.provider.attributeMapping, 'attribute.repository': ''}}),
    config,
    is: 'fail',
    code: 'WIF_MAPPING_INCOMPLETE',
    plans: update,
  },
  {
    when: 'the repository is taken from the actor',
    observed: withProvider({attributeMapping: {...federation.provider.attributeMapping, 'attribute.repository': 'assertion.actor'}}),
    config,
    is: 'fail',
    code: 'WIF_MAPPING_FORGED',
    plans: update,
  },
  {
    when: 'there is no condition',
    observed: withProvider({attributeCondition: undefined}),
    config,
    is: 'fail',
    code: 'WIF_NO_CONDITION',
    plans: update,
  },
  ...[
    "assertion.repository_owner == 'acme'",
    "assertion.repository.startsWith('acme/')",
    "assertion.repository == 'acme/q-logic' || assertion.actor == 'eve'",
    "assertion.repository in ['acme/q-logic', 'eve/q-logic']",
    "assertion.repository != ''",
    "assertion.repository_id == '12'",
    "true || assertion.repository == 'acme/q-logic'",
  ].map(
    (loose) =>
      ({
        when: `the condition is ${loose}`,
        observed: withProvider({attributeCondition: loose}),
        config,
        is: 'fail',
        code: 'WIF_CONDITION_LOOSE',
        plans: update,
      }) as const,
  ),
  {
    when: 'it is for the branch of staging only',
    observed: withProvider({attributeCondition: condition.replace('main', 'develop')}),
    config,
    is: 'fail',
    code: 'WIF_OTHER_BRANCH',
    plans: update,
  },
  {
    when: 'a second provider trusts GitLab',
    observed: {...federation, others: [{...federation.provider, name: 'x/providers/gitlab', issuerUri: 'https://gitlab.com'}]},
    config,
    is: 'fail',
    code: 'WIF_OTHER_PROVIDER',
    plans: ['disable-provider-gitlab'],
  },
  {
    when: 'a second provider is as strict, or disabled',
    observed: {
      ...federation,
      others: [
        {...federation.provider, name: 'x/providers/second'},
        {...federation.provider, name: 'x/providers/gitlab', issuerUri: 'https://gitlab.com', disabled: true},
      ],
    },
    config,
    is: 'pass',
    code: 'WIF_READY',
  },
  {
    when: 'the whole pool is bound',
    observed: {...federation, policy: bound(ownPrincipal('123'), wholePool)},
    config,
    is: 'fail',
    code: 'WIF_WHOLE_POOL_BOUND',
    plans: ['unbind-whole-pool-from-terraform'],
  },
  {
    when: 'only the id of the project is bound',
    observed: {...federation, policy: bound(ownPrincipal('acme-prod'))},
    config,
    is: 'fail',
    code: 'WIF_BINDING_MISSING',
    plans: ['bind-repository-to-terraform'],
  },
  {
    when: 'the binding has a condition',
    observed: {
      ...federation,
      policy: {bindings: [{role: 'roles/iam.workloadIdentityUser', members: [ownPrincipal('123')], condition: {expression: 'false'}}]},
    },
    config,
    is: 'fail',
    code: 'WIF_BINDING_MISSING',
    plans: ['bind-repository-to-terraform'],
  },
  {
    when: 'any branch may sign in to production',
    observed: withProvider({attributeCondition: condition.replace(/ && assertion.ref.*/, '')}),
    config,
    is: 'warn',
    code: 'WIF_ANY_BRANCH',
    plans: update,
  },
  {
    when: 'any branch may sign in to staging',
    observed: withProvider({attributeCondition: condition.replace(/ && assertion.ref.*/, '')}),
    config,
    env: 'staging',
    is: 'pass',
    code: 'WIF_READY',
  },
  {
    when: 'the repository is known by its name only',
    observed: withProvider({attributeCondition: "assertion.repository == 'acme/q-logic' && assertion.ref == 'refs/heads/main'"}),
    config,
    is: 'warn',
    code: 'WIF_BY_NAME_ONLY',
    plans: update,
  },
  {
    when: 'it is known by its name only, and GitHub cannot be asked',
    observed: {
      ...withProvider({attributeCondition: "'acme/q-logic' == assertion.repository && assertion.ref == 'refs/heads/main'"}),
      atGitHub: undefined,
    },
    config,
    is: 'warn',
    code: 'WIF_BY_NAME_ONLY',
  },
  {
    when: 'the id of the project is bound as well',
    observed: {...federation, policy: bound(ownPrincipal('123'), ownPrincipal('acme-prod'))},
    config,
    is: 'warn',
    code: 'WIF_BOUND_BY_PROJECT_ID',
  },
  {when: 'all is well', observed: federation, config, is: 'pass', code: 'WIF_READY'},
])

test('a new federation lets in the repository alone, by number where it is known, and production for its branch', () => {
  const changes = wif.plan?.({...noFederation, projectNumber: '123', atGitHub: federation.atGitHub}, context(config)) ?? []
  expect(changes[1]?.request).toMatchObject({
    body: {attributeCondition: condition, oidc: {issuerUri: 'https://token.actions.githubusercontent.com'}},
  })
  expect(changes[2]?.request).toEqual({
    kind: 'grant',
    policy: {of: 'service-account', name: 'terraform@acme-prod.iam.gserviceaccount.com'},
    add: [{role: 'roles/iam.workloadIdentityUser', member: ownPrincipal('{projectNumber}')}],
    remove: [],
  })
  expect(changes[2]?.gcloud.join()).toContain(ownPrincipal('123'))
  expect(changes.every(({consent}) => consent === undefined)).toBe(true)
  expect(freshPlan(wif, context({...config}, 'dev'))[1]?.request).toMatchObject({
    body: {attributeCondition: "assertion.repository == 'acme/q-logic'"},
  })
})

test('what takes somebody in or out is asked for by itself', () => {
  const consents = (observed: Parameters<typeof wif.evaluate>[0]) =>
    wif.plan?.(observed, context(config)).map(({consent}) => consent !== undefined)
  expect(consents(withProvider({attributeCondition: "assertion.repository_owner == 'acme'"}))).toEqual([true])
  expect(consents({...federation, pool: {...federation.pool, state: 'DELETED'}})).toEqual([true])
  expect(consents({...federation, policy: bound(ownPrincipal('123'), wholePool)})).toEqual([true])
})

test.each([
  ["(assertion.x == 'a') && assertion.y == 'b'", true],
  ["assertion.x == 'a' && (assertion.y == 'b' || true)", true],
  ["assertion.x == 'b && assertion.x == a'", false],
  ["(assertion.x == 'a' || assertion.x == 'b')", false],
  ['(assertion.x == \'a\' || assertion.x == "a")', true],
  ["!(assertion.x == 'a')", false],
  ["assertion.x == 'a' ? true : true", false],
  ["attribute.x in ['a']", true],
  ['', false],
])('%s requires that x is a: %s', (text, expected) => {
  expect(requires(text, ({claim, values, prefix}) => claim === 'x' && !prefix && values.every((value) => value === 'a'))).toBe(expected)
})

const secrets = [
  {name: 'WIF_PROVIDER', updatedAt: daysAgo(300)},
  {name: 'WIF_SERVICE_ACCOUNT', updatedAt: daysAgo(300)},
]
const variables = [{name: 'GCP_PROJECT_ID', value: 'acme-prod'}]
const stored = (days: number) => ({name: 'TF_KEY_JSON', updatedAt: daysAgo(days)})
const settings = (rest: {secrets?: typeof secrets; variables?: typeof variables; federated?: boolean | undefined} = {}) => ({
  settings: {secrets, variables, federated: undefined, ...rest},
  projectNumber: '123',
})
const bothSecrets = ['set-github-secret-wif-provider', 'set-github-secret-wif-service-account']

judge('cicd.github-secret', githubSecret, [
  {
    when: 'Cloud Build deploys',
    observed: settings(),
    config: {...config, ci: 'cloud-build'},
    is: 'not_applicable',
    code: 'GITHUB_NOT_USED',
  },
  {
    when: 'no repository is chosen',
    observed: {settings: undefined, projectNumber: undefined},
    is: 'manual',
    code: 'GITHUB_REPOSITORY_NOT_SET',
  },
  {when: 'there is no token', observed: {settings: undefined, projectNumber: '123'}, config, is: 'manual', code: 'GITHUB_NO_TOKEN'},
  {
    when: 'nothing is set',
    observed: settings({secrets: [], variables: []}),
    config,
    is: 'fail',
    code: 'GITHUB_SETTINGS_MISSING',
    plans: [...bothSecrets, 'set-github-variable-gcp-project-id'],
  },
  {
    when: 'one name is missing',
    observed: settings({secrets: secrets.slice(0, 1)}),
    config,
    is: 'fail',
    code: 'GITHUB_SETTINGS_MISSING',
    plans: bothSecrets.slice(1),
  },
  {
    when: 'the variable names another project',
    observed: settings({variables: [{name: 'GCP_PROJECT_ID', value: 'acme-old'}]}),
    config,
    is: 'fail',
    code: 'GITHUB_PROJECT_VARIABLE',
    plans: ['set-github-variable-gcp-project-id'],
  },
  {
    when: 'keys are allowed and there is none',
    observed: settings({secrets: []}),
    config: {...config, allowSaKey: true},
    is: 'fail',
    code: 'GITHUB_NO_CREDENTIAL',
    plans: bothSecrets,
  },
  {
    when: 'keys are allowed and there is one',
    observed: settings({secrets: [stored(10)]}),
    config: {...config, allowSaKey: true},
    is: 'warn',
    code: 'GITHUB_KEY_ALLOWED',
  },
  {
    when: 'keys are allowed and it is old',
    observed: settings({secrets: [stored(91)]}),
    config: {...config, allowSaKey: true},
    is: 'warn',
    code: 'GITHUB_KEY_OLD',
  },
  {
    when: 'a key came back although federation works',
    observed: settings({secrets: [...secrets, stored(1)], federated: true}),
    config,
    is: 'warn',
    code: 'GITHUB_KEY_BESIDE_FEDERATION',
  },
  {
    when: 'a key is there and federation does not work',
    observed: settings({secrets: [...secrets, {name: 'gcp_sa', updatedAt: daysAgo(1)}], federated: false}),
    config,
    is: 'warn',
    code: 'GITHUB_KEY_STORED',
  },
  {when: 'all is well', observed: settings(), config, is: 'pass', code: 'GITHUB_SETTINGS_READY'},
])

test('without a token the lines to type are whole, and none holds a secret', () => {
  const {args} = githubSecret.evaluate({settings: undefined, projectNumber: '123'}, context(config))
  expect(args['lines']?.split('; ')).toEqual([
    'gh secret set WIF_PROVIDER --body=projects/123/locations/global/workloadIdentityPools/github-pool/providers/github-provider --repo=acme/q-logic',
    'gh secret set WIF_SERVICE_ACCOUNT --body=terraform@acme-prod.iam.gserviceaccount.com --repo=acme/q-logic',
    'gh variable set GCP_PROJECT_ID --body=acme-prod --repo=acme/q-logic',
  ])
})

const region = 'projects/acme-prod/locations/us-central1'
const linkedAs = `${region}/connections/qlogic-github/repositories/q-logic`
const ci = 'qlogic-ci@acme-prod.iam.gserviceaccount.com'
const trigger: BuildTrigger = {
  resourceName: `${region}/triggers/1`,
  id: '1',
  name: 'qlogic-main',
  disabled: false,
  filename: 'cloudbuild.yaml',
  serviceAccount: `projects/acme-prod/serviceAccounts/${ci}`,
  repository: linkedAs,
  branch: '^main$',
  invertRegex: false,
}
const repositories = [{name: linkedAs, remoteUri: 'https://github.com/Acme/q-logic.git'}]
const connection = {name: `${region}/connections/qlogic-github`, disabled: false, stage: 'COMPLETE'}
const agent = 'serviceAccount:service-123@gcp-sa-cloudbuild.iam.gserviceaccount.com'
const projectPolicy = (...more: string[]) => ({
  bindings: [
    {role: 'roles/secretmanager.admin', members: [agent]},
    ...['logging.logWriter', 'artifactregistry.writer', 'run.developer', ...more].map((role) => ({
      role: `roles/${role}`,
      members: [`serviceAccount:${ci}`],
    })),
  ],
})
const building = {
  connection,
  builds: {repositories, triggers: [trigger]},
  builder: {email: ci, uniqueId: '5', disabled: false},
  policy: projectPolicy(),
  runtimePolicy: {bindings: [{role: 'roles/iam.serviceAccountUser', members: [`serviceAccount:${ci}`]}]},
  projectNumber: '123',
}
const triggers = (...some: BuildTrigger[]) => ({...building, builds: {repositories, triggers: some}})
const build = {...config, ci: 'cloud-build'}

judge('cicd.cloudbuild-trigger', cloudBuildTrigger, [
  {when: 'GitHub Actions deploys', observed: building, config, is: 'not_applicable', code: 'BUILD_NOT_USED'},
  {when: 'no repository is chosen', observed: building, config: {ci: 'cloud-build'}, is: 'manual', code: 'BUILD_NO_REPOSITORY'},
  {
    when: 'there is nothing',
    observed: {
      connection: undefined,
      builds: {repositories: [], triggers: []},
      builder: undefined,
      policy: {bindings: []},
      runtimePolicy: {bindings: []},
      projectNumber: '123',
    },
    config: build,
    is: 'fail',
    code: 'BUILD_CONNECTION_MISSING',
    plans: [
      'grant-cloud-build-agent-secretmanager.admin',
      'create-connection-qlogic-github',
      'create-service-account-qlogic-ci',
      'grant-qlogic-ci-roles-on-project-acme-prod',
      'grant-qlogic-ci-iam.serviceAccountUser-on-service-account-qlogic-app',
    ],
  },
  {
    when: 'nobody has consented yet',
    observed: {
      ...building,
      connection: {...connection, stage: 'PENDING_USER_OAUTH', actionUri: 'https://x.test/oauth'},
      builds: {repositories: [], triggers: []},
    },
    config: build,
    is: 'manual',
    code: 'BUILD_CONSENT_NEEDED',
  },
  {
    when: 'the app is not installed yet',
    observed: {...building, connection: {...connection, stage: 'PENDING_INSTALL_APP'}},
    config: build,
    is: 'manual',
    code: 'BUILD_CONSENT_NEEDED',
  },
  {
    when: 'the connection is disabled',
    observed: {...building, connection: {...connection, disabled: true}},
    config: build,
    is: 'fail',
    code: 'BUILD_CONNECTION_DISABLED',
    plans: ['enable-connection-qlogic-github'],
  },
  {
    when: 'the repository is not linked',
    observed: {...building, builds: {repositories: [{name: 'x', remoteUri: 'https://github.com/acme/other.git'}], triggers: []}},
    config: build,
    is: 'fail',
    code: 'BUILD_REPOSITORY_NOT_LINKED',
    plans: ['link-repository-q-logic', 'create-trigger-qlogic-main'],
  },
  {
    when: 'there is no trigger',
    observed: triggers(),
    config: build,
    is: 'fail',
    code: 'BUILD_TRIGGER_MISSING',
    plans: ['create-trigger-qlogic-main'],
  },
  {
    when: 'there is only the trigger of staging',
    observed: triggers({...trigger, name: 'qlogic-develop', branch: '^develop$'}),
    config: build,
    is: 'fail',
    code: 'BUILD_TRIGGER_MISSING',
    plans: ['create-trigger-qlogic-main'],
  },
  {when: 'dev has no branch', observed: triggers(), config: build, env: 'dev', is: 'pass', code: 'BUILD_TRIGGERS_READY'},
  {
    when: 'the trigger is disabled',
    observed: triggers({...trigger, disabled: true}),
    config: build,
    is: 'fail',
    code: 'BUILD_TRIGGER_DISABLED',
    plans: ['enable-trigger-qlogic-main'],
  },
  {
    when: 'its account is gone',
    observed: {...building, builder: undefined},
    config: build,
    is: 'fail',
    code: 'BUILD_ACCOUNT_MISSING',
    plans: ['create-service-account-qlogic-ci'],
  },
  {
    when: 'its account may not deploy',
    observed: {...building, policy: {bindings: building.policy.bindings.slice(0, 3)}},
    config: build,
    is: 'fail',
    code: 'BUILD_ACCOUNT_ROLES',
    plans: ['grant-qlogic-ci-run.developer-on-project-acme-prod'],
  },
  {
    when: 'its account may not act as the application',
    observed: {...building, runtimePolicy: {bindings: []}},
    config: build,
    is: 'fail',
    code: 'BUILD_ACCOUNT_ROLES',
    plans: ['grant-qlogic-ci-iam.serviceAccountUser-on-service-account-qlogic-app'],
  },
  {
    when: 'it builds as the default account',
    observed: triggers({...trigger, serviceAccount: undefined}),
    config: build,
    is: 'warn',
    code: 'BUILD_DEFAULT_ACCOUNT',
    plans: ['set-account-of-trigger-qlogic-main'],
  },
  {
    when: 'it is of the first generation',
    observed: triggers({...trigger, repository: undefined, github: {owner: 'acme', name: 'q-logic'}}),
    config: build,
    is: 'warn',
    code: 'BUILD_FIRST_GENERATION',
  },
  {when: 'all is well', observed: building, config: build, is: 'pass', code: 'BUILD_TRIGGERS_READY'},
])

const branches = (isProtected: boolean, develop = true) => [
  {env: 'prod' as const, name: 'main', found: {name: 'main', protected: isProtected}},
  {env: 'staging' as const, name: 'develop', found: develop ? {name: 'develop', protected: false} : undefined},
]
const environments = [
  {name: 'production', approval: true, branches: ['main']},
  {name: 'staging', approval: false, branches: ['develop']},
]
const facts = (texts: Texts) => readingOf(texts).read(readWorkflows)
const path = '.github/workflows/deploy.yml'
const deployed = {
  atGitHub: {branches: branches(true), environments},
  workflows: await facts({[path]: deployWorkflow}),
  builds: undefined,
}
const text = async (edit: (workflow: string) => string) => ({...deployed, workflows: await facts({[path]: edit(deployWorkflow)})})
const built = {
  atGitHub: {branches: branches(true), environments: []},
  workflows: undefined,
  builds: {connection, repositories, triggers: [trigger]},
}
const started = (...some: BuildTrigger[]) => ({...built, builds: {connection, repositories, triggers: some}})

judge('cicd.branch-deployment', branchDeployment, [
  {
    when: 'no repository is chosen',
    observed: {atGitHub: undefined, workflows: undefined, builds: undefined},
    is: 'manual',
    code: 'BRANCHES_NO_REPOSITORY',
  },
  {when: 'there is no token', observed: {...deployed, atGitHub: undefined}, config, is: 'manual', code: 'BRANCHES_NOT_READABLE'},
  {when: 'there is no app repository', observed: {...deployed, workflows: undefined}, config, is: 'manual', code: 'WORKFLOW_NOT_READABLE'},
  {
    when: 'develop is missing',
    observed: {...deployed, atGitHub: {branches: branches(true, false), environments}},
    config,
    is: 'fail',
    code: 'BRANCH_MISSING',
  },
  {when: 'there is no workflow', observed: {...deployed, workflows: await facts({})}, config, is: 'fail', code: 'BRANCH_DEPLOYS_NOWHERE'},
  {
    when: 'only main deploys',
    observed: await text((whole) => whole.replace('[main, develop]', '[main]')),
    config,
    is: 'fail',
    code: 'BRANCH_DEPLOYS_NOWHERE',
  },
  {
    when: 'the workflow cannot be read',
    observed: await text((whole) => whole.replace('[main, develop]', '[main, develop')),
    config,
    is: 'unknown',
    code: 'BRANCH_WORKFLOW_UNREAD',
  },
  {
    when: 'main leads to staging',
    observed: await text((whole) => whole.replaceAll("== 'main'", "== 'develop'")),
    config,
    is: 'fail',
    code: 'BRANCH_DEPLOYS_ELSEWHERE',
  },
  {
    when: 'no environment is named',
    observed: await text((whole) => whole.replaceAll(/\n *(environment|TARGET): .*/g, '').replaceAll('qlogic-$TARGET-', '')),
    config,
    is: 'fail',
    code: 'BRANCH_TARGET_UNCLEAR',
  },
  {
    when: 'the environment comes from a variable',
    observed: await text((whole) => whole.replaceAll(/\{\{ github.ref_name == .*\}\}/g, '{{ vars.TARGET }}')),
    config,
    is: 'unknown',
    code: 'BRANCH_TARGET_DYNAMIC',
  },
  {
    when: 'main is not protected',
    observed: {...deployed, atGitHub: {branches: branches(false), environments}},
    config,
    is: 'warn',
    code: 'BRANCH_UNPROTECTED',
  },
  {
    when: 'there are no environments',
    observed: {...deployed, atGitHub: {branches: branches(true), environments: []}},
    config,
    is: 'warn',
    code: 'ENVIRONMENT_OPEN',
    plans: ['restrict-github-environment-staging', 'restrict-github-environment-production'],
  },
  {
    when: 'nobody approves production',
    observed: {...deployed, atGitHub: {branches: branches(true), environments: environments.map((one) => ({...one, approval: false}))}},
    config,
    is: 'warn',
    code: 'PRODUCTION_WITHOUT_APPROVAL',
  },
  {
    when: 'the services are named otherwise',
    observed: await text((whole) => whole.replaceAll(/qlogic-\$TARGET-(\w+)/g, 'qlogic-$1-$TARGET')),
    config,
    is: 'warn',
    code: 'WORKFLOW_OTHER_SERVICES',
  },
  {
    when: 'the application is told prod',
    observed: await text((whole) => whole.replace('--image="$IMAGE"', '--image="$IMAGE" --update-env-vars=ENVIRONMENT=prod')),
    config,
    is: 'warn',
    code: 'WORKFLOW_ENVIRONMENT_NAME',
  },
  {
    when: 'it is deployed anew without network and secrets',
    observed: await text((whole) =>
      whole.replace('services update "qlogic-$TARGET-backend"', 'deploy "qlogic-$TARGET-backend" --set-env-vars=A=b'),
    ),
    config,
    is: 'warn',
    code: 'WORKFLOW_BARE_DEPLOYMENT',
  },
  {when: 'all is well', observed: deployed, config, is: 'pass', code: 'BRANCHES_DEPLOY'},
  {when: 'all is well in staging', observed: deployed, config, env: 'staging', is: 'pass', code: 'BRANCHES_DEPLOY'},
  {when: 'all is well with Cloud Build', observed: built, config: build, is: 'pass', code: 'BRANCHES_DEPLOY'},
  {
    when: 'Cloud Build waits for a person',
    observed: {...built, builds: {...built.builds, connection: {...connection, stage: 'PENDING_INSTALL_APP'}}},
    config: build,
    is: 'manual',
    code: 'TRIGGERS_WAIT_FOR_CONSENT',
  },
  {
    when: 'no trigger watches main',
    observed: started(),
    config: build,
    is: 'fail',
    code: 'TRIGGER_FOR_BRANCH_MISSING',
    plans: ['create-trigger-qlogic-main'],
  },
  {
    when: 'the trigger matches maintenance too',
    observed: started({...trigger, branch: 'main'}),
    config: build,
    is: 'fail',
    code: 'TRIGGER_NOT_ANCHORED',
    plans: ['anchor-trigger-qlogic-main'],
  },
  {
    when: 'the trigger is disabled',
    observed: started({...trigger, disabled: true}),
    config: build,
    is: 'fail',
    code: 'TRIGGER_SWITCHED_OFF',
    plans: ['enable-trigger-qlogic-main'],
  },
])

describe('a workflow', () => {
  const read = (source: string, more: Texts = {}) => facts({'.github/workflows/x.yml': source, ...more})
  const leads = async (source: string, branch: string, more: Texts = {}) => [...leadOf(await read(source, more), branch).environments]

  test.each([
    ['on: push', true],
    ['on: [pull_request, push]', true],
    ['"on":\n  push:', true],
    ['%YAML 1.1\n---\non:\n  push: {branches: [main]}', true],
    ['on:\n  push:\n    branches: ["ma*"]', true],
    ['on:\n  push:\n    branches: ["**", "!main"]', false],
    ['on:\n  push:\n    branches-ignore: [main]', false],
    ['on:\n  push:\n    tags: ["v*"]', false],
    ['on: pull_request', false],
    ['on:\n  push:\n    branches: [maintenance]', false],
  ])('%s starts on a push to main: %s', async (on, expected) => {
    const {started} = leadOf(await read(`${on}\njobs:\n  a:\n    steps: [{run: gcloud run deploy x}]\n`), 'main')
    expect(started.length > 0).toBe(expected)
  })

  const run = (job: string) => `on: {push: {branches: [main, develop]}}\njobs:\n${job}`
  test.each([
    [
      'a condition per job',
      run(
        "  a:\n    if: github.ref == 'refs/heads/main'\n    environment: production\n    steps: [{run: gcloud run deploy x}]\n  b:\n    if: github.ref == 'refs/heads/develop'\n    environment: {name: staging}\n    steps: [{run: gcloud run deploy x}]\n",
      ),
    ],
    [
      'a shell',
      run(
        '  a:\n    steps:\n      - run: |\n          if [ "$GITHUB_REF_NAME" = "main" ]; then\n            ENV=prod\n          else\n            ENV=staging\n          fi\n          gcloud run deploy "qlogic-$ENV-backend"\n',
      ),
    ],
    [
      'a case',
      run(
        '  a:\n    steps:\n      - run: |\n          case "$GITHUB_REF_NAME" in\n            main) ENV=prod ;;\n            develop) ENV=staging ;;\n          esac\n          gcloud run deploy x\n',
      ),
    ],
    [
      'what one step tells the next',
      run(
        '  a:\n    steps:\n      - run: |\n          if [[ "$GITHUB_REF" == refs/heads/main ]]; then\n            echo "DEPLOY_ENV=production" >> "$GITHUB_ENV"\n          else\n            echo "DEPLOY_ENV=staging" >> "$GITHUB_ENV"\n          fi\n      - run: gcloud run deploy x\n',
      ),
    ],
    [
      'the output of a job',
      run(
        "  pick:\n    outputs: {env: \"${{ steps.p.outputs.env }}\"}\n    steps:\n      - id: p\n        run: echo \"env=${{ github.ref_name == 'main' && 'production' || 'staging' }}\" >> $GITHUB_OUTPUT\n  a:\n    needs: pick\n    environment: ${{ needs.pick.outputs.env }}\n    steps: [{run: gcloud run deploy x}]\n",
      ),
    ],
    [
      'the names of the services',
      run(
        "  a:\n    if: github.ref_name == 'main'\n    steps: [{run: gcloud run deploy web-prod --region x}]\n  b:\n    if: github.ref_name != 'main'\n    steps: [{run: gcloud run deploy web-staging --region x}]\n",
      ),
    ],
    [
      'folders of Kubernetes',
      run(
        "  a:\n    if: github.ref_name == 'main'\n    steps: [{run: kubectl apply -k k8s/overlays/prod}]\n  b:\n    if: github.ref_name == 'develop'\n    steps: [{run: kubectl apply -k k8s/overlays/staging}]\n",
      ),
    ],
    [
      'a job that somebody approves before it',
      run(
        "  gate:\n    environment: ${{ github.ref_name == 'main' && 'production' || 'staging' }}\n    steps: [{run: echo}]\n  a:\n    needs: gate\n    steps: [{run: gcloud run deploy x}]\n",
      ),
    ],
  ])('that maps branches by %s is understood', async (_, source) => {
    expect(await leads(source, 'main')).toEqual(['prod'])
    expect(await leads(source, 'develop')).toEqual(['staging'])
  })

  const caller = run(
    "  a:\n    uses: ./.github/workflows/_deploy.yml\n    with:\n      environment: ${{ github.ref_name == 'main' && 'production' || 'staging' }}\n",
  )
  const called =
    'on:\n  workflow_call:\n    inputs:\n      environment: {type: string}\njobs:\n  d:\n    environment: ${{ inputs.environment }}\n    steps: [{uses: "google-github-actions/deploy-cloudrun@v3"}]\n'

  test('is followed to what it calls', async () => {
    expect(await leads(caller, 'develop', {'.github/workflows/_deploy.yml': called})).toEqual(['staging'])
    const alone = leadOf(await read(caller), 'develop')
    expect(alone.started).toEqual([])
    expect(alone.unread).toMatchObject({actual: 'there is no workflow .github/workflows/_deploy.yml'})
  })

  test('is followed to what it calls elsewhere no further', async () => {
    const lead = leadOf(await read(caller.replace('./.github', 'acme/shared/.github').replace('_deploy.yml', '_deploy.yml@v1')), 'main')
    expect(lead).toMatchObject({started: [], unread: {line: 4}})
  })

  test('that starts when another one is done leads where that one was pushed', async () => {
    const deploy =
      'on:\n  workflow_run: {workflows: [CI], branches: [main], types: [completed]}\njobs:\n  a:\n    environment: production\n    steps: [{run: gcloud run deploy x}]\n'
    expect(await leads(`name: CI\n${run('  t:\n    steps: [{run: pytest}]\n')}`, 'main', {[path]: deploy})).toEqual(['prod'])
    expect(leadOf(await read(`name: CI\n${run('  t:\n    steps: [{run: pytest}]\n')}`, {[path]: deploy}), 'develop').started).toEqual([])
    expect(leadOf(await read(run('  t:\n    steps: [{run: pytest}]\n'), {[path]: deploy}), 'main').started).toEqual([])
  })

  test.each([
    ['on: push', "github.ref_name == 'main' && 'production' || 'staging'", 'release/1', ['staging']],
    ['on: push', "github.ref_name == 'release/1' && 'production' || 'staging'", 'release/1', ['prod']],
    ['on: {push: {branches: ["release/**"]}}', "'production'", 'release/1', []],
  ])('%s with %s on %s leads to %o', async (on, environment, branch, expected) => {
    const source = `${on}\njobs:\n  a:\n    environment: \${{ ${environment} }}\n    steps: [{run: gcloud run deploy x}]\n`
    const lead = leadOf(await read(source), branch)
    expect([...lead.environments]).toEqual(expected)
    // Which jobs a pattern's branch runs was not worked out: nothing is said of it.
    expect(lead.unread === undefined).toBe(expected.length > 0)
  })

  test('that is named after its environment leads there, where nothing else is said', async () => {
    const deploy = (name: string, branch: string) =>
      `name: Deploy to ${name}\non: {push: {branches: [${branch}]}}\njobs:\n  a:\n    steps: [{run: gcloud run deploy x}]\n`
    const more = {'.github/workflows/y.yml': deploy('staging', 'develop')}
    expect(await leads(deploy('production', 'main'), 'main', more)).toEqual(['prod'])
    expect(await leads(deploy('production', 'main'), 'develop', more)).toEqual(['staging'])
  })

  test('of which the environment may be either is not taken for both', async () => {
    const source = run(
      "  a:\n    environment: ${{ contains(github.event.head_commit.message, 'x') && 'production' || 'staging' }}\n    steps: [{run: gcloud run deploy x}]\n",
    )
    const lead = leadOf(await read(source), 'main')
    expect([...lead.environments]).toEqual([])
    expect(lead.dynamic).toMatchObject({file: '.github/workflows/x.yml'})
  })

  test('that only plans, prints or tries deploys nothing', async () => {
    const lead = leadOf(
      await read(
        run(
          '  a:\n    environment: production\n    steps:\n      - run: echo gcloud run deploy x\n      - run: kubectl apply --dry-run=client -f k8s\n      - run: terraform plan\n',
        ),
      ),
      'main',
    )
    expect(lead).toEqual({environments: new Set(), started: []})
  })

  test('that is broken, or bombs, is no workflow', async () => {
    expect((await read('on: [push')).workflows).toEqual([])
    expect((await read('- a')).workflows).toEqual([])
    const bomb = `a: &a [x]\n${Array.from('bcdefghij')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(',')}]`)
      .join('\n')}\non: push\njobs:\n  a:\n    steps: [{run: gcloud run deploy x}]\n`
    expect(leadOf(await read(bomb), 'main').started).toHaveLength(1)
  })

  test('shows where it is wrong', async () => {
    const {evidence} = branchDeployment.evaluate(
      await text((whole) => whole.replace('--image="$IMAGE"', '--update-env-vars=ENVIRONMENT=prod')),
      context(config),
    )
    expect(evidence).toMatchObject([{file: path, line: 18, actual: 'prod'}])
  })

  const deploying = (...lines: string[]) =>
    read(run(`  a:\n    steps:\n      - run: |\n${lines.map((line) => `          ${line}\n`).join('')}`))
  test('other services are those that can have no other name', async () => {
    const names = ['qlogic-prod-backend', 'qlogic-prod-frontend']
    const found = otherServices(
      await deploying(
        'gcloud run deploy --region x qlogic-prod-backend',
        'gcloud run deploy "qlogic-$TARGET-frontend"',
        'gcloud run deploy "$SERVICE"',
        'gcloud run deploy "qlogic-$TARGET-api"',
        'gcloud run services update other --image=y',
      ),
      'main',
      names,
    )
    expect(found.map(({line, actual}) => `${line} ${actual}`)).toEqual(['9 qlogic-$TARGET-api', '10 other'])
  })

  test('names of environments are seen where the application is given them', async () => {
    const found = otherEnvironmentNames(
      await deploying(
        'ENVIRONMENT=prod terraform plan',
        'gcloud run deploy x --update-env-vars=A=b,ENVIRONMENT=dev',
        'gcloud run deploy x --update-env-vars=ENVIRONMENT=production',
        'kubectl set env deployment/api ENVIRONMENT=stage',
      ),
    )
    expect(found.map(({line, actual}) => `${line} ${actual}`)).toEqual(['7 dev', '9 stage'])
  })

  test('a deployment that replaces all variables is bare without the rest', async () => {
    const found = bareDeployments(
      await deploying(
        'gcloud run deploy x --set-env-vars=A=b',
        'gcloud run deploy x --env-vars-file env.yaml --subnet s --service-account a --update-secrets S=s:1',
        'gcloud run deploy x --set-env-vars=A=b $DEPLOY_FLAGS',
        'gcloud run deploy x --update-env-vars=A=b',
      ),
      'main',
    )
    expect(found.map(({line, actual}) => `${line} ${actual}`)).toEqual(['6 without --network, --service-account, --set-secrets'])
  })
})
