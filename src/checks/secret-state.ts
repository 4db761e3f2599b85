import {addSecretVersion, createSecret, enableSecretVersion} from '../changes/secrets.ts'
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

type Repair = {id: string; value: SecretValue; hash?: string; produce?: string; replacing: string}

/** What makes it readable: the secret, a version, or the version that was disabled. `replacing` says what a new value breaks. */
export const makeReadable = (
  {secret, latest}: KeptSecret,
  {projectId}: Config,
  {id, value, hash, produce, replacing}: Repair,
): Change[] => {
  const version = {project: projectId, secret: id, value, ...(produce === undefined ? {} : {produce})}
  if (secret === undefined) return [createSecret(projectId, id, hash), addSecretVersion(version)]
  if (latest === undefined) return [addSecretVersion(version)]
  if (latest.state === 'DISABLED') return [enableSecretVersion(projectId, id, latest.name)]
  return latest.state === 'ENABLED' ? [] : [addSecretVersion({...version, why: replacing})]
}
