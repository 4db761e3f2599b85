import {notApplicable} from '../../engine/finding.ts'
import {readPythonDependencies, type PythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readRuff} from '../../repo/packages/ruff.ts'
import {readUnusedImports} from '../../repo/python/unused-imports.ts'
import type {WorkflowFacts} from '../../repo/workflows/facts.ts'
import {textOf} from '../../repo/workflows/words.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {allActs, oncePerPlace, wordsOf, type Act} from '../pipeline-acts.ts'
import {doingOf} from '../pipeline-tools.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'
import {reportedBy} from '../unused-imports.ts'

const clean = 'no unused import (F401) in what ruff checks'
const pinned = 'a pinned version of ruff'

const runsRuff = (act: Act): boolean =>
  (wordsOf(act)[0] === 'ruff' && wordsOf(act)[1] !== 'format' && doingOf(act) !== undefined) || (/\/ruff-action$/.test(act.step.uses?.action ?? '') && doingOf(act) !== undefined)
const ruffActs = (facts: WorkflowFacts): Act[] => oncePerPlace(allActs(facts).filter((act) => runsRuff(act) && act.command?.tolerated === undefined))

/** Where the version comes from: the line itself, an install in the same job, the declared dependencies and their lock. */
const version = (act: Act, facts: WorkflowFacts, python: PythonDependencies): Target => {
  const own = (act.command?.words ?? []).map(textOf).find((word) => /^ruff(@|==)/.test(word)) ?? (act.step.with['version'] === undefined ? undefined : textOf(act.step.with['version']))
  if (own !== undefined) return /\d/.test(own) ? held(act.place, pinned, own) : missed(act.place, pinned, own)
  if (act.command?.via.some(({text}) => /pre-commit|prek/.test(text)) === true) return held(act.place, pinned, 'the rev of the hook')
  const installs = allActs(facts).filter(({job, run, command}) => job.id === act.job.id && run === act.run && command?.words.some((word) => /^ruff\b/.test(textOf(word)) && wordsInstall(command.words.map(textOf))))
  const [install] = installs
  const word = install?.command?.words.map(textOf).find((one) => /^ruff\b/.test(one))
  if (install !== undefined && word !== undefined) return /==|@/.test(word) ? held(install.place, pinned, word) : missed(install.place, pinned, `${install.text} takes the newest one`)
  const resolved = python.resolved.find(({name}) => name === 'ruff')
  if (resolved !== undefined) return held({file: resolved.file, line: resolved.line}, pinned, `ruff ${resolved.version}`)
  const declared = python.dependencies.find(({name}) => name === 'ruff')
  if (declared !== undefined) return missed(declared, pinned, `ruff${declared.specifier} and no lock`)
  return missed(act.place, pinned, 'no version is said anywhere')
}

const wordsInstall = (words: readonly string[]): boolean => words.includes('install') || words.includes('add')

export default defineRepositoryItem({
  observe: async (read) => {
    const workflows = await read(readWorkflows)
    const lints = ruffActs(workflows).length > 0
    return {workflows, python: await read(readPythonDependencies), ruff: await read(readRuff), imports: lints ? await read(readUnusedImports) : {unused: [], unread: []}}
  },
  evaluate: ({workflows, python, ruff, imports}) => {
    const acts = ruffActs(workflows)
    if (acts.length === 0) return notApplicable('RUFF_NOT_RUN')
    const reported = [...new Map(acts.flatMap((act) => reportedBy(act, imports.unused, ruff)).map((one) => [`${one.file}:${one.line}:${one.name}`, one])).values()]
    const [first] = acts
    const unread = [...imports.unread, ...ruff.unread].map((one) => unreadable(one, clean))
    const scan = reported.length > 0 ? reported.map((one) => missed(one, clean, `${one.name} is imported but unused`)) : first === undefined ? [] : [held(first.place, clean, first.text)]
    return concludeTargets([...scan, ...unread, ...acts.map((act) => version(act, workflows, python))], {pass: 'LINT_PASSES', fail: 'LINT_FAILS', partly: 'LINT_FAILS_IN_PART'})
  },
})
