import {readdir} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {isPlain, qlogic, reportIn} from '../support/cli.ts'
import {filesIn, openFolder, writeConfig} from '../support/folder.ts'
import {openTerminal} from '../support/pty.ts'
import {isWrite, openSimulator} from '../support/simulator.ts'

describe.concurrent('demo', {timeout: 180_000}, () => {
  test('goes through by itself without a terminal, ends with its verdict, and leaves nothing behind', async () => {
    const [cwd, tmp] = [await openFolder(), await openFolder()]
    const ran = await qlogic(['demo'], {cwd, env: {TMPDIR: tmp}})
    expect(ran.exit, ran.stderr).toBe(0)
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toBe('demo: ready')
    expect(isPlain(ran.stdout + ran.stderr)).toBe(true)
    expect(await filesIn(cwd)).toEqual(new Map())
    expect((await readdir(tmp)).filter((name) => name.startsWith('qlogic-demo'))).toEqual([])
  })

  test('--json is the report', async () => {
    const ran = await qlogic(['demo', '--json'], {cwd: await openFolder()})
    expect(reportIn(ran).summary).toMatchObject({fail: 0, manual: 0, unknown: 0, blocked: 0, ready: true})
    expect(ran).toMatchObject({exit: 0, stderr: ''})
  })

  test('in a terminal Enter leads through it, within 80 columns', async () => {
    const cwd = await openFolder()
    const terminal = openTerminal({args: ['demo'], cwd, env: {TMPDIR: cwd}})
    let from = 0
    let entered = 0
    const lead = async (): Promise<void> => {
      const next = await terminal.waitFor(/\? (Look at what is there|Apply them) \(Enter\)/, from).catch(() => undefined)
      if (next === undefined) return
      from = next
      entered += 1
      terminal.type('\r')
      await lead()
    }
    await Promise.race([lead(), terminal.ended])
    // Ten steps and the end, most of them with a plan.
    expect(entered).toBeGreaterThan(18)
    expect(await terminal.ended).toBe(0)
    expect(terminal.text()).toContain('demo: ready')
    expect(terminal.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(terminal.raw().lastIndexOf('\u001b[?25l'))
    // Commands to copy are never broken, and a prompt is drawn over itself.
    const broken = /^\s*\S+$|^\s+\$ |^[?✔›] |^\s+qlogic |^A simulated|^In \d|^Each of|^\d+ more|^demo:|\(\d+\), prod/
    const wide = terminal
      .text()
      .split('\n')
      .filter((line) => line.length > 80 && !broken.test(line))
    expect(wide).toEqual([])
  })

  test('Ctrl-C leaves it with 130 and a terminal that is as it was', {timeout: 60_000}, async () => {
    const cwd = await openFolder()
    const terminal = openTerminal({args: ['demo'], cwd, env: {TMPDIR: cwd}})
    await terminal.waitFor('(Enter)')
    terminal.type('\u0003')
    expect(await terminal.ended).toBe(130)
    expect(terminal.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(terminal.raw().lastIndexOf('\u001b[?25l'))
    expect((await readdir(cwd)).filter((name) => name.startsWith('qlogic-demo'))).toEqual([])
  })
})

describe.concurrent('setup in a terminal', {timeout: 90_000}, () => {
  test('shows the plan and asks; a no writes nothing and exits 4', {timeout: 60_000}, async () => {
    const [cloud, cwd] = [await openSimulator(), await openFolder()]
    await writeConfig(cwd)
    const terminal = openTerminal({args: ['setup', 'project'], cwd, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    await terminal.waitFor(/Apply \d+ changes to acme-qlogic-prod/)
    terminal.type('n\r')
    expect(await terminal.ended).toBe(4)
    expect(terminal.text()).toContain('gcloud projects create')
    expect(cloud.requests.filter(isWrite)).toEqual([])
  })

  test('a yes applies it', {timeout: 60_000}, async () => {
    const [cloud, cwd] = [await openSimulator(), await openFolder()]
    await writeConfig(cwd)
    const terminal = openTerminal({args: ['setup', 'project'], cwd, env: {QLOGIC_API_ENDPOINT: cloud.url}})
    let from = await terminal.waitFor(/Apply \d+ changes to acme-qlogic-prod/)
    terminal.type('y\r')
    // What could be read only on the way is asked for too; what is asked for by itself comes one by one, and Enter is no.
    const asking = async (): Promise<void> => {
      const next = await terminal
        .waitFor(/(asked for by itself: [\s\S]*?|Apply \d+ changes? to \S+ \(prod\)\?) \(y\/N\)/, from)
        .catch(() => undefined)
      if (next === undefined) return
      terminal.type(
        terminal
          .text()
          .slice(next - 1)
          .startsWith('Apply')
          ? 'y\r'
          : '\r',
      )
      from = next + 1
      await asking()
    }
    await Promise.race([asking(), terminal.ended])
    expect(await terminal.ended).toBe(0)
    expect(terminal.text()).toContain('Applied and observed')
  })
})
