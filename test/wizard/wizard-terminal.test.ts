import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {errorIn, isPlain, itemIn, qlogic, reportIn} from '../support/cli.ts'
import {filesIn, openFolder, projectId} from '../support/folder.ts'
import {pathWithPrograms} from '../support/programs.ts'
import {openTerminal} from '../support/pty.ts'
import {isLocked, journalOf} from '../support/records.ts'
import {play, type Rule, type Terminal} from './player.ts'

const down = '\u001b[B'
const enter = '\r'
const interrupt = '\u0003'
const endOfInput = '\u0004'

const visit = (
  cwd: string,
  args: readonly string[] = [],
  {operationTime = 0, env = {}}: {operationTime?: number; env?: Record<string, string>} = {},
) =>
  openTerminal({
    args: ['wizard', ...args],
    cwd,
    env: {PATH: pathWithPrograms(), TMPDIR: cwd, QLOGIC_OPERATION_TIME: String(operationTime), ...env},
  })

/** With prompts the answer stays as a line of its own: `✔ What now? …`. */
const ticked = (asked: string): RegExp => {
  const words = /\? ([^\n?:(]+)/.exec(asked)?.[1] ?? ''
  return new RegExp(`✔ ${words.slice(0, 30).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`)
}

const answers: readonly Rule[] = [
  [/\? Which environment/, enter],
  [/\? Id of the Google Cloud project/, projectId + enter],
  [/\? Billing account/, enter],
  [/\? Region/, enter],
  [/\? What shall the application run on/, enter],
  [/\? How shall Cloud Run reach/, enter],
  [/\? Domain name/, `qlogic.acme.example${enter}`],
  [/\? Who answers for that domain/, down + enter],
  [/\? E-mail address/, enter],
  [/\? Who builds and deploys/, enter],
  [/\? GitHub repository/, `acme/q-logic${enter}`],
  [/\? Write qlogic\.yaml/, enter],
]

const agrees: readonly Rule[] = [
  [/\? What now\?/, enter],
  [/\? Do it\?/, down + enter],
  [/\? \d+ things? waits? for you/, enter],
  [/\? Is it done\?\n❯ Let the simulator/, enter],
  [/\? Is it done\?\n❯ Later/, down + down + enter],
  [/\? What did you do or see/, `A push to main went to production.${enter}`],
]

const tail = (terminal: Terminal) => terminal.text().slice(-3000)

describe.concurrent('in a terminal', () => {
  test(
    'from nothing to ready: left among the questions, killed in the middle of an operation, and taken up again',
    {timeout: 180_000},
    async () => {
      const cwd = await openFolder()

      // The questions, left in the middle.
      const first = visit(cwd)
      await first.waitFor('Nothing is written to the cloud')
      await first.waitFor('? Where do you want to walk?')
      first.type('?')
      const explained = await first.waitFor('answers as Google Cloud does')
      await first.waitFor('? Where do you want to walk?', explained)
      first.type(enter)
      const billing = await play(first, {rules: answers.slice(0, 2), until: /\? Billing account/, answered: ticked})
      first.type('<')
      const back = await first.waitFor('? Id of the Google Cloud project', billing)
      first.type(projectId + enter)
      await first.waitFor('? Billing account', back)
      first.type('q')
      expect(await first.ended).toBe(4)
      expect(first.text()).toContain('Everything so far is kept')
      expect(existsSync(join(cwd, 'qlogic.yaml'))).toBe(false)

      // Taken up; the first two steps are applied; left at a plan, of which nothing is written.
      const second = visit(cwd)
      await second.waitFor('Going on with the questions where you left.')
      const database = await play(second, {rules: [...answers.slice(2), ...agrees], until: /Step 3 of 10/, answered: ticked})
      expect(second.text()).not.toContain('? Which environment')
      expect(second.text()).toContain('--dns-zone qlogic-acme-example')
      await second.waitFor('? What now?', database)
      second.type('q')
      expect(await second.ended, tail(second)).toBe(4)
      expect((await journalOf(cwd)).some((line) => JSON.stringify(line).includes('instances.insert'))).toBe(false)
      expect(isLocked(cwd)).toBe(false)

      // Killed while Cloud SQL is being made.
      const third = visit(cwd, [], {operationTime: 4000})
      await third.waitFor(/Step 2 of 10: Networking\n {2}Nothing is missing: 5 items hold, 1 is below/)
      await third.waitFor('? What now?', await third.waitFor('Step 3 of 10'))
      third.type(enter)
      await third.waitFor(/waiting since [0-9:]+ UTC for sql\.instances\.insert \(usually 5-15 min/)
      third.kill('SIGKILL')
      await third.ended
      const started = await journalOf(cwd)
      expect(started.at(-1)).toMatchObject({kind: 'started'})

      // The running operation is found again and not started twice; then all of it, to the end.
      const fourth = visit(cwd)
      await fourth.waitFor('an earlier run was interrupted while it waited for')
      await play(fourth, {
        rules: [...agrees, [/\? E-mail address/, `ops@acme.example${enter}`]],
        until: /(?:Ready\.|Not ready: \d+ left)/,
        answered: ticked,
      })
      expect(await fourth.ended, tail(fourth)).toBe(0)
      expect(fourth.text()).toContain('These wait for a value of notificationEmail')
      expect(fourth.text()).toContain('Ready. PART 1 holds.')
      expect(await readFile(join(cwd, 'qlogic.yaml'), 'utf8')).toMatch(/notificationEmail: ops@acme\.example # /)
      expect(
        (await journalOf(cwd)).filter((line) => line.kind === 'intent' && JSON.stringify(line).includes('sql.instances.insert')),
      ).toHaveLength(1)
      expect(existsSync(join(cwd, '.qlogic', 'wizard.json'))).toBe(false)

      const verified = reportIn(await qlogic(['verify', '--sandbox', '--json'], {cwd}))
      expect(verified.summary.ready).toBe(true)
      expect(
        verified.items.filter(({status, override}) => !['pass', 'warn', 'not_applicable'].includes(status) && override === undefined),
      ).toEqual([])
      expect(itemIn(verified, 'compute.run-ingress').status).toBe('pass')
    },
  )

  test('Ctrl-C at a question and Ctrl-D at any end it; nothing is written to the cloud', {timeout: 60_000}, async () => {
    const cwd = await openFolder()
    const interrupted = visit(cwd, ['--sandbox'])
    await interrupted.waitFor('? Which environment?')
    interrupted.type(interrupt)
    expect(await interrupted.ended).toBe(130)
    for (const question of ['? Which environment?', '? Id of the Google']) {
      const left = visit(cwd, ['--sandbox'])
      const at = await left.waitFor('? Which environment?')
      if (question !== '? Which environment?') left.type(enter)
      await left.waitFor(question, question === '? Which environment?' ? 0 : at)
      left.type(endOfInput)
      expect(await left.ended, tail(left)).toBe(4)
    }
    expect([...(await filesIn(cwd)).keys()].some((path) => path.endsWith('journal.jsonl'))).toBe(false)
  })
})

describe.concurrent('with --plain and NO_COLOR', () => {
  /** Each question, its choices and the answer are lines that stay. */
  const stays = (asked: string): RegExp => new RegExp(`${asked.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}:? \\S`)
  const plainAgrees: readonly Rule[] = [
    [/What now\?\n/, '\n'],
    [/Do it\?\n/, '2\n'],
  ]
  const flags = ['--plain', '--sandbox', '--project', projectId, '--env', 'dev', '--billing-account', '01A2B3-C4D5E6-F70819']
  const look = {NO_COLOR: '1'}

  test(
    'asks line by line, is interrupted in an operation with 130, goes on, and never writes an escape sequence',
    {timeout: 120_000},
    async () => {
      const cwd = await openFolder()
      const first = visit(cwd, flags, {operationTime: 4000, env: look})
      await first.waitFor('Region: where data and machines are')
      first.type('?\n')
      await first.waitFor('Choose the one closest to your users')
      first.type('seven\n')
      await first.waitFor('Not that: a number from 1 to 6, please.')
      first.type('\n')
      await first.waitFor('(--region us-central1)')
      const rest: readonly Rule[] = [
        [/What shall the application run on\?\n/, '\n'],
        [/How shall Cloud Run reach the database\?\n/, '\n'],
        [/E-mail address that alerts go to\n/, '\n'],
        [/Who builds and deploys\?\n/, '\n'],
        [/GitHub repository that deploys, as OWNER\/NAME\n/, '\n'],
        [/Write qlogic\.yaml and go on\?\n/, '\n'],
      ]
      await play(first, {rules: [...rest, ...plainAgrees], until: /waiting since [0-9:]+ UTC/, answered: stays})
      first.type(interrupt)
      expect(await first.ended, tail(first)).toBe(130)
      expect(isPlain(first.raw())).toBe(true)

      const second = visit(cwd, ['--plain'], {env: look})
      await second.waitFor('an earlier run was interrupted while it waited for')
      const networking = await play(second, {rules: plainAgrees, until: /Step 2 of 10/, answered: stays})
      await second.waitFor('Number, Enter for 1: ', await second.waitFor('What now?', networking))
      second.type(endOfInput)
      expect(await second.ended, tail(second)).toBe(4)
      expect(isPlain(second.raw())).toBe(true)
      expect(
        second
          .text()
          .split('\n')
          .filter((line) => line.length > 80 && line.trim().includes(' ')),
      ).toEqual([])
    },
  )
})

describe.concurrent('from flags alone', () => {
  const flags = [
    'wizard',
    '--sandbox',
    '--project',
    projectId,
    '--domain',
    'qlogic.acme.example',
    '--notification-email',
    'ops@acme.example',
    '--github-repo',
    'acme/q-logic',
  ]
  const env = {QLOGIC_OPERATION_TIME: '0'}

  test('--yes --acts goes as far as any machine can, and prints one document', {timeout: 120_000}, async () => {
    const cwd = await openFolder()
    const accepted = ['--accept', 'lock-service-qlogic-prod-backend', '--accept', 'lock-service-qlogic-prod-frontend']
    const ran = await qlogic([...flags, '--yes', '--acts', ...accepted, '--no-input', '--json'], {cwd, env})
    expect(ran.stderr).toBe('')
    const report = reportIn(ran)
    const open = report.items.filter(({status}) => !['pass', 'warn', 'not_applicable'].includes(status)).map(({id}) => id)
    // What a person has to confirm who sees the repository.
    expect(open).toEqual(['cicd.branch-deployment'])
    expect(ran.exit).toBe(1)
    expect(itemIn(report, 'compute.run-ingress').status).toBe('pass')
  })

  test.each([
    [[...flags], 4, 'CONFIRMATION_MISSING'],
    [['wizard', '--sandbox', '--yes'], 2, 'ANSWER_MISSING'],
    [[...flags, '--yes', '--region', 'Frankfurt'], 2, 'FLAG_INVALID'],
    [[...flags, '--yes', '--env', 'production'], 2, 'FLAG_INVALID'],
    [[...flags, '--yes', '--skip', 'netwrok'], 2, 'UNKNOWN_STEP'],
    [[...flags, '--yes', '--google'], 2, undefined],
    [[...flags, '--colour'], 2, undefined],
  ])('%j: exit %i, one sentence, nothing written to the cloud', async (args, exit, code) => {
    const cwd = await openFolder()
    const refused = await qlogic([...args, '--json'], {cwd, env})
    expect(refused.exit).toBe(exit)
    const error = errorIn(refused)
    if (code !== undefined) expect(error.code).toBe(code)
    expect(error.message.split(/[.!?] /)).toHaveLength(1)
    expect([...(await filesIn(cwd)).keys()].some((path) => path.endsWith('journal.jsonl'))).toBe(false)
  })
})
