import {userInfo} from 'node:os'
import type {Attestation} from './config/override.ts'
import type {Environment} from './config/parameters.ts'
import {readConfigText} from './config/qlogic-yaml.ts'
import {addOverride, writeConfigFile} from './config/write-config.ts'

/** What a person confirms; without `by` the git user does. */
export type Confirmation = {
  path: string
  item: string
  env?: Environment | undefined
  note?: string | undefined
  evidence?: string | undefined
  by?: string | undefined
  until?: string | undefined
}

/** Writes a person's word into qlogic.yaml at `path`; answers what was written. @throws QlogicError for a file that cannot take it */
export const attest = async ({path, item, env, note, evidence, by, until}: Confirmation): Promise<Attestation> => {
  const override: Attestation = {
    item,
    kind: 'attested',
    author: by ?? (await gitUser()) ?? userInfo().username,
    date: new Date().toISOString().slice(0, 10),
    ...(env === undefined ? {} : {env}),
    ...(note === undefined ? {} : {note}),
    ...(evidence === undefined ? {} : {evidence}),
    ...(until === undefined ? {} : {until}),
  }
  await writeConfigFile(path, addOverride(await readConfigText(path), override))
  return override
}

const gitUser = async (): Promise<string | undefined> => {
  const {git} = await import('./repo/git.ts')
  const {exitCode, stdout} = await git(process.cwd(), ['config', 'user.email'])
  const email = stdout.toString('utf8').trim()
  return exitCode === 0 && email !== '' ? email : undefined
}
