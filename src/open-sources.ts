import type {Sources} from './checks/define-item.ts'
import {createCloud} from './gcp/create-cloud.ts'
import type {Transport} from './gcp/transport.ts'
import type {Config} from './config/parameters.ts'
import type {Repo} from './repo/repo.ts'

/** What one round of observing may read. Every source reads each thing at most once, so a new round needs new ones. */
export const openSources = ({transport, config, repo}: {transport: Transport; config: Config; repo: Repo | undefined}): Sources => ({
  cloud: createCloud(transport, config.projectId),
  repo,
})
