import type {Job, Step, Workflow, WorkflowFacts} from '../repo/workflows/facts.ts'
import {unreadable, type Target} from './targets.ts'

/** Steps of all workflows and composite actions, as they stand. */
export const stepsIn = ({workflows, actions}: WorkflowFacts): Step[] => [
  ...workflows.flatMap(({jobs}) => jobs.flatMap(({steps}) => steps)),
  ...actions.flatMap(({steps}) => steps),
]

export const jobsIn = ({workflows}: WorkflowFacts): {workflow: Workflow; job: Job}[] =>
  workflows.flatMap((workflow) => workflow.jobs.map((job) => ({workflow, job})))

/** Workflow files that could not be read at all, as targets that nobody can decide. */
export const unreadWorkflows = ({unread, workflows}: WorkflowFacts, expected: string): Target[] =>
  unread
    .filter(({file}) => /^\.github\/workflows\//.test(file) && !workflows.some((one) => one.file === file))
    .map((one) => unreadable(one, expected))

/** Nothing to judge: that there is no workflow is the business of pipeline.stages. */
export const withoutWorkflows = (facts: WorkflowFacts): boolean => facts.workflows.length === 0 && facts.unread.length === 0
