import {createHash} from 'node:crypto'
import type {Change, SecretValue} from '../engine/change.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {secretVersionCost} from './prices.ts'
import {lastSegment, secretName} from './resource-names.ts'

/** Annotation that says which value qlogic wrote, so that it need not be read to be recognised. For values that are not secret. */
export const hashAnnotation = 'qlogic-sha256'
export const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex')

export const createSecret = (project: string, secret: string, hash?: string): Change => ({
  id: `create-secret-${secret}`,
  title: `Create secret ${secret}`,
  resource: secretName(project, secret),
  request: call(
    'secretmanager.projects.secrets.create',
    {parent: `projects/${project}`, secretId: secret},
    {replication: {automatic: {}}, labels: {app: 'qlogic'}, ...(hash === undefined ? {} : {annotations: {[hashAnnotation]: hash}})},
  ),
  cost: free,
  gcloud: [
    gcloud`secrets create ${secret} --replication-policy=automatic --labels=app=qlogic --project=${project}` +
      (hash === undefined ? '' : ` --set-annotations=${hashAnnotation}=${hash}`),
  ],
  undo: gcloud`secrets delete ${secret} --project=${project}`,
  takes: '1 s',
})

/** `produce`: a shell command that prints the value where it is neither generated nor known from the configuration. */
type NewVersion = {project: string; secret: string; value: SecretValue; produce?: string; why?: string}

export const addSecretVersion = ({project, secret, value, produce, why}: NewVersion): Change => ({
  id: `add-version-${secret}`,
  title:
    'generate' in value
      ? `Generate a value of ${value.generate.bytes} random bytes for secret ${secret}`
      : `Write a version of secret ${secret}`,
  resource: secretName(project, secret),
  request: {kind: 'secret-version', secret, value},
  cost: secretVersionCost,
  gcloud: [`${produce ?? producing(value)} | ${gcloud`secrets versions add ${secret} --data-file=- --project=${project}`}`],
  undo: gcloud`secrets versions disable latest --secret=${secret} --project=${project}`,
  takes: '1 s',
  ...(why === undefined ? {} : {consent: {each: why}}),
})

/** base64url without padding or line breaks: the application puts the value into a URL as it is. */
const producing = (value: SecretValue): string =>
  'generate' in value ? `openssl rand -base64 ${value.generate.bytes} | tr '+/' '-_' | tr -d '=\\n'` : `printf %s ${quote(value.text)}`

/** `version` as Google has it: `projects/N/secrets/S/versions/3`. */
export const enableSecretVersion = (project: string, secret: string, version: string): Change => ({
  id: `enable-version-${secret}-${lastSegment(version)}`,
  title: `Enable version ${lastSegment(version)} of secret ${secret}`,
  resource: `${secretName(project, secret)}/versions/${lastSegment(version)}`,
  request: call('secretmanager.projects.secrets.versions.enable', {name: version}),
  cost: secretVersionCost,
  gcloud: [gcloud`secrets versions enable ${lastSegment(version)} --secret=${secret} --project=${project}`],
  undo: gcloud`secrets versions disable ${lastSegment(version)} --secret=${secret} --project=${project}`,
  takes: '1 s',
  consent: {each: 'somebody disabled this version'},
})

/** `before` is what the secret has: the patch replaces all annotations. */
export const annotateSecret = (project: string, secret: string, before: Readonly<Record<string, string>>, hash: string): Change => ({
  id: `annotate-secret-${secret}`,
  title: `Record on secret ${secret} which value was written`,
  resource: secretName(project, secret),
  request: call(
    'secretmanager.projects.secrets.patch',
    {name: `projects/${project}/secrets/${secret}`, updateMask: 'annotations'},
    {annotations: {...before, [hashAnnotation]: hash}},
  ),
  cost: free,
  gcloud: [gcloud`secrets update ${secret} --update-annotations=${`${hashAnnotation}=${hash}`} --project=${project}`],
  undo: gcloud`secrets update ${secret} --remove-annotations=${hashAnnotation} --project=${project}`,
  takes: '1 s',
})
