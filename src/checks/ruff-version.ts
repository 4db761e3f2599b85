import type {PythonDependencies} from '../repo/packages/python-dependencies.ts'
import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {textOf} from '../repo/workflows/words.ts'
import {allActs, type Act} from './pipeline-acts.ts'
import {held, missed, type Target} from './targets.ts'

const pinned = 'a pinned version of ruff'

/** Where the version comes from: the line itself, an install in the same job, the declared dependencies and their lock. */
export const versionTarget = (act: Act, facts: WorkflowFacts, python: PythonDependencies): Target => {
  const own =
    (act.command?.words ?? []).map(textOf).find((word) => /^ruff(@|==)/.test(word)) ??
    (act.step.with['version'] === undefined ? undefined : textOf(act.step.with['version']))
  if (own !== undefined) return /\d/.test(own) ? held(act.place, pinned, own) : missed(act.place, pinned, own)
  if (act.command?.via.some(({text}) => /pre-commit|prek/.test(text)) === true) return held(act.place, pinned, 'the rev of the hook')
  const installs = allActs(facts).filter(
    ({job, run, command}) =>
      job.id === act.job.id &&
      run === act.run &&
      command?.words.some((word) => /^ruff\b/.test(textOf(word)) && wordsInstall(command.words.map(textOf))),
  )
  const [install] = installs
  const word = install?.command?.words.map(textOf).find((one) => /^ruff\b/.test(one))
  if (install !== undefined && word !== undefined)
    return /==|@/.test(word) ? held(install.place, pinned, word) : missed(install.place, pinned, `${install.text} takes the newest one`)
  const resolved = python.resolved.find(({name}) => name === 'ruff')
  if (resolved !== undefined) return held({file: resolved.file, line: resolved.line}, pinned, `ruff ${resolved.version}`)
  const declared = python.dependencies.find(({name}) => name === 'ruff')
  if (declared !== undefined) return missed(declared, pinned, `ruff${declared.specifier} and no lock`)
  return missed(act.place, pinned, 'no version is said anywhere')
}

const wordsInstall = (words: readonly string[]): boolean => words.includes('install') || words.includes('add')
