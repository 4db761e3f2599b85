/** What checks read of Cloud SQL (Admin API v1). `instance` is an instance's name. */
export type SqlReads = {
  tiers(): Promise<Tier[]>
  instance(name: string): Promise<SqlInstance | undefined>
  /** Undefined when the database or the instance is absent. */
  database(instance: string, name: string): Promise<SqlDatabase | undefined>
  /** No user where there is no instance. Passwords are never answered. */
  users(instance: string): Promise<SqlUser[]>
  /** The newest ten, newest first. */
  backupRuns(instance: string): Promise<BackupRun[]>
  /** Operations on the instance that are not done. */
  runningOperations(instance: string): Promise<SqlOperation[]>
}

/** `ramMb` is undefined where Google does not say it. */
export type Tier = {tier: string; regions: readonly string[]; ramMb?: number | undefined}

/** Enums that Google leaves unspecified are undefined. */
export type SqlInstance = {
  name: string
  connectionName: string
  createTime?: string | undefined
  region?: string | undefined
  /** RUNNABLE covers a stopped instance as well: `settings.activationPolicy` tells. */
  state?: string | undefined
  databaseVersion?: string | undefined
  suspensionReason: readonly string[]
  gceZone?: string | undefined
  secondaryGceZone?: string | undefined
  ipAddresses: readonly {type: string; ipAddress: string}[]
  /** When the certificate of the server ends. */
  serverCaExpirationTime?: string | undefined
  /** Start of the next maintenance, if one is planned. */
  scheduledMaintenanceTime?: string | undefined
  settings: SqlSettings
}

export type SqlSettings = {
  tier?: string | undefined
  edition?: string | undefined
  activationPolicy?: string | undefined
  availabilityType?: string | undefined
  storageAutoResize: boolean
  deletionProtectionEnabled: boolean
  retainBackupsOnDelete: boolean
  /** A last backup is taken when the instance is deleted. */
  finalBackup: boolean
  databaseFlags: readonly {name: string; value: string}[]
  /** Undefined where no window is set. `day` 1 is Monday, 7 Sunday; hours are UTC. */
  maintenanceWindow?: {day: number; hour: number; updateTrack?: string | undefined} | undefined
  backupConfiguration: {
    enabled: boolean
    pointInTimeRecoveryEnabled: boolean
    startTime?: string | undefined
    location?: string | undefined
    transactionLogRetentionDays: number
    retainedBackups: number
  }
  ipConfiguration: {
    ipv4Enabled: boolean
    privateNetwork?: string | undefined
    allocatedIpRange?: string | undefined
    authorizedNetworks: readonly {name?: string | undefined; value: string}[]
    requireSsl: boolean
    sslMode?: string | undefined
  }
}

export type SqlDatabase = {name: string; charset?: string | undefined; collation?: string | undefined}
/** `type` is BUILT_IN where Google leaves it out. */
export type SqlUser = {name: string; type: string; databaseRoles: readonly string[]}
export type BackupRun = {status?: string | undefined; type?: string | undefined; endTime?: string | undefined; error?: string | undefined}
export type SqlOperation = {name: string; operationType: string; status: string; insertTime?: string | undefined; user?: string | undefined}
