/** One answer of a list; `about` is said beside it; `flag` is what would have given it, where it is not the question's flag and the value. */
export type Choice = {value: string; name: string; about?: string; flag?: string}

/** A question with everything that is needed to put it in any form: prompts, plain lines, or flags alone. */
export type Question = {
  message: string
  /** What would have given the answer: `--region`. */
  flag: string
  /** Said on `?`. */
  explain: string
  /** The sensible one first. */
  choices?: readonly Choice[]
  /** Of a question without choices: what Enter means. */
  fallback?: string
  /** May be left for later. */
  optional?: boolean
  /** What Enter would mean is a suggestion for a person: where nobody is asked, the flag has to be given. */
  required?: boolean
  /** True, or what is wrong with the answer. */
  check?: (answer: string) => true | string
}

/** An answer, or a wish to go elsewhere. */
export type Answer = {kind: 'answer'; value: string} | {kind: 'back'} | {kind: 'skip'} | {kind: 'leave'}

/** Puts questions and tells things to a person, in one of several forms. `?` is answered by the asker itself. */
export type Asker = {
  /** False where nobody can be asked. */
  interactive: boolean
  ask: (question: Question) => Promise<Answer>
  tell: (text: string) => void
}

/** An answer as one line, with the flag that would have given it; undefined for a wish to go elsewhere. */
export const answerLine = ({message, flag, choices}: Question, answer: Answer): string | undefined => {
  if (answer.kind === 'skip') return `${message}: later (${flag})`
  if (answer.kind !== 'answer') return undefined
  const choice = choices?.find(({value}) => value === answer.value)
  const mark = /[.?!:]$/.test(message) ? '' : ':'
  return `${message}${mark} ${choice?.name ?? answer.value} (${choice?.flag ?? `${flag} ${answer.value}`})`
}
