import type {RunEvent, Text, Trigger, Workflow} from './facts.ts'
import {literal, type Word} from './words.ts'

/** Stands for every branch that no file names. */
export const anyBranch = 'some/other-branch'

const maxBranches = 8

/** GitHub's patterns: `*` stops at a slash, `**` does not. */
export const fitsPattern = (pattern: string, name: string): boolean => {
  if (pattern.length > 200) return false
  const source = pattern.replaceAll(/\*\*|\*|\?|\+|\[[^\]]*\]|[^]/g, (token) => {
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?' || token === '+' || token.length > 1) return token
    return token.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  })
  try {
    return new RegExp(`^${source}$`).test(name)
  } catch {
    return false
  }
}

/** Whether a trigger takes a branch: the last pattern that fits decides. */
export const takes = ({branches, branchesIgnored, tags}: Trigger, branch: string): boolean => {
  if (branchesIgnored.some((pattern) => fitsPattern(pattern, branch))) return false
  // With tags alone no push to a branch starts it.
  if (branches.length === 0) return tags.length === 0 || branchesIgnored.length > 0
  const last = branches.findLast((pattern) => fitsPattern(pattern.replace(/^!/, ''), branch))
  return last !== undefined && !last.startsWith('!')
}

/** Branches that the files speak of, those that start something or are a condition first; `main` where none is. */
export const branchesOf = (workflows: readonly Workflow[]): string[] => {
  const named = workflows.flatMap(({triggers, jobs}) => [
    ...triggers.flatMap(({name, branches}) => (['push', 'pull_request', 'workflow_run'].includes(name) ? branches : [])),
    ...jobs.flatMap((job) => [job.condition, ...job.steps.map((step) => step.condition)].flatMap(comparedIn)),
  ])
  const compared = workflows.flatMap(({env, jobs}) => [
    ...Object.values(env),
    ...jobs.flatMap((job) => [
      job.environment,
      ...Object.values({...job.env, ...job.with}),
      ...job.steps.flatMap((step) => [step.run, ...Object.values(step.env), ...Object.values(step.with)]),
    ]),
  ])
  const plain = [...new Set([...named, ...compared.flatMap(comparedIn)])].filter((name) => /^[\w][\w./-]*$/.test(name))
  return (plain.length > 0 ? plain : ['main']).slice(0, maxBranches)
}

const reference =
  /refs\/heads\/([\w./-]+)|(?:ref_name|base_ref|head_branch)\s*==\s*'([\w./-]+)'|\bGITHUB_REF_NAME\}?"?\s*==?\s*["']?([\w./-]+)/g

const comparedIn = (text: Text | undefined): string[] =>
  [...(text?.text ?? '').slice(0, 4000).matchAll(reference)].map(([, ref, name, inShell]) => ref ?? name ?? inShell ?? '')

/** The events that start a workflow, each branch by itself. */
export const eventsOf = (
  workflow: Workflow,
  branches: readonly string[],
  workflows: readonly Workflow[],
): {event: RunEvent; trigger: Trigger}[] =>
  workflow.triggers.flatMap((trigger): {event: RunEvent; trigger: Trigger}[] => {
    const {name} = trigger
    if (name === 'workflow_call') return []
    if (name === 'push') {
      const pushed = [...branches, anyBranch].filter((branch) => takes(trigger, branch))
      return [
        ...pushed.map((branch) => ({event: {name, branch}, trigger})),
        ...(trigger.tags.length > 0 ? [{event: {name: 'tag'}, trigger}] : []),
      ]
    }
    if (name === 'pull_request' || name === 'pull_request_target')
      return branches.filter((branch) => takes({...trigger, tags: []}, branch)).map((branch) => ({event: {name, branch}, trigger}))
    if (name === 'workflow_run')
      return [...branches, ...(followsAny(trigger, workflows) ? [anyBranch] : [])]
        .filter((branch) => takes(trigger, branch))
        .map((branch) => ({event: {name, branch, after: trigger.workflows}, trigger}))
    return [{event: {name}, trigger}]
  })

/** Whether a workflow that it follows runs on a push to any branch. */
const followsAny = ({workflows: names}: Trigger, workflows: readonly Workflow[]): boolean =>
  workflows.some(
    ({file, name, triggers}) => names.includes(name ?? file) && triggers.some((one) => one.name === 'push' && takes(one, anyBranch)),
  )

/** What `github.*` holds on an event, as far as it is known. */
export const githubOf = ({name, branch}: RunEvent): Readonly<Record<string, Word>> => {
  const event = {event_name: literal(name === 'tag' ? 'push' : name)}
  if (name === 'push' && branch !== undefined)
    return {
      ...event,
      ref: literal(`refs/heads/${branch}`),
      ref_name: literal(branch),
      ref_type: literal('branch'),
      base_ref: [],
      head_ref: [],
    }
  if (name === 'tag')
    return {...event, ref: literal('refs/tags/v1.0.0'), ref_name: literal('v1.0.0'), ref_type: literal('tag'), base_ref: [], head_ref: []}
  if (name === 'pull_request')
    return {
      ...event,
      ref: literal('refs/pull/1/merge'),
      ref_name: literal('1/merge'),
      base_ref: literal(branch ?? ''),
      'event.pull_request.base.ref': literal(branch ?? ''),
    }
  if (name === 'workflow_run')
    return {
      ...event,
      'event.workflow_run.head_branch': literal(branch ?? ''),
      'event.workflow_run.conclusion': literal('success'),
      'event.workflow_run.event': literal('push'),
    }
  return event
}
