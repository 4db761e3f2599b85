import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {enums} from '../../src/sandbox/sqladmin/enums.ts'
import {isObject} from '../../src/sandbox/shapes.ts'
import {at, like, textAt} from './cloud.ts'
import {instance, network, root, sqlCloud} from './sql-cloud.ts'

const hour = 3_600_000
const refusal = (code: number, reason: string, message: unknown) => ({error: {code, message, errors: [{reason}]}})
const invalid = (message: string) => refusal(400, 'invalid', `Invalid request: ${message}.`)
const stopped = invalid('Invalid request since instance is not running')

describe('a Cloud SQL instance', () => {
  it('is not there at first', async () => {
    const {call} = await sqlCloud()
    const missing = (await call('GET', instance)).body
    expect(missing).toMatchObject(refusal(404, 'instanceDoesNotExist', 'The Cloud SQL instance does not exist.'))
    expect(at(missing, 'error')).not.toHaveProperty('status')
    expect((await call('GET', `${root}/instances`)).body).toEqual({kind: 'sql#instancesList'})
  })

  it('is made by an operation that takes time, with the defaults of Google', async () => {
    const {call, pass, body, projectNumber, get} = await sqlCloud()
    const started = (await call('POST', `${root}/instances`, body({userLabels: {app: 'qlogic'}}, {rootPassword: 'hunter2'}))).body
    const name = textAt(started, 'name')
    const operation = {
      kind: 'sql#operation',
      name: like(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      operationType: 'CREATE',
      targetId: 'db',
      targetProject: 'abcdef',
      targetLink: 'https://sqladmin.googleapis.com/v1/projects/abcdef/instances/db',
      selfLink: `https://sqladmin.googleapis.com/v1/projects/abcdef/operations/${name}`,
      user: 'operator@example.com',
    }
    expect(started).toEqual({...operation, status: 'PENDING', insertTime: '2026-03-01T12:00:03.000Z'})
    expect(await get()).toMatchObject({state: 'PENDING_CREATE', name: 'db'})
    expect((await call('GET', `${root}/operations/${name}`)).body).toMatchObject({
      ...operation,
      status: 'RUNNING',
      startTime: like(/^2026/),
    })
    pass(1000)
    const done = (await call('GET', `${root}/operations/${name}`)).body
    expect(done).toMatchObject({...operation, status: 'DONE', endTime: '2026-03-01T12:00:04.000Z'})
    expect(done).not.toHaveProperty('error')

    const made = await get()
    expect(made).toEqual({
      kind: 'sql#instance',
      backendType: 'SECOND_GEN',
      instanceType: 'CLOUD_SQL_INSTANCE',
      state: 'RUNNABLE',
      name: 'db',
      project: 'abcdef',
      region: 'us-central1',
      gceZone: 'us-central1-a',
      connectionName: 'abcdef:us-central1:db',
      createTime: '2026-03-01T12:00:03.000Z',
      databaseVersion: 'POSTGRES_16',
      databaseInstalledVersion: 'POSTGRES_16_3',
      maintenanceVersion: 'POSTGRES_16_3.R20240527.01_10',
      upgradableDatabaseVersions: [
        {name: 'POSTGRES_17', majorVersion: 'POSTGRES_17', displayName: 'PostgreSQL 17'},
        {name: 'POSTGRES_18', majorVersion: 'POSTGRES_18', displayName: 'PostgreSQL 18'},
      ],
      etag: like(/=$/),
      satisfiesPzi: true,
      sqlNetworkArchitecture: 'NEW_NETWORK_ARCHITECTURE',
      selfLink: 'https://sqladmin.googleapis.com/v1/projects/abcdef/instances/db',
      serviceAccountEmailAddress: like(new RegExp(`^p${projectNumber}-[0-9a-f]{6}@gcp-sa-cloud-sql\\.iam\\.gserviceaccount\\.com$`)),
      ipAddresses: [
        {type: 'PRIMARY', ipAddress: like(/^34\./)},
        {type: 'OUTGOING', ipAddress: like(/^34\./)},
      ],
      serverCaCert: {
        kind: 'sql#sslCert',
        cert: like(/^-----BEGIN CERTIFICATE-----\n/),
        certSerialNumber: '0',
        commonName: like(/Google Cloud SQL Server CA/),
        sha1Fingerprint: like(/^[0-9a-f]{40}$/),
        instance: 'db',
        createTime: '2026-03-01T12:00:03.000Z',
        expirationTime: '2036-03-01T00:00:00.000Z',
      },
      geminiConfig: {
        entitled: false,
        activeQueryEnabled: false,
        indexAdvisorEnabled: false,
        googleVacuumMgmtEnabled: false,
        oomSessionCancelEnabled: false,
      },
      settings: {
        kind: 'sql#settings',
        settingsVersion: '1',
        tier: 'db-custom-2-7680',
        edition: 'ENTERPRISE',
        activationPolicy: 'ALWAYS',
        authorizedGaeApplications: [],
        availabilityType: 'ZONAL',
        connectorEnforcement: 'NOT_REQUIRED',
        dataDiskSizeGb: '10',
        dataDiskType: 'PD_SSD',
        deletionProtectionEnabled: false,
        pricingPlan: 'PER_USE',
        replicationType: 'SYNCHRONOUS',
        storageAutoResize: true,
        storageAutoResizeLimit: '0',
        userLabels: {app: 'qlogic'},
        locationPreference: {kind: 'sql#locationPreference', zone: 'us-central1-a'},
        backupConfiguration: {
          kind: 'sql#backupConfiguration',
          enabled: false,
          startTime: '12:00',
          transactionLogRetentionDays: 7,
          backupRetentionSettings: {retentionUnit: 'COUNT', retainedBackups: 7},
          transactionalLogStorageState: 'TRANSACTIONAL_LOG_STORAGE_STATE_UNSPECIFIED',
        },
        ipConfiguration: {
          authorizedNetworks: [],
          ipv4Enabled: true,
          requireSsl: false,
          serverCaMode: 'GOOGLE_MANAGED_INTERNAL_CA',
          sslMode: 'ALLOW_UNENCRYPTED_AND_ENCRYPTED',
        },
      },
    })
    expect((await call('GET', `${root}/instances?filter=settings.userLabels.app:qlogic`)).body).toEqual({
      kind: 'sql#instancesList',
      items: [made],
    })
    expect((await call('GET', `${root}/instances?filter=state:FAILED`)).body).toEqual({kind: 'sql#instancesList'})
    const {body: older} = await call('GET', '/sqladmin/sql/v1beta4/projects/abcdef/instances/db')
    expect(at(older, 'selfLink')).toBe('https://sqladmin.googleapis.com/sql/v1beta4/projects/abcdef/instances/db')
  })

  it('is told by its operations, and those of one instance', async () => {
    const {call, create} = await sqlCloud()
    await create()
    await create({}, {name: 'other'})
    const names = async (query: string) => {
      const items = at((await call('GET', `${root}/operations?${query}`)).body, 'items')
      return Array.isArray(items) ? items.map((item) => at(item, 'targetId')) : items
    }
    expect(await names('')).toEqual(['other', 'db'])
    expect(await names('instance=db')).toEqual(['db'])
    expect(await names('instance=none')).toBeUndefined()
    expect((await call('GET', `${root}/operations/none`)).body).toMatchObject({error: {code: 404}})
  })

  it('has one name, which can be used again after it is deleted', async () => {
    const {create, change} = await sqlCloud()
    await create()
    expect(await create()).toMatchObject(refusal(409, 'instanceAlreadyExists', like(/^The Cloud SQL instance already exists\./)))
    expect(await change('DELETE', instance)).toMatchObject({operationType: 'DELETE', status: 'DONE'})
    expect(await create()).toMatchObject({status: 'DONE'})
  })

  it('of a newer version is of Enterprise Plus unless it is told otherwise, and its tier must fit', async () => {
    const {create, change, get} = await sqlCloud()
    const edition = {edition: undefined}
    expect(await create(edition)).toMatchObject(
      invalid('Invalid Tier (db-custom-2-7680) for (ENTERPRISE_PLUS) Edition. Use a predefined Tier like db-perf-optimized-N-* instead'),
    )
    expect(await create({tier: 'db-perf-optimized-N-2'})).toMatchObject(
      invalid('Invalid Tier (db-perf-optimized-N-2) for (ENTERPRISE) Edition'),
    )
    for (const tier of ['db-custom-3-7680', 'db-custom-2-2048', 'db-custom-2-7700', 'db-custom-2-15360', 'f1-micro'])
      expect(await create({tier})).toMatchObject(invalid(`Invalid Tier (${tier}) for (ENTERPRISE) Edition`))
    expect(await create({...edition, tier: 'db-perf-optimized-N-2'})).toMatchObject({status: 'DONE'})
    expect(at(await get(), 'settings')).toMatchObject({
      edition: 'ENTERPRISE_PLUS',
      dataCacheConfig: {dataCacheEnabled: true},
      backupConfiguration: {transactionLogRetentionDays: 14, backupRetentionSettings: {retainedBackups: 15}},
    })
    await change('PATCH', instance, {settings: {edition: 'ENTERPRISE', tier: 'db-g1-small'}})
    const settings = at(await get(), 'settings')
    expect(settings).toMatchObject({tier: 'db-g1-small', backupConfiguration: {transactionLogRetentionDays: 7}})
    expect(settings).not.toHaveProperty('dataCacheConfig')
  })

  it('is refused when its settings do not go together', async () => {
    const {create} = await sqlCloud()
    const backups = (backupConfiguration: object) => ({backupConfiguration})
    const wrong: [settings: object, message: RegExp][] = [
      [{ipConfiguration: {ipv4Enabled: false}}, /At least one of Public IP or Private IP connectivity must be enabled/],
      [{ipConfiguration: {authorizedNetworks: [{value: 'office'}]}}, /Invalid authorized network: office/],
      [{availabilityType: 'REGIONAL'}, /must be enabled for a highly available/],
      [{availabilityType: 'REGIONAL', ...backups({enabled: true})}, /point-in-time recovery must be enabled/],
      [backups({enabled: false, pointInTimeRecoveryEnabled: true}), /cannot be enabled while automated backups are disabled/],
      [backups({enabled: true, transactionLogRetentionDays: 8}), /between 1 and 7/],
      [backups({enabled: true, startTime: '25:00'}), /HH:MM/],
      [backups({enabled: true, binaryLogEnabled: true}), /only be enabled for MySQL/],
      [{maintenanceWindow: {day: 8, hour: 3}}, /Maintenance window/],
      [{dataDiskSizeGb: '5'}, /Disk size 5 GB/],
      [{databaseFlags: [{name: 'a'}, {name: 'a'}]}, /'a' is given twice/],
      [{locationPreference: {zone: 'europe-west1-b'}}, /is not in region 'us-central1'/],
      [{sslMode: 'NONE'}, /Unknown name "sslMode"/],
      [{activationPolicy: 'ON_DEMAND'}, /do not support 'ON_DEMAND'/],
      [{edition: 'GOLD'}, /Invalid value for field 'resource.settings.edition'/],
    ]
    for (const [settings, message] of wrong) expect(await create(settings)).toMatchObject({error: {code: 400, message: like(message)}})
    expect(await create({}, {region: 'moon-1'})).toMatchObject({error: {code: 400}})
    expect(await create({}, {name: 'Db_1'})).toMatchObject({error: {code: 400}})
    for (const more of [
      {databaseVersion: 'SQLSERVER_2022_STANDARD'},
      {masterInstanceName: 'x'},
      {diskEncryptionConfiguration: {kmsKeyName: 'k'}},
    ])
      expect(await create({}, more)).toMatchObject({error: {code: 405, details: [{reason: 'NOT_SIMULATED'}]}})
  })

  it('with high availability has a second zone, to which it can fail over', async () => {
    const {create, change, get} = await sqlCloud()
    const backupConfiguration = {enabled: true, pointInTimeRecoveryEnabled: true}
    await create({availabilityType: 'REGIONAL', backupConfiguration})
    expect(await get()).toMatchObject({gceZone: 'us-central1-a', secondaryGceZone: 'us-central1-b'})
    expect(at(await get(), 'settings.backupConfiguration')).toMatchObject({
      pointInTimeRecoveryEnabled: true,
      transactionalLogStorageState: 'CLOUD_STORAGE',
    })
    expect(await change('POST', `${instance}/failover`, {})).toMatchObject({operationType: 'FAILOVER', status: 'DONE'})
    expect(await get()).toMatchObject({gceZone: 'us-central1-b', secondaryGceZone: 'us-central1-a'})
    await change('PATCH', instance, {settings: {userLabels: {a: 'b'}}})
    expect(await get()).toMatchObject({gceZone: 'us-central1-b', secondaryGceZone: 'us-central1-a'})
    await change('PATCH', instance, {settings: {availabilityType: 'ZONAL'}})
    expect(await get()).not.toHaveProperty('secondaryGceZone')
    expect(await change('POST', `${instance}/failover`, {})).toMatchObject({error: {code: 400}})
    expect(await change('POST', `${instance}/restart`)).toMatchObject({operationType: 'RESTART', status: 'DONE'})
  })
})

describe('a private address', () => {
  const ipConfiguration = {ipv4Enabled: false, privateNetwork: network}

  it('needs a private connection of the network, and comes from its range', async () => {
    const {call, pass, peer, create, get, projectNumber} = await sqlCloud()
    const message = (why: string) => invalid(`Incorrect Service Networking config for instance: abcdef:db:${why}`)
    expect(await create({ipConfiguration})).toMatchObject(message('NETWORK_NOT_PEERED'))
    await peer()
    expect(await create({ipConfiguration: {...ipConfiguration, allocatedIpRange: 'other'}})).toMatchObject(
      invalid(`Allocated IP range 'other' is not one of the ranges of the private connection of network '${network}'`),
    )
    expect(await create({ipConfiguration: {...ipConfiguration, allocatedIpRange: 'psa'}})).toMatchObject({status: 'DONE'})
    expect(at(await get(), 'ipAddresses')).toEqual([{type: 'PRIVATE', ipAddress: '10.60.0.3'}])
    expect(at(await get(), 'settings.ipConfiguration')).toMatchObject({...ipConfiguration, allocatedIpRange: 'psa'})
    await create({ipConfiguration: {privateNetwork: `http://127.0.0.1:8451/compute/compute/v1/${network}`}}, {name: 'second'})
    const second = (await call('GET', `${root}/instances/second`)).body
    expect(at(second, 'ipAddresses')).toMatchObject([{type: 'PRIMARY'}, {type: 'OUTGOING'}, {type: 'PRIVATE', ipAddress: '10.60.0.4'}])
    expect(at(second, 'settings.ipConfiguration.privateNetwork')).toBe(`https://www.googleapis.com/compute/v1/${network}`)

    const connections = '/servicenetworking/v1/services/servicenetworking.googleapis.com/connections'
    const consumerNetwork = `projects/${projectNumber}/global/networks/vpc`
    const held = (await call('POST', `${connections}/servicenetworking-googleapis-com`, {consumerNetwork})).body
    pass(1000)
    expect((await call('GET', `/servicenetworking/v1/${textAt(held, 'name')}`)).body).toMatchObject({
      error: {message: like(/still using this connection/)},
    })
    await call('POST', '/compute/compute/v1/projects/abcdef/global/networks/vpc/removePeering', {name: 'servicenetworking-googleapis-com'})
    pass(1000)
    expect(await create({ipConfiguration}, {name: 'third'})).toMatchObject({
      error: {message: like(/third:NETWORK_PEERING_DELETED/)},
    })
  })

  it('stays when the public one goes, and cannot be removed', async () => {
    const {peer, create, change, get} = await sqlCloud()
    await peer()
    await create()
    const [primary] = [at(await get(), 'ipAddresses.0.ipAddress')]
    expect(await change('PATCH', instance, {settings: {ipConfiguration: {ipv4Enabled: false}}})).toMatchObject({error: {code: 400}})
    await change('PATCH', instance, {settings: {ipConfiguration: {privateNetwork: network}}})
    expect(at(await get(), 'ipAddresses')).toMatchObject([
      {type: 'PRIMARY', ipAddress: primary},
      {type: 'OUTGOING'},
      {type: 'PRIVATE', ipAddress: '10.60.0.3'},
    ])
    await change('PATCH', instance, {settings: {ipConfiguration: {ipv4Enabled: false, authorizedNetworks: []}}})
    expect(at(await get(), 'ipAddresses')).toEqual([{type: 'PRIVATE', ipAddress: '10.60.0.3'}])
    expect(await change('PATCH', instance, {settings: {ipConfiguration: {ipv4Enabled: true, privateNetwork: ''}}})).toMatchObject(
      invalid('The private network of an instance cannot be removed once it is configured'),
    )
  })

  it('that finds no room fails the operation, and the instance stays as FAILED until it is deleted', async () => {
    const {peer, create, change, get} = await sqlCloud()
    await peer(29)
    for (const name of ['a', 'b', 'c', 'd']) await create({ipConfiguration}, {name})
    expect(await create({ipConfiguration})).toMatchObject({
      status: 'DONE',
      error: {
        kind: 'sql#operationErrors',
        errors: [{kind: 'sql#operationError', code: 'INTERNAL_ERROR', message: like(/Couldn't find free blocks in allocated IP ranges/)}],
      },
    })
    expect(await get()).toMatchObject({state: 'FAILED'})
    expect(await change('PATCH', instance, {settings: {tier: 'db-custom-4-15360'}})).toMatchObject({error: {code: 409}})
    expect(await change('DELETE', instance)).toMatchObject({status: 'DONE'})
    expect(await get()).toMatchObject({error: {code: 404}})
  })

  it('is the only one where the organization forbids public ones', async () => {
    const {call, peer, create} = await sqlCloud()
    await peer()
    await call('POST', '/serviceusage/v1/projects/abcdef/services/orgpolicy.googleapis.com:enable', {})
    for (const name of ['sql.restrictPublicIp', 'sql.restrictAuthorizedNetworks'])
      await call('POST', '/orgpolicy/v2/organizations/100000000001/policies', {
        name: `organizations/100000000001/policies/${name}`,
        spec: {rules: [{enforce: true}]},
      })
    expect(await create()).toMatchObject({error: {code: 400, message: like(/violates the constraints\/sql.restrictPublicIp/)}})
    const authorizedNetworks = [{value: '203.0.113.0/24'}]
    expect(await create({ipConfiguration: {...ipConfiguration, authorizedNetworks}})).toMatchObject({
      error: {message: like(/sql.restrictAuthorizedNetworks/)},
    })
    expect(await create({ipConfiguration})).toMatchObject({status: 'DONE'})
  })
})

describe('a change of an instance', () => {
  it('is merged, replaces lists, and counts the settings on', async () => {
    const {create, change, get} = await sqlCloud()
    await create({databaseFlags: [{name: 'a', value: '1'}], ipConfiguration: {sslMode: 'ENCRYPTED_ONLY'}})
    const etag = at(await get(), 'etag')
    expect(
      await change('PATCH', instance, {settings: {databaseFlags: [{name: 'cloudsql.iam_authentication', value: 'on'}]}}),
    ).toMatchObject({operationType: 'UPDATE', status: 'DONE', targetId: 'db'})
    const changed = await get()
    expect(at(changed, 'settings')).toMatchObject({
      settingsVersion: '2',
      databaseFlags: [{name: 'cloudsql.iam_authentication', value: 'on'}],
      ipConfiguration: {sslMode: 'ENCRYPTED_ONLY', ipv4Enabled: true},
      backupConfiguration: {replicationLogArchivingEnabled: false},
    })
    expect(at(changed, 'etag')).not.toBe(etag)
    await change('PATCH', instance, {settings: {maintenanceWindow: {day: 7, hour: 3, updateTrack: 'stable'}}})
    await change('PATCH', instance, {settings: {maintenanceWindow: {hour: 4}}})
    expect(at(await get(), 'settings.maintenanceWindow')).toEqual({kind: 'sql#maintenanceWindow', day: 7, hour: 4, updateTrack: 'stable'})
    await change('PATCH', instance, {settings: {ipConfiguration: {sslMode: 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED'}}})
    expect(at(await get(), 'settings.ipConfiguration.requireSsl')).toBe(true)
  })

  it('by PUT sets all that is not given back to the defaults, and needs the version of the settings', async () => {
    const {create, change, get} = await sqlCloud()
    await create({databaseFlags: [{name: 'a', value: '1'}], deletionProtectionEnabled: true})
    const settings = {tier: 'db-custom-4-15360', edition: 'ENTERPRISE'}
    expect(await change('PUT', instance, {settings})).toMatchObject(
      refusal(400, 'required', 'Missing parameter: settings.settingsVersion.'),
    )
    expect(await change('PUT', instance, {settings: {...settings, settingsVersion: '1'}})).toMatchObject({status: 'DONE'})
    expect(at(await get(), 'settings')).toMatchObject({tier: 'db-custom-4-15360', deletionProtectionEnabled: false, settingsVersion: '2'})
    expect(at(await get(), 'settings')).not.toHaveProperty('databaseFlags')
  })

  it('is refused when it is stale, while another runs, and when it cannot be', async () => {
    const {call, pass, create, change} = await sqlCloud()
    await create({dataDiskSizeGb: '20'})
    const stale = refusal(412, 'staleData', 'Condition does not match.')
    await change('PATCH', instance, {settings: {settingsVersion: '1', userLabels: {a: 'b'}}})
    expect(await change('PATCH', instance, {settings: {settingsVersion: '1'}})).toMatchObject(stale)
    expect(await change('PATCH', instance, {etag: 'BwXXXXXXXXX='})).toMatchObject(stale)
    expect((await call('PATCH', instance, {settings: {userLabels: {a: 'c'}}})).status).toBe(200)
    const busy = refusal(409, 'operationInProgress', like(/^Operation failed because another operation was already in progress\./))
    for (const [method, path, body] of [
      ['PATCH', instance, {settings: {}}],
      ['DELETE', instance, undefined],
      ['POST', `${instance}/restart`, undefined],
      ['POST', `${instance}/users`, {name: 'app'}],
      ['POST', `${instance}/databases`, {name: 'qlogic'}],
      ['POST', `${instance}/backupRuns`, {}],
    ] as const)
      expect([path, (await call(method, path, body)).body]).toMatchObject([path, busy])
    pass(1000)
    expect(await change('PATCH', instance, {settings: {dataDiskSizeGb: '10'}})).toMatchObject({
      error: {message: like(/cannot be decreased/)},
    })
    expect(await change('PATCH', instance, {region: 'europe-west1'})).toMatchObject({error: {message: like(/region .* cannot be changed/)}})
    expect(await change('PATCH', instance, {databaseVersion: 'POSTGRES_15'})).toMatchObject({error: {code: 400}})
    expect(await change('PATCH', instance, {maintenanceVersion: 'POSTGRES_16_4.R20990101.00_00'})).toMatchObject({error: {code: 405}})
    expect(await change('PATCH', instance, {databaseVersion: 'POSTGRES_17'})).toMatchObject({status: 'DONE'})
  })

  it('that fails leaves it as it was', async () => {
    const message = 'An unknown error occurred.'
    const {sandbox, create, change, get} = await sqlCloud()
    await create()
    const failure = {error: {kind: 'sql#operationErrors', errors: [{kind: 'sql#operationError', code: 'INTERNAL_ERROR', message}]}}
    sandbox.setFaults({operationErrors: [{match: 'sql.instances.*', code: 'INTERNAL_ERROR', message}]})
    expect(await change('PATCH', instance, {settings: {tier: 'db-custom-4-15360'}})).toMatchObject({status: 'DONE', ...failure})
    expect(at(await get(), 'settings')).toMatchObject({tier: 'db-custom-2-7680', settingsVersion: '1'})
    expect(await change('DELETE', instance)).toMatchObject(failure)
    expect(await get()).toMatchObject({state: 'RUNNABLE'})
    expect(await create({}, {name: 'other'})).toMatchObject(failure)
  })

  it('that deletes is refused while the instance is protected', async () => {
    const {call, create, change} = await sqlCloud()
    await create({deletionProtectionEnabled: true})
    expect((await call('DELETE', instance)).body).toMatchObject({error: {code: 400, message: like(/^The instance is protected\./)}})
    await change('PATCH', instance, {settings: {deletionProtectionEnabled: false}})
    expect(await change('DELETE', instance)).toMatchObject({status: 'DONE'})
  })

  it('that stops it leaves it RUNNABLE, but nothing inside answers', async () => {
    const {call, create, change, get} = await sqlCloud()
    await create()
    await change('PATCH', instance, {settings: {activationPolicy: 'NEVER'}})
    expect(await get()).toMatchObject({state: 'RUNNABLE', settings: {activationPolicy: 'NEVER'}})
    for (const path of ['/databases', '/databases/postgres', '/users'])
      expect((await call('GET', `${instance}${path}`)).body).toMatchObject(stopped)
    expect(await change('POST', `${instance}/databases`, {name: 'qlogic'})).toMatchObject(stopped)
    expect(await change('POST', `${instance}/restart`)).toMatchObject(stopped)
    await change('PATCH', instance, {settings: {activationPolicy: 'ALWAYS'}})
    expect((await call('GET', `${instance}/users`)).body).toMatchObject({items: [{name: 'postgres'}]})
  })

  it('is refused while the project has no billing: the instance is suspended', async () => {
    const {call, create, change, get} = await sqlCloud()
    await create()
    const billing = (billingAccountName: string) => call('PUT', '/cloudbilling/v1/projects/abcdef/billingInfo', {billingAccountName})
    await billing('')
    expect(await get()).toMatchObject({state: 'SUSPENDED', suspensionReason: ['BILLING_ISSUE']})
    expect(await change('PATCH', instance, {settings: {userLabels: {a: 'b'}}})).toMatchObject({error: {code: 409}})
    expect((await call('GET', `${instance}/users`)).body).toMatchObject(stopped)
    await billing('billingAccounts/01A2B3-C4D5E6-F70819')
    expect(await get()).toMatchObject({state: 'RUNNABLE'})
    expect(await get()).not.toHaveProperty('suspensionReason')
  })
})

describe('the server CA', () => {
  it('is renewed by adding another, for clients to trust it, and rotating to it', async () => {
    const {call, create, change, pass, get} = await sqlCloud()
    await create()
    pass(9 * 365 * 24 * hour)
    const versions = async () => {
      const {body} = await call('GET', `${instance}/listServerCas`)
      const certs = at(body, 'certs')
      const all = Array.isArray(certs) ? certs.map((cert) => textAt(cert, 'sha1Fingerprint')) : []
      return {active: at(body, 'activeVersion'), all}
    }
    const old = at(await get(), 'serverCaCert.sha1Fingerprint')
    expect(await versions()).toEqual({active: old, all: [old]})
    expect(await change('POST', `${instance}/rotateServerCa`, {})).toMatchObject({error: {code: 400}})
    await change('POST', `${instance}/addServerCa`)
    const {active, all} = await versions()
    const next = all[0]
    expect(active).toBe(old)
    expect(all).toEqual([next, old])
    expect(await change('POST', `${instance}/rotateServerCa`, {rotateServerCaContext: {nextVersion: next}})).toMatchObject({
      operationType: 'UPDATE',
      status: 'DONE',
    })
    expect(await versions()).toEqual({active: next, all: [next]})
    expect(at(await get(), 'serverCaCert')).toMatchObject({sha1Fingerprint: next, expirationTime: like(/^2045-/)})
  })
})

describe('databases', () => {
  it('are made at once, each once, and are UTF8', async () => {
    const {call, pass, create, change} = await sqlCloud()
    await create()
    const made = (await call('POST', `${instance}/databases`, {name: 'qlogic', charset: 'UTF8'})).body
    expect(made).toMatchObject({
      operationType: 'CREATE_DATABASE',
      status: 'DONE',
      targetId: 'db',
      targetLink: 'https://sqladmin.googleapis.com/v1/projects/abcdef/instances/db/databases/qlogic',
      startTime: like(/^2026/),
      endTime: like(/^2026/),
    })
    expect((await call('GET', `${instance}/databases/qlogic`)).body).toEqual({
      kind: 'sql#database',
      name: 'qlogic',
      charset: 'UTF8',
      collation: 'en_US.UTF8',
      instance: 'db',
      project: 'abcdef',
      etag: like(/=$/),
      selfLink: 'https://sqladmin.googleapis.com/v1/projects/abcdef/instances/db/databases/qlogic',
    })
    expect((await call('GET', `${instance}/databases`)).body).toMatchObject({
      kind: 'sql#databasesList',
      items: [{name: 'postgres'}, {name: 'qlogic'}],
    })
    expect(await change('POST', `${instance}/databases`, {name: 'qlogic'})).toMatchObject(
      invalid('failed to create database qlogic. Detail: pq: database "qlogic" already exists'),
    )
    expect(await change('POST', `${instance}/databases`, {name: 'latin', charset: 'LATIN1'})).toMatchObject({error: {code: 400}})
    expect((await call('GET', `${instance}/databases/none`)).body).toEqual({
      error: {code: 404, message: 'Not Found', status: 'NOT_FOUND', errors: [{domain: 'global', reason: 'notFound', message: 'Not Found'}]},
    })
    expect((await call('GET', `${root}/instances/none/databases/none`)).body).toMatchObject({
      error: {errors: [{reason: 'instanceDoesNotExist'}]},
    })
    expect(await change('PATCH', `${instance}/databases/qlogic`, {charset: 'LATIN1'})).toMatchObject({error: {code: 400}})
    expect((await call('DELETE', `${instance}/databases/qlogic`)).body).toMatchObject({operationType: 'DELETE_DATABASE', status: 'PENDING'})
    pass(1000)
    expect((await call('GET', `${instance}/databases/qlogic`)).status).toBe(404)
  })

  it('and users go with their instance', async () => {
    const {call, create, change} = await sqlCloud()
    await create()
    await call('POST', `${instance}/databases`, {name: 'qlogic'})
    await call('POST', `${instance}/users`, {name: 'app', password: 'x'})
    await change('DELETE', instance)
    await create()
    expect((await call('GET', `${instance}/databases`)).body).toMatchObject({items: [{name: 'postgres'}]})
    expect(at((await call('GET', `${instance}/users`)).body, 'items')).toHaveLength(1)
  })
})

describe('users', () => {
  it('are made at once; their passwords never come back', async () => {
    const {call, create} = await sqlCloud()
    await create()
    const made = (await call('POST', `${instance}/users`, {name: 'qlogic_app', password: 'hunter2', type: 'BUILT_IN'})).body
    expect(made).toMatchObject({
      operationType: 'CREATE_USER',
      status: 'DONE',
      targetLink: 'https://sqladmin.googleapis.com/v1/projects/abcdef/instances/db',
    })
    const row = {kind: 'sql#user', instance: 'db', project: 'abcdef', etag: like(/=$/)}
    const plain = {...row, passwordPolicy: {status: {}}, iamStatus: 'IAM_STATUS_UNSPECIFIED'}
    expect((await call('GET', `${instance}/users`)).body).toEqual({
      kind: 'sql#usersList',
      items: [
        {...plain, name: 'postgres'},
        {...plain, name: 'qlogic_app'},
      ],
    })
    const before = at((await call('GET', `${instance}/users/qlogic_app`)).body, 'etag')
    const changed = (await call('PUT', `${instance}/users?name=qlogic_app`, {name: 'qlogic_app', password: 'hunter3'})).body
    expect(changed).toMatchObject({operationType: 'UPDATE_USER', status: 'DONE'})
    expect(at((await call('GET', `${instance}/users/qlogic_app`)).body, 'etag')).not.toBe(before)
    expect((await call('PUT', `${instance}/users?name=nobody`, {password: 'x'})).status).toBe(404)
    expect((await call('POST', `${instance}/users`, {name: 'qlogic_app', password: 'again'})).status).toBe(200)
    expect(at((await call('GET', `${instance}/users`)).body, 'items')).toHaveLength(2)
    expect((await call('DELETE', `${instance}/users?name=qlogic_app`)).body).toMatchObject({operationType: 'DELETE_USER', status: 'DONE'})
    expect((await call('GET', `${instance}/users/qlogic_app`)).status).toBe(404)
  })

  it('have roles, which can be revoked', async () => {
    const {call, create} = await sqlCloud()
    await create()
    const roles = async () => at((await call('GET', `${instance}/users/app`)).body, 'databaseRoles')
    await call('POST', `${instance}/users`, {name: 'app', password: 'x', databaseRoles: ['cloudsqlsuperuser']})
    expect(await roles()).toEqual(['cloudsqlsuperuser'])
    await call('PUT', `${instance}/users?name=app&databaseRoles=pg_monitor`, {name: 'app'})
    expect(await roles()).toEqual(['cloudsqlsuperuser', 'pg_monitor'])
    await call('PUT', `${instance}/users?name=app&databaseRoles=pg_monitor&revokeExistingRoles=true`, {name: 'app'})
    expect(await roles()).toEqual(['pg_monitor'])
  })

  it('of IAM are named by their address, service accounts without its end', async () => {
    const {call, create} = await sqlCloud()
    await create()
    const insert = async (name: string, type: string, more: object = {}) =>
      (await call('POST', `${instance}/users`, {name, type, ...more})).body
    const account = 'CLOUD_IAM_SERVICE_ACCOUNT'
    expect(await insert('app@abcdef.iam.gserviceaccount.com', account)).toMatchObject(
      invalid('Database username for Cloud IAM service account should be created without ".gserviceaccount.com" suffix'),
    )
    expect(await insert('app', account)).toMatchObject({error: {code: 400}})
    expect(await insert('app@abcdef.iam', account, {password: 'x'})).toMatchObject({error: {code: 400}})
    expect(await insert('app@abcdef.iam', account)).toMatchObject({status: 'DONE'})
    expect(await insert('jane@example.com', 'CLOUD_IAM_USER')).toMatchObject({status: 'DONE'})
    expect((await call('GET', `${instance}/users`)).body).toMatchObject({
      items: [{name: 'postgres'}, {name: 'app@abcdef.iam', type: account}, {name: 'jane@example.com', type: 'CLOUD_IAM_USER'}],
    })
    const {body: numbers} = await call('GET', `${instance}/users?$alt=json;enum-encoding=int`)
    expect(numbers).toMatchObject({items: [{iamStatus: 0}, {type: 2}, {type: 1}]})
  })
})

describe('backups', () => {
  const ids = async (call: Awaited<ReturnType<typeof sqlCloud>>['call']) => {
    const items = at((await call('GET', `${instance}/backupRuns`)).body, 'items')
    return Array.isArray(items) ? items.map((item) => [at(item, 'status'), at(item, 'endTime')]) : []
  }

  it('happen every day in their window while they are on, and the oldest ones go', async () => {
    const {call, pass, create, change} = await sqlCloud()
    await create({backupConfiguration: {enabled: true, startTime: '01:00', backupRetentionSettings: {retainedBackups: 3}}})
    expect(await ids(call)).toEqual([])
    pass(13 * hour)
    expect(await ids(call)).toEqual([])
    pass(hour)
    expect((await call('GET', `${instance}/backupRuns`)).body).toEqual({
      kind: 'sql#backupRunsList',
      items: [
        {
          kind: 'sql#backupRun',
          id: String(Date.parse('2026-03-02T01:00:00Z')),
          instance: 'db',
          type: 'AUTOMATED',
          status: 'SUCCESSFUL',
          backupKind: 'SNAPSHOT',
          databaseVersion: 'POSTGRES_16',
          location: 'us',
          windowStartTime: '2026-03-02T01:00:00.000Z',
          enqueuedTime: '2026-03-02T01:11:00.000Z',
          startTime: '2026-03-02T01:11:00.000Z',
          endTime: '2026-03-02T01:13:00.000Z',
          selfLink: like(/\/instances\/db\/backupRuns\/\d+$/),
        },
      ],
    })
    pass(30 * 24 * hour)
    expect(await ids(call)).toEqual(['04-01', '03-31', '03-30'].map((day) => ['SUCCESSFUL', `2026-${day}T01:13:00.000Z`]))
    // Off for three days: those of these days never were, whatever is looked at when.
    await change('PATCH', instance, {settings: {backupConfiguration: {enabled: false}}})
    pass(72 * hour)
    await change('PATCH', instance, {settings: {backupConfiguration: {enabled: true}}})
    expect((await ids(call))[0]).toEqual(['SUCCESSFUL', '2026-04-01T01:13:00.000Z'])
    pass(24 * hour)
    expect((await ids(call))[0]).toEqual(['SUCCESSFUL', '2026-04-05T01:13:00.000Z'])
  })

  it('can be made and deleted by hand; one that fails is seen', async () => {
    const {sandbox, call, pass, create, change} = await sqlCloud()
    await create()
    const started = (await call('POST', `${instance}/backupRuns`, {description: 'before the upgrade'})).body
    expect(started).toMatchObject({operationType: 'BACKUP_VOLUME', backupContext: {kind: 'sql#backupContext', backupId: like(/^\d+$/)}})
    const one = `${instance}/backupRuns/${textAt(started, 'backupContext.backupId')}`
    const run = {type: 'ON_DEMAND', description: 'before the upgrade'}
    expect((await call('GET', one)).body).toMatchObject({...run, status: 'RUNNING'})
    expect((await call('GET', `${one}?$alt=json;enum-encoding=int`)).body).toMatchObject({status: 3, type: 2})
    pass(1000)
    expect((await call('GET', one)).body).toMatchObject({...run, status: 'SUCCESSFUL', endTime: like(/^2026/)})
    expect((await call('GET', `${one}?$alt=json;enum-encoding=int`)).body).toMatchObject({status: 5})
    expect(await change('DELETE', one)).toMatchObject({operationType: 'DELETE_BACKUP', status: 'DONE'})
    expect((await call('GET', one)).body).toMatchObject({error: {code: 404, status: 'NOT_FOUND'}})
    sandbox.setFaults({operationErrors: [{match: 'sql.backupRuns.insert', code: 'INTERNAL_ERROR', message: 'No.'}]})
    await change('POST', `${instance}/backupRuns`, {})
    expect((await call('GET', `${instance}/backupRuns`)).body).toMatchObject({items: [{status: 'FAILED'}]})
  })
})

describe('Cloud SQL Admin', () => {
  it('must be enabled, and asks for the permission of each method', async () => {
    const {sandbox, call, project, create} = await sqlCloud()
    await project('ghijkl')
    const {body} = await call('GET', '/sqladmin/v1/projects/ghijkl/instances')
    expect(body).toMatchObject({error: {code: 403, status: 'PERMISSION_DENIED', errors: [{reason: 'accessNotConfigured'}]}})
    await create()
    const denied = refusal(403, 'notAuthorized', 'The client is not authorized to make this request.')
    for (const [permission, method, path, sent] of [
      ['cloudsql.instances.get', 'GET', instance, undefined],
      ['cloudsql.instances.get', 'GET', `${root}/instances/none`, undefined],
      ['cloudsql.instances.list', 'GET', `${root}/instances`, undefined],
      ['cloudsql.instances.update', 'PATCH', instance, {}],
      ['cloudsql.instances.create', 'POST', `${root}/instances`, {}],
      ['cloudsql.instances.delete', 'DELETE', instance, undefined],
      ['cloudsql.databases.create', 'POST', `${instance}/databases`, {}],
      ['cloudsql.databases.get', 'GET', `${instance}/databases/postgres`, undefined],
      ['cloudsql.users.list', 'GET', `${instance}/users`, undefined],
      ['cloudsql.users.update', 'PUT', `${instance}/users`, {}],
      ['cloudsql.backupRuns.list', 'GET', `${instance}/backupRuns`, undefined],
    ] as const) {
      sandbox.setFaults({deny: [permission]})
      expect([permission, (await call(method, path, sent)).body]).toMatchObject([permission, denied])
    }
  })

  it('lists flags and tells connectors and those who restore what they need', async () => {
    const {call, pass, create, change} = await sqlCloud()
    await create()
    const flags = at((await call('GET', '/sqladmin/v1/flags?databaseVersion=POSTGRES_16')).body, 'items')
    expect(flags).toContainEqual(expect.objectContaining({name: 'cloudsql.iam_authentication', type: 'BOOLEAN'}))
    expect((await call('GET', '/sqladmin/v1/flags?databaseVersion=MYSQL_8_0')).body).toEqual({kind: 'sql#flagsList', items: []})
    const {body: settings} = await call('GET', `${instance}/connectSettings`)
    expect(settings).toMatchObject({kind: 'sql#connectSettings', databaseVersion: 'POSTGRES_16', region: 'us-central1'})
    expect(at(settings, 'serverCaCert.expirationTime')).toBe('2036-03-01T00:00:00.000Z')
    expect((await call('GET', `${instance}/getLatestRecoveryTime`)).status).toBe(400)
    await change('PATCH', instance, {settings: {backupConfiguration: {enabled: true, pointInTimeRecoveryEnabled: true}}})
    pass(30 * 24 * hour)
    expect((await call('GET', `${instance}/getLatestRecoveryTime`)).body).toEqual({
      kind: 'sql#getLatestRecoveryTime',
      earliestRecoveryTime: '2026-03-24T12:00:05.000Z',
      latestRecoveryTime: '2026-03-31T11:55:05.000Z',
    })
  })

  it('gives and takes enums by their proto numbers', async () => {
    const {call, create, pass} = await sqlCloud()
    // What @google-cloud/sql sends over REST.
    expect(
      await create(
        {edition: 2, availabilityType: 1, ipConfiguration: {sslMode: 2}, maintenanceWindow: {day: 7, hour: 3, updateTrack: 2}},
        {databaseVersion: 272},
      ),
    ).toMatchObject({status: 'DONE'})
    expect((await call('GET', instance)).body).toMatchObject({
      databaseVersion: 'POSTGRES_16',
      settings: {edition: 'ENTERPRISE', ipConfiguration: {sslMode: 'ENCRYPTED_ONLY'}, maintenanceWindow: {updateTrack: 'stable'}},
    })
    expect((await call('GET', `${instance}?$alt=json;enum-encoding=int`)).body).toMatchObject({
      state: 1,
      databaseVersion: 272,
      instanceType: 1,
      ipAddresses: [{type: 1}, {type: 2}],
      settings: {edition: 2, activationPolicy: 1, ipConfiguration: {sslMode: 2, serverCaMode: 1}},
    })
    const {body} = await call('PATCH', `${instance}?$alt=json;enum-encoding=int`, {settings: {activationPolicy: 2}})
    expect(body).toMatchObject({operationType: 4, status: 1})
    pass(1000)
    expect((await call('GET', `${root}/operations/${textAt(body, 'name')}?$alt=json;enum-encoding=int`)).body).toMatchObject({status: 3})
  })

  it('has the enum numbers of the protos that the client brings', () => {
    const parsed: unknown = JSON.parse(readFileSync('node_modules/@google-cloud/sql/build/protos/protos.json', 'utf8'))
    const found: Record<string, unknown>[] = []
    const walk = (node: unknown) => {
      if (!isObject(node)) return
      if (isObject(node.values)) found.push(node.values)
      for (const inner of Object.values(isObject(node.nested) ? node.nested : {})) walk(inner)
    }
    const protos = ['google', 'cloud', 'sql', 'v1'].reduce<unknown>((node, name) => at(at(node, 'nested'), name), parsed)
    walk(protos)
    for (const [name, numbers] of Object.entries(enums)) {
      const exact = found.some((values) => Object.entries(numbers).every(([value, number]) => values[value] === number))
      expect([name, exact]).toEqual([name, true])
    }
  })
})
