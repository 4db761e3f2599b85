import type {Api, JsonObject, Request, World} from '../api.ts'
import {text} from '../json.ts'
import {actionsRoutes} from '../github/actions.ts'
import {branchRoutes} from '../github/branches.ts'
import {environmentRoutes} from '../github/environments.ts'
import {repositoryOf} from '../github/repositories.ts'

const get = (request: Request, world: World): JsonObject => {
  const {row} = repositoryOf(request, world)
  const [owner, name] = [text(row.owner), text(row.name)]
  return {
    id: row.id,
    name,
    full_name: `${owner}/${name}`,
    private: true,
    owner: {login: owner, id: row.ownerId, type: 'Organization'},
    html_url: `https://github.com/${owner}/${name}`,
    url: `https://api.github.com/repos/${owner}/${name}`,
    created_at: row.created_at,
    default_branch: 'main',
    visibility: 'private',
  }
}

/** GitHub's REST API (2022-11-28), as far as deploying is concerned. It asks nobody who they are: no token ever comes here. */
const github: Api = {
  name: 'github',
  title: 'GitHub REST API',
  errorStyle: 'github',
  routes: [
    {id: 'repos/get', method: 'GET', path: '/repos/{owner}/{repo}', handle: get},
    ...branchRoutes,
    ...actionsRoutes,
    ...environmentRoutes,
  ],
}

export default github
