import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {stringify} from 'yaml'
import type {PlannedChange} from '../../src/engine/change.ts'
import type {ItemResult} from '../../src/engine/result.ts'
import {openRun} from '../../src/run-context.ts'
import {writeDemoRepository} from '../../src/demo-repository.ts'
import {openFolder, projectId} from '../support/folder.ts'
import {useOwnDocker} from '../support/programs.ts'
import {openSimulator} from '../support/simulator.ts'
import {setUpAs} from '../support/walked-cloud.ts'

type Environment = 'dev' | 'staging' | 'prod'
type Parameters = Readonly<Record<string, unknown>>
const never = new AbortController().signal

/** An empty cloud and a folder with these parameters; `repository`: the folder holds a workflow as well. */
const afresh = async (env: Environment, parameters: Parameters, {repository}: {repository: boolean}) => {
  const cloud = await openSimulator({operationTimeMs: 0})
  const cwd = await openFolder()
  useOwnDocker(cwd)
  await writeFile(join(cwd, 'qlogic.yaml'), stringify({schemaVersion: 1, environments: {[env]: {projectId, ...parameters}}}))
  if (repository) await writeDemoRepository(cwd)
  const setUpAll = async (accepts: boolean) =>
    setUpAs(await openRun({cwd, env, sandbox: false, endpoint: cloud.url, insecureEndpoint: false, signal: never}), [], () => accepts)
  const act = (name: string) =>
    cloud.call('POST', `/sandbox/v1/acts/${name}`, {projectId, region: 'us-central1', repository: 'qlogic', env, ...everything})
  return {cloud, setUpAll, act}
}

const everything = {domain: 'qlogic.acme.example', notificationEmail: 'ops@acme.example', githubRepo: 'acme/q-logic'}

const unasked = (changes: readonly PlannedChange[]) => changes.filter(({consent}) => consent === undefined).map(({id}) => id)
const statusOf = (results: readonly ItemResult[], id: string) => results.find((one) => one.id === id)?.finding.status
const left = (results: readonly ItemResult[]) =>
  results
    .filter(({built, finding}) => built && !['pass', 'not_applicable'].includes(finding.status))
    .map(({id, finding}) => `${finding.status} ${id} ${finding.code}`)

/** Below the recommendation by the plan's own choice, or by a default of Google's that only a deletion could mend. */
const always = [
  'warn project.terraform-sa-roles TERRAFORM_ROLES_SEED_PROFILE',
  'warn project.no-primitive-roles PRIMITIVE_ROLES_TERRAFORM',
  'warn network.no-default-network DEFAULT_NETWORK_OPEN',
]
/** What only the application's own deployment into the cluster brings. */
const deployed = ['manual compute.gke-sql-auth SQL_AUTH_NOTHING_DEPLOYED', 'warn compute.gke-namespaces NAMESPACES_SHARE_CLUSTER']
const gateway = [
  'manual dns.domain-delegated DOMAIN_WAITS_FOR_GATEWAY',
  'manual dns.load-balancer LOAD_BALANCER_GATEWAY_MISSING',
  'manual dns.managed-certificate CERTIFICATE_BY_GATEWAY',
  'blocked dns.https-hardening BLOCKED',
  'blocked dns.cloud-armor BLOCKED',
]

describe.each<{env: Environment; on: string; parameters: Parameters; remains?: readonly string[]}>([
  {env: 'prod', on: 'Cloud Run', parameters: {}},
  {env: 'prod', on: 'Cloud Run through a connector', parameters: {vpcAccess: 'connector'}},
  {env: 'prod', on: 'GKE', parameters: {compute: 'gke-autopilot'}, remains: [...deployed, ...gateway]},
  {env: 'staging', on: 'Cloud Run', parameters: {}},
  {env: 'staging', on: 'GKE', parameters: {compute: 'gke-autopilot'}, remains: deployed},
  {env: 'dev', on: 'Cloud Run', parameters: {}},
  {env: 'dev', on: 'GKE', parameters: {compute: 'gke-autopilot'}, remains: deployed},
])('from an empty project: $env on $on', {timeout: 60_000}, ({env, parameters, remains = []}) => {
  test('with nothing but defaults nothing fails, and a second set-up plans nothing', async () => {
    const {setUpAll} = await afresh(env, parameters, {repository: false})
    const {results} = await setUpAll(false)
    expect(left(results).filter((line) => !/^(manual|blocked|warn) /.test(line))).toEqual([])
    const blockers = results.flatMap(({blockedBy}) => blockedBy)
    for (const id of blockers) expect([id, statusOf(results, id)]).toEqual([id, expect.stringMatching(/^(manual|blocked)$/)])
    expect(unasked((await setUpAll(false)).planned)).toEqual([])
  })

  test('with every parameter, and people doing their part, everything holds', async () => {
    const {setUpAll, act} = await afresh(env, {...parameters, ...everything}, {repository: true})
    await setUpAll(true)
    await act('push-images')
    await act('require-reviewers')
    await setUpAll(true)
    if (env === 'prod' && parameters['compute'] === undefined) await act('point-domain')
    await setUpAll(true)
    const last = await setUpAll(true)
    expect(last.planned.map(({id}) => id)).toEqual([])
    expect(left(last.results).toSorted()).toEqual([...always, ...remains].toSorted())
  })
})
