/** A clause of the catalogue that no row of the tables makes, and why not. */
export type LeftOut = {
  item: string
  clause: 'pass' | 'fail' | 'warn' | 'manual' | 'not_applicable' | 'drift' | 'traps'
  says: string
  why: string
}

const unit = 'the table of the item in test/checks holds it'

/** Of project, network, state, registry, database and secrets. */
export const leftOut: readonly LeftOut[] = [
  {
    item: 'project.exists',
    clause: 'manual',
    says: "someone else's project",
    why: 'Google answers for it as for one that does not exist; only creating it tells, and the error of creating says so. A project that can be found and not read is unknown, and the missing permission is named.',
  },
  {
    item: 'project.billing-linked',
    clause: 'manual',
    says: 'billing.resourceAssociations.create',
    why: 'what the caller may do is no state of the project: `qlogic permissions` and the error of linking name it',
  },
  {
    item: 'project.budget-alert',
    clause: 'manual',
    says: 'no permission on the billing account',
    why: 'a permission that is missing is unknown (contract.md, statuses), and is named',
  },
  {
    item: 'project.apis-enabled',
    clause: 'traps',
    says: 'serviceusage.googleapis.com itself must be enabled',
    why: 'an API that is off is unknown (contract.md, statuses), with where to enable it',
  },
  {
    item: 'project.key-file-secure',
    clause: 'not_applicable',
    says: 'no repo path configured',
    why: `the repository is where qlogic.yaml is unless another is named; ${unit}`,
  },
  {
    item: 'network.region-chosen',
    clause: 'warn',
    says: 'zones.length < 3',
    why: `no region of Google's, and none of the simulator's, has fewer; ${unit}`,
  },
  {
    item: 'network.region-chosen',
    clause: 'warn',
    says: 'existing resources (SQL, Run, repo, bucket, connector, subnet)',
    why: 'Cloud Run lists services of one region at a time (discovery: "cannot be the "-" wildcard"), as Artifact Registry and VPC Access do: in another region they are not found, and their own items say that they are missing. The database, the bucket and the subnets are judged here.',
  },
  {
    item: 'network.no-default-network',
    clause: 'fail',
    says: 'strict profile: fail',
    why: 'there is no strict profile; `--fail-on warn` is one',
  },
  {
    item: 'database.instance-exists',
    clause: 'drift',
    says: 'public IP switched on',
    why: 'database.no-public-ip says it',
  },
  {
    item: 'database.backups-pitr',
    clause: 'pass',
    says: 'age(instance) < 26h',
    why: unit,
  },
  {
    item: 'database.maintenance-window',
    clause: 'drift',
    says: 'scheduledMaintenance imminent',
    why: `for information, in the evidence of a pass; ${unit}`,
  },
  {
    item: 'database.db-password-secret',
    clause: 'manual',
    says: 'strength cannot be observed',
    why: 'a value is never read; qlogic generates 32 random bytes',
  },
  {
    item: 'database.database',
    clause: 'warn',
    says: 'charset != UTF8',
    why: `the Admin API refuses another one, which only SQL with template0 makes; ${unit}`,
  },
  {
    item: 'database.database',
    clause: 'traps',
    says: 'GRANT CREATE on schema public',
    why: 'grants inside PostgreSQL are not seen by the Admin API',
  },
  {
    item: 'database.ssl-encrypted-only',
    clause: 'warn',
    says: 'only legacy requireSsl set',
    why: `the simulator fills sslMode in for every instance; ${unit}`,
  },
  {
    item: 'secrets.cors-origins',
    clause: 'fail',
    says: 'value readable and not a JSON array',
    why: 'a value is never read (catalogue.md, "Limits that win over an item\'s text"): one that qlogic did not write is unproven',
  },
  {
    item: 'secrets.cors-origins',
    clause: 'warn',
    says: "contains '*', http://, localhost",
    why: 'a value is never read (catalogue.md, "Limits that win over an item\'s text"): one that qlogic did not write is unproven',
  },
]
