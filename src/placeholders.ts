import type {Config} from './config/parameters.ts'
import {QlogicError} from './errors.ts'
import {placeOf, type PlaceFlags} from './place-of-records.ts'

/** Values for the `{name}` of gcloud lines and links; what is not set stays visible as a placeholder. */
export const placeholders = (config: Config): Readonly<Record<string, string>> => {
  const scalars = Object.entries({
    ...config,
    'runServices.backend': config.runServices.backend,
    'runServices.frontend': config.runServices.frontend,
  })
  return Object.fromEntries(
    scalars.flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  )
}

/** The same where no project need be known: without one the commands name `your-project-id`. */
export const knownPlaceholders = async (flags: PlaceFlags, cwd: string): Promise<Readonly<Record<string, string>>> => {
  try {
    return placeholders((await placeOf(flags, cwd)).config)
  } catch (error) {
    if (!(error instanceof QlogicError) || error.code !== 'PROJECT_MISSING') throw error
    return placeholders((await placeOf({...flags, project: 'your-project-id'}, cwd)).config)
  }
}
