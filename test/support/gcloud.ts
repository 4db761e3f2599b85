import {execa} from 'execa'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {clientEnvironment} from '../../src/sandbox/client-environment.ts'
import {openFolder, projectId, writeConfig} from './folder.ts'
import {qlogic, reportIn, setupIn, type ReportDocument} from './cli.ts'
import {startSandboxProcess} from './sandbox-process.ts'

const found = (program: string, ...args: string[]): Promise<boolean> =>
  execa(program, args, {reject: false}).then(({exitCode}) => exitCode === 0)

/** Whether this machine has a program of that name; says so in one line where it has not. */
export const isInstalled = async (program: string, ...args: string[]): Promise<boolean> => {
  const installed = await found(program, ...args)
  if (!installed) process.stderr.write(`${program} is not installed: nothing was typed into it\n`)
  return installed
}

/** What is done one after the other, each with what was said to its result. */
type Lane = readonly string[]

/**
 * A fresh simulator on a port of its own, and the real gcloud, Docker and kubectl with configurations of their own that point at it;
 * nothing of this machine's is read or changed.
 */
export const openGcloud = async (parameters: Readonly<Record<string, unknown>> = {}) => {
  const folder = await openFolder()
  await writeConfig(folder, {
    billingAccount: '01A2B3-C4D5E6-F70819',
    notificationEmail: 'ops@acme.example',
    githubRepo: 'acme/q-logic',
    dnsZone: 'acme-example',
    ...parameters,
  })
  // A change of a file of the repository has no gcloud line.
  await writeFile(join(folder, '.gitignore'), 'tf-key.json\n*-key.json\n')
  const {url, port} = await startSandboxProcess(folder, ['--state', join(folder, 'cloud.json'), '--operation-time', '20'])
  const env = {
    ...clientEnvironment(port),
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
    CLOUDSDK_CORE_PROJECT: projectId,
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    DOCKER_CONFIG: join(folder, 'docker'),
    KUBECONFIG: join(folder, 'kubeconfig'),
    HOME: folder,
  }
  /** Types one line into a shell. @throws Error with what the program said */
  const type = async (line: string): Promise<string> => {
    const {exitCode, stdout, stderr} = await execa('bash', ['-o', 'pipefail', '-c', line], {
      cwd: folder,
      env,
      stdin: 'ignore',
      reject: false,
      timeout: 120_000,
    })
    if (exitCode !== 0) throw new Error(`${line}\n${stderr}`)
    return stdout
  }
  /** Types lanes of lines side by side, as people in several terminals would. */
  const typeAll = async (...lanes: readonly Lane[]): Promise<void> => {
    await Promise.all(
      lanes.map(async (lines) => {
        for (const line of lines) await type(line)
      }),
    )
  }
  const cli = (...args: string[]) =>
    qlogic(args, {cwd: folder, env: {PATH: process.env['PATH'] ?? '', DOCKER_CONFIG: env.DOCKER_CONFIG, QLOGIC_API_ENDPOINT: url}})
  const verify = async (...names: string[]): Promise<ReportDocument> => reportIn(await cli('verify', ...names, '--json'))
  const planOf = async (step: string) => setupIn(await cli('setup', step, '--dry-run', '--json')).planned
  /** What only a person can do, at Google or elsewhere. */
  const act = async (name: string): Promise<void> => {
    const {exit, stderr} = await cli('sandbox', 'act', name)
    if (exit !== 0) throw new Error(stderr)
  }
  /**
   * kubectl at the API of a simulated cluster. The server that get-credentials writes is an address at Google, and its plugin would ask
   * for a credential.
   */
  const kubectl = `kubectl --server=${url}/kubernetes/projects/${projectId}/locations/us-central1/clusters/qlogic-prod`
  return {folder, type, typeAll, cli, verify, planOf, act, kubectl}
}
