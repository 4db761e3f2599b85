import type {Config, ParameterName} from '../config/parameters.ts'
import {isPlaceholderDomain} from '../config/parameters.ts'
import {questions} from './questions.ts'

type Manual = {id: string; code: string; hint: string}

/** Which act of the simulator does what a person is asked for: by item, and by what is said of it. */
export const acts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'compute.run-services': {RUN_NO_IMAGE: 'push-images'},
  'dns.domain-delegated': {DOMAIN_RECORD_TO_CREATE: 'point-domain', DOMAIN_NOT_DELEGATED: 'delegate-domain'},
  'cicd.cloudbuild-trigger': {BUILD_CONSENT_NEEDED: 'connect-github'},
  'cicd.branch-deployment': {TRIGGERS_WAIT_FOR_CONSENT: 'connect-github'},
}

/** The act of the simulator that does what a person would do for the item; undefined where there is none. */
export const actOf = ({id, code}: Manual): string | undefined => acts[id]?.[code]

/** `set domain in qlogic.yaml`: how checklist.yaml says that a value is missing. */
const named = /\bset (\w+)\b[^;,]* in qlogic\.yaml/

/** The parameter whose value is all that an item lacks: its hint names it, the interview has a question for it, and it has no value. */
export const missingParameter = ({hint}: Manual, config: Config): ParameterName | undefined => {
  const name = named.exec(hint)?.[1]
  const question = questions.find((one) => one.name === name)
  if (question === undefined) return undefined
  const value: unknown = Reflect.get(config, question.name)
  const unset = value === null || (question.name === 'domain' && isPlaceholderDomain(config.domain))
  return unset ? question.name : undefined
}
