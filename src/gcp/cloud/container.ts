/** What checks read of Kubernetes Engine. */
export type ContainerReads = Record<never, never>
