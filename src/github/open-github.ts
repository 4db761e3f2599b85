import {z} from 'zod'
import {GcpError} from '../gcp/gcp-error.ts'
import {memoised} from '../gcp/reads.ts'
import {list, parseReply} from '../gcp/replies.ts'
import {githubClient, placeOf, type GitHubAccess} from './client.ts'
import type {GitHub, GitHubEnvironment} from './github.ts'

const number = z.number().transform(String)
const repositoryReply = z
  .object({id: number, full_name: z.string(), owner: z.object({id: number})})
  .transform(({id, full_name: fullName, owner}) => ({id, fullName, ownerId: owner.id}))
const branchReply = z.object({name: z.string(), protected: z.boolean()})
const secretsReply = z.object({secrets: list(z.object({name: z.string(), updated_at: z.string()}))})
const variablesReply = z.object({variables: list(z.object({name: z.string(), value: z.string()}))})
const policy = z.object({protected_branches: z.boolean(), custom_branch_policies: z.boolean()}).nullish()
const environmentsReply = z.object({
  environments: list(z.object({name: z.string(), protection_rules: list(z.object({type: z.string()})), deployment_branch_policy: policy})),
})
const policiesReply = z.object({branch_policies: list(z.object({name: z.string()}))})

const perPage = 100
const mostPages = 20

/** Reads of GitHub; undefined without a token in the environment, which it would need. */
export const openGitHub = (access: GitHubAccess): GitHub | undefined => {
  const send = githubClient(access)
  if (send === undefined) return undefined

  const read = async <T>(repository: string, route: string, permission: string, schema: z.ZodType<T>, more = {}): Promise<T> =>
    parseReply(
      schema,
      await send({route: `GET /repos/{owner}/{repo}${route}`, params: {...placeOf(repository), ...more}, permission}),
      `GitHub ${route}`,
    )
  const readAll = async <P, T>(
    repository: string,
    route: string,
    permission: string,
    schema: z.ZodType<P>,
    items: (page: P) => readonly T[],
    more = {},
  ): Promise<T[]> => {
    const all: T[] = []
    for (let page = 1; page <= mostPages; page++) {
      const found = items(await read(repository, route, permission, schema, {...more, per_page: perPage, page}))
      all.push(...found)
      if (found.length < perPage) break
    }
    return all
  }
  /** Not there, or not visible: GitHub says the same to both. */
  const visible = async <T>(reading: Promise<T>): Promise<T> => {
    try {
      return await reading
    } catch (error) {
      if (error instanceof GcpError && error.kind === 'not_found') throw error.but({kind: 'permission'})
      throw error
    }
  }

  const repository = memoised((name: string) => visible(read(name, '', 'Metadata (read)', repositoryReply)))
  const environmentOf = async (
    name: string,
    {
      name: environment,
      protection_rules: rules,
      deployment_branch_policy: branches,
    }: z.infer<typeof environmentsReply>['environments'][number],
  ): Promise<GitHubEnvironment> => ({
    name: environment,
    approval: rules.some(({type}) => type === 'required_reviewers'),
    branches:
      branches === null || branches === undefined
        ? undefined
        : branches.protected_branches
          ? 'protected'
          : (
              await readAll(
                name,
                '/environments/{environment_name}/deployment-branch-policies',
                'Actions (read)',
                policiesReply,
                (page) => page.branch_policies,
                {environment_name: environment},
              )
            ).map((one) => one.name),
  })
  return {
    repository,
    branch: memoised(async (name: string, branch: string) => {
      await repository(name)
      try {
        return await read(name, '/branches/{branch}', 'Contents (read)', branchReply, {branch})
      } catch (error) {
        if (error instanceof GcpError && error.kind === 'not_found') return undefined
        throw error
      }
    }),
    secrets: memoised(async (name: string) =>
      (await visible(readAll(name, '/actions/secrets', 'Secrets (read)', secretsReply, (page) => page.secrets))).map((secret) => ({
        name: secret.name,
        updatedAt: secret.updated_at,
      })),
    ),
    variables: memoised((name: string) =>
      visible(readAll(name, '/actions/variables', 'Variables (read)', variablesReply, (page) => page.variables)),
    ),
    environments: memoised(async (name: string) => {
      const found = await visible(readAll(name, '/environments', 'Actions (read)', environmentsReply, (page) => page.environments))
      return Promise.all(found.map((one) => environmentOf(name, one)))
    }),
  }
}
