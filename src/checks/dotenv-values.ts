import type {Settings, SettingsField} from '../repo/application/settings.ts'
import type {ComposeFacts} from '../repo/docker/compose.ts'
import type {DotenvAssignment, DotenvFile} from '../repo/dotenv.ts'
import {applicationProjects} from './compose-services.ts'

/** Variables that images, Compose, servers and libraries read by themselves. */
const readByOthers =
  /^(?:POSTGRES_\w+|PG[A-Z]+|COMPOSE_\w+|DOCKER_\w+|UVICORN_\w+|GUNICORN_\w+|WEB_CONCURRENCY|PORT|TZ|OTEL_\w+|GOOGLE_\w+|GCLOUD_\w+|CLOUDSDK_\w+|NODE_ENV|NG_\w+|VITE_\w+|NGINX_\w+|PYTHON\w+|FIREBASE_\w+|REDIS_\w+|HTTPS?_PROXY|NO_PROXY)$/

/** True for a variable that code reads past the settings, or that no code of the application reads because something else does. */
export const isSettingsKnown = (key: string, {reads}: Pick<Settings, 'reads'>): boolean =>
  reads.some(({variable}) => variable === key) || readByOthers.test(key)

/** What a value should be where pydantic would refuse it as the field's type; undefined where it is fine. */
export const parsesAs = (
  field: SettingsField,
  {value, commentedOut}: Pick<DotenvAssignment, 'value' | 'commentedOut'>,
): string | undefined => {
  if (value === '' && (commentedOut || field.default.kind === 'none' || field.type === 'str' || field.type === 'secret')) {
    return ['str', 'secret', 'other', 'url'].includes(field.type) || commentedOut ? undefined : `a value for a field of type ${field.type}`
  }
  if (value.includes('${')) return undefined
  switch (field.type) {
    case 'int':
      return /^[+-]?\d[\d_]*$/.test(value) ? undefined : 'a whole number'
    case 'float':
      return Number.isNaN(Number(value)) || value === '' ? 'a number' : undefined
    case 'bool':
      return /^(?:true|false|1|0|yes|no|on|off|t|f|y|n)$/i.test(value) ? undefined : 'true or false'
    case 'choice':
      return field.choices.length === 0 || field.choices.includes(value) ? undefined : `one of ${field.choices.join(', ')}`
    case 'list':
      return field.decoded || jsonOf(value) instanceof Array ? undefined : 'a JSON list'
    case 'dict':
      return field.decoded || isObject(jsonOf(value)) ? undefined : 'a JSON object'
    default:
      return undefined
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Array)

/** Folders that read a `.env` and have no example: where Compose interpolates, and where the settings' env_file is looked for. */
export const misplaced = (
  examples: readonly Pick<DotenvFile, 'folder'>[],
  settings: Pick<Settings, 'classes'>,
  compose: Pick<ComposeFacts, 'projects' | 'interpolations'>,
): string[] => {
  const has = (folder: string) => examples.some((one) => (one.folder || '.') === (folder || '.'))
  const found: string[] = []
  for (const {folder, files, kind} of applicationProjects(compose))
    if (kind === 'default' && compose.interpolations.some(({file}) => files.includes(file)) && !has(folder))
      found.push(folder === '.' ? 'the root' : folder)
  if (found.length > 0) return found
  // Settings read .env where the process starts: somewhere above their module, or the root.
  const above = settings.classes.flatMap(({file, envFile}) => (envFile.length === 0 ? [] : [file.split('/').slice(0, -1)]))
  const fits = above.length === 0 || above.some((parts) => parts.some((_, count) => has(parts.slice(0, count + 1).join('/'))) || has('.'))
  return fits || examples.length === 0 ? [] : ['the folder where the application starts']
}
