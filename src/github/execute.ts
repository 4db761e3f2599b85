import {z} from 'zod'
import type {ExecuteHooks, Receipt} from '../engine/apply.ts'
import type {GitHubWrite, Request} from '../engine/change.ts'
import {GcpError} from '../gcp/gcp-error.ts'
import {ifFound} from '../gcp/reads.ts'
import {list, parseReply} from '../gcp/replies.ts'
import {githubClient, placeOf, type GitHubAccess} from './client.ts'
import {seal} from './seal.ts'

export type GitHubRequest = Extract<Request, {kind: 'github'}>

const keyReply = z.object({key_id: z.string(), key: z.string()})
const environmentReply = z.object({
  protection_rules: list(
    z.object({
      type: z.string(),
      wait_timer: z.number().optional(),
      prevent_self_review: z.boolean().optional(),
      reviewers: list(z.object({type: z.string(), reviewer: z.object({id: z.number()})})),
    }),
  ),
})
const policiesReply = z.object({branch_policies: list(z.object({name: z.string()}))})

type Send = (route: string, permission: string, params?: Readonly<Record<string, unknown>>) => Promise<unknown>

const names = {secret: 'Secrets (write)', variable: 'Variables (write)', environment: 'Administration (write)'}

/**
 * Writes one setting of a repository at GitHub. Sending it twice changes nothing more.
 * @throws GcpError also without a token
 */
export const executeGitHub = async (
  access: GitHubAccess,
  {repository, write}: GitHubRequest,
  {signal, projectNumber}: Pick<ExecuteHooks, 'signal'> & {projectNumber: () => Promise<string>},
): Promise<Receipt> => {
  const client = githubClient(access)
  if (client === undefined) {
    const detail = 'there is no token for GitHub any more; set GITHUB_TOKEN'
    throw new GcpError({kind: 'unauthenticated', method: `GitHub ${write.of} ${write.name}`, detail})
  }
  const send: Send = (route, permission, params = {}) =>
    client({route: route.replace(' ', ' /repos/{owner}/{repo}'), permission, signal, params: {...placeOf(repository), ...params}})
  const received = await carryOut(send, write, projectNumber)
  return {sent: {repository, of: write.of, name: write.name}, received}
}

const carryOut = async (send: Send, write: GitHubWrite, projectNumber: () => Promise<string>): Promise<{of: string; name: string}> => {
  const {of, name} = write
  const permission = names[of]
  if (write.of === 'environment') {
    await restrict(send, write, permission)
    return {of, name}
  }
  const token = '{projectNumber}'
  const value = write.value.includes(token) ? write.value.replaceAll(token, await projectNumber()) : write.value
  if (write.of === 'secret') {
    const key = parseReply(keyReply, await send('GET /actions/secrets/public-key', permission), 'GitHub public key')
    const sealed = {encrypted_value: await seal(value, key.key), key_id: key.key_id}
    await send('PUT /actions/secrets/{secret_name}', permission, {secret_name: name, ...sealed})
    return {of, name}
  }
  const there = await ifFound(send('GET /actions/variables/{name}', permission, {name}))
  if (there === undefined) await send('POST /actions/variables', permission, {name, value})
  else await send('PATCH /actions/variables/{name}', permission, {name, value})
  return {of, name}
}

/** What is not sent along is reset: rules that others set go back as they came. */
const restrict = async (send: Send, {name, branches}: Extract<GitHubWrite, {of: 'environment'}>, permission: string): Promise<void> => {
  const environment = {environment_name: name}
  const found = await ifFound(send('GET /environments/{environment_name}', permission, environment))
  const rules = found === undefined ? [] : parseReply(environmentReply, found, 'GitHub environment').protection_rules
  const timer = rules.find(({type}) => type === 'wait_timer')?.wait_timer
  const approval = rules.find(({type}) => type === 'required_reviewers')
  await send('PUT /environments/{environment_name}', permission, {
    ...environment,
    ...(timer === undefined ? {} : {wait_timer: timer}),
    ...(approval === undefined
      ? {}
      : {
          prevent_self_review: approval.prevent_self_review ?? false,
          reviewers: approval.reviewers.map(({type, reviewer}) => ({type, id: reviewer.id})),
        }),
    deployment_branch_policy: {protected_branches: false, custom_branch_policies: true},
  })
  const place = '/environments/{environment_name}/deployment-branch-policies'
  const there = parseReply(policiesReply, await send(`GET ${place}`, permission, environment), 'GitHub branch policies').branch_policies
  for (const branch of branches)
    if (!there.some((one) => one.name === branch)) await send(`POST ${place}`, permission, {...environment, name: branch})
}
