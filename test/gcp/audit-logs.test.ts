import {describe, expect, test} from 'vitest'
import {mergeAuditConfigs} from '../../src/gcp/audit-logs.ts'

const types = ['DATA_READ', 'DATA_WRITE']
const logs = (...names: readonly string[]) => names.map((logType) => ({logType}))

describe('audit settings', () => {
  test('are added to what is recorded already; exemptions and other services stay', () => {
    const before = [
      {service: 'a', auditLogConfigs: [{logType: 'DATA_READ', exemptedMembers: ['user:jane@example.com']}]},
      {service: 'b', auditLogConfigs: logs('ADMIN_READ')},
    ]
    expect(mergeAuditConfigs(before, ['a', 'c'], types)).toEqual([
      {service: 'a', auditLogConfigs: [{logType: 'DATA_READ', exemptedMembers: ['user:jane@example.com']}, {logType: 'DATA_WRITE'}]},
      before[1],
      {service: 'c', auditLogConfigs: logs('DATA_READ', 'DATA_WRITE')},
    ])
  })

  test('are not written when they are there', () => {
    expect(mergeAuditConfigs([{service: 'a', auditLogConfigs: logs(...types)}], ['a'], types)).toBeUndefined()
  })
})
