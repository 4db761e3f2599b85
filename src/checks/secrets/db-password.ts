import {passwordSecret} from '../../changes/sql-users.ts'
import {emailOf, projectName, secretName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {pass, seen, warn} from '../../engine/finding.ts'
import type {Policy} from '../../gcp/cloud.ts'
import {everyone, heldRoles, holds, isDefaultComputeAccount} from '../bindings.ts'
import {defineItem} from '../define-item.ts'
import {makePasswordReadable, readSecret, unreadable, type KeptSecret} from '../secret-state.ts'
import {worst} from '../worst.ts'

const id = passwordSecret
const accessor = 'roles/secretmanager.secretAccessor'
const codes = {
  missing: 'DB_PASSWORD_MISSING',
  noVersion: 'DB_PASSWORD_WITHOUT_VERSION',
  disabled: 'DB_PASSWORD_DISABLED',
  destroyed: 'DB_PASSWORD_DESTROYED',
}

type Observed = KeptSecret & {policy: Policy | undefined; projectPolicy: Policy}

const runtime = ({projectId, runtimeSa}: Config): string => `serviceAccount:${emailOf(projectId, runtimeSa)}`

export default defineItem<Observed>({
  async observe({cloud}) {
    const [kept, policy, projectPolicy] = await Promise.all([
      readSecret(cloud, id),
      cloud.secretManager.policy(id),
      cloud.resourceManager.policy(),
    ])
    return {...kept, policy, projectPolicy}
  },

  evaluate({policy, projectPolicy, ...kept}, {config}) {
    const resource = secretName(config.projectId, id)
    const field = `bindings[${accessor}].members`
    const readers = heldRoles(policy).flatMap(({role, member}) => (role === accessor ? [member] : []))
    const open = readers.filter((member) => everyone.some((all) => all === member))
    const shared = readers.filter(isDefaultComputeAccount)
    const readable = holds(policy, accessor, runtime(config)) || holds(projectPolicy, accessor, runtime(config))
    const args = {secret: id, account: runtime(config), members: [...open, ...shared].join(', ')}
    const enabled = seen(resource, 'versions/latest.state', 'ENABLED', 'ENABLED')
    return worst(
      [
        unreadable(kept, id, config, codes),
        open.length === 0
          ? undefined
          : warn(
              'DB_PASSWORD_PUBLIC',
              open.map((member) => seen(resource, field, runtime(config), member)),
              args,
            ),
        shared.length === 0
          ? undefined
          : warn(
              'DB_PASSWORD_DEFAULT_ACCOUNT',
              shared.map((member) => seen(resource, field, runtime(config), member)),
              args,
            ),
        readable
          ? undefined
          : warn(
              'DB_PASSWORD_CLOSED',
              [seen(resource, field, runtime(config), undefined), seen(projectName(config.projectId), field, 'no need', undefined)],
              args,
            ),
      ],
      pass('DB_PASSWORD_READABLE', [enabled, seen(resource, field, runtime(config), runtime(config))], args),
    )
  },

  plan: (kept, {config}) => makePasswordReadable(kept, config),

  fresh: () => ({secret: undefined, latest: undefined, policy: undefined, projectPolicy: {bindings: []}}),
})
