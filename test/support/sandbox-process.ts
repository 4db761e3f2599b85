import {expect} from 'vitest'
import {afterwards} from './afterwards.ts'
import {startQlogic} from './cli.ts'

/** A loopback port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const {createServer} = await import('node:net')
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** `qlogic sandbox start` as a process of its own, once it listens. It is ended when the tests of the file are done. */
export const startSandboxProcess = async (cwd: string, args: readonly string[] = []) => {
  const port = await freePort()
  const running = startQlogic(['sandbox', 'start', '--port', String(port), ...args], {cwd})
  afterwards(async () => {
    running.kill('SIGINT')
    await running
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    running.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (said.includes('listens on')) resolve()
    })
    void running.then(() => reject(new Error(`the simulator did not start: ${said}`)))
  })
  expect(said).toContain(`http://127.0.0.1:${port}`)
  return {url: `http://127.0.0.1:${port}`, port, running}
}
