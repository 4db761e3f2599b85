// How long a command line takes to start, and what a `verify` costs: `npm run bench`, `npm run bench -- --json FILE`.
// Everything is run from dist/, in a temporary folder, against a simulator of its own; the whole takes less than a minute.
import {spawn, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {performance} from 'node:perf_hooks'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

const {values} = parseArgs({options: {json: {type: 'string'}, runs: {type: 'string', default: '15'}}})
const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url))
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

/** Prints the peak of its own memory when it ends; loaded before qlogic. */
const probe = join(folder, 'probe.mjs')

const verify = (env) => {
  const reports = Array.from({length: 3}, () => {
    const {ms, stdout} = node(['--import', probe, bin, 'verify', '--project', project, '--json'], {env, allowed: [0, 1]})
    const [json, rss] = stdout.split('\n#rss ')
    const {apiCalls, durationMs, summary} = JSON.parse(json)
    return {ms, apiCalls, durationMs, items: summary.total, unknown: summary.unknown, rssMb: Number(rss) / 1024}
  })
  return {...reports[0], ms: median(reports.map(({ms}) => ms)), rssMb: Math.max(...reports.map(({rssMb}) => rssMb))}
}

try {
  writeFileSync(probe, "process.on('exit', () => process.stdout.write(`\\n#rss ${process.resourceUsage().maxRSS}`))\n")
  const starts = startUp(Math.max(11, Number(values.runs)))
  const port = await freePort()
  await withSimulator(port, 0, (env) => {
    node([bin, 'setup', '--project', project, '--yes'], {env})
  })
  const runs = []
  for (const latency of latencies) runs.push({latency, ...(await withSimulator(port, latency, verify))})

  const row = (...cells) => console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(30) : cell.padStart(12))).join(''))
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
  if (values.json !== undefined)
    writeFileSync(resolve(values.json), `${JSON.stringify({node: process.version, startUp: starts, verify: runs}, undefined, 2)}\n`)
  process.exitCode = slow.length === 0 ? 0 : 1
} finally {
  rmSync(folder, {recursive: true, force: true})
}
