import {posix} from 'node:path'
import {commandsOf, programOf} from '../repo/docker/commands.ts'
import {environmentIn, neededBy} from '../repo/docker/stages.ts'
import {installedBy} from '../repo/packages/installed.ts'
import type {PythonDependencies, PythonDependency} from '../repo/packages/python-dependencies.ts'
import type {DeployedImage} from './deployed-images.ts'

/** One command that installs Python packages into an image, and what comes with it; `unknown` where that cannot be said. */
export type Install = {file: string; line: number; text: string; packages: PythonDependency[]; unknown?: string}

const forDevelopers =
  /^(?:pytest(?:-.+)?|ruff|mypy|black|coverage|aiosqlite|flake8(?:-.+)?|isort|pylint|pyright|tox|nox|pre-commit|bandit|ipython|ipdb|debugpy|locust|factory-boy|faker|respx|freezegun|hypothesis|testcontainers|pip-audit|types-.+)$/

/** Packages for tests and linting, which have no place in a deployed image. */
export const isDevelopmentPackage = ({name}: PythonDependency): boolean => forDevelopers.test(name)

/** Every installation that reaches the deployed stage: in it, and in the stages that it starts or copies from. */
export const installsOf = (image: DeployedImage, python: PythonDependencies): Install[] =>
  neededBy(image.dockerfile, image.stage).flatMap((stage) => {
    const environment = new Map(environmentIn(image.dockerfile, stage).map(({name, value}) => [name, value ?? '']))
    return stage.instructions
      .filter(({keyword}) => keyword === 'RUN')
      .flatMap(({exec, text, heredocs, line}) => {
        const commands = exec === undefined ? [text, ...heredocs.map(({body}) => body)].flatMap(commandsOf) : [exec]
        return commands.flatMap((command): Install[] => {
          const found = packagesOf(command, image, python, environment)
          return found === undefined ? [] : [{file: image.dockerfile.file, line, text: command.join(' ').slice(0, 80), ...found}]
        })
      })
  })

type Found = {packages: PythonDependency[]; unknown?: string}

const packagesOf = (
  command: readonly string[],
  image: DeployedImage,
  python: PythonDependencies,
  environment: ReadonlyMap<string, string>,
): Found | undefined => {
  const called = programOf(command)
  if (called === undefined) return undefined
  let {program, args} = called
  if (/^python/.test(program) && args[0] === '-m') [program, args] = [args[1] ?? '', args.slice(2)]
  if (program === 'uv' && args[0] === 'pip') [program, args] = ['pip', args.slice(1)]
  if (/^pip(?:3(?:\.\d+)?)?$/.test(program))
    return /^(?:install|wheel|sync|download)$/.test(args[0] ?? '') ? byPip(args, image, python) : undefined
  const project = () => projectOf(image, python)
  if (program === 'uv' && (args[0] === 'sync' || args[0] === 'export')) {
    const omits =
      args.some((arg) => /^--(?:no-dev|no-default-groups|only-group|no-group=dev)/.test(arg)) ||
      args[args.indexOf('--no-group') + 1] === 'dev'
    return ofProject(project(), python, !omits && !/^(?:1|true)$/.test(environment.get('UV_NO_DEV') ?? ''))
  }
  if (program === 'poetry' && (args[0] === 'install' || args[0] === 'sync')) {
    const omits =
      args.some((arg) => /^--(?:no-dev|only(?:=|$)|without(?:=|$))/.test(arg)) ||
      /\b(?:dev|test)/.test(environment.get('POETRY_WITHOUT') ?? '')
    return ofProject(project(), python, !omits)
  }
  if (program === 'poetry' && args[0] === 'export')
    return ofProject(
      project(),
      python,
      args.some((arg) => /^--(?:dev|with(?:=|$))/.test(arg)),
    )
  if (program === 'pdm' && (args[0] === 'install' || args[0] === 'sync'))
    return ofProject(project(), python, !args.some((arg) => /^--(?:prod|production|no-dev)$/.test(arg)))
  if (program === 'pipenv' && (args[0] === 'install' || args[0] === 'sync'))
    return ofProject(project(), python, args.includes('--dev') || args.includes('-d'))
  return undefined
}

const byPip = (args: readonly string[], image: DeployedImage, python: PythonDependencies): Found => {
  const packages: PythonDependency[] = []
  let unknown: string | undefined
  for (const [index, arg] of args.entries()) {
    const attached = /^(?:-r|--requirement=)(.+)$/.exec(arg)?.[1]
    const path =
      arg === '-r' || arg === '--requirement' || (args[0] === 'sync' && index > 0 && !arg.startsWith('-'))
        ? args[0] === 'sync'
          ? arg
          : args[index + 1]
        : attached
    if (path !== undefined) {
      const file = requirementsFile(path, image, python)
      if (file === undefined) unknown = `${path} is not in the repository`
      else packages.push(...installedBy(python, file))
      continue
    }
    const [, extras] = /^(?:\.{1,2}(?:\/[\w./-]*)?|\/[\w./-]+)(?:\[([\w,\s-]+)\])?$/.exec(arg) ?? []
    if (/^\.{1,2}(?:$|[/[])/.test(arg))
      packages.push(...ofProject(projectOf(image, python), python, /\b(?:dev|test|tests|lint)\b/.test(extras ?? '')).packages)
    else if (index > 0 && !/^[-/.]/.test(arg) && forDevelopers.test(nameOf(arg)) && !/^-[trcio]$/.test(args[index - 1] ?? ''))
      packages.push(named(nameOf(arg), image))
  }
  return {packages, ...(unknown !== undefined && {unknown})}
}

const nameOf = (text: string): string => (/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? '').toLowerCase()
const named = (name: string, {dockerfile, stage}: DeployedImage): PythonDependency => ({
  ...{name, extras: [], specifier: '', marker: null, source: null, project: '', group: 'runtime', file: dockerfile.file, line: stage.line},
})

/** The requirements file that a path in the image is: of a build context, or the one that ends alike. */
const requirementsFile = (path: string, {dockerfile, builds}: DeployedImage, python: PythonDependencies): string | undefined => {
  const name = path.replace(/^\$\{?\w+\}?\//, '').replace(/^(?:\.?\/)+/, '')
  const files = python.requirementsFiles.map(({file}) => file)
  const folders = [...builds.flatMap(({context}) => context ?? []), posix.dirname(dockerfile.file)]
  const inContext = folders.map((folder) => posix.join(folder, name)).find((file) => files.includes(file))
  if (inContext !== undefined) return inContext
  const alike = files.filter((file) => file.endsWith(`/${name}`) || file === name)
  const sameName = files.filter((file) => posix.basename(file) === posix.basename(name))
  const near = sameName.filter((file) => folders.some((folder) => folder === '.' || file.startsWith(`${folder}/`)))
  return [alike, near, sameName].flatMap((some) => (some.length === 1 ? some : []))[0]
}

const projectOf = ({dockerfile, builds}: DeployedImage, python: PythonDependencies): string | undefined => {
  const folders = [...builds.flatMap(({context}) => context ?? []), posix.dirname(dockerfile.file)].map((folder) =>
    folder === '.' ? '' : folder,
  )
  return (
    folders.find((folder) => python.projects.some((project) => project.folder === folder)) ??
    (python.projects.length === 1 ? python.projects[0]?.folder : undefined)
  )
}

const ofProject = (project: string | undefined, python: PythonDependencies, withDevelopers: boolean): Found =>
  project === undefined
    ? {packages: [], unknown: 'no project that declares dependencies was found'}
    : {
        packages: python.dependencies.filter(
          (one) =>
            one.project === project &&
            !/requirements[^/]*\.(?:txt|in)$/.test(one.file) &&
            (one.group === 'runtime' || (withDevelopers && one.group === 'dev')),
        ),
      }
