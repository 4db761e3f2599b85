import type {FileEvidence, Finding} from '../engine/finding.ts'
import type {Routes} from '../repo/application/routes.ts'
import type {Settings} from '../repo/application/settings.ts'
import {dynamic} from './targets.ts'

/** What to say where no class of settings was found: that there is none, unless something that could hold it cannot be read. */
export const noSettings = (settings: Settings, {applications}: Routes, absent: (evidence: FileEvidence[]) => Finding): Finding => {
  const [unread] = settings.unread
  if (unread !== undefined) return dynamic(`${unread.file}:${unread.line}: ${unread.why}`)
  const [place] = [...applications, ...settings.reads]
  if (place === undefined) return dynamic('no application of FastAPI was found')
  return absent([{file: place.file, line: place.line, expected: 'a class that inherits from BaseSettings', actual: 'none'}])
}
