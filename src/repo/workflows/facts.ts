import type {Unread} from '../files.ts'
import type {Word} from './words.ts'

export type Place = {file: string; line: number}
/** A text as it stands (`${{ }}` included). `row`: line of its first row where it is a block, so that a row of it has a line. */
export type Text = Place & {text: string; block?: boolean; comment?: string}
export type Texts = Readonly<Record<string, Text>>

/** What starts a workflow. Lists are as they stand; empty where nothing is said. */
export type Trigger = Place & {
  name: string
  branches: readonly string[]
  branchesIgnored: readonly string[]
  paths: readonly string[]
  pathsIgnored: readonly string[]
  tags: readonly string[]
  /** Names of the workflows after which this one runs. */
  workflows: readonly string[]
  /** `workflow_call` and `workflow_dispatch`: the inputs with their defaults. */
  inputs: Texts
  inputNames: readonly string[]
  /** `workflow_call`: what its outputs are made of. */
  outputs: Texts
}

/** Token permissions: one word (`read-all`), or scope by scope; `{}` is no scope. */
export type Permissions = Place & {all?: string; scopes: Texts}
export type Concurrency = Place & {group: string; cancel?: Text}

export type Step = Place & {
  name?: string
  id?: string
  uses?: Text
  run?: Text
  shell?: string
  directory?: Text
  condition?: Text
  continueOnError?: Text
  with: Texts
  env: Texts
}

export type Job = Place & {
  id: string
  name?: string
  needs: readonly string[]
  condition?: Text
  uses?: Text
  with: Texts
  secretsInherit: boolean
  environment?: Text
  permissions?: Permissions
  concurrency?: Concurrency
  timeout?: Text
  continueOnError?: Text
  env: Texts
  directory?: Text
  shell?: string
  /** Rows of a matrix, each a text by name; undefined where an expression makes it. One empty row without a matrix. */
  matrix?: readonly Texts[]
  dynamicMatrix: boolean
  container?: Text
  services: readonly {name: string; image: Text}[]
  outputs: Texts
  steps: readonly Step[]
  /** Labels of the machine that it runs on. */
  runner: readonly string[]
}

/** A workflow of GitHub Actions as it stands in its file. */
export type Workflow = Place & {
  name?: string
  triggers: readonly Trigger[]
  permissions?: Permissions
  concurrency?: Concurrency
  env: Texts
  directory?: Text
  shell?: string
  jobs: readonly Job[]
  /** Expressions that read a secret: its name, and the job (undefined: outside of all jobs). */
  secrets: readonly (Place & {secret: string; job?: string})[]
}

/** A composite action of the repository. */
export type CompositeAction = Place & {folder: string; inputs: Texts; outputs: Texts; steps: readonly Step[]}

/** A simple command of a shell, or of what a shell calls. */
export type Command = Place & {
  words: readonly Word[]
  /** What runs in the end, wrappers (`sudo`, `poetry run`, `npx`, `python -m`, `docker run IMAGE`) taken off; the program without its folder. */
  program: readonly Word[]
  env: Readonly<Record<string, Word>>
  /** Folder from the root in which it runs (`` is the root); undefined where that is only known when it runs. */
  directory?: string
  /** Its failure does not stop what comes after, and why. */
  tolerated?: string
  /** It stands in a branch that may not be taken. */
  conditional: boolean
  /** Where it was called from, the outermost first (`make migrate`, `npm run lint`). */
  via: readonly (Place & {text: string})[]
  /** Why it can only fail, or does nothing: a script, target or file that is not there. */
  missing?: string
  /** The image or the compose service that it runs in. */
  container?: string
}

/** A step as it runs on an event; those of composite actions and called workflows stand in their place. */
export type RunStep = Place & {
  name: string
  id: string
  uses?: {action: string; ref: string}
  with: Readonly<Record<string, Word>>
  env: Readonly<Record<string, Word>>
  commands: readonly Command[]
  /** Variables that its shell sets, as they are at its end. */
  sets?: Readonly<Record<string, Word>>
  /** Whether it may be left out: its condition is only known when it runs. */
  conditional: boolean
  /** It runs although something before it failed. */
  always: boolean
  tolerated: boolean
}

export type RunJob = Place & {
  /** Unique in its run: `build`, `build[frontend]`, `deploy/migrate`. */
  id: string
  /** The job's own name in its file. */
  job: string
  needs: readonly string[]
  conditional: boolean
  always: boolean
  tolerated: boolean
  condition: string
  environment?: Word
  env: Readonly<Record<string, Word>>
  directory?: string
  matrix: Readonly<Record<string, Word>>
  services: readonly {name: string; image: Word}[]
  /** Labels of the machine; `private pool` for a pool of Cloud Build. */
  runner: readonly string[]
  steps: readonly RunStep[]
}

/** What starts a run. `branch`: pushed, or the base of a pull request. */
export type RunEvent = {name: string; branch?: string; after?: readonly string[]}

/** What one event makes of one workflow (or Cloud Build file): only the jobs and steps that it can run. */
export type Run = {workflow: string; name: string; event: RunEvent; trigger: Place; paths: readonly string[]; jobs: readonly RunJob[]}

export type WorkflowFacts = {
  /** Branches of which it was worked out what a push to them runs; any other one is like `anyBranch` (events.ts). */
  branches: readonly string[]
  workflows: readonly Workflow[]
  actions: readonly CompositeAction[]
  runs: readonly Run[]
  /** Cloud Build files; their runs are among `runs` with the event `build`. */
  cloudBuilds: readonly string[]
  /** Configurations of Atlantis, which plans and applies Terraform on pull requests. */
  atlantis: readonly Place[]
  unread: readonly Unread[]
}
