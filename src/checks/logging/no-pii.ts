import {notApplicable} from '../../engine/finding.ts'
import {readLogCalls, type LoggedValue} from '../../repo/application/log-calls.ts'
import {readLogging, type Logging} from '../../repo/application/logging.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

const expected = 'no e-mail address, password, token or raw row in a log line'
const personal =
  /^(?:e?mail|email_?address|password|passwd|pwd|passphrase|secret|client_secret|token|access_token|refresh_token|id_token|jwt|bearer|authorization|api_?key|private_key|credentials?|cookies?|session_token|ssn|iban)$/
/** Rows of an upload, as a whole; their number and their names are none. */
const raw =
  /^(?:row|rows|record|records|raw|raw_\w+|csv|csv_(?:text|data|row|content|line)|content|contents|file_content|line|payload|body|request_body)$/

const words = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** What is personal in a logged value: the last words of its key or of what it is; undefined where nothing is. */
const wordIn = ({key, value, made}: LoggedValue): string | undefined => {
  const last = words(value.split('.').at(-1) ?? '')
  // `user_email` and `body.password` end in such a word; `email_sent` and `token_type` do not.
  const ending = (name: string) => [name, ...name.split('_').map((_, at, all) => all.slice(at).join('_'))].find((one) => personal.test(one))
  const byValue = value === '' ? undefined : ending(last)
  if (byValue !== undefined) return byValue
  if (value !== '' && raw.test(last) && !/\.(?:body|content)\.\w+/.test(value)) return last
  return key !== '' && (value !== '' || !made) && value !== '' ? ending(words(key)) : undefined
}

/** A processor of the application's that blanks values by their keys, and the words that it looks for. */
const redacted = ({structlog, formatters}: Logging): string[] =>
  [...structlog, ...formatters].flatMap(({processors}) =>
    processors
      .filter(({name, own}) => own && /redact|mask|scrub|sanit|censor|filter|secret|pii|sensitive/i.test(name))
      .flatMap(({texts}) => texts.map((text) => text.toLowerCase())),
  )

export default defineRepositoryItem({
  observe: async (read) => ({calls: await read(readLogCalls), logging: await read(readLogging)}),

  evaluate: ({calls, logging}) => {
    const unread = unreadTargets('code that can be read', calls)
    if (calls.calls === 0 && unread.length === 0) return notApplicable('NO_LOG_CALLS')
    const blanked = redacted(logging)
    const found = calls.values.flatMap((one): Target[] => {
      const word = wordIn(one)
      if (word === undefined) return []
      const what = `${one.key === '' ? 'a value' : one.key} is ${one.value}`
      const covered = one.key !== '' && blanked.some((text) => text !== '' && words(one.key).includes(text))
      return [covered ? held(one, expected, `${what}, which a processor blanks`) : missed(one, expected, what)]
    })
    const [app] = logging.applications
    const clean = found.length === 0 && app !== undefined ? [held(app, expected, `none in ${calls.calls} calls`)] : []
    return concludeTargets([...found, ...clean, ...unread], {pass: 'LOGS_FREE_OF_PII', fail: 'LOGS_HOLD_PII'})
  },
})
