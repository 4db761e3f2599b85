/**
 * What a check sees of a repository at GitHub, by `owner/name`. Every read is made once per round and throws `GcpError` where it could not
 * be determined; a repository that is not there and one that the token may not see are the same to GitHub, and both are that error.
 */
export type GitHub = {
  repository(repository: string): Promise<GitHubRepository>
  branch(repository: string, branch: string): Promise<GitHubBranch | undefined>
  /** Names and times; GitHub gives no values. */
  secrets(repository: string): Promise<readonly {name: string; updatedAt: string}[]>
  variables(repository: string): Promise<readonly {name: string; value: string}[]>
  environments(repository: string): Promise<readonly GitHubEnvironment[]>
}

/** Numbers that stay when a name changes hands. */
export type GitHubRepository = {fullName: string; id: string; ownerId: string}
export type GitHubBranch = {name: string; protected: boolean}
export type GitHubEnvironment = {
  name: string
  /** Somebody has to approve a deployment. */
  approval: boolean
  /** Patterns of the branches that may deploy; `protected`: all protected ones; undefined: any. */
  branches: readonly string[] | 'protected' | undefined
}
