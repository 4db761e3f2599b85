import {notApplicable} from '../../engine/finding.ts'
import {readPythonDependencies} from '../../repo/packages/python-dependencies.ts'
import {readTestMigrations} from '../../repo/workflows/test-migrations.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {testedTargets} from '../tested-migrations.ts'
import {concludeTargets, unreadable} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    workflows: await read(readWorkflows),
    python: await read(readPythonDependencies),
    tests: await read(readTestMigrations),
  }),
  evaluate: ({workflows, python, tests}) => {
    const alembic = python.dependencies.find(({name}) => name === 'alembic')
    if (alembic === undefined && python.unread.length === 0) return notApplicable('NO_ALEMBIC')
    const unread = alembic === undefined ? python.unread.map((one) => unreadable(one, 'dependencies of Python')) : []
    const targets = alembic === undefined ? [] : testedTargets(workflows, tests, alembic)
    return concludeTargets([...targets, ...unread], {
      pass: 'MIGRATIONS_TESTED',
      fail: 'MIGRATIONS_NOT_TESTED',
      partly: 'MIGRATIONS_TESTED_IN_PART',
    })
  },
})
