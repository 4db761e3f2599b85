import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {errorIn, qlogic} from '../support/cli.ts'
import {filesIn, openFolder, projectId} from '../support/folder.ts'

const configOf = (folder: string) => readFile(join(folder, 'qlogic.yaml'), 'utf8')

describe.concurrent('init', {timeout: 90_000}, () => {
  test('writes what the flags say, which verify then reads', async () => {
    const cwd = await openFolder()
    const ran = await qlogic(
      [
        'init',
        '--no-input',
        '--project',
        projectId,
        '--env',
        'staging',
        '--domain',
        'stage.acme.example',
        '--billing-account',
        '01A2B3-C4D5E6-F70819',
        '--github-repo',
        'acme/q-logic',
      ],
      {cwd},
    )
    expect(ran.exit, ran.stderr).toBe(0)
    expect(ran.stdout).toContain('qlogic setup project --env staging')
    expect(await configOf(cwd)).toMatch(/staging:[\s\S]*acme-qlogic-prod/)
    expect((await qlogic(['status', '--env', 'staging'], {cwd})).exit).toBe(0)
  })

  test('a missing answer names its flag and nothing is written', async () => {
    const cwd = await openFolder()
    const ran = await qlogic(['init', '--no-input', '--json'], {cwd})
    expect(errorIn(ran)).toMatchObject({code: 'ANSWER_MISSING', hint: 'give --project', exit: 2})
    expect(await filesIn(cwd)).toEqual(new Map())
  })

  test.each([
    ['--project', 'No'],
    ['--region', 'the moon'],
    ['--billing-account', '123'],
    ['--domain', 'not a domain'],
    ['--github-repo', 'acme'],
    ['--notification-email', 'nobody'],
    ['--parent', 'folders/x'],
    ['--env', 'test'],
  ])('%s %s is refused with the flag, what was expected and what was found', async (flag, value) => {
    const cwd = await openFolder()
    const ran = await qlogic(['init', '--no-input', ...(flag === '--project' ? [] : ['--project', projectId]), flag, value], {cwd})
    expect(ran.exit).toBe(2)
    expect(ran.stderr).toContain(flag)
    expect(ran.stderr).toMatch(/expected .*found/)
    expect(await filesIn(cwd)).toEqual(new Map())
  })

  test('an environment that is there is left as it is; a new one is added and comments stay', async () => {
    const cwd = await openFolder()
    await qlogic(['init', '--no-input', '--project', projectId], {cwd})
    const commented = `# ours\n${await configOf(cwd)}`
    await writeFile(join(cwd, 'qlogic.yaml'), commented)
    const again = await qlogic(['init', '--no-input', '--project', 'acme-other-prod', '--json'], {cwd})
    expect(errorIn(again)).toMatchObject({code: 'CONFIG_EXISTS'})
    expect(errorIn(again).message).toMatch(/qlogic\.yaml:\d+/)
    expect(await configOf(cwd)).toBe(commented)
    expect((await qlogic(['init', '--no-input', '--project', 'acme-qlogic-dev', '--env', 'dev'], {cwd})).exit).toBe(0)
    const both = await configOf(cwd)
    expect(both).toContain('# ours')
    expect(both).toContain('acme-qlogic-dev')
    expect(both).toContain(projectId)
  })
})
