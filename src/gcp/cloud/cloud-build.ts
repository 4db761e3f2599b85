/** What checks read of Cloud Build. */
export type CloudBuildReads = {
  connection(location: string, name: string): Promise<BuildConnection | undefined>
  /** Those that are linked through a connection; none where there is no such connection. */
  repositories(location: string, connection: string): Promise<LinkedRepository[]>
  /** Of one place: a region, or `global`. */
  triggers(location: string): Promise<BuildTrigger[]>
}

/** A connection to GitHub. `stage`: PENDING_CREATE_APP, PENDING_USER_OAUTH, PENDING_INSTALL_APP, COMPLETE. */
export type BuildConnection = {
  name: string
  disabled: boolean
  stage: string
  /** Where a person goes on in a browser. */
  actionUri?: string | undefined
  message?: string | undefined
}
export type LinkedRepository = {name: string; remoteUri: string}
/** `push` of a first-generation trigger stands with `github`, of a second-generation one with `repository`. Patterns are RE2. */
export type BuildTrigger = {
  /** `projects/P/locations/L/triggers/ID`. */
  resourceName: string
  id: string
  name: string
  disabled: boolean
  filename?: string | undefined
  /** `projects/P/serviceAccounts/EMAIL`; undefined: the default account of the project. */
  serviceAccount?: string | undefined
  /** Full name of the linked repository. */
  repository?: string | undefined
  github?: {owner: string; name: string} | undefined
  branch?: string | undefined
  invertRegex: boolean
}
