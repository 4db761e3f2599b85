/** What checks read of Cloud Run. */
export type RunReads = Record<never, never>
