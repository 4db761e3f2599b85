import {notApplicable} from '../../engine/finding.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readRuff} from '../../repo/packages/ruff.ts'
import {readUnusedImports} from '../../repo/python/unused-imports.ts'
import type {WorkflowFacts} from '../../repo/workflows/facts.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {allActs, oncePerPlace, wordsOf, type Act} from '../pipeline-acts.ts'
import {doingOf} from '../pipeline-tools.ts'
import {concludeTargets, held, missed, unreadable} from '../targets.ts'
import {versionTarget} from '../ruff-version.ts'
import {reportedBy} from '../unused-imports.ts'

const clean = 'no unused import (F401) in what ruff checks'

const runsRuff = (act: Act): boolean =>
  (wordsOf(act)[0] === 'ruff' && wordsOf(act)[1] !== 'format' && doingOf(act) !== undefined) ||
  (/\/ruff-action$/.test(act.step.uses?.action ?? '') && doingOf(act) !== undefined)
const ruffActs = (facts: WorkflowFacts): Act[] =>
  oncePerPlace(allActs(facts).filter((act) => runsRuff(act) && act.command?.tolerated === undefined))

export default defineRepositoryItem({
  observe: async (read) => {
    const workflows = await read(readWorkflows)
    const lints = ruffActs(workflows).length > 0
    return {
      workflows,
      python: await read(readPythonDependencies),
      ruff: await read(readRuff),
      imports: lints ? await read(readUnusedImports) : {unused: [], unread: []},
    }
  },
  evaluate: ({workflows, python, ruff, imports}) => {
    const acts = ruffActs(workflows)
    if (acts.length === 0) return notApplicable('RUFF_NOT_RUN')
    const reported = [
      ...new Map(
        acts.flatMap((act) => reportedBy(act, imports.unused, ruff)).map((one) => [`${one.file}:${one.line}:${one.name}`, one]),
      ).values(),
    ]
    const [first] = acts
    const unread = [...imports.unread, ...ruff.unread].map((one) => unreadable(one, clean))
    const scan =
      reported.length > 0
        ? reported.map((one) => missed(one, clean, `${one.name} is imported but unused`))
        : first === undefined
          ? []
          : [held(first.place, clean, first.text)]
    return concludeTargets([...scan, ...unread, ...acts.map((act) => versionTarget(act, workflows, python))], {
      pass: 'LINT_PASSES',
      fail: 'LINT_FAILS',
      partly: 'LINT_FAILS_IN_PART',
    })
  },
})
