import {ApiError} from '../api.ts'
import type {Json, JsonObject, Request, World} from '../api.ts'
import {passesFilter} from '../query-filter.ts'
import {merge, object, text, unlessEmpty} from '../json.ts'
import {findRegion} from '../locations.ts'
import {pageOf} from '../pages.ts'
import {serverCa} from './certificates.ts'
import {
  findFree,
  findInstance,
  findRunning,
  instanceOf,
  isStopped,
  link,
  projectOf,
  rowsBelow,
  startChange,
  tables,
  without,
} from './changes.ts'
import type {Instance, Write} from './changes.ts'
import {isObject} from '../shapes.ts'
import {catchUpBackups} from './backup-runs.ts'
import {defaultDatabases} from './databases.ts'
import {addressesOf, checkNetwork, networkOf, noRoom} from './networking.ts'
import {invalid, missing, notSimulated, stale} from './refusals.ts'
import {checkSettings, inEdition, settled} from './settings.ts'
import {defaultUsers} from './users.ts'
import {checkTier, defaultEdition, installedVersion, isPostgres, upgrades} from './versions.ts'

const beyond = [
  'masterInstanceName',
  'replicaConfiguration',
  'onPremisesConfiguration',
  'failoverReplica',
  'diskEncryptionConfiguration',
  'replicationCluster',
  'nodeCount',
] as const
const beyondSettings = ['activeDirectoryConfig', 'entraidConfig', 'sqlServerAuditConfig', 'readPoolAutoScaleConfig'] as const

const isSet = (value: Json | undefined) =>
  value !== undefined && value !== null && value !== '' && (!isObject(value) || Object.keys(value).length > 0)

const fixed = [
  'databaseCenterIntegrationEnabled',
  'geminiConfig',
  'maintenanceVersion',
  'switchTransactionLogsToCloudStorageEnabled',
  'tags',
] as const

const same = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b)

/** What the simulator does not have is refused, not ignored; what a client sends back as it read it is no change. */
const checkKnown = (body: JsonObject, row: JsonObject = {}): void => {
  const field =
    beyond.find((name) => isSet(body[name])) ??
    fixed.find((name) => isSet(body[name]) && !same(body[name], row[name])) ??
    beyondSettings.find((name) => isSet(object(body.settings)[name]))
  if (field !== undefined) throw notSimulated(`${field} of Cloud SQL instances`)
  if (isSet(body.instanceType) && body.instanceType !== 'CLOUD_SQL_INSTANCE')
    throw notSimulated(`Cloud SQL instances of type ${text(body.instanceType)}`)
  if (object(object(object(body.settings).ipConfiguration).pscConfig).pscEnabled === true)
    throw notSimulated('Private Service Connect of Cloud SQL instances')
}

const checkPolicies = (world: World, {project}: Instance, settings: JsonObject, before: JsonObject): void => {
  const [ip, held] = [object(settings.ipConfiguration), object(before.ipConfiguration)]
  const violated = (constraint: string) =>
    invalid(
      `Organization Policy check failure: the ${constraint === 'restrictPublicIp' ? 'external IP' : 'authorized networks'} of this instance violates the constraints/sql.${constraint} enforced at the ${project} project`,
    )
  if (ip.ipv4Enabled === true && held.ipv4Enabled !== true && world.enforced('sql.restrictPublicIp', project))
    throw violated('restrictPublicIp')
  const networks = (of: JsonObject) => JSON.stringify(of.authorizedNetworks ?? [])
  if (networks(ip) !== '[]' && networks(ip) !== networks(held) && world.enforced('sql.restrictAuthorizedNetworks', project))
    throw violated('restrictAuthorizedNetworks')
}

/** The zones of an instance: the asked ones, else those where it runs, else the first ones of the region. A failover moves it, not the preference. */
const zonesOf = (region: string, settings: JsonObject, before: JsonObject): JsonObject => {
  const zones = findRegion(region)?.zones ?? []
  const [place, held] = [object(settings.locationPreference), object(object(before.settings).locationPreference)]
  const asked = (name: 'zone' | 'secondaryZone') => (place[name] === held[name] ? '' : text(place[name]))
  const gceZone = asked('zone') || text(before.gceZone) || (zones[0] ?? '')
  if (!zones.includes(gceZone)) throw invalid(`Zone '${gceZone}' is not in region '${region}'`)
  if (settings.availabilityType !== 'REGIONAL') return {gceZone}
  const other = (zone: string) => (zone === gceZone ? '' : zone)
  const secondaryGceZone =
    asked('secondaryZone') || other(text(before.secondaryGceZone)) || other(text(before.gceZone)) || (zones.find(other) ?? '')
  if (secondaryGceZone === gceZone || !zones.includes(secondaryGceZone))
    throw invalid(`Secondary zone '${secondaryGceZone}' must be another zone of region '${region}'`)
  return {gceZone, secondaryGceZone}
}

/** A network given as a URL is kept as Google's own, whatever host the client was told to use (gcloud builds it from its endpoint). */
const withNetwork = (settings: JsonObject): JsonObject => {
  const ip = object(settings.ipConfiguration)
  const path = /^https?:\/\/.*\/v1\/(projects\/.+)$/.exec(text(ip.privateNetwork))?.[1]
  if (path === undefined) return settings
  return {...settings, ipConfiguration: {...ip, privateNetwork: `https://www.googleapis.com/compute/v1/${path}`}}
}

/** Brings what follows from version and settings up to date; refuses what does not go together. */
const shaped = (world: World, instance: Instance, wanted: JsonObject, before: JsonObject): JsonObject => {
  const version = text(wanted.databaseVersion)
  const asked = withNetwork(object(wanted.settings))
  const {gceZone, secondaryGceZone} = zonesOf(text(wanted.region), asked, before)
  const zone = text(object(asked.locationPreference).zone) || text(gceZone)
  const settings = settled(asked, zone, defaultEdition(version))
  checkTier(text(settings.tier), text(settings.edition))
  checkSettings(settings, version)
  checkPolicies(world, instance, settings, object(before.settings))
  const ip = object(settings.ipConfiguration)
  const held = object(object(before.settings).ipConfiguration)
  if (networkOf(world, text(ip.privateNetwork)) !== networkOf(world, text(held.privateNetwork))) checkNetwork(world, instance, ip)
  return {
    ...without(before, 'secondaryGceZone', 'upgradableDatabaseVersions'),
    ...installedVersion(version),
    ...unlessEmpty('upgradableDatabaseVersions', upgrades(version)),
    region: wanted.region,
    gceZone,
    ...(secondaryGceZone === undefined ? {} : {secondaryGceZone}),
    etag: world.newEtag(),
    settings,
  }
}

/** sql.instances.insert: a name that is taken is a 409; one that was deleted can be used again at once. */
export const insert = (request: Request, world: World): JsonObject => {
  const {body} = request
  checkKnown(body)
  const project = projectOf(request, world)
  const name = text(body.name)
  if (name === '') throw missing('instance')
  if (!/^[a-z]([-a-z0-9]{0,96}[a-z0-9])?$/.test(name)) throw invalid(`Invalid instance name (${name})`)
  const instance: Instance = {project, name, path: `projects/${project}/instances/${name}`}
  if (world.table(tables.instances).get(instance.path)) {
    const message =
      'The Cloud SQL instance already exists. When you delete an instance, you cannot reuse the name of the deleted instance until one week from the deletion date.'
    throw new ApiError(409, 'ALREADY_EXISTS', 'instanceAlreadyExists', message)
  }
  const region = text(body.region) || 'us-central1'
  if (!findRegion(region)) throw invalid(`Invalid value for region: ${region}`)
  const databaseVersion = text(body.databaseVersion).replace('SQL_DATABASE_VERSION_UNSPECIFIED', '') || 'MYSQL_8_0'
  const asked = {...object(body.settings), settingsVersion: '1'}
  const now = world.now()
  const made = shaped(world, instance, {databaseVersion, region, settings: asked}, {})
  const id = world.uuid()
  const row: JsonObject = {
    kind: 'sql#instance',
    backendType: 'SECOND_GEN',
    instanceType: 'CLOUD_SQL_INSTANCE',
    state: 'PENDING_CREATE',
    name,
    project,
    connectionName: `${project}:${region}:${name}`,
    createTime: now.toISOString(),
    satisfiesPzi: true,
    sqlNetworkArchitecture: 'NEW_NETWORK_ARCHITECTURE',
    serviceAccountEmailAddress: `p${world.project(project)?.projectNumber ?? ''}-${id.slice(0, 6)}@gcp-sa-cloud-sql.iam.gserviceaccount.com`,
    geminiConfig: isPostgres(databaseVersion)
      ? {
          entitled: false,
          activeQueryEnabled: false,
          indexAdvisorEnabled: false,
          googleVacuumMgmtEnabled: false,
          oomSessionCancelEnabled: false,
        }
      : {entitled: false, activeQueryEnabled: false, indexAdvisorEnabled: false, flagRecommenderEnabled: true},
    ...made,
  }
  world.table(tables.instances).set(instance.path, row)
  const ipAddresses = addressesOf(world, instance, row)
  const ready = {...row, state: 'RUNNABLE', ipAddresses: ipAddresses ?? [], serverCaCert: serverCa(name, id, now)}
  const writes: Write[] = [
    {table: tables.instances, key: instance.path, value: ready},
    ...defaultDatabases(world, instance, databaseVersion),
    ...defaultUsers(world, instance, databaseVersion),
  ]
  catchUpBackups(world, instance.path)
  return startChange(request, world, instance, {
    operationType: 'CREATE',
    writes,
    failure: ipAddresses === undefined ? noRoom : undefined,
  })
}

/** What is seen of an instance: the link is of the version that was asked. */
const shown = (request: Request, row: JsonObject, path: string): JsonObject => ({...row, selfLink: link(request, path)})

/** sql.instances.get. */
export const get = (request: Request, world: World): JsonObject => {
  const {path} = instanceOf(request, world)
  return shown(request, findInstance(world, path), path)
}

/** sql.instances.list, with its filter (`settings.userLabels.env:prod state:RUNNABLE`). */
export const list = (request: Request, world: World): JsonObject => {
  const project = projectOf(request, world)
  const filter = request.query.get('filter') ?? ''
  const look = (row: JsonObject) => (key: string) => {
    let value: Json | undefined = row
    for (const name of key.split('.')) value = isObject(value) ? value[name] : undefined
    return value === undefined ? [] : [typeof value === 'string' ? value : JSON.stringify(value)]
  }
  const rows = world
    .table(tables.instances)
    .entries()
    .filter(([key]) => key.startsWith(`projects/${project}/`))
    .map(([key]) => shown(request, findInstance(world, key), key))
    .filter((row) => passesFilter(filter, look(row)))
    .sort((a, b) => (text(a.name) < text(b.name) ? -1 : 1))
  const {items, nextPageToken} = pageOf(rows, request.query, {size: 500, largest: 1000, sizeName: 'maxResults'})
  return {kind: 'sql#instancesList', ...unlessEmpty('items', items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const next = (version: Json | undefined) => String(Number(text(version)) + 1)

/** A PostgreSQL instance tells about its archived logs from its first update on. */
const archiving = (row: JsonObject, backup: JsonObject): JsonObject =>
  isPostgres(row.databaseVersion) ? {...backup, replicationLogArchivingEnabled: backup.pointInTimeRecoveryEnabled === true} : backup

const change = (request: Request, world: World, wantedOf: (row: JsonObject) => JsonObject): JsonObject => {
  const {body} = request
  const instance = instanceOf(request, world)
  const row = findFree(world, instance.path)
  checkKnown(body, row)
  if (row.state !== 'RUNNABLE')
    throw new ApiError(409, 'ABORTED', 'invalidState', 'The instance or operation is not in an appropriate state to handle the request.')
  const before = object(row.settings)
  const asked = object(body.settings)
  if (asked.settingsVersion !== undefined && asked.settingsVersion !== before.settingsVersion) throw stale()
  if (text(body.etag) !== '' && body.etag !== row.etag) throw stale()
  if (text(body.region) !== '' && body.region !== row.region) throw invalid('The region of an instance cannot be changed')
  const wanted = wantedOf(row)
  const settings = object(wanted.settings)
  const [ip, held] = [object(settings.ipConfiguration), object(before.ipConfiguration)]
  if (text(held.privateNetwork) !== '' && text(ip.privateNetwork) === '')
    throw invalid('The private network of an instance cannot be removed once it is configured')
  if (Number(settings.dataDiskSizeGb) < Number(before.dataDiskSizeGb))
    throw invalid(`Disk size cannot be decreased from ${text(before.dataDiskSizeGb)} GB to ${text(settings.dataDiskSizeGb)} GB`)
  checkUpgrade(text(row.databaseVersion), text(wanted.databaseVersion))
  // A stopped instance only takes being started, and what does not need it to run.
  if (isStopped(row) && settings.activationPolicy !== 'ALWAYS' && settings.tier !== before.tier)
    throw invalid('Invalid request since instance is not running')
  const backupConfiguration = archiving(row, object(settings.backupConfiguration))
  const changed = {...settings, backupConfiguration, settingsVersion: next(before.settingsVersion)}
  const made = shaped(world, instance, {...wanted, settings: changed}, row)
  const ipAddresses = addressesOf(world, instance, {...made, ipAddresses: row.ipAddresses ?? []})
  catchUpBackups(world, instance.path)
  return startChange(request, world, instance, {
    operationType: 'UPDATE',
    writes: [{table: tables.instances, key: instance.path, value: {...made, ipAddresses: ipAddresses ?? []}}],
    failure: ipAddresses === undefined ? noRoom : undefined,
  })
}

const checkUpgrade = (from: string, to: string): void => {
  if (from === to) return
  if (!upgrades(from).some(({name}) => name === to)) throw invalid(`The database version cannot be changed from ${from} to ${to}`)
}

/** What a change leaves as it is when it does not name it. */
const unchanged = (row: JsonObject, body: JsonObject): JsonObject => ({
  databaseVersion: text(body.databaseVersion).replace('SQL_DATABASE_VERSION_UNSPECIFIED', '') || row.databaseVersion,
  region: row.region,
})

/** sql.instances.patch: what is given is merged into what is there; lists are replaced. */
export const patch = (request: Request, world: World): JsonObject =>
  change(request, world, (row) => {
    const [before, asked] = [object(row.settings), object(request.body.settings)]
    return {...unchanged(row, request.body), settings: inEdition(merge(before, asked), before, asked)}
  })

/** sql.instances.update: the settings as given, with the defaults for all that is not; settingsVersion must be among them. */
export const update = (request: Request, world: World): JsonObject => {
  const settings = object(request.body.settings)
  if (settings.settingsVersion === undefined) throw missing('settings.settingsVersion')
  return change(request, world, (row) => ({...unchanged(row, request.body), settings}))
}

/** sql.instances.delete. What is inside goes with it. */
export const remove = (request: Request, world: World): JsonObject => {
  const instance = instanceOf(request, world)
  const row = findFree(world, instance.path)
  if (object(row.settings).deletionProtectionEnabled === true) {
    const message =
      'The instance is protected. Please disable the deletion protection and try again. To disable deletion protection, update the instance settings with deletionProtectionEnabled set to false.'
    throw new ApiError(400, 'INVALID_ARGUMENT', 'deletionProtectionEnabled', message)
  }
  world.table(tables.instances).set(instance.path, {...without(row, 'suspensionReason'), state: 'PENDING_DELETE'})
  const below = [tables.databases, tables.users, tables.backupRuns].flatMap((table): Write[] =>
    rowsBelow(world, table, instance.path).map(([key]) => ({table, key, value: null})),
  )
  return startChange(request, world, instance, {
    operationType: 'DELETE',
    writes: [
      {table: tables.instances, key: instance.path, value: null},
      {table: tables.backupTimes, key: instance.path, value: null},
      {table: tables.upcomingCas, key: instance.path, value: null},
      ...below,
    ],
  })
}

/** Operations that leave the instance as it is: restart, failover. */
export const disturb =
  (operationType: string) =>
  (request: Request, world: World): JsonObject => {
    const instance = instanceOf(request, world)
    const row = findRunning(world, instance.path)
    if (operationType === 'FAILOVER' && object(row.settings).availabilityType !== 'REGIONAL')
      throw invalid('Failover is only possible for instances with high availability')
    const swapped = {...row, gceZone: row.secondaryGceZone, secondaryGceZone: row.gceZone}
    const writes: Write[] = operationType === 'FAILOVER' ? [{table: tables.instances, key: instance.path, value: swapped}] : []
    return startChange(request, world, instance, {operationType, writes})
  }

/** sql.projects.instances.getLatestRecoveryTime: logs are a few minutes behind. */
export const latestRecoveryTime = (request: Request, world: World): JsonObject => {
  const row = findInstance(world, instanceOf(request, world).path)
  const {pointInTimeRecoveryEnabled, transactionLogRetentionDays} = object(object(row.settings).backupConfiguration)
  if (pointInTimeRecoveryEnabled !== true) throw invalid('Point-in-time recovery is not enabled for the instance')
  const [made, now] = [Date.parse(text(row.createTime)), world.now().getTime()]
  const at = (ms: number) => new Date(Math.max(made, ms)).toISOString()
  return {
    kind: 'sql#getLatestRecoveryTime',
    earliestRecoveryTime: at(now - Number(transactionLogRetentionDays) * 86_400_000),
    latestRecoveryTime: at(now - 300_000),
  }
}

/** sql.connect.get: what a connector needs to know. */
export const connectSettings = (request: Request, world: World): JsonObject => {
  const row = findInstance(world, instanceOf(request, world).path)
  return {
    kind: 'sql#connectSettings',
    backendType: row.backendType,
    databaseVersion: row.databaseVersion,
    ipAddresses: row.ipAddresses,
    region: row.region,
    serverCaCert: row.serverCaCert,
    serverCaMode: object(object(row.settings).ipConfiguration).serverCaMode,
  }
}
