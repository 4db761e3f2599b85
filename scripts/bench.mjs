// How long a command line takes to start, and what a `verify` costs: `npm run bench`, `npm run bench -- --json FILE`.
// Everything is run from dist/, in a temporary folder, against a simulator of its own; the whole takes about a minute. Last it judges the
// repository of bench-tree.mjs: `npm run bench -- --only tree` does nothing else, `--bin bin/dev.js` runs the sources.
import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {performance} from 'node:perf_hooks'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {writeTree} from './bench-tree.mjs'

const {values} = parseArgs({
  options: {
    json: {type: 'string'},
    runs: {type: 'string', default: '15'},
    only: {type: 'string'},
    bin: {type: 'string', default: 'bin/run.js'},
  },
})
const bin = fileURLToPath(new URL(`../${values.bin}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'qlogic-bench-'))
const project = 'qlogic-bench-1'
const latencies = [0, 100]

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Runs node to its end; what it prints is returned, a failure ends the bench. `allowed` are the exit codes that are none. */
const node = (args, {env = {}, allowed = [0]} = {}) => {
  const start = performance.now()
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {...process.env, ...env},
    maxBuffer: 1e8,
  })
  if (!allowed.includes(status ?? -1)) throw new Error(`node ${args.join(' ')}: exit ${status}\n${stderr}`)
  return {ms: performance.now() - start, stdout}
}

/** Start-up, the three interleaved so that a busy moment of the machine meets all of them. */
const startUp = (runs) => {
  const lines = {'node -e 0': ['-e', '0'], 'qlogic --version': [bin, '--version'], 'qlogic --help': [bin, '--help']}
  const times = Object.fromEntries(Object.keys(lines).map((name) => [name, []]))
  for (const args of Object.values(lines)) node(args)
  for (let run = 0; run < runs; run += 1) for (const [name, args] of Object.entries(lines)) times[name].push(node(args).ms)
  const base = median(times['node -e 0'])
  return Object.entries(times).map(([name, ms]) => ({name, ms: median(ms), ratio: median(ms) / base}))
}

/** Serves the simulator until the work is done. */
const withSimulator = async (port, latency, work) => {
  const child = spawn(
    process.execPath,
    [bin, 'sandbox', 'start', '--port', String(port), '--latency', String(latency), '--operation-time', '0'],
    {cwd: folder, stdio: ['ignore', 'ignore', 'pipe']},
  )
  const ended = new Promise((done) => child.once('exit', done))
  try {
    await new Promise((ready, failed) => {
      let said = ''
      child.stderr.on('data', (text) => (said += text).includes('listens on') && ready(undefined))
      child.once('exit', () => failed(new Error(`the simulator ended: ${said}`)))
    })
    return await work({QLOGIC_API_ENDPOINT: `http://127.0.0.1:${port}`})
  } finally {
    child.kill('SIGINT')
    await ended
  }
}

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address()
      server.close(() => found(port))
    })
  })

/** Writes down the peak of its own memory when it ends; loaded before qlogic. */
const probe = join(folder, 'probe.mjs')
const peak = join(folder, 'peak')
const peakMb = () => Number(readFileSync(peak, 'utf8')) / 1024

const verify = (env) => {
  const reports = Array.from({length: 3}, () => {
    const {ms, stdout} = node(['--import', probe, bin, 'verify', '--project', project, '--json'], {env, allowed: [0, 1]})
    const {apiCalls, durationMs, summary} = JSON.parse(stdout)
    return {ms, apiCalls, durationMs, items: summary.total, unknown: summary.unknown, rssMb: peakMb()}
  })
  return {...reports[0], ms: median(reports.map(({ms}) => ms)), rssMb: Math.max(...reports.map(({rssMb}) => rssMb))}
}

const phases = ['config', 'logging', 'migrations', 'auth', 'containers', 'pipeline', 'infra', 'observability']
const mostSeconds = 20
const mostMb = 400

/** What it costs to judge a repository of public size: with git, which lists it, and as a bare folder; one phase, and all of them. */
const judgeTree = (env) => {
  const tree = join(folder, 'tree')
  const counts = writeTree(tree)
  const judge = (what, names) => {
    const line = [bin, 'verify', ...names, '--repo', tree, '--project', project, '--json']
    const {ms, stdout} = node(['--import', probe, ...line], {env, allowed: [0, 1, 3]})
    const {summary} = JSON.parse(stdout)
    return {what, ms, items: summary.total, unknown: summary.unknown, rssMb: peakMb()}
  }
  const rows = [judge('PART 1, one step', ['project']), judge('bare folder, config', ['config'])]
  const git = (...args) => spawnSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], {cwd: tree})
  git('init', '-q')
  git('add', '-A')
  git('commit', '-q', '-m', 'tree')
  rows.push(judge('git, config', ['config']), judge('git, PART 2', phases))
  return {counts, rows}
}

const row = (...cells) => console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(30) : cell.padStart(12))).join(''))

/** Prints what the tree costs; true when it is within the bounds. */
const reportTree = ({counts, rows}) => {
  console.log(`\n${counts.python} Python and ${counts.yaml} YAML files, ${(counts.bytes / 1e6).toFixed(1)} MB`)
  row('verify --repo', 'ms', 'items', 'unknown', 'peak MB')
  for (const {what, ms, items, unknown, rssMb} of rows) row(what, ms.toFixed(0), String(items), String(unknown), rssMb.toFixed(0))
  const over = rows.filter(({ms, rssMb}) => ms > mostSeconds * 1000 || rssMb > mostMb)
  console.log(
    over.length === 0
      ? `\nWithin ${mostSeconds} s and ${mostMb} MB.`
      : `\nOver ${mostSeconds} s or ${mostMb} MB: ${over.map(({what}) => what).join('; ')}.`,
  )
  return over.length === 0
}

/** Start-up, and PART 1 of a project that is set up. */
const judgeProject = async (port) => {
  const starts = startUp(Math.max(11, Number(values.runs)))
  await withSimulator(port, 0, (env) => {
    node([bin, 'setup', '--project', project, '--yes'], {env})
  })
  const runs = []
  for (const latency of latencies) runs.push({latency, ...(await withSimulator(port, latency, verify))})
  return {starts, runs}
}

const reportProject = ({starts, runs}) => {
  row('start-up (median)', 'ms', '× node -e 0')
  for (const {name, ms, ratio} of starts) row(name, ms.toFixed(0), ratio.toFixed(2))
  console.log()
  row('verify PART 1, set up', 'ms', 'in the run', 'API calls', 'items', 'peak MB')
  for (const {latency, ms, durationMs, apiCalls, items, rssMb} of runs)
    row(`latency ${latency} ms`, ms.toFixed(0), String(durationMs), String(apiCalls), String(items), rssMb.toFixed(0))
  const slow = starts.filter(({ratio}) => ratio > 3)
  console.log(
    slow.length === 0
      ? '\n--version and --help start within 3 × node -e 0.'
      : `\nToo slow to start: ${slow.map(({name}) => name).join(', ')}.`,
  )
  return slow.length === 0
}

try {
  writeFileSync(
    probe,
    `import {writeFileSync} from 'node:fs'\nprocess.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)))\n`,
  )
  const port = await freePort()
  const part1 = values.only === 'tree' ? undefined : await judgeProject(port)
  const isQuick = part1 === undefined || reportProject(part1)
  const tree = await withSimulator(port, 0, judgeTree)
  const isWithin = reportTree(tree)
  if (values.json !== undefined) {
    const document = {node: process.version, startUp: part1?.starts, verify: part1?.runs, tree}
    writeFileSync(resolve(values.json), `${JSON.stringify(document, undefined, 2)}\n`)
  }
  process.exitCode = isQuick && isWithin ? 0 : 1
} finally {
  rmSync(folder, {recursive: true, force: true})
}
