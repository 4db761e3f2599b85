import type {Reader, Unread} from '../files.ts'
import {readCloudBuild} from './cloudbuild.ts'
import {branchesOf} from './events.ts'
import type {CompositeAction, Place, Run, Workflow, WorkflowFacts} from './facts.ts'
import {runsOf} from './runs.ts'
import {readActionFile, readWorkflowFile} from './syntax.ts'

const maxWorkflows = 100

/** Workflows of GitHub Actions and Cloud Build files: as they stand, and what they run on which event. */
export const readWorkflows: Reader<WorkflowFacts> = async (reading) => {
  const workflows: Workflow[] = []
  const actions: CompositeAction[] = []
  const cloudBuilds: string[] = []
  const builds: Run[] = []
  const unread: Unread[] = []
  const atlantis: Place[] = []
  for (const file of await reading.files.list()) {
    const isWorkflow = /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file)
    const isAction = /(^|\/)action\.ya?ml$/.test(file)
    const isBuild = /(^|\/)cloudbuild[^/]*\.(ya?ml|json)$/i.test(file)
    if (/^atlantis\.ya?ml$/.test(file)) atlantis.push({file, line: 1})
    if (!isWorkflow && !isAction && !isBuild) continue
    const found = await reading.files.text(file)
    if (found === undefined) continue
    if ('unread' in found) {
      unread.push(found.unread)
      continue
    }
    if (isWorkflow) {
      if (workflows.length >= maxWorkflows) unread.push({file, line: 1, why: `more than ${maxWorkflows} workflows`})
      else {
        const read = readWorkflowFile(file, found.text)
        if ('unread' in read) unread.push(read.unread)
        else workflows.push(read)
      }
    } else if (isAction) {
      const read = readActionFile(file, found.text)
      if (read !== undefined && 'unread' in read) unread.push(read.unread)
      else if (read !== undefined) actions.push(read)
    } else {
      const read = await readCloudBuild(reading, file, found.text)
      if ('run' in read) {
        cloudBuilds.push(file)
        builds.push(read.run)
        unread.push(...read.unread)
      } else unread.push(read.unread)
    }
  }
  const branches = branchesOf(workflows)
  const {runs, unread: more} = await runsOf(reading, workflows, actions, branches)
  return {branches, workflows, actions, runs: [...runs, ...builds], cloudBuilds, atlantis, unread: [...unread, ...more]}
}
