import {makeFolder, projectId, removeFolder} from '../support/folder.ts'
import {afterwards} from '../support/afterwards.ts'
import {useOwnDocker} from '../support/programs.ts'
import {applyAll, openWalked, type ChosenParameters, type Walked} from '../support/walked-cloud.ts'

const stages = [
  {steps: ['project', 'network', 'state', 'registry']},
  {act: 'push-images', values: {projectId, region: 'us-central1', repository: 'qlogic'}, steps: ['database', 'secrets', 'compute', 'dns']},
  {act: 'point-domain', values: {projectId, env: 'prod', domain: 'qlogic.acme.example'}, steps: ['dns', 'monitoring', 'cicd', 'compute']},
] as const

/** A cloud without a project, and a folder whose configuration is complete. */
export const openEmpty = async (more: ChosenParameters = {}): Promise<Walked> => {
  const folder = await makeFolder()
  afterwards(() => removeFolder(folder))
  useOwnDocker(folder)
  return openWalked('/dev/null/cloud.json', () => new Date(), more)
}

/**
 * Sets up every step, one after the other, with what only people do in between; what they cannot do yet (the address of a cluster's
 * gateway) stays open. `each` is told of every step after it ran.
 */
export const setUpAll = async ({cloud, open}: Walked, each: (step: string) => void = () => undefined): Promise<void> => {
  for (const stage of stages) {
    if ('act' in stage) await cloud.call('POST', `/sandbox/v1/acts/${stage.act}`, stage.values).catch(() => undefined)
    for (const step of stage.steps) {
      await applyAll(await open(), [step])
      each(step)
    }
  }
}
