import type {World} from '../api.ts'

/**
 * Something that at Google only a person (or a machine of theirs) can do: push an image, consent in a browser, click a link in a mail,
 * write a record at a registrar. A file in this folder default-exports one; `qlogic sandbox act NAME` performs it.
 */
export type Act = {
  /** As it is typed: `push-images`. */
  name: string
  /** One sentence: what is done. */
  does: string
  /** Configuration values that it needs, by their names in qlogic.yaml: projectId, region, … */
  needs: readonly string[]
  /** Does it, and answers in one sentence what was done. @throws ApiError where the cloud is not ready for it */
  perform: (given: Readonly<Record<string, string>>, world: World) => string
}
