import {execa, type Options} from 'execa'
import {chown, mkdtemp, readdir, readFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {homedir, tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {makeFolder, openFolder, removeFolder} from '../support/folder.ts'
import {isInstalled} from '../support/gcloud.ts'
import {writeVariant} from '../support/variants.ts'

/** A Python 3.12, which the sample app's pinned libraries are built for. */
const findPython = async (): Promise<string | undefined> => {
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions')
  const versions = await readdir(pyenv).catch(() => [])
  const own = versions.filter((version) => version.startsWith('3.12.')).map((version) => join(pyenv, version, 'bin', 'python3'))
  for (const python of ['python3.12', 'python3', ...own]) {
    const {stdout} = await execa(python, ['-c', 'import sys, ensurepip; print(*sys.version_info[:2])'], {reject: false})
    if (stdout === '3 12') return python
  }
  return undefined
}

const python = await findPython()
const reaching = ['-m', 'pip', 'install', '--dry-run', '--ignore-installed', '--no-deps', '--retries=0', '--timeout=20', 'structlog']
const withIndex = python !== undefined && (await execa(python, reaching, {reject: false})).exitCode === 0
if (!withIndex)
  process.stderr.write(`${python === undefined ? 'there is no Python 3.12' : 'pip reaches no index'}: no app of the fixtures was started\n`)
const withPostgres = withIndex && (await isInstalled('initdb', '--version')) && (await isInstalled('createdb', '--version'))

/** A way to say where the database is, by the names of an app's own settings. */
type Place = {host: string; port: string}

const apps: readonly {
  variant: string
  /** Where its Python is. */
  folder: string
  /** What pip is to install: arguments of its own, or the lock file of Poetry. */
  packages: readonly string[] | {lock: string}
  /** What its settings need to find a database; none where it has no migrations. */
  env?: (place: Place) => Readonly<Record<string, string>>
}[] = [
  {variant: 'sample-app', folder: 'backend', packages: ['-r', 'requirements.txt']},
  {
    variant: 'finished-flat',
    folder: 'backend',
    packages: ['-r', 'requirements-dev.txt'],
    env: ({host, port}) => ({
      ENVIRONMENT: 'development',
      DB_HOST: host,
      DB_PORT: port,
      DB_NAME: 'qlogic',
      DB_USER: 'owner',
      DB_PASSWORD: 'of%no/use',
      DB_SSL_MODE: 'prefer',
      IDP_ISSUER: 'https://securetoken.google.com/my-project',
      IDP_AUDIENCE: 'my-project',
    }),
  },
  {
    variant: 'finished-nested',
    folder: 'services/api',
    packages: {lock: 'poetry.lock'},
    env: ({host, port}) => ({
      ENVIRONMENT: 'test',
      DB__HOST: host,
      DB__PORT: port,
      DB__NAME: 'qlogic',
      DB__USER: 'owner',
      DB__PASSWORD: 'of%no/use',
      DB__SSL_MODE: 'disable',
      IDP__ISSUER: 'https://securetoken.google.com/my-project',
      IDP__AUDIENCE: 'my-project',
    }),
  },
  {
    variant: 'half-done',
    folder: 'server',
    packages: ['.', 'aiosqlite', 'httpx', 'pytest'],
    env: ({host, port}) => ({
      QLOGIC_ENVIRONMENT: 'development',
      QLOGIC_DB_HOST: host,
      QLOGIC_DB_PORT: port,
      QLOGIC_DB_NAME: 'qlogic',
      QLOGIC_DB_USER: 'owner',
      QLOGIC_DB_PASSWORD: 'of%no/use',
      QLOGIC_DB_SSL_MODE: 'disable',
      QLOGIC_IDP_ISSUER: 'https://securetoken.google.com/my-project',
      QLOGIC_IDP_AUDIENCE: 'my-project',
    }),
  },
]

/** What Poetry would install, as pip takes it. */
const locked = (lock: string): string[] =>
  [...lock.matchAll(/^\[\[package\]\]\nname = "(.+)"\nversion = "(.+)"$/gm)].map(([, name, version]) => `${name ?? ''}==${version ?? ''}`)

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })

/** A PostgreSQL of its own that trusts whoever asks. It refuses to run as root, which a container often is. */
const startPostgres = async () => {
  const data = await mkdtemp(join(tmpdir(), 'qlogic-postgres-'))
  const nobody = 65_534
  const as: Options = process.getuid?.() === 0 ? {uid: nobody, gid: nobody, cwd: data} : {cwd: data}
  if (as.uid !== undefined) await chown(data, nobody, nobody)
  const port = String(await freePort())
  await execa('initdb', ['--pgdata', join(data, 'pg'), '--username=owner', '--auth=trust', '--encoding=UTF8', '--no-sync'], as)
  const options = `-p ${port} -k ${data} -c listen_addresses=127.0.0.1 -c fsync=off`
  await execa('pg_ctl', ['start', '--wait', '-D', join(data, 'pg'), '-l', join(data, 'log'), '-o', options], {...as, stdio: 'ignore'})
  return {
    host: '127.0.0.1',
    port,
    stop: async () => {
      await execa('pg_ctl', ['stop', '-D', join(data, 'pg'), '-m', 'immediate'], {...as, stdio: 'ignore'})
      await removeFolder(data)
    },
  }
}

describe.runIf(withIndex)('the Python of', () => {
  let database: Awaited<ReturnType<typeof startPostgres>> | undefined
  beforeAll(async () => {
    if (withPostgres) database = await startPostgres()
  })
  afterAll(() => database?.stop())

  describe.each(apps)('$variant', ({variant, folder, packages, env}) => {
    let venv: string
    let cwd: string
    beforeAll(async () => {
      const app = await openFolder()
      await writeVariant(variant, app)
      cwd = join(app, folder)
      venv = await makeFolder()
      await execa(python ?? '', ['-m', 'venv', venv])
      const wanted = 'lock' in packages ? ['--no-deps', ...locked(await readFile(join(cwd, packages.lock), 'utf8'))] : packages
      await run('python', '-m', 'pip', 'install', '--quiet', ...wanted)
    })
    afterAll(() => removeFolder(venv))

    const run = (program: string, ...args: string[]) =>
      execa(join(venv, 'bin', program), args, {
        cwd,
        all: true,
        env: {PYTHONDONTWRITEBYTECODE: '1', ...(database === undefined ? {} : env?.(database))},
      })

    test.runIf(withPostgres && env !== undefined)('migrates PostgreSQL to what its models say', async () => {
      const {host = '', port = ''} = database ?? {}
      const server = ['--host', host, '--port', port, '--username=owner']
      await execa('dropdb', ['--if-exists', ...server, 'qlogic'])
      await execa('createdb', [...server, 'qlogic'])
      await run('alembic', 'upgrade', 'head')
      const {all} = await run('alembic', 'check')
      expect(all).toContain('No new upgrade operations detected.')
    })

    test('passes its own tests', async () => {
      const {all} = await run('python', '-m', 'pytest', '-q', '-p', 'no:cacheprovider')
      expect(all).toMatch(/\d+ passed/)
    })
  })
})
