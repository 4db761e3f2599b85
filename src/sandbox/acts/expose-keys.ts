import {text} from '../json.ts'
import type {Act} from './act.ts'

/** What Google does when somebody pushes a key to a public repository. */
const exposeKeys: Act = {
  name: 'expose-keys',
  does: "Find every key of the project's service accounts on the internet, and disable it, as Google does.",
  needs: ['projectId'],
  perform: ({projectId = ''}, world) => {
    const keys = world.table('iam.keys')
    const found = keys.entries().filter(([, key]) => key.keyType === 'USER_MANAGED' && text(key.name).startsWith(`projects/${projectId}/`))
    for (const [id, key] of found) keys.set(id, {...key, disabled: true, disableReason: 'SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED'})
    return `Disabled as exposed: ${found.length}.`
  },
}

export default exposeKeys
