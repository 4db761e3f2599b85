import {createInterface} from 'node:readline'
import {onExit} from '../cleanup.ts'
import {block} from '../reporters/printable.ts'
import {answerLine, type Answer, type Asker, type Question} from '../wizard/asker.ts'
import {bullet} from '../wizard/lines.ts'

/** What was typed, as one of the numbered choices or as text. */
const meant = ({choices, fallback}: Question, typed: string): string | undefined => {
  if (choices === undefined) return typed === '' ? (fallback ?? '') : typed
  if (typed === '') return choices[0]?.value
  return (choices[Number(typed) - 1] ?? choices.find(({value, name}) => value === typed || name === typed))?.value
}

/** Lines of standard input, one at a time; what is typed ahead waits. Undefined at its end. */
const lineReader = (signal: AbortSignal) => {
  const reader = createInterface({input: process.stdin, terminal: false})
  const lines: string[] = []
  let ended = false
  let wake: () => void = () => undefined
  reader.on('line', (line) => {
    lines.push(line)
    wake()
  })
  reader.on('close', () => {
    ended = true
    wake()
  })
  signal.addEventListener('abort', () => wake())
  return {
    next: async (): Promise<string | undefined> => {
      while (lines.length === 0 && !ended) {
        signal.throwIfAborted()
        await new Promise<void>((resolve) => (wake = resolve))
      }
      signal.throwIfAborted()
      return lines.shift()
    },
    close: () => reader.close(),
  }
}

/**
 * Asks line by line and never redraws: for screen readers, slow lines and logs. Written by hand because prompt libraries redraw their
 * question on every key.
 */
export const plainAsker = ({signal, columns}: {signal: AbortSignal; columns: number}): Asker => {
  const tell = (text: string) => void process.stderr.write(`${text}\n`)
  const reader = lineReader(signal)
  onExit(reader.close)
  const line = (prompt: string): Promise<string | undefined> => {
    process.stderr.write(prompt)
    return reader.next()
  }
  const answered = (question: Question, answer: Answer): Answer => {
    const line = answerLine(question, answer)
    if (line !== undefined) tell(block(line, 0, columns))
    return answer
  }
  return {
    interactive: true,
    tell,
    ask: async (question) => {
      const {message, choices, fallback, optional, explain, check} = question
      tell(block(message, 0, columns))
      choices?.forEach(({name, about}, index) =>
        tell(bullet(`${index + 1}.`, about === undefined ? name : `${name}: ${about}`, 2, columns)),
      )
      const enter =
        choices !== undefined
          ? 'Enter for 1'
          : fallback !== undefined
            ? `Enter for ${fallback}`
            : optional === true
              ? 'Enter for later'
              : ''
      for (;;) {
        const read = await line(`${choices === undefined ? 'Answer' : 'Number'}${enter === '' ? '' : `, ${enter}`}: `)
        // What ends without Enter leaves the cursor behind the question.
        if (read === undefined) tell('')
        const typed = read?.trim()
        if (typed === undefined || typed === 'q') return {kind: 'leave'}
        if (typed === '<') return {kind: 'back'}
        if (typed === '?') {
          tell(block(explain, 2, columns))
          continue
        }
        const value = meant(question, typed)
        if (value === '' && choices === undefined && optional === true) return answered(question, {kind: 'skip'})
        const problem = value === undefined ? `a number from 1 to ${choices?.length ?? 1}, please` : (check?.(value) ?? true)
        if (value !== undefined && problem === true) return answered(question, {kind: 'answer', value})
        tell(block(`Not that: ${problem === true ? 'another answer, please' : problem}.`, 2, columns))
      }
    },
  }
}
