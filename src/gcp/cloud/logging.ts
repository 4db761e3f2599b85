/** What checks read of Cloud Logging. */
export type LoggingReads = Record<never, never>
