/** What `qlogic scaffold` can be asked for, each a name of the contract. */
export const artefacts = [
  'docker',
  'compose',
  'nginx',
  'env',
  'config',
  'logging',
  'auth',
  'migrations',
  'health',
  'telemetry',
  'workflows',
  'terraform',
] as const
export type Artefact = (typeof artefacts)[number]

/** The artefacts that `qlogic scaffold` emits today: hints and explanations name the command for these, and only for these. */
export const emitted: ReadonlySet<Artefact> = new Set()
