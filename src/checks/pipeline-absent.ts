import type {WorkflowFacts} from '../repo/workflows/facts.ts'
import {lacking} from './pipeline-branches.ts'
import {componentsOf, type Packages} from './pipeline-components.ts'
import type {Target} from './targets.ts'

/** Where a pipeline should be: the first workflow, or the component that has none. Nothing at all where there is no component either. */
export const withoutDeployment = (facts: WorkflowFacts, packages: Packages, expected: string): Target[] => {
  const place =
    facts.workflows[0] ??
    facts.runs[0]?.trigger ??
    componentsOf(packages)[0] ??
    packages.python.projects.map(({files}) => ({file: files[0] ?? '', line: 1}))[0]
  return place === undefined && facts.unread.length === 0
    ? []
    : [lacking(facts, place ?? {file: '.github/workflows', line: 1}, expected, 'nothing in the workflows does that')]
}
