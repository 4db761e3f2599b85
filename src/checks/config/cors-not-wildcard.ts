import {notApplicable} from '../../engine/finding.ts'
import {readSettingsRules, type CorsList} from '../../repo/application/settings-rules.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({rules: await read(readSettingsRules)}),
  evaluate: ({rules}) => {
    const unread = unreadTargets('code that can be read', rules)
    if (rules.cors.length + unread.length === 0) return notApplicable('NO_CORS')
    const targets = rules.cors.flatMap(({file, line, credentials, origins, methods, headers, exposed}): Target[] => {
      if (credentials === false) return [held({file, line}, 'no wildcard beside credentials', 'no credentials')]
      const at = (list: CorsList) => ({file, line: list.line})
      const explicit = (name: string, list: CorsList): Target =>
        list.values === undefined && list.given
          ? undecided(at(list), `${name} that is written out`, 'a value that is only known at run time')
          : list.values?.includes('*') === true || !list.given
            ? missed(at(list), `${name} that is written out`, list.given ? '*' : 'left at its default')
            : held(at(list), `${name} that is written out`, list.values?.join(', ') ?? '')
      const exposes: Target =
        exposed.given && exposed.values === undefined
          ? undecided(at(exposed), 'X-Request-ID among the exposed headers', 'a value that is only known at run time')
          : exposed.values?.some((name) => /^(?:x-request-id|x-correlation-id|\*)$/i.test(name)) === true
            ? held(at(exposed), 'X-Request-ID among the exposed headers', exposed.values.join(', '))
            : missed(at(exposed), 'X-Request-ID among the exposed headers', exposed.values?.join(', ') || 'none')
      const all = origins.values?.includes('*') === true ? [missed(at(origins), 'origins that are written out', '*')] : []
      return [explicit('allow_methods', methods), explicit('allow_headers', headers), exposes, ...all]
    })
    return concludeTargets([...targets, ...unread], {pass: 'CORS_EXPLICIT', fail: 'CORS_WILDCARD', partly: 'CORS_PARTLY_WILDCARD'})
  },
})
