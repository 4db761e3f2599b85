/** What checks read of Cloud Build. */
export type CloudBuildReads = Record<never, never>
