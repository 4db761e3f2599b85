import type {Config} from '../config/parameters.ts'
import type {Item} from '../engine/item.ts'
import type {Cloud} from '../gcp/cloud.ts'
import type {Kubernetes} from '../kubernetes/kubernetes.ts'
import type {GitHub} from '../github/github.ts'
import type {Machine} from '../machine/machine.ts'
import type {PublicDns} from '../public-dns/public-dns.ts'
import type {Repo} from '../repo/repo.ts'

/** Which secrets the run was given in the environment; never the secrets themselves. */
export type GivenSecrets = {pagerdutyServiceKey: boolean}

/** What an item may read: live state, and the app repository (undefined when there is none). */
export type Sources = {
  cloud: Cloud
  repo: Repo | undefined
  publicDns: PublicDns
  kubernetes: Kubernetes
  machine: Machine
  /** Undefined without a token for GitHub. */
  github: GitHub | undefined
  given: GivenSecrets
}

/**
 * What an item is given: the configuration of the environment, and the time of the run. `onlyAccount`: the one open billing account that is
 * visible, known only where none is configured and there is no project yet.
 */
export type Context = {config: Config; now: Date; onlyAccount?: string | undefined}

/** Identity; it exists so that `Observed` is inferred from `observe` and never written. */
export const defineItem = <Observed>(item: Item<Sources, Context, Observed>): Item<Sources, Context, Observed> => item
