import {createHash} from 'node:crypto'
import type {Change, SecretValue} from '../engine/change.ts'
import {call, free, gcloud, quote} from './gcloud.ts'
import {secretVersionCost} from './prices.ts'
import {lastSegment, secretName} from './resource-names.ts'

/** Annotation of the password's secret: the number of the version that the database user was given. */
export const passwordAnnotation = 'qlogic-user-version'
/** Its value while no user has been given a version yet. */
export const noVersionGiven = 'none'

/** Annotation that says which value qlogic wrote, so that it need not be read to be recognised. For values that are not secret. */
export const hashAnnotation = 'qlogic-sha256'
export const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex')

/** `annotations` by name: none of them is a secret. */
export const createSecret = (project: string, secret: string, annotations: Readonly<Record<string, string>> = {}): Change => ({
  id: `create-secret-${secret}`,
  title: `Create secret ${secret}`,
  resource: secretName(project, secret),
  request: call(
    'secretmanager.projects.secrets.create',
    {parent: `projects/${project}`, secretId: secret},
    {replication: {automatic: {}}, labels: {app: 'qlogic'}, ...(Object.keys(annotations).length === 0 ? {} : {annotations})},
  ),
  cost: free,
  gcloud: [
    gcloud`secrets create ${secret} --replication-policy=automatic --labels=app=qlogic --project=${project}` +
      (Object.keys(annotations).length === 0
        ? ''
        : ` --set-annotations=${Object.entries(annotations)
            .map(([name, value]) => `${name}=${value}`)
            .join(',')}`),
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

/** Of a password that is about to be generated: no database user has it, so that nobody takes it for the user's. */
export const markUnassigned = (project: string, secret: string, before: Readonly<Record<string, string>>): Change => ({
  id: `mark-unassigned-${secret}`,
  title: `Record on secret ${secret} that no database user has its value yet`,
  resource: secretName(project, secret),
  request: call(
    'secretmanager.projects.secrets.patch',
    {name: `projects/${project}/secrets/${secret}`, updateMask: 'annotations'},
    {annotations: {...before, [passwordAnnotation]: noVersionGiven}},
  ),
  cost: free,
  gcloud: [gcloud`secrets update ${secret} --update-annotations=${`${passwordAnnotation}=${noVersionGiven}`} --project=${project}`],
  undo: gcloud`secrets update ${secret} --remove-annotations=${passwordAnnotation} --project=${project}`,
  takes: '1 s',
})

/** A newer version is the only one that is read; the older ones can be enabled again. */
export const disableSecretVersions = (project: string, secret: string, versions: readonly string[]): Change[] =>
  versions.map((version) => ({
    id: `disable-version-${secret}-${lastSegment(version)}`,
    title: `Disable version ${lastSegment(version)} of secret ${secret}, which a newer one replaces`,
    resource: `${secretName(project, secret)}/versions/${lastSegment(version)}`,
    request: call('secretmanager.projects.secrets.versions.disable', {name: version}),
    cost: free,
    gcloud: [gcloud`secrets versions disable ${lastSegment(version)} --secret=${secret} --project=${project}`],
    undo: gcloud`secrets versions enable ${lastSegment(version)} --secret=${secret} --project=${project}`,
    takes: '1 s',
    consent: {each: 'whoever still reads this version by its number can no longer start'},
  }))
