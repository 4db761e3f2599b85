import type {Answer, Asker, Question} from '../wizard/asker.ts'
import {block} from '../reporters/printable.ts'

const back = '<'
const leave = 'q'
const explain = '?'

/** What every form says once about getting around. */
export const manners = 'At every question: ? explains it, < goes back, q leaves. What was answered is kept.'

const elsewhere = (typed: string): Answer | undefined => (typed === back ? {kind: 'back'} : typed === leave ? {kind: 'leave'} : undefined)

/** Asks by prompts that are redrawn in place. */
export const promptAsker = ({signal, columns}: {signal: AbortSignal; columns: number}): Asker => {
  const context = {output: process.stderr, signal, clearPromptOnDone: false}
  const tell = (text: string) => void process.stderr.write(`${text}\n`)

  const chosen = async ({message, flag, choices = []}: Question): Promise<string> => {
    const {select} = await import('@inquirer/prompts')
    return select(
      {
        message: `${message} (${flag})`,
        choices: [
          ...choices.map(({value, name, about}) => ({value, name, short: name, ...(about === undefined ? {} : {description: about})})),
          {value: explain, name: '? Explain'},
          {value: back, name: '< Back'},
          {value: leave, name: 'q Leave, and go on another time'},
        ],
        pageSize: 12,
        loop: false,
      },
      context,
    )
  }
  const typed = async ({message, flag, fallback, optional, check}: Question): Promise<string> => {
    const {input} = await import('@inquirer/prompts')
    return input(
      {
        message: `${message}${optional === true && fallback === undefined ? '; Enter to decide later' : ''} (${flag})`,
        validate: (answer) => {
          const text = answer.trim()
          if ([back, leave, explain].includes(text) || (text === '' && optional === true)) return true
          return check?.(text) ?? true
        },
        ...(fallback === undefined ? {} : {default: fallback}),
      },
      context,
    )
  }

  return {
    interactive: true,
    tell,
    ask: async (question) => {
      for (;;) {
        const answer = (question.choices === undefined ? await typed(question) : await chosen(question)).trim()
        if (answer === explain) {
          tell(`\n${block(question.explain, 2, columns)}\n`)
          continue
        }
        return elsewhere(answer) ?? (answer === '' ? {kind: 'skip'} : {kind: 'answer', value: answer})
      }
    },
  }
}
