import {rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {deployWorkflow} from '../../../src/demo-repository.ts'
import {editPolicy, withMember, without} from '../../support/simulator.ts'
import {applyAll, type Walked} from '../../support/walked-cloud.ts'
import {deletes, p, person, terraform, type BadState} from './bad-state.ts'

type Make = NonNullable<BadState['make']>

const pools = `/iam/v1/projects/${p}/locations/global/workloadIdentityPools`
const pool = `${pools}/github-pool`
const provider = `${pool}/providers/github-provider`
const patchProvider =
  (mask: string, body: object): Make =>
  ({cloud}) =>
    cloud.call('PATCH', `${provider}?updateMask=${mask}`, body)
const condition = (text: string) => patchProvider('attributeCondition', {attributeCondition: text})
const user = 'roles/iam.workloadIdentityUser'
const bound = z.object({bindings: z.array(z.object({role: z.string(), members: z.array(z.string())}))})
/** Who of the repository may act as the Terraform account. */
const principal = async ({cloud}: Walked): Promise<string> => {
  const policy = bound.parse(await cloud.call('POST', `/iam/v1/projects/${p}/serviceAccounts/${terraform}:getIamPolicy`))
  return policy.bindings.find(({role}) => role === user)?.members[0] ?? ''
}
const editAccount = ({cloud}: Walked, edit: Parameters<typeof editPolicy>[3]) => editPolicy(cloud, 'service-account', terraform, edit)

const repo = '/github/repos/acme/q-logic'
const at =
  (method: string, path: string, body?: object): Make =>
  ({cloud}) =>
    cloud.call(method, `${repo}${path}`, body)
const storeKey: Make = async ({cloud}) => {
  const {key_id: id} = z.object({key_id: z.string()}).parse(await cloud.call('GET', `${repo}/actions/secrets/public-key`))
  await cloud.call('PUT', `${repo}/actions/secrets/TF_KEY_JSON`, {encrypted_value: Buffer.alloc(80).toString('base64'), key_id: id})
}
const workflow =
  (edit: (text: string) => string): Make =>
  ({folder}) =>
    writeFile(join(folder, '.github', 'workflows', 'deploy.yml'), edit(deployWorkflow))

const act = ({cloud}: Walked, name: string, body: object) => cloud.call('POST', `/sandbox/v1/acts/${name}`, {projectId: p, ...body})
/** Cloud Build needs an API that GitHub Actions does not. */
const begun = async (walked: Walked) => applyAll(await walked.open(), ['project.apis-enabled'])
const pending = async (walked: Walked) => {
  await begun(walked)
  await applyAll(await walked.open(), ['cicd.cloudbuild-trigger'])
}
const consented = async (walked: Walked) => {
  await pending(walked)
  await act(walked, 'connect-github', {region: 'us-central1'})
}
const built = async (walked: Walked) => {
  await consented(walked)
  await applyAll(await walked.open(), ['cicd.cloudbuild-trigger'])
}
const triggers = `/cloudbuild/v1/projects/${p}/locations/us-central1/triggers`
const trigger = `${triggers}/qlogic-main`
const connection = `/cloudbuild/v2/projects/${p}/locations/us-central1/connections/qlogic-github`
const ci = `qlogic-ci@${p}.iam.gserviceaccount.com`
const onceBuilt =
  (change: (walked: Walked) => Promise<unknown>): Make =>
  async (walked) => {
    await built(walked)
    await change(walked)
  }
const editTrigger = (mask: string, body: object) => onceBuilt(({cloud}) => cloud.call('PATCH', `${trigger}?updateMask=${mask}`, body))

const wif = {item: 'cicd.wif', from: 'cicd'} as const
const secret = {item: 'cicd.github-secret', from: 'cicd'} as const
const branch = {item: 'cicd.branch-deployment', from: 'cicd'} as const
const withBuild = {from: 'project', parameters: {ci: 'cloud-build'}} as const
const build = {item: 'cicd.cloudbuild-trigger', ...withBuild} as const
const byPerson = {is: 'manual', ends: 'manual', because: person} as const
const unchosen = {from: 'project', parameters: {githubRepo: null}, ...byPerson} as const
const unwritten = {ends: 'fail', because: 'workflows are not written by setup'} as const
const browser = {ends: 'manual', because: 'a person consents in a browser'} as const

export const cicdStates: readonly BadState[] = [
  {...wif, when: 'there is nothing', from: 'project'},
  {...wif, when: 'no repository is chosen', ...unchosen},
  {...wif, when: 'the pool was deleted', make: ({cloud}) => cloud.call('DELETE', pool)},
  {
    ...wif,
    when: 'provider and pool were deleted',
    make: async ({cloud}) => {
      await cloud.call('DELETE', provider)
      await cloud.call('DELETE', pool)
    },
  },
  {...wif, when: 'the provider was deleted', make: ({cloud}) => cloud.call('DELETE', provider)},
  {...wif, when: 'the pool was disabled', make: ({cloud}) => cloud.call('PATCH', `${pool}?updateMask=disabled`, {disabled: true})},
  {...wif, when: 'the provider was disabled', make: patchProvider('disabled', {disabled: true})},
  {...wif, when: 'it trusts another issuer', make: patchProvider('oidc.issuerUri', {oidc: {issuerUri: 'https://ci.example.com'}})},
  {
    ...wif,
    when: 'the repository is not mapped any more',
    make: patchProvider('attributeMapping', {attributeMapping: {'google.subject': 'assertion.sub'}}),
  },
  {
    ...wif,
    when: 'the actor passes for the repository',
    make: patchProvider('attributeMapping', {
      attributeMapping: {'google.subject': 'assertion.sub', 'attribute.repository': 'assertion.actor'},
    }),
  },
  {
    ...wif,
    when: 'the condition is gone and the issuer another',
    make: patchProvider('oidc.issuerUri,attributeCondition', {oidc: {issuerUri: 'https://ci.example.com'}}),
  },
  {...wif, when: 'the condition lets in all of the owner', make: condition("assertion.repository_owner == 'acme'")},
  {
    ...wif,
    when: 'the condition has another way in',
    make: condition("assertion.repository == 'acme/q-logic' || assertion.actor == 'eve'"),
  },
  {
    ...wif,
    when: 'it lets in develop only',
    make: condition("assertion.repository == 'acme/q-logic' && assertion.ref == 'refs/heads/develop'"),
  },
  {...wif, when: 'it lets in any branch', make: condition("assertion.repository == 'acme/q-logic'"), is: 'warn'},
  {
    ...wif,
    when: 'it knows the repository by name only',
    make: condition("assertion.repository == 'acme/q-logic' && assertion.ref == 'refs/heads/main'"),
    is: 'warn',
  },
  {
    ...wif,
    when: 'a second provider trusts another issuer',
    make: ({cloud}) =>
      cloud.call('POST', `${pool}/providers?workloadIdentityPoolProviderId=other-ci`, {
        oidc: {issuerUri: 'https://ci.example.com'},
        attributeMapping: {'google.subject': 'assertion.sub', 'attribute.repository': 'assertion.project'},
      }),
  },
  {...wif, when: 'the binding is gone', make: async (walked) => editAccount(walked, without(user, await principal(walked)))},
  {
    ...wif,
    when: 'the whole pool is bound',
    make: async (walked) => editAccount(walked, withMember(user, (await principal(walked)).replace(/\/attribute\..*$/, '/*'))),
  },
  {
    ...wif,
    when: 'the id of the project is bound as well',
    make: async (walked) => editAccount(walked, withMember(user, (await principal(walked)).replace(/projects\/\d+/, `projects/${p}`))),
    is: 'warn',
    ends: 'warn',
    because: 'it never matches anybody, and qlogic takes away only what lets somebody in',
  },

  {...secret, when: 'nothing is set', from: 'project'},
  {...secret, when: 'no repository is chosen', ...unchosen},
  {...secret, when: 'a name was taken out', make: at('DELETE', '/actions/secrets/WIF_PROVIDER')},
  {...secret, when: 'the variable names another project', make: at('PATCH', '/actions/variables/GCP_PROJECT_ID', {value: 'acme-old'})},
  {...secret, when: 'a key came back', make: storeKey, is: 'warn', ends: 'warn', because: deletes},
  {...secret, when: 'keys are allowed and there is neither', from: 'project', parameters: {allowSaKey: true}},

  {...branch, when: 'no repository is chosen', ...unchosen},
  {
    ...branch,
    when: 'the application is not here',
    make: ({folder}) => rm(join(folder, '.github'), {recursive: true}),
    is: 'manual',
    ends: 'manual',
    because: 'its workflows cannot be read',
  },
  {
    ...branch,
    when: 'develop was deleted',
    make: at('DELETE', '/git/refs/heads/develop'),
    ends: 'fail',
    because: 'where a branch begins is for people to choose',
  },
  {
    ...branch,
    when: 'main lost its protection',
    make: at('DELETE', '/branches/main/protection'),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
  {
    ...branch,
    when: 'any branch may deploy to production',
    make: at('PUT', '/environments/production', {reviewers: [{type: 'User', id: 7}], deployment_branch_policy: null}),
    is: 'warn',
  },
  {
    ...branch,
    when: 'nobody approves any more',
    make: at('PUT', '/environments/production', {
      deployment_branch_policy: {protected_branches: false, custom_branch_policies: true},
    }),
    is: 'warn',
    ends: 'warn',
    because: person,
  },
  {...branch, when: 'develop deploys nowhere', make: workflow((text) => text.replace('[main, develop]', '[main]')), ...unwritten},
  {...branch, when: 'main deploys to staging', make: workflow((text) => text.replaceAll("== 'main'", "== 'develop'")), ...unwritten},
  {
    ...branch,
    when: 'the services have other names',
    make: workflow((text) => text.replaceAll(/qlogic-\$TARGET-(\w+)/g, 'qlogic-$1-$TARGET')),
    is: 'warn',
    ...unwritten,
    ends: 'warn',
  },
  {
    ...branch,
    when: 'the application is told prod',
    make: workflow((text) => text.replace('--image="$IMAGE"', '--update-env-vars=ENVIRONMENT=prod')),
    is: 'warn',
    ...unwritten,
    ends: 'warn',
  },
  {...branch, ...withBuild, when: 'Cloud Build waits for a person', make: pending, is: 'manual', ...browser},
  {
    ...branch,
    ...withBuild,
    when: 'its trigger also starts for maintenance',
    make: editTrigger('repositoryEventConfig.push.branch', {repositoryEventConfig: {push: {branch: 'main'}}}),
  },
  {...branch, ...withBuild, when: 'its trigger was disabled', make: editTrigger('disabled', {disabled: true})},
  {...branch, ...withBuild, when: 'its trigger was deleted', make: onceBuilt(({cloud}) => cloud.call('DELETE', trigger))},

  {...build, when: 'there is nothing, until a person consents', make: begun, ...browser},
  {...build, when: 'the person has consented', make: consented},
  {...build, when: 'no repository is chosen', parameters: {ci: 'cloud-build', githubRepo: null}, make: begun, ...byPerson},
  {
    ...build,
    when: 'the connection was disabled',
    make: onceBuilt(({cloud}) => cloud.call('PATCH', `${connection}?updateMask=disabled`, {disabled: true})),
  },
  {
    ...build,
    when: 'the token was revoked',
    make: onceBuilt(({cloud}) => cloud.call('PATCH', `${connection}?updateMask=githubConfig`, {githubConfig: {}})),
    is: 'manual',
    ...browser,
  },
  {...build, when: 'its trigger was disabled', make: editTrigger('disabled', {disabled: true})},
  {...build, when: 'it builds as the default account', make: editTrigger('serviceAccount', {}), is: 'warn'},
  {
    ...build,
    when: 'the repository was unlinked',
    make: onceBuilt(async ({cloud}) => {
      await cloud.call('DELETE', trigger)
      await cloud.call('DELETE', `${connection}/repositories/q-logic`)
    }),
  },
  {
    ...build,
    when: 'a first-generation trigger stands beside it',
    make: onceBuilt(async (walked) => {
      await act(walked, 'map-repository', {githubRepo: 'acme/q-logic'})
      await walked.cloud.call('POST', triggers, {
        name: 'old',
        filename: 'cloudbuild.yaml',
        serviceAccount: `projects/${p}/serviceAccounts/${ci}`,
        github: {owner: 'acme', name: 'q-logic', push: {branch: '^main$'}},
      })
    }),
    is: 'warn',
    ends: 'warn',
    because: deletes,
  },
  {
    ...build,
    when: 'its account was deleted',
    make: onceBuilt(({cloud}) => cloud.call('DELETE', `/iam/v1/projects/${p}/serviceAccounts/${ci}`)),
  },
  {
    ...build,
    when: 'its account lost a role',
    make: onceBuilt(({cloud}) => editPolicy(cloud, 'project', p, without('roles/run.developer', `serviceAccount:${ci}`))),
  },
]
