import {relative, resolve, sep} from 'node:path'

/** Where a workflow's run stands: the repository's folder below the checkout, and where GitHub shows the files of the commit. */
export type Checkout = {below: string; blob: string}

/** What GitHub Actions says of itself in the environment; both are empty anywhere else. `commit`: of the app repository, when known. */
export const checkoutOf = (
  env: Readonly<Record<string, string | undefined>>,
  repo: {root: string; commit: string} | undefined,
): Checkout => {
  if (env['GITHUB_ACTIONS'] !== 'true' || repo === undefined) return {below: '', blob: ''}
  const {GITHUB_WORKSPACE: workspace = '', GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '', GITHUB_SHA: sha = ''} = env
  const path = workspace === '' ? '' : relative(workspace, resolve(repo.root))
  const inside = path !== '..' && !path.startsWith(`..${sep}`)
  const commit = repo.commit === '' ? sha : repo.commit
  const known =
    inside && /^https:\/\/[\w.-]+(:\d+)?$/.test(server) && /^[\w.-]+\/[\w.-]+$/.test(repository) && /^[0-9a-f]{40,64}$/.test(commit)
  return {below: inside ? path.split(sep).join('/') : '', blob: known ? `${server}/${repository}/blob/${commit}` : ''}
}
