import {GcpError} from '../gcp/gcp-error.ts'
import type {Run} from '../run-context.ts'
import {QlogicError} from '../errors.ts'
import {diagnosis, type Diagnosis} from './diagnosis.ts'

/** The configuration of this folder, and whether its project can be seen. `open` throws where the configuration cannot be used. */
export const examinePlace = async (open: () => Promise<Run>): Promise<Diagnosis[]> => {
  let run: Run
  try {
    run = await open()
  } catch (error) {
    if (!(error instanceof QlogicError)) throw error
    const none = error.code === 'PARAMETER_MISSING' || /projectId|project/.test(error.message)
    return [diagnosis('configuration', none ? 'note' : 'fail', error.message, error.hint)]
  }
  const {config, configFile} = run
  const where = configFile === undefined ? 'without a qlogic.yaml' : `from ${configFile.path ?? 'qlogic.yaml'}`
  const configured = diagnosis('configuration', 'ok', `${config.env}, project ${config.projectId}, ${where}.`)
  try {
    const number = await run.readProject()
    return [
      configured,
      number === undefined
        ? diagnosis('project', 'note', `Project ${config.projectId} does not exist, or you may not see it.`, 'qlogic setup project')
        : diagnosis('project', 'ok', `Project ${config.projectId} (${number}) can be read.`),
    ]
  } catch (error) {
    if (!(error instanceof GcpError)) throw error
    return [configured, diagnosis('project', 'unknown', `Project ${config.projectId} could not be read: ${error.message}`)]
  }
}
