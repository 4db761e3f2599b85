import type {Sources} from './checks/define-item.ts'
import {givenSecrets} from './given-secrets.ts'
import {createCloud} from './gcp/create-cloud.ts'
import type {Transport} from './gcp/transport.ts'
import type {Config} from './config/parameters.ts'
import {openGitHub} from './github/open-github.ts'
import {openKubernetes} from './kubernetes/open-kubernetes.ts'
import {openMachine} from './machine/open-machine.ts'
import {openPublicDns} from './public-dns/open-public-dns.ts'
import type {Repo} from './repo/repo.ts'

/** What one round of observing may read. Every source reads each thing at most once, so a new round needs new ones. */
export const openSources = ({transport, config, repo}: {transport: Transport; config: Config; repo: Repo | undefined}): Sources => ({
  cloud: createCloud(transport, config.projectId),
  repo,
  publicDns: openPublicDns({endpoint: transport.endpoint, clock: transport.clock}),
  kubernetes: openKubernetes(transport, config.projectId),
  given: givenSecrets(),
  machine: openMachine(process.env),
  github: openGitHub({endpoint: transport.endpoint, clock: transport.clock, env: process.env}),
})
