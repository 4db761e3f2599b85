/** One answer of a list; `about` is said beside it. */
export type Choice = {value: string; name: string; about?: string}

/** A question with everything that is needed to put it in any form: prompts, plain lines, or flags alone. */
export type Question = {
  message: string
  /** What would have given the answer: `--region`, `--yes`, `--skip network`. */
  flag: string
  /** Said on `?`. */
  explain: string
  /** The sensible one first. */
  choices?: readonly Choice[]
  /** Of a question without choices: what Enter means. */
  fallback?: string
  /** May be left for later. */
  optional?: boolean
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
