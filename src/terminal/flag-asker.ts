import {EXIT, QlogicError} from '../errors.ts'
import {answerLine, type Answer, type Asker} from '../wizard/asker.ts'

/** Where nobody can be asked: defaults stand and are told, what may wait waits, and anything else is an error that names its flag. */
export const flagAsker = (tell: Asker['tell']): Asker => ({
  interactive: false,
  tell,
  ask: (question) => {
    const {message, flag, choices, fallback, optional = false, required = false} = question
    const value = choices?.[0]?.value ?? (required ? undefined : fallback)
    if (value === undefined && !optional)
      return Promise.reject(
        new QlogicError('ANSWER_MISSING', `Nobody can be asked here: ${message}`, {hint: `give ${flag}`, exit: EXIT.usage}),
      )
    const answer: Answer = value === undefined ? {kind: 'skip'} : {kind: 'answer', value}
    tell(`${answerLine(question, answer) ?? ''}${value === undefined ? '' : ', the default'}`)
    return Promise.resolve(answer)
  },
})
