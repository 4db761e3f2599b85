import {execa} from 'execa'
import {diagnosis, type Diagnosis} from './diagnosis.ts'

type Program = {name: string; args: readonly string[]; version: RegExp; for: string; install: string; needed?: boolean}

/** Programs that qlogic can use. It runs without all but git. */
const programs: readonly Program[] = [
  {
    name: 'git',
    args: ['--version'],
    version: /(\d+\.\d+[\d.]*)/,
    for: 'reads the app repository',
    install: 'https://git-scm.com/downloads',
    needed: true,
  },
  {
    name: 'gcloud',
    args: ['version'],
    version: /Google Cloud SDK (\S+)/,
    for: 'to sign in, and to do by hand what a plan shows',
    install: 'https://cloud.google.com/sdk/docs/install',
  },
  {
    name: 'docker',
    args: ['--version'],
    version: /(\d+\.\d+[\d.]*)/,
    for: 'to build and push images',
    install: 'https://docs.docker.com/engine/install/',
  },
  {
    name: 'terraform',
    args: ['version'],
    version: /v(\d+\.\d+[\d.]*)/,
    for: 'to take over what was set up',
    install: 'https://developer.hashicorp.com/terraform/install',
  },
  {
    name: 'kubectl',
    args: ['version', '--client'],
    version: /v(\d+\.\d+[\d.]*)/,
    for: 'with GKE, where the control plane is private',
    install: 'gcloud components install kubectl',
  },
]

const examine = async ({name, args, version, for: use, install, needed}: Program, signal: AbortSignal): Promise<Diagnosis> => {
  const {exitCode, stdout, stderr, code} = await execa(name, [...args], {
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
    cancelSignal: signal,
    env: {CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1', CLOUDSDK_CORE_DISABLE_PROMPTS: '1', CHECKPOINT_DISABLE: '1'},
  })
  signal.throwIfAborted()
  if (code === 'ENOENT') return diagnosis(name, needed === true ? 'fail' : 'note', `${name} is not installed (${use}).`, install)
  const found = version.exec(stdout)?.[1]
  if (exitCode === 0 && found !== undefined) return diagnosis(name, 'ok', `${name} ${found} (${use}).`)
  return diagnosis(
    name,
    'unknown',
    `${name} does not say its version: ${(stderr || stdout).split('\n')[0] ?? ''}`,
    `${name} ${args.join(' ')}`,
  )
}

/** Which of the programs that qlogic can use are there. Nothing but their versions is asked. */
export const examinePrograms = (signal: AbortSignal): Promise<Diagnosis[]> =>
  Promise.all(programs.map((program) => examine(program, signal)))
