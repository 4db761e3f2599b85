import {
  addSecretVersion,
  createSecret,
  enableSecretVersion,
  hashAnnotation,
  markUnassigned,
  noVersionGiven,
  passwordAnnotation,
} from '../changes/secrets.ts'
import {passwordSecret, passwordValue} from '../changes/sql-users.ts'
import {secretName} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import type {Change, SecretValue} from '../engine/change.ts'
import {fail, seen, type Finding} from '../engine/finding.ts'
import type {Cloud, Secret, SecretVersion} from '../gcp/cloud.ts'

export type KeptSecret = {secret: Secret | undefined; latest: SecretVersion | undefined}

/** A secret and its latest version; the payload is never read. */
export const readSecret = async (cloud: Cloud, id: string): Promise<KeptSecret> => {
  const secret = await cloud.secretManager.secret(id)
  return {secret, latest: secret === undefined ? undefined : await cloud.secretManager.latestVersion(id)}
}

type Codes = {missing: string; noVersion: string; disabled: string; destroyed: string}

/** What keeps a secret from being readable, or undefined. `latest` is the highest version whatever its state: older ones do not help. */
export const unreadable = ({secret, latest}: KeptSecret, id: string, {projectId}: Config, codes: Codes): Finding | undefined => {
  const resource = secretName(projectId, id)
  if (secret === undefined) return fail(codes.missing, [seen(resource, 'name', id, undefined)], {secret: id})
  if (latest === undefined) return fail(codes.noVersion, [seen(resource, 'versions/latest', 'ENABLED', undefined)], {secret: id})
  if (latest.state === 'ENABLED') return undefined
  const evidence = [seen(resource, 'versions/latest.state', 'ENABLED', latest.state)]
  return fail(latest.state === 'DISABLED' ? codes.disabled : codes.destroyed, evidence, {secret: id})
}

type Repair = {
  id: string
  value: SecretValue
  hash?: string
  /** Of a secret that has to be made. */
  annotations?: Readonly<Record<string, string>>
  produce?: string
  replacing: string
}

/** What makes it readable: the secret, a version, or the version that was disabled. `replacing` says what a new value breaks. */
export const makeReadable = (
  {secret, latest}: KeptSecret,
  {projectId}: Config,
  {id, value, hash, annotations = hash === undefined ? {} : {[hashAnnotation]: hash}, produce, replacing}: Repair,
): Change[] => {
  const version = {project: projectId, secret: id, value, ...(produce === undefined ? {} : {produce})}
  if (secret === undefined) return [createSecret(projectId, id, annotations), addSecretVersion(version)]
  if (latest === undefined) return [addSecretVersion(version)]
  if (latest.state === 'DISABLED') return [enableSecretVersion(projectId, id, latest.name)]
  return latest.state === 'ENABLED' ? [] : [addSecretVersion({...version, why: replacing})]
}

/** The same for the password of the database: generated, kept for the user's own change in this run, and marked as nobody's until then. */
export const makePasswordReadable = (kept: KeptSecret, config: Config): Change[] => {
  const repair = makeReadable(kept, config, {
    id: passwordSecret,
    value: {generate: {...passwordValue, keep: true}},
    annotations: {[passwordAnnotation]: noVersionGiven},
    replacing: 'the database user still has the old password: the application cannot sign in until both are the same again',
  })
  const {secret} = kept
  const adds = repair.some(({request}) => request.kind === 'secret-version')
  if (secret === undefined || !adds || secret.annotations[passwordAnnotation] !== undefined) return repair
  return [markUnassigned(config.projectId, passwordSecret, secret.annotations), ...repair]
}
