import type {Budget} from './evaluate.ts'
import type {Folder} from './tree.ts'
import type {ObjectValue, Place} from './values.ts'

/** One resource as Terraform would make it from this configuration. */
export type Resource = Place & {
  mode: 'managed' | 'data' | 'ephemeral'
  type: string
  name: string
  /** `module.secrets.google_secret_manager_secret.app["db-password"]`. */
  address: string
  /** The folder of the module that declares it. */
  folder: string
  body: ObjectValue
  /** Whether it is made at all, or how often, is only known when Terraform runs. */
  maybe: boolean
  /** Addresses in `depends_on`, those of the module calls around it included. */
  dependsOn: string[]
  /** `lifecycle.ignore_changes` as written; `all` for everything. */
  ignoreChanges: string[]
}

/** A call of a module. `folder`: where its source leads inside the repository; null for a registry, a git address, or a place outside. */
export type Call = Place & {
  name: string
  address: string
  /** The folder of the module that calls. */
  inside: string
  source: string | null
  version: string | null
  folder: string | null
  args: ObjectValue
  /** How many times it is made: null when that is only known when Terraform runs. */
  count: number | null
  /** Variables of the called module without a default that the call does not set. */
  missing: string[]
}

/** All that a configuration is evaluated with. */
export type World = {folders: ReadonlyMap<string, Folder>; workspace: string | null; budget: Budget}
