import type {Answer, Asker, Question} from '../../src/wizard/asker.ts'

/** What a person does at a question: `<` goes back, `q` leaves, `skip` puts it off; anything else is the answer. */
export type Move = string

const meant = (move: Move): Answer =>
  move === '<' ? {kind: 'back'} : move === 'q' ? {kind: 'leave'} : move === 'skip' ? {kind: 'skip'} : {kind: 'answer', value: move}

/** Plays a script of answers, one per question, and keeps what was asked and told. An answer that the question refuses is an error. */
export const scriptedAsker = (script: readonly (readonly [asked: string, move: Move])[]) => {
  const asked: Question[] = []
  const told: string[] = []
  const rest = [...script]
  const asker: Asker = {
    interactive: true,
    tell: (text) => void told.push(text),
    ask: (question) => {
      asked.push(question)
      const next = rest.shift()
      if (next === undefined) throw new Error(`nobody expected to be asked: ${question.message}`)
      const [expected, move] = next
      if (!question.message.includes(expected)) throw new Error(`expected ${expected}, was asked: ${question.message}`)
      const answer = meant(move)
      if (answer.kind === 'skip' && question.optional !== true) throw new Error(`${question.message} cannot be skipped`)
      if (answer.kind === 'answer') {
        if (question.choices !== undefined && !question.choices.some(({value}) => value === answer.value))
          throw new Error(`${question.message} has no choice ${answer.value}`)
        const problem = question.check?.(answer.value) ?? true
        if (problem !== true) throw new Error(problem)
      }
      return Promise.resolve(answer)
    },
  }
  return {asker, asked, told, left: rest}
}
