/**
 * When a package is installed: `runtime` always, `dev` for developers, tests and linters, `optional:x` when the extra or group `x` is asked
 * for, `build` to build the project, `constraint` never by itself.
 */
export type DependencyGroup = 'runtime' | 'dev' | 'build' | 'constraint' | `optional:${string}`

const forDevelopers: ReadonlySet<string> = new Set(
  (
    'dev develop development developer test tests testing lint linting linter linters format formatting style quality qa typing types ' +
    'typecheck typechecking mypy doc docs documentation ci local debug tool tools tooling tox nox precommit bench benchmark benchmarks ' +
    'coverage cov release build pytest ruff e2e'
  ).split(' '),
)

/** Whether the name of a group, an extra or a requirements file says that it is for development. */
export const isForDevelopers = (name: string): boolean =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => forDevelopers.has(word))

/** The group of an extra, or of a group that has to be asked for. */
export const optionalGroup = (name: string): DependencyGroup => (isForDevelopers(name) ? 'dev' : `optional:${name}`)
