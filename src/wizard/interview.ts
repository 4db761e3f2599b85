import type {ParameterName} from '../config/parameters.ts'
import type {Asker, Question} from './asker.ts'
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

/** An interview without its last answer; undefined where there is none. */
export const stepBack = ({asked, answers}: Interview): Interview | undefined => {
  const last = asked.at(-1)
  if (last === undefined) return undefined
  return {asked: asked.slice(0, -1), answers: Object.fromEntries(Object.entries(answers).filter(([name]) => name !== last))}
}

/** Asks what the configuration needs, one question after the other, back and forth. Undefined: the person left. */
export const interviewed = async (from: Interview, {asker, given, known, remember}: Setting): Promise<Interview | undefined> => {
  let now = from
  for (;;) {
    const answers = {...now.answers, ...given}
    const facts = await known(answers)
    const open = questions.find(
      ({name, when}) => !now.asked.includes(name) && given[name] === undefined && (when?.(answers, facts) ?? true),
    )
    if (open === undefined) return {asked: now.asked, answers}
    const answer = await asker.ask(asQuestion(open, answers, facts))
    if (answer.kind === 'leave') return undefined
    if (answer.kind === 'back') {
      const before = stepBack(now)
      if (before === undefined) asker.tell('  This is the first question.')
      now = before ?? now
    } else {
      const value = answer.kind === 'answer' ? answer.value : ''
      now = {asked: [...now.asked, open.name], answers: value === '' ? now.answers : {...now.answers, [open.name]: value}}
    }
    await remember(now)
  }
}

/** The question for one parameter, as it is asked with what is known so far. */
export const asQuestion = (question: ParameterQuestion, answers: Answers, known: Known): Question => {
  const {name, flag, message, explain, optional = false, required = false} = question
  const listed = question.choices?.(answers, known)
  const choices =
    listed === undefined || !optional || listed.some(({value}) => value === '')
      ? listed
      : [...listed, {value: '', name: 'Decide later', flag: `without ${flag}`}]
  const fallback = question.suggestion?.(answers, known)
  return {
    message,
    flag,
    explain,
    optional,
    required,
    ...(choices === undefined ? {check: checkAnswer(name)} : {choices}),
    ...(fallback === undefined ? {} : {fallback}),
  }
}
