import {notApplicable} from '../../engine/finding.ts'
import {readEngines} from '../../repo/application/engines.ts'
import {readRevisions} from '../../repo/application/revisions.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({engines: await read(readEngines), revisions: await read(readRevisions)}),
  evaluate: ({engines, revisions}) => {
    const expected = 'a URL whose percent signs are doubled, or an engine that is made of it'
    const options = engines.options.map((option): Target => {
      if (!option.interpolated) return held(option, expected, 'a URL that is put beside the ini file')
      return option.escaped ? held(option, expected, 'replace("%", "%%")') : missed(option, expected, 'the URL as it is')
    })
    const direct = engines.engines.flatMap((engine): Target[] =>
      engine.migration && !engine.url.option ? [held(engine, expected, `${engine.call} of the URL`)] : [],
    )
    const written =
      options.length > 0 || direct.length > 0
        ? []
        : revisions.environments.flatMap(({url}) =>
            url?.percent === 'single'
              ? [missed(url, expected, 'a URL with a single % in the ini file')]
              : url?.percent === 'doubled'
                ? [held(url, expected, 'a URL with %% in the ini file')]
                : [],
          )
    const targets = [...options, ...direct, ...written, ...unreadTargets(expected, engines)]
    // env.py gives no URL: whose business the one in the ini file is, config.no-hardcoded-credentials says.
    if (targets.length === 0) return notApplicable('NO_URL_GIVEN')
    return concludeTargets(targets, {pass: 'PERCENT_SURVIVES', fail: 'PERCENT_NOT_ESCAPED', partly: 'PERCENT_NOT_ESCAPED_EVERYWHERE'})
  },
})
