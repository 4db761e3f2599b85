/** What checks read of Serverless VPC Access. */
export type VpcAccessReads = {
  locations(): Promise<string[]>
}
