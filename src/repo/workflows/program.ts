import {literalOf, literal, type Word} from './words.ts'

/** What a command line runs in the end. `folder`: one that a wrapper changes to; `container`: image or service that it runs in. */
export type Program = {words: readonly Word[]; env: Readonly<Record<string, Word>>; folder?: Word; container?: string; source?: Word}

const maxWrappers = 12

/** Flags of a wrapper that take the next word as their value. */
const valued: Readonly<Record<string, string>> = {
  sudo: '-u -g --user --group -C -D',
  env: '-u --unset -C --chdir',
  time: '-o -f',
  nice: '-n',
  timeout: '-s -k --signal --kill-after',
  'uv run':
    '--with --with-editable --with-requirements --python -p --project --directory --group --extra --package --env-file --only-group --index --no-group --no-extra',
  uvx: '--with --python -p --from --index',
  'poetry run': '-C --directory -P --project',
  'hatch run': '-e --env -p --project',
  'docker run':
    '-e --env --env-file -v --volume --network --net -p --publish --name -w --workdir --entrypoint --platform -u --user --mount --add-host -m --memory --cpus -l --label --tmpfs --ulimit --link -h --hostname --pull --restart --cap-add --cap-drop --security-opt --shm-size --gpus --ipc',
  'docker compose': '-f --file -p --project-name --env-file --profile --project-directory',
  'compose run': '-e --env -v --volume -p --publish --name -w --workdir --entrypoint -u --user -l --label --index --env-from-file',
  npx: '-p --package -c --call -w --workspace',
  pnpm: '-C --dir --filter -F',
  'python -m': '-W -X',
  coverage: '--source --rcfile --omit --include --data-file --context --concurrency',
  'xvfb-run': '-s --server-args -n --server-num -e',
  doppler: '-p --project -c --config -t --token',
  retry: '-t -n -d -s --times --delay --tries',
}

/** Takes wrappers off: `sudo`, `env`, `poetry run`, `npx`, `python -m`, `docker run IMAGE`, … */
export const programOf = (words: readonly Word[]): Program => {
  let rest = [...words]
  let found: Omit<Program, 'words' | 'env'> = {}
  const env: Record<string, Word> = {}
  const at = (place: number) => literalOf(rest[place])
  const drop = (count: number, flags: string) => {
    rest = rest.slice(count)
    const takes = new Set((valued[flags] ?? '').split(' '))
    for (;;) {
      const flag = at(0)
      if (flag === undefined || !flag.startsWith('-') || flag === '-') return
      const value = rest[1]
      rest = rest.slice(takes.has(flag) ? 2 : 1)
      if (
        /^(-C|--directory|--dir|--chdir|--workdir|-w|--cwd)$/.test(flag) &&
        takes.has(flag) &&
        value !== undefined &&
        !flags.startsWith('compose') &&
        !flags.startsWith('docker')
      )
        found = {...found, folder: value}
      const joined = /^--(?:directory|dir|chdir|cwd)=(.*)$/.exec(flag)?.[1]
      if (joined !== undefined) found = {...found, folder: literal(joined)}
      if (flag === '--from' && value !== undefined) found = {...found, source: value}
      if (flag === '--') return
    }
  }
  const assignments = () => {
    for (let text = textOfStart(rest[0]); /^[A-Za-z_]\w*=/.test(text); text = textOfStart(rest[0])) {
      const [name = ''] = text.split('=')
      const value = literalOf(rest[0])
      env[name] = value === undefined ? [{dynamic: '…'}] : literal(value.slice(name.length + 1))
      rest = rest.slice(1)
    }
  }
  for (let turn = 0; turn < maxWrappers && rest.length > 0; turn += 1) {
    const name = baseName(at(0))
    const second = at(1)
    const before = rest.length
    if (name === undefined) break
    if (
      [
        'sudo',
        'exec',
        'command',
        'nohup',
        'time',
        'nice',
        'builtin',
        'stdbuf',
        'ionice',
        'xvfb-run',
        'retry',
        'unbuffer',
        'catchsegv',
      ].includes(name)
    )
      drop(1, name)
    else if (name === 'env') {
      drop(1, 'env')
      assignments()
    } else if (name === 'exec-wrapper') {
      // https://github.com/GoogleCloudPlatform/ruby-docker/tree/master/app-engine-exec-wrapper
      const image = rest.findIndex((word) => literalOf(word) === '-i')
      const end = rest.findIndex((word) => literalOf(word) === '--')
      if (end < 0) break
      found = {...found, container: literalOf(rest[image + 1]) ?? '…'}
      rest = rest.slice(end + 1)
    } else if (name === 'timeout') {
      drop(1, 'timeout')
      rest = rest.slice(1)
    } else if (
      [
        'poetry',
        'uv',
        'pipenv',
        'pdm',
        'rye',
        'hatch',
        'conda',
        'mamba',
        'micromamba',
        'dotenv',
        'doppler',
        'op',
        'infisical',
        'nix',
        'pixi',
        'aws-vault',
        'nox-poetry',
      ].includes(name)
    ) {
      const run = rest.findIndex((word) => literalOf(word) === 'run' || literalOf(word) === '--')
      if (run < 1 || run > 6) break
      const folder = rest.slice(1, run).findIndex((word) => /^(-C|--directory|--project|-p)$/.test(literalOf(word) ?? ''))
      const value = folder < 0 ? undefined : rest[folder + 2]
      if (value !== undefined) found = {...found, folder: value}
      drop(run + 1, `${name} run`)
      if (name === 'hatch') {
        const script = at(0)?.replace(/^[\w.+-]*:/, '')
        if (script !== undefined) rest[0] = literal(script)
      }
    } else if (name === 'uvx' || name === 'pipx') {
      if (name === 'pipx' && second !== 'run') break
      drop(name === 'pipx' ? 2 : 1, 'uvx')
      unversioned()
    } else if (name === 'uv' || name === 'corepack') rest = rest.slice(1)
    else if (['npx', 'pnpx', 'bunx'].includes(name)) {
      drop(1, 'npx')
      unversioned()
    } else if (['pnpm', 'yarn', 'npm', 'bun'].includes(name) && ['exec', 'dlx', 'x'].includes(second ?? '')) {
      drop(2, 'npx')
      unversioned()
    } else if (/^python[\d.]*$/.test(name) || name === 'py') {
      const module = rest.slice(1, 5).findIndex((word) => literalOf(word) === '-m')
      if (module < 0 || rest.slice(1, module + 1).some((word) => !(literalOf(word) ?? '').startsWith('-'))) break
      rest = rest.slice(module + 2)
    } else if (name === 'coverage' && second === 'run') {
      drop(2, 'coverage')
      if (literalOf(words[words.length - rest.length - 1]) !== '-m' && !/\.py$/.test(at(0) ?? '')) continue
    } else if ((name === 'docker' || name === 'podman') && ['run', 'exec'].includes(second ?? '')) {
      drop(2, 'docker run')
      const image = rest[0]
      rest = rest.slice(1)
      found = {...found, container: image === undefined ? '' : (literalOf(image) ?? '…')}
    } else if (name === 'docker-compose' || ((name === 'docker' || name === 'podman') && second === 'compose')) {
      const kept = rest
      drop(name === 'docker-compose' ? 1 : 2, 'docker compose')
      const verb = at(0)
      if (verb !== 'run' && verb !== 'exec') {
        rest = [literal('docker'), literal('compose'), ...rest]
        if (kept.length === 0) rest = kept
        break
      }
      drop(1, 'compose run')
      const service = at(0)
      rest = rest.slice(1)
      found = {...found, container: service ?? '…'}
    } else break
    if (rest.length === before) break
  }
  const [first, ...others] = rest
  const name = literalOf(first)
  const bare = name === undefined ? first : literal(baseName(name) ?? name)
  return {words: bare === undefined ? [] : [bare, ...others], env, ...found}

  function unversioned(): void {
    const name = at(0)
    const cut = name === undefined ? undefined : /^(@[^/]+\/[^@]+|[^@]+)@/.exec(name)?.[1]
    if (cut !== undefined) rest[0] = literal(cut)
  }
}

const textOfStart = (word: Word | undefined): string => {
  const [first] = word ?? []
  return first !== undefined && 'literal' in first ? first.literal : ''
}

const baseName = (name: string | undefined): string | undefined =>
  name
    ?.split('/')
    .at(-1)
    ?.replace(/\.exe$/, '')
