import {createAppUser, passwordSecret, renewPassword} from '../../changes/sql-users.ts'
import {lastSegment, secretName, sqlUserName} from '../../changes/resource-names.ts'
import {noVersionGiven, passwordAnnotation} from '../../changes/secrets.ts'
import {fail, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {SqlUser} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {readSecret, type KeptSecret} from '../secret-state.ts'
import {instanceRow, readiness} from '../sql-instance.ts'
import {worst} from '../worst.ts'

/**
 * `users`: undefined unless the instance runs. `services`: what each Cloud Run service that exists has as DB_USER. The password is never
 * read: the secret is recorded to hold, in an annotation, which of its versions the user was given.
 */
type Observed = {
  instance: 'absent' | 'not ready' | 'ready'
  users: readonly SqlUser[]
  password: KeptSecret
  services: readonly {name: string; dbUser: string | undefined}[]
}

const variable = 'DB_USER'
const superuser = 'cloudsqlsuperuser'

/** The version that the user was given is not the one that the application reads. Without a record nothing is known, and nothing said. */
const isApart = ({secret, latest}: KeptSecret): boolean => {
  const given = secret?.annotations[passwordAnnotation]
  return given !== undefined && latest !== undefined && given !== lastSegment(latest.name)
}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const found = await cloud.sql.instance(config.sqlInstance)
    const instance = readiness(found)
    const named = async (name: string) => {
      const service = await cloud.run.service(config.region, name)
      // Only the backend reads the database, and only its own container has the variable.
      const env = service?.template.containers.flatMap((container) => container.env) ?? []
      return service === undefined ? [] : [{name, dbUser: env.find((entry) => entry.name === variable)?.value}]
    }
    const [users, password, services] = await Promise.all([
      instance === 'ready' ? cloud.sql.users(config.sqlInstance) : [],
      readSecret(cloud, passwordSecret),
      config.compute === 'cloud-run' ? named(config.runServices.backend) : [],
    ])
    return {instance, users, password, services}
  },

  evaluate({instance, users, password, services}, {config}) {
    const {dbUser, sqlInstance, projectId} = config
    const resource = sqlUserName(projectId, sqlInstance, dbUser)
    const user = users.find(({name, type}) => name === dbUser && type === 'BUILT_IN')
    const others = services.filter((service) => service.dbUser !== dbUser)
    const given = password.secret?.annotations[passwordAnnotation]
    const args = {
      instance: sqlInstance,
      user: dbUser,
      secret: passwordSecret,
      given: given === undefined || given === noVersionGiven ? 'none' : given,
      latest: password.latest === undefined ? 'none' : lastSegment(password.latest.name),
      services: others.map(({name}) => name).join(', '),
      actual: others.map((service) => service.dbUser ?? 'nothing').join(', '),
    }
    if (instance === 'absent') return notApplicable('NO_INSTANCE', [], args)
    if (instance === 'not ready') return warn('INSTANCE_NOT_READY', [instanceRow(config, 'state', 'running', 'not running')], args)
    const missing = seen(resource, 'name', dbUser, undefined)
    if (user === undefined)
      return password.secret === undefined
        ? fail('APP_USER_WITHOUT_SECRET', [missing, seen(secretName(projectId, passwordSecret), 'name', passwordSecret, undefined)], args)
        : fail('APP_USER_MISSING', [missing], args)
    const mark = seen(secretName(projectId, passwordSecret), `annotations.${passwordAnnotation}`, args.latest, given)
    const exists = seen(resource, 'type', 'BUILT_IN', user.type)
    return worst(
      [
        isApart(password) ? fail('APP_USER_OTHER_PASSWORD', [mark], args) : undefined,
        others.length === 0
          ? undefined
          : fail(
              'APP_USER_NOT_USED',
              others.map((service) =>
                seen(
                  `//run.googleapis.com/projects/${projectId}/locations/${config.region}/services/${service.name}`,
                  variable,
                  dbUser,
                  service.dbUser,
                ),
              ),
              args,
            ),
        user.databaseRoles.includes(superuser)
          ? warn('APP_USER_SUPERUSER', [seen(resource, 'databaseRoles', `without ${superuser}`, user.databaseRoles)], args)
          : undefined,
      ],
      given === undefined ? pass('APP_USER_TRUSTED', [exists], args) : pass('APP_USER_READY', [exists, mark], args),
    )
  },

  plan({instance, users, password}, {config}) {
    // Without the secret there is nowhere to keep the password; db-password-secret makes it first.
    if (instance !== 'ready' || password.secret === undefined) return []
    if (!users.some(({name, type}) => name === config.dbUser && type === 'BUILT_IN')) return [createAppUser(config)]
    return isApart(password) ? [renewPassword(config)] : []
  },

  fresh: () => ({
    instance: 'ready',
    users: [],
    password: {secret: {name: passwordSecret, labels: {}, annotations: {}}, latest: undefined},
    services: [],
  }),
})
