/** How Docker signs in to registries on this machine. No secret is in it: of a stored credential only its kind. */
export type DockerConfig =
  | {state: 'absent'; path: string}
  /** `why` in words. It is never written to. */
  | {state: 'unreadable'; path: string; why: string}
  | {
      state: 'read'
      path: string
      /** Helper that keeps the credentials of every other registry. */
      credsStore?: string | undefined
      /** Helper by registry host: `gcloud` stands for the program docker-credential-gcloud. */
      credHelpers: Readonly<Record<string, string>>
      /** Credentials in the file itself, by registry host; `key`: a service account's JSON key, which never expires. */
      stored: Readonly<Record<string, 'key' | 'other'>>
    }

/** What checks read of the machine that qlogic runs on. */
export type Machine = {
  /** Where a program is found on PATH; undefined when it is not. */
  program(name: string): Promise<string | undefined>
  /** `$DOCKER_CONFIG/config.json`, by default `~/.docker/config.json`. Its path is given with `~`. */
  dockerConfig(): Promise<DockerConfig>
}
