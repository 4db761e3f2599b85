/** What checks read of Artifact Registry. */
export type ArtifactRegistryReads = {
  locations(): Promise<string[]>
}
