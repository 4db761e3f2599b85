import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import {actOf, acts, missingParameter} from '../../src/wizard/by-hand.ts'

const {items} = loadChecklist()
const ofItem = (id: string) => items.find((item) => item.id === id)

describe('acts of the simulator', () => {
  const rows = Object.entries(acts).flatMap(([id, byCode]) => Object.entries(byCode).map(([code, act]) => [id, code, act] as const))

  test.each(rows)('%s, %s: %s exists, and so does what it is done for', (id, code, act) => {
    expect(Object.keys(ofItem(id)?.codes ?? {})).toContain(code)
    expect(existsSync(fileURLToPath(new URL(`../../src/sandbox/acts/${act}.ts`, import.meta.url)))).toBe(true)
    expect(actOf({id, code, hint: ''})).toBe(act)
  })

  test('for nothing else', () => {
    expect(actOf({id: 'compute.run-services', code: 'RUN_SERVICE_MISSING', hint: ''})).toBeUndefined()
    expect(actOf({id: 'network.region-chosen', code: 'RUN_NO_IMAGE', hint: ''})).toBeUndefined()
  })
})

describe('a value that is all that an item lacks', () => {
  /** As a placeholder stands in the configuration of somebody who answered nothing but the project. */
  const {config} = resolveConfig({project: 'acme-qlogic-prod'})
  const complete = resolveConfig({
    project: 'acme-qlogic-prod',
    overrides: {domain: 'qlogic.acme.example', notificationEmail: 'ops@acme.example', githubRepo: 'acme/q-logic'},
  }).config
  const hintOf = (id: string, code: string): string => {
    const entry = ofItem(id)?.codes[code]
    if (typeof entry !== 'object' || entry.hint === undefined) throw new Error(`${id} has no ${code} with a hint`)
    return entry.hint
  }

  test.each([
    ['secrets.cors-origins', 'CORS_ORIGINS_DOMAIN_UNSET', 'domain'],
    ['compute.run-services', 'RUN_WITHOUT_ORIGIN', 'domain'],
    ['dns.domain-delegated', 'DOMAIN_UNSET', 'domain'],
    ['dns.load-balancer', 'LOAD_BALANCER_DOMAIN_UNSET', 'domain'],
    ['dns.managed-certificate', 'CERTIFICATE_DOMAIN_UNSET', 'domain'],
    ['monitoring.uptime-check', 'UPTIME_DOMAIN_UNSET', 'domain'],
    ['monitoring.alert-5xx', 'ALERT_5XX_NOBODY', 'notificationEmail'],
    ['monitoring.notification-channel', 'CHANNEL_NOBODY_NAMED', 'notificationEmail'],
    ['project.billing-linked', 'BILLING_ACCOUNT_UNCHOSEN', 'billingAccount'],
    ['cicd.wif', 'WIF_NO_REPOSITORY', 'githubRepo'],
    ['cicd.github-secret', 'GITHUB_REPOSITORY_NOT_SET', 'githubRepo'],
    ['cicd.branch-deployment', 'BRANCHES_NO_REPOSITORY', 'githubRepo'],
    ['cicd.cloudbuild-trigger', 'BUILD_NO_REPOSITORY', 'githubRepo'],
  ])('%s, %s: %s', (id, code, name) => {
    const item = {id, code, hint: hintOf(id, code)}
    expect(missingParameter(item, config)).toBe(name)
    if (name !== 'billingAccount') expect(missingParameter(item, complete)).toBeUndefined()
  })

  test('is none where the value is there, or where nobody is asked for it', () => {
    expect(missingParameter({id: 'network.region-chosen', code: 'X', hint: 'set region in qlogic.yaml'}, config)).toBeUndefined()
    expect(missingParameter({id: 'database.instance-exists', code: 'X', hint: 'set sqlInstance in qlogic.yaml'}, config)).toBeUndefined()
    expect(missingParameter({id: 'network.psa-range', code: 'X', hint: 'qlogic setup network'}, config)).toBeUndefined()
  })
})
