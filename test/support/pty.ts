import {spawn} from '@lydell/node-pty'
import {fileURLToPath} from 'node:url'
import {afterwards} from './afterwards.ts'

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** What a terminal showed, without what moves its cursor. */
// eslint-disable-next-line no-control-regex -- escape sequences are what this is about
export const shown = (output: string): string => output.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[()][0-9A-B]|\r/g, '')

/** qlogic in a terminal of its own. */
export const openTerminal = ({
  args,
  cwd,
  env = {},
  columns = 80,
}: {
  args: readonly string[]
  cwd: string
  env?: Readonly<Record<string, string>>
  columns?: number
}) => {
  const terminal = spawn(process.execPath, [bin, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows: 40,
    cwd,
    env: {PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm-256color', ...env},
  })
  let output = ''
  const listeners = new Set<() => void>()
  terminal.onData((data) => {
    output += data
    for (const listener of listeners) listener()
  })
  const ended = new Promise<number>((resolve) => terminal.onExit(({exitCode}) => resolve(exitCode)))
  let over = false
  void ended.then(() => (over = true))
  afterwards(() => (over ? undefined : terminal.kill('SIGKILL')))
  return {
    type: (text: string) => terminal.write(text),
    kill: (signal: 'SIGKILL' | 'SIGHUP') => terminal.kill(signal),
    /** Resolves when `text` was shown after what was shown when it was asked for. */
    waitFor: (text: string | RegExp, from = 0): Promise<number> =>
      new Promise((resolve, reject) => {
        const look = () => {
          const rest = shown(output).slice(from)
          const at = typeof text === 'string' ? rest.indexOf(text) : (text.exec(rest)?.index ?? -1)
          if (at < 0) return
          listeners.delete(look)
          resolve(from + at + 1)
        }
        listeners.add(look)
        void ended.then(() => reject(new Error(`it ended before ${String(text)} was shown:\n${shown(output).slice(-2000)}`)))
        look()
      }),
    raw: () => output,
    text: () => shown(output),
    ended,
  }
}
