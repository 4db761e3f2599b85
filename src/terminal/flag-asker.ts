import {EXIT, QlogicError} from '../errors.ts'
import type {Asker} from '../wizard/asker.ts'

/** Where nobody can be asked: defaults stand, what may wait waits, and anything else is an error that names its flag. */
export const flagAsker = (tell: Asker['tell']): Asker => ({
  interactive: false,
  tell,
  ask: ({message, flag, choices, fallback, optional}) => {
    const value = choices?.[0]?.value ?? fallback
    if (optional === true && choices === undefined && fallback === undefined) return Promise.resolve({kind: 'skip'})
    if (value !== undefined) return Promise.resolve({kind: 'answer', value})
    return Promise.reject(
      new QlogicError('ANSWER_MISSING', `${message}: nobody can be asked here.`, {hint: `give ${flag}`, exit: EXIT.usage}),
    )
  },
})
