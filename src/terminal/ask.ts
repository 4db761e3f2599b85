import {QlogicError, EXIT} from '../errors.ts'

/** How questions are put: prompts go to stderr, and Ctrl-C ends them. */
export type Asking = {interactive: boolean; signal: AbortSignal}

const context = ({signal}: Asking) => ({output: process.stderr, signal, clearPromptOnDone: false})

/** Asks a yes-or-no question; `fallback` is what Enter means. */
export const confirm = async (message: string, fallback: boolean, asking: Asking): Promise<boolean> => {
  const {confirm: ask} = await import('@inquirer/prompts')
  return ask({message, default: fallback}, context(asking))
}

export type Question = {
  message: string
  /** The flag that gives the same answer. */
  flag: string
  fallback: string | undefined
  /** True, or what is wrong with the answer. */
  check: (answer: string) => true | string
}

/** The answer to a question: asked in a terminal, the default elsewhere, and an error that names the flag where there is none. */
export const input = async ({message, flag, fallback, check}: Question, asking: Asking): Promise<string> => {
  if (!asking.interactive) {
    if (fallback !== undefined) return fallback
    throw new QlogicError('ANSWER_MISSING', `Nobody can be asked here: ${message}`, {hint: `give ${flag}`, exit: EXIT.usage})
  }
  const {input: ask} = await import('@inquirer/prompts')
  return ask({message: `${message} (${flag})`, validate: check, ...(fallback === undefined ? {} : {default: fallback})}, context(asking))
}

/** One of several, the default first. */
export const choose = async <T extends string>(
  message: string,
  choices: readonly {value: T; name: string; description?: string}[],
  asking: Asking,
): Promise<T> => {
  const [first] = choices
  if (first === undefined) throw new RangeError('nothing to choose from')
  if (!asking.interactive) return first.value
  const {select} = await import('@inquirer/prompts')
  return select({message, choices}, context(asking))
}

/** Waits for Enter; nowhere but in a terminal. */
export const pause = async (message: string, asking: Asking): Promise<void> => {
  if (!asking.interactive) return
  const {input: ask} = await import('@inquirer/prompts')
  await ask({message: `${message} (Enter)`}, context(asking))
}
