import type {ParameterName} from '../config/parameters.ts'
import type {Asker} from './asker.ts'
import {checkAnswer, questions, type Answers, type Known, type ParameterQuestion} from './questions.ts'

/** Where an interview stands, so that it can be left and taken up again: what was asked, in order, and what was answered. */
export type Interview = {asked: readonly ParameterName[]; answers: Answers}

type Setting = {
  asker: Asker
  /** From flags: not asked. */
  given: Answers
  known: (answers: Answers) => Promise<Known>
  /** Called after every answer. */
  remember: (interview: Interview) => Promise<void>
}

/**
 * Asks what the configuration needs. `<` goes back to the question before; what may wait is skipped; every answer is shown with the flag
 * that would have given it. Undefined: the person left.
 */
export const interviewed = async (from: Interview, {asker, given, known, remember}: Setting): Promise<Interview | undefined> => {
  let {asked, answers} = from
  for (;;) {
    const facts = await known({...answers, ...given})
    const open = questions.find(
      ({name, when}) => !asked.includes(name) && given[name] === undefined && (when?.({...answers, ...given}, facts) ?? true),
    )
    if (open === undefined) return {asked, answers: {...answers, ...given}}
    const answer = await asker.ask(asQuestion(open, {...answers, ...given}, facts))
    if (answer.kind === 'leave') return undefined
    if (answer.kind === 'back') {
      const last = asked.at(-1)
      if (last === undefined) asker.tell('  This is the first question.')
      asked = asked.slice(0, -1)
      answers = Object.fromEntries(Object.entries(answers).filter(([name]) => name !== last))
    } else {
      const value = answer.kind === 'answer' ? answer.value : undefined
      asked = [...asked, open.name]
      if (value !== undefined && value !== '') answers = {...answers, [open.name]: value}
      asker.tell(value === undefined || value === '' ? `  ${open.flag} is left for later` : `  ${open.flag} ${value}`)
    }
    await remember({asked, answers})
  }
}

const asQuestion = (question: ParameterQuestion, answers: Answers, known: Known) => {
  const {name, flag, message, explain, optional = false} = question
  const choices = question.choices?.(answers, known)
  const fallback = question.suggestion?.(answers, known)
  return {
    message,
    flag,
    explain,
    optional,
    ...(choices === undefined ? {check: checkAnswer(name)} : {choices}),
    ...(fallback === undefined ? {} : {fallback}),
  }
}
