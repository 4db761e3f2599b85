import {notApplicable} from '../../engine/finding.ts'
import {readEngines} from '../../repo/application/engines.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({engines: await read(readEngines)}),
  evaluate: ({engines}) => {
    const made = [...engines.engines.flatMap(({url}) => url.made), ...engines.options.flatMap((option) => option.made)].filter(
      ({how, credentials}) => how !== 'literal' && credentials,
    )
    const urls = [...new Map(made.map((one) => [`${one.file}:${one.line}`, one])).values()]
    const unread = unreadTargets('code that can be read', engines)
    if (urls.length + unread.length === 0) return notApplicable('NO_URL_BUILT')
    return concludeTargets(
      [
        ...urls.map((url) =>
          url.escaped
            ? held(url, 'parts that are escaped', url.how)
            : missed(url, 'URL.create, PostgresDsn.build or quote_plus', 'text with the password as it is'),
        ),
        ...unread,
      ],
      {pass: 'URL_PARTS_ESCAPED', fail: 'URL_PARTS_NOT_ESCAPED'},
    )
  },
})
