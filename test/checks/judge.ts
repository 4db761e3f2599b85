import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {z} from 'zod'
import type {Context, Sources} from '../../src/checks/define-item.ts'
import {sentence, type Codes} from '../../src/checklist/sentence.ts'
import type {Environment, ParameterName} from '../../src/config/parameters.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import type {Change} from '../../src/engine/change.ts'
import type {Status} from '../../src/engine/finding.ts'
import type {Item} from '../../src/engine/item.ts'

type Overrides = Readonly<Partial<Record<ParameterName, unknown>>>

export const now = new Date('2026-11-22T12:00:00Z')
export const daysAgo = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString()

export const context = (overrides: Overrides = {}, env: Environment = 'prod'): Context => ({
  config: resolveConfig({project: 'acme-prod', env, overrides}).config,
  now,
})

/** One observation, and what is to be said of it. `plans`: ids of the changes, in their order; left out, there are none. */
export type Row<Observed> = {
  when: string
  observed: Observed
  is: Status
  code: string
  config?: Overrides
  env?: Environment
  plans?: readonly string[]
}

/** Values of Google's that look like codes. */
const notCodes = [
  'WIF_PROVIDER',
  'WIF_SERVICE_ACCOUNT',
  'GCP_PROJECT_ID',
  'PROJECT_NUMBER',
  'DELETE_REQUESTED',
  'VPC_PEERING',
  'PENDING_CREATE',
  'PENDING_DELETE',
  'BUILT_IN',
  'DB_USER',
  'ENCRYPTED_ONLY',
  'TRUSTED_CLIENT_CERTIFICATE_REQUIRED',
  'CLOUD_IAM_SERVICE_ACCOUNT',
  'LIST_OF_SUBNETWORKS',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'DB_HOST',
  'STANDARD_REPOSITORY',
  'SCANNING_ACTIVE',
  'CONDITION_SUCCEEDED',
  'JWT_SECRET',
  'DB_PASSWORD',
  'ALL_TRAFFIC',
  'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
]
export const codesIn = (id: string): Set<string> => {
  const source = readFileSync(new URL(`../../src/checks/${id.replace('.', '/')}.ts`, import.meta.url), 'utf8')
  return new Set(
    [...source.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)].flatMap(([, code]) =>
      code === undefined || notCodes.includes(code) ? [] : [code],
    ),
  )
}

const entry = z.object({
  id: z.string(),
  codes: z.record(z.string(), z.union([z.string(), z.object({says: z.string(), hint: z.string().optional()})])).default({}),
})
const checklist = z.object({items: z.array(entry)}).parse(parse(readFileSync(new URL('../../checklist.yaml', import.meta.url), 'utf8')))
export const sentencesOf = (id: string): Codes => checklist.items.find((item) => item.id === id)?.codes ?? {}

/** Judges every row of an item's table; the table must show every code that the item's source can give. */
export const judge = <Observed>(id: string, item: Item<Sources, Context, Observed>, rows: readonly Row<Observed>[]): void => {
  describe(id, () => {
    test.each(rows)('$when: $is $code', ({observed, is, code, config, env, plans = []}) => {
      const given = context(config, env)
      const excluded = item.excluded?.(given)
      const finding = excluded ?? item.evaluate(observed, given)
      expect([finding.status, finding.code]).toEqual([is, code])
      if (is === 'fail' || is === 'warn') expect(finding.evidence.length).toBeGreaterThan(0)
      for (const row of finding.evidence) if (is === 'fail' || is === 'warn') expect(row.expected).not.toBe(row.actual)
      const changes = excluded === undefined ? (item.plan?.(observed, given) ?? []) : []
      expect(changes.map((change) => change.id)).toEqual(plans)
      changes.forEach(expectWhole)
      const own = sentencesOf(id)
      if (Object.keys(own).length === 0) return
      const {says, hint} = sentence(own, {}, finding)
      expect(`${says} ${hint ?? ''}`).not.toMatch(/\{\w+\}/)
      expect(says).not.toBe(code)
    })

    test('the table shows every code of the source', () => {
      expect(new Set(rows.map(({code}) => code))).toEqual(codesIn(id))
    })

    test('checklist.yaml has a sentence for every code', () => {
      expect(new Set(Object.keys(sentencesOf(id)))).toEqual(codesIn(id))
    })
  })
}

/** What every change owes whoever is asked for it. */
export const expectWhole = (change: Change): void => {
  expect(change.id).toMatch(/^[a-z][\w./-]+$/)
  expect(change.title).toMatch(/^[A-Z].*[^.]$/)
  expect(change.takes).not.toBe('')
  for (const line of change.gcloud) expect(line).toMatch(/^(gcloud|openssl|printf|kubectl|gh|curl) /)
  if (['file', 'mode', 'program', 'docker-helper'].includes(change.request.kind)) return
  expect(change.resource).toMatch(change.request.kind === 'github' ? /^\/\/github\.com\// : /^\/\/[a-z]+\.googleapis\.com\//)
  expect(change.gcloud.length).toBeGreaterThan(0)
}

/** What an item plans in a project whose needs were only just met. */
export const freshPlan = <Observed>(item: Item<Sources, Context, Observed>, given: Context): Change[] => {
  if (item.fresh === undefined) return []
  return item.plan?.(item.fresh(given), given) ?? []
}
