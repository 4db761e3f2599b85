import {secretName, sqlInstanceName} from '../../changes/resource-names.ts'
import {addSecretVersion, annotateSecret, hashAnnotation, sha256} from '../../changes/secrets.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {RunService, SqlInstance} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {serviceRow, variableOf} from '../run-service.ts'
import {makeReadable, readSecret, unreadable, type KeptSecret} from '../secret-state.ts'
import {isReady} from '../sql-instance.ts'

const id = 'db-host'
const codes = {
  missing: 'DB_HOST_MISSING',
  noVersion: 'DB_HOST_WITHOUT_VERSION',
  disabled: 'DB_HOST_DISABLED',
  destroyed: 'DB_HOST_DESTROYED',
}

/** `backend`: the service that asks the database, where there is one. */
type Observed = KeptSecret & {instance: SqlInstance | undefined; backend?: RunService | undefined}

const variable = 'DB_HOST'

/** What the secret may hold: the private address if there is one, or the connection name. The first is what qlogic writes. */
const hosts = ({ipAddresses, connectionName}: SqlInstance): [string, ...string[]] => {
  const [address] = ipAddresses.flatMap(({type, ipAddress}) => (type === 'PRIVATE' ? [ipAddress] : []))
  return address === undefined ? [connectionName] : [address, connectionName]
}
const written = ({secret}: KeptSecret): string | undefined => secret?.annotations[hashAnnotation]
const fits = (kept: KeptSecret, instance: SqlInstance): boolean => hosts(instance).some((host) => sha256(host) === written(kept))
const isOlder = ({latest}: KeptSecret, {createTime}: SqlInstance): boolean =>
  latest?.createTime !== undefined && createTime !== undefined && Date.parse(latest.createTime) < Date.parse(createTime)

/** Reads the address from the instance, so that the line is right for whoever types it. */
const produce = ({projectId, sqlInstance}: Config, host: string): string =>
  host.includes(':')
    ? `gcloud sql instances describe ${sqlInstance} --project=${projectId} --format='value(connectionName)' | tr -d '\\n'`
    : `gcloud sql instances describe ${sqlInstance} --project=${projectId} --format='value(ipAddresses.filter("type:PRIVATE").extract(ipAddress).flatten())' | tr -d '\\n'`

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const service = config.compute === 'cloud-run' ? cloud.run.service(config.region, config.runServices.backend) : undefined
    const [kept, instance, backend] = await Promise.all([readSecret(cloud, id), cloud.sql.instance(config.sqlInstance), service])
    return {...kept, instance, backend}
  },

  evaluate({instance, backend, ...kept}, {config}) {
    const resource = secretName(config.projectId, id)
    const database = sqlInstanceName(config.projectId, config.sqlInstance)
    const args = {secret: id, instance: config.sqlInstance}
    const none = seen(database, 'name', config.sqlInstance, undefined)
    if (instance === undefined && kept.latest === undefined)
      return fail('DB_HOST_NO_INSTANCE', [none, seen(resource, 'versions/latest', 'ENABLED', undefined)], args)
    if (instance !== undefined && !isReady(instance))
      return warn('DB_HOST_INSTANCE_NOT_READY', [seen(database, 'state', 'running', 'not running')], args)
    const broken = unreadable(kept, id, config, codes)
    if (broken !== undefined) return {...broken, args}
    const mark = (expected: string) => seen(resource, `annotations.${hashAnnotation}`, expected, written(kept))
    if (instance === undefined) return warn('DB_HOST_UNPROVEN', [none, mark('hash of the address')], args)
    const [host] = hosts(instance)
    if (written(kept) === undefined) return warn('DB_HOST_UNPROVEN', [mark(sha256(host))], args)
    if (!fits(kept, instance)) return warn('DB_HOST_STALE', [mark(sha256(host))], args)
    if (isOlder(kept, instance))
      return warn(
        'DB_HOST_STALE',
        [seen(resource, 'versions/latest.createTime', `after ${instance.createTime ?? ''}`, kept.latest?.createTime)],
        args,
      )
    const told = backend === undefined ? undefined : variableOf(backend, variable)
    if (backend === undefined || told?.secret === id) return pass('DB_HOST_CURRENT', [mark(sha256(host))], args)
    const used = serviceRow(
      config,
      backend.name,
      `template.containers[].env[${variable}]`,
      `secret ${id}, or ${host}`,
      told?.value ?? told?.secret,
    )
    // As compute.run-services deploys it: the same address in plain words, which is no secret.
    return told?.value !== undefined && hosts(instance).includes(told.value)
      ? pass('DB_HOST_BESIDE', [mark(sha256(host)), used], {...args, service: backend.name})
      : warn('DB_HOST_NOT_USED', [used], {...args, service: backend.name})
  },

  plan({instance, ...kept}, {config}) {
    if (instance === undefined || !isReady(instance)) return []
    const [host] = hosts(instance)
    const version = {id, value: {text: host}, produce: produce(config, host)}
    const hash = sha256(host)
    const repair = makeReadable(kept, config, {...version, hash, replacing: 'the application reads it when its next instance starts'})
    if (kept.secret === undefined || kept.latest?.state === 'DISABLED') return repair
    const annotate = written(kept) === hash ? [] : [annotateSecret(config.projectId, id, kept.secret.annotations, hash)]
    if (repair.length > 0) return [...repair, ...annotate]
    const stale = written(kept) !== undefined && (!fits(kept, instance) || isOlder(kept, instance))
    return stale
      ? [addSecretVersion({project: config.projectId, secret: id, value: version.value, produce: version.produce}), ...annotate]
      : []
  },

  fresh: () => ({secret: undefined, latest: undefined, instance: undefined}),
})
