import {execFile, execFileSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {z} from 'zod'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'qlogic-package-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

type Outcome = {code: number; stdout: string; stderr: string}

/** Runs a program to its end; a failure to start it is a failure of the test. */
const run = (program: string, args: readonly string[], {cwd, env = {}}: {cwd: string; env?: NodeJS.ProcessEnv}): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    execFile(program, [...args], {cwd, env: {...process.env, NO_COLOR: '1', ...env}, maxBuffer: 1e8}, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(new Error(`${program} was not run`, {cause: error}))
      else resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr})
    }).stdin?.end()
  })

/** What vitest and npm put into the environment would be a setting of the npm or the qlogic that is tried here. */
const clean = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('npm_') || name.startsWith('VITEST') || name === 'NODE_ENV')
    .map((name) => [name, undefined]),
)

const json = <T>(schema: z.ZodType<T>, text: string): T => schema.parse(JSON.parse(text))

/** The modules that a command line loads, told by a hook that sees every one. */
const loaded = async (bin: string, ...args: string[]) => {
  const hook = join(folder, 'hook.mjs')
  writeFileSync(
    hook,
    `import {registerHooks} from 'node:module'
     registerHooks({load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context))})`,
  )
  const {code, stderr} = await run(process.execPath, ['--import', hook, bin, ...args], {cwd: folder, env: clean})
  expect(code, stderr).toBe(0)
  return stderr.split('\n').filter((url) => url !== '')
}

describe('the package', {timeout: 60_000}, () => {
  const checkout = join(folder, 'checkout')
  const home = join(folder, 'installed')
  const elsewhere = join(folder, 'elsewhere')
  const contents = join(folder, 'package')
  let packed: string[] = []
  let unreachable = false
  const qlogic = (...args: string[]) =>
    run(process.execPath, [join(home, 'node_modules', '.bin', 'qlogic'), ...args], {cwd: elsewhere, env: clean})

  beforeAll(async () => {
    // A copy, so that packing does not build under the tests that run on dist/.
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {cwd: root, encoding: 'utf8'})
    for (const file of files.split('\n').filter((name) => name !== '' && existsSync(join(root, name)))) {
      mkdirSync(dirname(join(checkout, file)), {recursive: true})
      copyFileSync(join(root, file), join(checkout, file))
    }
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'))
    for (const path of [home, elsewhere, contents]) mkdirSync(path)

    const pack = await run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], {cwd: checkout, env: clean})
    expect(pack.code, pack.stderr).toBe(0)
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder])
    packed = readdirSync(contents, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(contents.length + 1))

    writeFileSync(join(home, 'package.json'), '{"private": true}')
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=optional', '--loglevel=error', '--fetch-retries=1']
    const install = await run('npm', ['install', join(folder, tarball), ...flags], {cwd: home, env: clean})
    unreachable = /E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH|HOSTUNREACH|NOTCACHED)/.test(install.stderr)
    if (unreachable) console.error('The package is not tried: its dependencies cannot be fetched here.')
    else expect(install.code, install.stderr).toBe(0)
  }, 300_000)

  test('holds what is run and nothing of what is developed', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'bin/run.js',
        'checklist.yaml',
        'dist/main.js',
        'dist/checklist.json',
        'dist/help.json',
        'oclif.manifest.json',
        'package.json',
        'README.md',
        'schemas/qlogic.schema.json',
      ]),
    )
    expect(
      packed.filter(
        (file) =>
          !file.startsWith('dist/templates/') && /^(src|test|scripts|node_modules|\.)|\.ts$|\.tgz$|\.tsbuildinfo$|^bin\/dev/.test(file),
      ),
    ).toEqual([])
  })

  test('imports no source: the compiler leaves some dynamic imports of a nested function as they are written', () => {
    const modules = packed.filter((file) => file.startsWith('dist/') && file.endsWith('.js'))
    expect(modules.length).toBeGreaterThan(500)
    const source = /(?:from|import\()\s*['"]\.[^'"]*\.ts['"]/
    expect(modules.filter((file) => source.test(readFileSync(join(contents, file), 'utf8')))).toEqual([])
  })

  test('names no folder of the machine that packed it', () => {
    const own = [checkout, root.replace(/\/$/, ''), folder]
    expect(packed.filter((file) => own.some((path) => readFileSync(join(contents, file), 'utf8').includes(path)))).toEqual([])
  })

  test('leaves no manifest behind in the work tree', () => {
    expect(existsSync(join(checkout, 'oclif.manifest.json'))).toBe(false)
  })

  test('works from another folder', async ({skip}) => {
    if (unreachable) skip('its dependencies cannot be fetched here')
    const {version} = json(z.object({version: z.string()}), readFileSync(join(root, 'package.json'), 'utf8'))
    expect(await qlogic('--version')).toEqual({code: 0, stdout: `qlogic ${version}\n`, stderr: ''})

    const checklist = await qlogic('checklist', '--json')
    expect(json(z.object({items: z.array(z.unknown())}), checklist.stdout).items.length).toBeGreaterThan(100)

    const explained = await qlogic('explain', 'network.psa-connection')
    expect(explained.code).toBe(0)
    expect(explained.stdout).toContain('gcloud services vpc-peerings connect')

    const verified = await qlogic('verify', '--sandbox', '--project', 'qlogic-package-1', '--json')
    expect(verified).toMatchObject({code: 1, stderr: ''})
    expect(json(z.object({summary: z.object({fail: z.number(), unknown: z.number()})}), verified.stdout).summary).toMatchObject({
      unknown: 0,
    })
  })

  test('loads neither Google’s clients nor prompts for what reads no cloud', async ({skip}) => {
    if (unreachable) skip('its dependencies cannot be fetched here')
    const urls = await loaded(join(home, 'node_modules', 'qlogic', 'bin', 'run.js'), 'explain', 'network.psa-connection')
    expect(urls.some((url) => url.includes('/@oclif/core/'))).toBe(true)
    expect(urls.filter((url) => /node_modules\/(@google-cloud|google-auth-library|google-gax|@inquirer|execa|listr2)\//.test(url))).toEqual(
      [],
    )
  })
})

describe('bin/run.js', () => {
  const bin = join(root, 'bin', 'run.js')

  test('says in one sentence that a Node is too old', async ({skip}) => {
    const old = '/usr/bin/node'
    const major = existsSync(old) ? Number(execFileSync(old, ['-p', 'process.versions.node.split(".")[0]'], {encoding: 'utf8'})) : 24
    if (major >= 24) skip('there is no older Node on this machine')
    const {code, stdout, stderr} = await run(old, [bin, '--version'], {cwd: folder})
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(/^qlogic needs Node \d+\.\d+\.\d+ or newer, and this is Node \d+\.\d+\.\d+: .*\.\n$/)
  })

  test.each(['--version', '--help', 'verify --help', 'setup network --help'])('loads no package for %s', async (line) => {
    const urls = await loaded(bin, ...line.split(' '))
    expect(urls.some((url) => url.endsWith('/bin/run.js'))).toBe(true)
    expect(urls.filter((url) => url.startsWith('file:') && !url.endsWith('/bin/run.js'))).toEqual([])
  })
})
