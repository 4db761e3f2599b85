// `npm start` and `npm test` on a checkout where nothing is installed, on whatever Node runs npm: install, build what is missing or
// stale, then go on with the Node that the project brings. It may therefore use only what Node 18 knows, and no package.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, rmSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [wish, ...rest] = process.argv.slice(2)
const bundled = join(root, 'node_modules', '.bin', 'node')

/** Runs one command to its end and leaves with its exit code when it fails. What it prints goes to stderr: stdout is the result's. */
const run = (command, args, stdio = ['ignore', 2, 2]) => {
  const {status, signal} = spawnSync(command, args, {
    cwd: root,
    stdio,
    env: {...process.env, PATH: `${dirname(bundled)}:${process.env.PATH}`},
  })
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1))
}

/** When something below the folder was last changed; taking a file away changes the folder that it was in. */
const newest = (folder) =>
  Math.max(statSync(folder).mtimeMs, ...readdirSync(folder, {recursive: true}).map((name) => statSync(join(folder, name)).mtimeMs))

const lock = join(root, 'package-lock.json')
const installed = join(root, 'node_modules', '.package-lock.json')
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error('Installing the packages of package-lock.json, which takes a minute or so …')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

const node = existsSync(bundled) ? bundled : process.execPath
const built = join(root, 'dist', '.built')
const madeFrom = ['checklist.yaml', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'].map((name) =>
  join(root, name),
)
const changed = Math.max(newest(join(root, 'src')), ...madeFrom.map((path) => statSync(path).mtimeMs))
if (!existsSync(built) || statSync(built).mtimeMs < changed) {
  console.error('Building …')
  rmSync(join(root, 'dist'), {recursive: true, force: true})
  run('npm', ['run', '--silent', 'build'])
}

if (wish === 'demo') run(node, [join(root, 'bin', 'run.js'), 'demo', ...rest], 'inherit')
else run(node, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...rest], 'inherit')
