import type {Config} from '../config/parameters.ts'
import type {Change} from '../engine/change.ts'
import {call, free, gcloud} from './gcloud.ts'
import {secretVersionCost} from './prices.ts'
import {sqlUserName} from './resource-names.ts'
import {passwordAnnotation} from './secrets.ts'

/** The secret that holds the password of the application's database user. */
export const passwordSecret = 'db-password'
/** 32 random bytes of an alphabet that needs no escaping: the application puts the password into a URL as it is. */
export const passwordValue = {bytes: 32, encoding: 'base64url'} as const

/** Hands the latest version to gcloud by a file descriptor (bash, zsh): it stands on no command line. */
const passwordFlag = ({projectId}: Config): string =>
  `--flags-file=<(${gcloud`secrets versions access latest --secret=${passwordSecret} --project=${projectId}`} | sed 's/.*/--password: "&"/')`

/** Records which version the user has, as qlogic does itself. */
const recordLine = ({projectId}: Config): string =>
  `${gcloud`secrets update ${passwordSecret} --project=${projectId}`} --update-annotations=${passwordAnnotation}="$(${gcloud`secrets versions describe latest --secret=${passwordSecret} --project=${projectId} --format=${'value(name.basename())'}`})"`

const password = (config: Config, create: boolean): Pick<Change, 'resource' | 'request' | 'cost' | 'takes'> => ({
  resource: sqlUserName(config.projectId, config.sqlInstance, config.dbUser),
  request: {
    kind: 'database-password',
    instance: config.sqlInstance,
    user: config.dbUser,
    create,
    secret: passwordSecret,
    annotation: passwordAnnotation,
    generate: passwordValue,
  },
  cost: secretVersionCost,
  takes: '5-20 s',
})

export const createAppUser = (config: Config): Change => ({
  ...password(config, true),
  id: `create-database-user-${config.dbUser}`,
  title: `Create database user ${config.dbUser} with a generated password, the latest version of secret ${passwordSecret}`,
  gcloud: [
    `${gcloud`sql users create ${config.dbUser} --instance=${config.sqlInstance} --project=${config.projectId}`} ${passwordFlag(config)}`,
    recordLine(config),
  ],
  undo: gcloud`sql users delete ${config.dbUser} --instance=${config.sqlInstance} --project=${config.projectId}`,
})

export const renewPassword = (config: Config): Change => ({
  ...password(config, false),
  id: `renew-password-${config.dbUser}`,
  title: `Give database user ${config.dbUser} and secret ${passwordSecret} the same new password`,
  gcloud: [
    `openssl rand -base64 ${passwordValue.bytes} | tr '+/' '-_' | tr -d '=\\n' | ${gcloud`secrets versions add ${passwordSecret} --data-file=- --project=${config.projectId}`}`,
    `${gcloud`sql users set-password ${config.dbUser} --instance=${config.sqlInstance} --project=${config.projectId}`} ${passwordFlag(config)}`,
    recordLine(config),
  ],
  undo: null,
  consent: {each: 'instances of the application that run now keep the old password: restart them afterwards'},
})

/** The name of a service account as a user of PostgreSQL: its email without the last part. */
export const iamUserOf = ({projectId, runtimeSa}: Config): string => `${runtimeSa}@${projectId}.iam`

export const createIamUser = (config: Config): Change => {
  const user = iamUserOf(config)
  return {
    id: `create-database-user-${config.runtimeSa}`,
    title: `Create database user ${user} for the service account of the application`,
    resource: sqlUserName(config.projectId, config.sqlInstance, user),
    request: call('sql.users.insert', {instance: config.sqlInstance}, {name: user, type: 'CLOUD_IAM_SERVICE_ACCOUNT'}),
    cost: free,
    gcloud: [
      gcloud`sql users create ${user} --instance=${config.sqlInstance} --type=cloud_iam_service_account --project=${config.projectId}`,
    ],
    undo: gcloud`sql users delete ${user} --instance=${config.sqlInstance} --project=${config.projectId}`,
    takes: '2-15 s',
  }
}
