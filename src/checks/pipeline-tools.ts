import {literalOf, textOf, valuesOf, type Word} from '../repo/workflows/words.ts'
import {flagOf, hasFlag, wordsOf, type Act} from './pipeline-acts.ts'

export type Stage = 'lint' | 'test' | 'build' | 'push' | 'deploy'
/** What a tool is written for; `any` for those that are of no language. */
export type Language = 'python' | 'node' | 'any'
export type Doing = {stages: readonly Stage[]; language: Language; needsTarget?: string}

const pythonLinters = [
  'ruff',
  'flake8',
  'pylint',
  'mypy',
  'pyright',
  'basedpyright',
  'pyflakes',
  'pycodestyle',
  'prospector',
  'pylama',
  'ty',
  'pyrefly',
]
const nodeLinters = ['eslint', 'tslint', 'stylelint', 'oxlint', 'xo', 'biome', 'standard', 'ng-lint']
const pythonTests = ['pytest', 'py.test', 'unittest', 'nose2', 'trial', 'behave', 'ward']
const nodeTests = ['jest', 'vitest', 'karma', 'mocha', 'playwright', 'cypress', 'ava', 'wtr', 'web-test-runner', 'jasmine', 'tap']

const doing = (language: Language, ...stages: Stage[]): Doing => ({stages, language})

/** What an act does for a component, if it is one of the five stages. Printing, asking for help or a version is none. */
export const doingOf = (act: Act): Doing | undefined => {
  if (act.step.uses !== undefined) return ofAction(act.step.uses.action.toLowerCase(), act)
  if (act.command === undefined) return undefined
  const words = wordsOf(act)
  if (hasFlag(act, '--help', '--version', '--collect-only', '--dry-run', '--dryrun')) return undefined
  const [name = '', first = '', second = '', third = ''] = words.map((word) => word ?? '…')
  return (
    python(act, name, first) ??
    node(name, first, words) ??
    image(act, name, first, second) ??
    deployment(name, first, second, third, words, act)
  )
}

const python = (act: Act, name: string, first: string): Doing | undefined => {
  if (name === 'ruff') {
    if (hasFlag(act, '--exit-zero', '-e')) return undefined
    return (first === 'format' && !hasFlag(act, '--check', '--diff')) || ['clean', 'version', 'rule', 'server'].includes(first)
      ? undefined
      : doing('python', 'lint')
  }
  if (name === 'flake8' && hasFlag(act, '--exit-zero')) return undefined
  if (pythonLinters.includes(name)) return doing('python', 'lint')
  if ((name === 'black' || name === 'isort') && hasFlag(act, '--check', '--check-only', '-c', '--diff')) return doing('python', 'lint')
  return pythonTests.includes(name) ? doing('python', 'test') : undefined
}

const node = (name: string, first: string, words: readonly (string | undefined)[]): Doing | undefined => {
  if (nodeLinters.includes(name)) return doing('node', 'lint')
  if (name === 'prettier')
    return words.some((word) => ['--check', '-c', '--list-different', '-l'].includes(word ?? '')) ? doing('node', 'lint') : undefined
  if (name === 'tsc' || name === 'vue-tsc') return words.includes('--noEmit') ? doing('node', 'lint') : doing('node', 'build')
  if (name === 'ng' || name === 'nx') {
    const target =
      name === 'nx' && first === 'run'
        ? (words[2]?.split(':')[1] ?? '')
        : name === 'nx' && ['affected', 'run-many'].includes(first)
          ? targetOf(words)
          : first
    const stages: Readonly<Record<string, Stage>> = {
      lint: 'lint',
      l: 'lint',
      test: 'test',
      t: 'test',
      e2e: 'test',
      build: 'build',
      b: 'build',
    }
    const long: Readonly<Record<string, string>> = {l: 'lint', t: 'test', b: 'build'}
    const stage = stages[target]
    return stage === undefined ? undefined : {...doing('node', stage), ...(name === 'ng' ? {needsTarget: long[target] ?? target} : {})}
  }
  if (nodeTests.includes(name))
    return ['install', 'install-deps', 'verify', 'info', 'open', 'codegen', 'init'].includes(first) ? undefined : doing('node', 'test')
  if ((name === 'node' && words.includes('--test')) || (name === 'bun' && first === 'test')) return doing('node', 'test')
  if (name === 'vite' || name === 'next' || name === 'nuxt' || name === 'astro')
    return first === 'build' ? doing('node', 'build') : undefined
  return ['webpack', 'rollup', 'esbuild', 'tsup', 'react-scripts'].includes(name) && (name !== 'react-scripts' || first === 'build')
    ? doing('node', 'build')
    : undefined
}

const targetOf = (words: readonly (string | undefined)[]): string => {
  const at = words.findIndex((word) => /^(-t|--targets?)$/.test(word ?? ''))
  return at >= 0 ? (words[at + 1] ?? '') : (words.find((word) => word?.startsWith('--target'))?.split('=')[1] ?? '')
}

const image = (act: Act, name: string, first: string, second: string): Doing | undefined => {
  if (name === 'docker' || name === 'podman' || name === 'buildah') {
    const verb = first === 'buildx' || first === 'image' || first === 'compose' || first === 'builder' ? second : first
    if (verb === 'push') return doing('any', 'push')
    if (verb === 'build' || verb === 'bake' || verb === 'bud') {
      const output = literalOf(flagOf(act, '--output', '-o'))
      return doing('any', 'build', ...(hasFlag(act, '--push') || /type=registry|push=true/.test(output ?? '') ? ['push' as const] : []))
    }
    return undefined
  }
  if (name === 'kaniko' || name === 'ko') return doing('any', 'build', 'push')
  if (name === 'pack' && first === 'build') return doing('any', 'build', ...(hasFlag(act, '--publish') ? ['push' as const] : []))
  if ((name === 'crane' && ['push', 'copy', 'cp'].includes(first)) || (name === 'skopeo' && first === 'copy')) return doing('any', 'push')
  return undefined
}

const deployment = (
  name: string,
  first: string,
  second: string,
  third: string,
  words: readonly (string | undefined)[],
  act: Act,
): Doing | undefined => {
  if (name === 'gcloud') {
    const [group, verb, last] = ['alpha', 'beta', 'preview'].includes(first) ? [second, third, words[4] ?? ''] : [first, second, third]
    if (group === 'builds' && verb === 'submit') return doing('any', 'build', 'push')
    if (group === 'run' && verb === 'deploy')
      return doing('any', ...(hasFlag(act, '--source') ? (['build', 'push'] as const) : []), 'deploy')
    if (group === 'run' && verb === 'services')
      return ['update', 'replace', 'update-traffic'].includes(last) ? doing('any', 'deploy') : undefined
    if (group === 'app' && verb === 'deploy') return doing('any', 'build', 'push', 'deploy')
    if (group === 'deploy' && verb === 'releases') return doing('any', 'deploy')
    if (group === 'storage' && ['rsync', 'cp'].includes(verb)) return toBucket(words)
    return undefined
  }
  if (name === 'gsutil') return toBucket(words)
  if (name === 'kubectl')
    return ['apply', 'set', 'replace', 'rollout', 'patch'].includes(first) && second !== 'status' ? doing('any', 'deploy') : undefined
  if (name === 'helm') return ['upgrade', 'install'].includes(first) ? doing('any', 'deploy') : undefined
  if (name === 'helmfile' || name === 'gke-deploy') return ['apply', 'sync', 'run'].includes(first) ? doing('any', 'deploy') : undefined
  if (name === 'skaffold')
    return first === 'run' ? doing('any', 'build', 'push', 'deploy') : first === 'deploy' ? doing('any', 'deploy') : undefined
  if (name === 'firebase' && first === 'deploy') return doing('node', 'push', 'deploy')
  // Terraform deploys the application where it is told the image.
  if (isTerraform(name)) return words.includes('apply') && tellsImage(act) ? doing('any', 'deploy') : undefined
  if ((name === 'argocd' && second === 'sync') || (name === 'pulumi' && first === 'up')) return doing('any', 'deploy')
  return undefined
}

const tellsImage = ({command, step}: Act): boolean =>
  [
    ...(command?.program ?? []).map(textOf),
    ...Object.keys({...step.env, ...command?.env}).filter((name) => name.startsWith('TF_VAR_')),
  ].some((text) => /image|digest|_tag\b|\btag=/i.test(text))

export const isTerraform = (name: string): boolean => ['terraform', 'tofu', 'terragrunt'].includes(name)

/** Files that a browser loads, put where they are served from: published and deployed in one. */
const toBucket = (words: readonly (string | undefined)[]): Doing | undefined =>
  words.at(-1)?.startsWith('gs://') === true ? doing('node', 'push', 'deploy') : undefined

const maybeTrue = (word: Word | undefined): boolean => {
  if (word === undefined) return false
  const values = valuesOf(word)
  return values === undefined || values.includes('true')
}

const ofAction = (action: string, act: Act): Doing | undefined => {
  const given = act.step.with
  if (action === 'docker/build-push-action' || action === 'docker/bake-action') {
    const output = literalOf(given['outputs']) ?? ''
    const pushes =
      maybeTrue(given['push']) ||
      /type=registry|push=true/.test(output) ||
      /\*\.(push=true|output=type=registry)/.test(literalOf(given['set']) ?? '')
    return doing('any', 'build', ...(pushes ? (['push'] as const) : []))
  }
  if (action === 'redhat-actions/buildah-build') return doing('any', 'build')
  if (action === 'redhat-actions/push-to-registry') return doing('any', 'push')
  if (/^(astral-sh|chartboost)\/ruff-action$/.test(action))
    return /format(?!.*--check)/.test(literalOf(given['args']) ?? '') ? undefined : doing('python', 'lint')
  if (action === 'psf/black' || action === 'jakebailey/pyright-action' || action === 'py-actions/flake8') return doing('python', 'lint')
  if (/^(github\/super-linter|super-linter\/super-linter|oxsecurity\/megalinter|pre-commit\/action|j178\/prek-action)/.test(action))
    return doing('any', 'lint')
  if (/\/(action-)?eslint/.test(action) || action === 'biomejs/setup-biome-action') return doing('node', 'lint')
  if (action === 'cypress-io/github-action') return doing('node', 'test')
  if (/^google-github-actions\/(deploy-cloudrun|deploy-appengine|create-cloud-deploy-release)$/.test(action)) return doing('any', 'deploy')
  if (action === 'firebaseextended/action-hosting-deploy') return doing('node', 'push', 'deploy')
  if (action === 'google-github-actions/upload-cloud-storage') return doing('node', 'push', 'deploy')
  if (/^azure\/k8s-deploy$|helm-deploy|deliverybot\/helm/.test(action)) return doing('any', 'deploy')
  return undefined
}
