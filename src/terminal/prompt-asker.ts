import {answerLine, type Answer, type Asker, type Question} from '../wizard/asker.ts'
import {bullet} from '../wizard/lines.ts'
import {block} from '../reporters/printable.ts'
import {paint, type Look} from '../reporters/style.ts'

/** What every form says once about getting around. */
export const manners =
  'At every question: ? explains it, < goes back, q leaves (where text is typed, Enter after it). What was answered is kept.'

/** Keys that mean the same at every question. */
const elsewhere: ReadonlyMap<string, Answer | 'explain'> = new Map<string, Answer | 'explain'>([
  ['?', 'explain'],
  ['<', {kind: 'back'}],
  ['q', {kind: 'leave'}],
])

type Key = {name?: string; ctrl?: boolean}

/**
 * Runs a prompt that a key may end: `?`, `<` and `q` at once where nothing can be typed (`letters`), and Ctrl-D or the end of the input
 * everywhere. The prompts of the library know no keys of their own, and would wait for ever at the end of the input.
 */
const untilKey = async (
  letters: boolean,
  signal: AbortSignal,
  prompt: (signal: AbortSignal) => Promise<string>,
): Promise<Answer | 'explain'> => {
  const away = new AbortController()
  let wanted: Answer | 'explain' | undefined
  const go = (to: Answer | 'explain') => {
    wanted = to
    away.abort()
  }
  const pressed = (typed: string | undefined, {name, ctrl}: Key) => {
    const to = elsewhere.get(typed ?? '')
    if (letters && to !== undefined) go(to)
    // Ctrl-D takes a character away in the middle of a text; readline stops reading where there is none.
    if (ctrl === true && name === 'd') setImmediate(() => (letters || process.stdin.isPaused() ? go({kind: 'leave'}) : undefined))
  }
  const ended = () => go({kind: 'leave'})
  process.stdin.on('keypress', pressed)
  process.stdin.once('end', ended)
  try {
    const value = (await prompt(AbortSignal.any([signal, away.signal]))).trim()
    return elsewhere.get(value) ?? (value === '' && !letters ? {kind: 'skip'} : {kind: 'answer', value})
  } catch (error) {
    signal.throwIfAborted()
    if (wanted !== undefined) return wanted
    throw error
  } finally {
    process.stdin.off('keypress', pressed)
    process.stdin.off('end', ended)
  }
}

/** Asks by prompts that are redrawn in place and gone when they are answered; the answer stays as one line. */
export const promptAsker = ({signal, look}: {signal: AbortSignal; look: Look}): Asker => {
  const {columns} = look
  const chalk = paint(look)
  const tell = (text: string) => void process.stderr.write(`${text}\n`)
  const contextOf = (until: AbortSignal) => ({output: process.stderr, signal: until, clearPromptOnDone: true})

  const chosen = async ({message, choices = []}: Question) => {
    const {select} = await import('@inquirer/prompts')
    const width = Math.max(...choices.map(({name}) => name.length))
    const line = (name: string, about = '') => (about === '' ? name : `${name.padEnd(width)}  ${about}`)
    const fits = choices.every(({name, about}) => line(name, about).length <= columns - 4)
    return untilKey(true, signal, (until) =>
      select(
        {
          message,
          choices: choices.map(({value, name, about}) =>
            fits ? {value, name: line(name, about)} : {value, name, ...(about === undefined ? {} : {description: about})},
          ),
          pageSize: 12,
          loop: false,
          theme: {style: {keysHelpTip: () => chalk.dim('↑↓ and Enter choose · ? explains · < back · q leaves')}},
        },
        contextOf(until),
      ),
    )
  }
  const typed = async ({message, fallback, optional = false, check}: Question) => {
    const {input} = await import('@inquirer/prompts')
    return untilKey(false, signal, (until) =>
      input(
        {
          message: `${message}${optional && fallback === undefined ? ' (Enter: later)' : ''}:`,
          validate: (answer) => {
            const text = answer.trim()
            if (elsewhere.has(text) || (text === '' && optional)) return true
            return check?.(text) ?? true
          },
          ...(fallback === undefined ? {} : {default: fallback}),
        },
        contextOf(until),
      ),
    )
  }

  return {
    interactive: true,
    tell,
    ask: async (question) => {
      for (;;) {
        const answer = question.choices === undefined ? await typed(question) : await chosen(question)
        if (answer === 'explain') {
          tell(`\n${question.message}\n${block(question.explain, 2, columns)}\n`)
          continue
        }
        const line = answerLine(question, answer)
        if (line !== undefined) tell(bullet(chalk.green('✔'), line, 0, columns))
        return answer
      }
    },
  }
}
