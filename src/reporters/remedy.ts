import {emitted, type Artefact} from '../checklist/artefacts.ts'
import type {ChecklistItem} from '../checklist/checklist.ts'

type Words = Pick<ChecklistItem, 'id' | 'mode' | 'byHand' | 'artefact'>

/** What `qlogic scaffold` does for an item, as soon as it can: a command that does not exist is not named. Empty otherwise. */
export const scaffoldSentence = ({mode, artefact}: Pick<Words, 'mode' | 'artefact'>, able: ReadonlySet<Artefact> = emitted): string =>
  artefact === undefined || !able.has(artefact)
    ? ''
    : `qlogic scaffold ${artefact} ${mode === 'scaffold' ? 'writes it' : 'shows the patch'}.`

/** What to do about an item of PART 2 that does not hold: by hand, and by `qlogic scaffold` where that can do it. */
export const remedyOf = (words: Words, able: ReadonlySet<Artefact> = emitted): string =>
  [words.byHand ?? `qlogic explain ${words.id}`, scaffoldSentence(words, able)].filter((text) => text !== '').join(' ')
