import {readEngines} from '../../repo/application/engines.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {readTlsRules} from '../../repo/application/tls-rules.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {databaseParts, unreadTargets} from '../database-settings.ts'
import {connectionsIn} from '../database-tls.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {connectionTls, deployedModes, refusalTarget, socketTarget} from '../production-tls.ts'
import {concludeTargets, dynamic} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    engines: await read(readEngines),
    settings: await read(readSettings),
    rules: await read(readTlsRules),
    workflows: await read(readWorkflows),
    terraform: await read(readTerraform),
  }),
  evaluate: ({engines, settings, rules, ...deployed}) => {
    const connections = connectionsIn(engines)
    const unread = unreadTargets('code that can be read', engines)
    if (connections.length + unread.length === 0) return dynamic('no engine of SQLAlchemy was found')
    const parts = databaseParts(settings)
    const socket = socketTarget(parts.host, deployed)
    const judged = connections.map((one) => (socket === undefined ? connectionTls(one, rules.mode) : {target: socket, byMode: false}))
    const refusal = refusalTarget(rules)
    const variables = Object.values(parts).flatMap((field) => field.variables)
    const modes =
      rules.mode === undefined || !judged.some(({byMode}) => byMode)
        ? []
        : refusal === undefined
          ? deployedModes(rules.mode, variables, deployed)
          : [refusal]
    return concludeTargets([...judged.map(({target}) => target), ...modes, ...unread], {
      pass: 'PRODUCTION_REQUIRES_TLS',
      fail: 'PRODUCTION_DOES_NOT_REQUIRE_TLS',
      partly: 'PRODUCTION_PARTLY_REQUIRES_TLS',
    })
  },
})
