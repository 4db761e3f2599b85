import {notApplicable} from '../../engine/finding.ts'
import {readMiddlewares} from '../../repo/application/middlewares.ts'
import {unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {isIdHeader, libraryIds} from '../request-ids.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

const expected = 'length and characters of an incoming id checked'

export default defineRepositoryItem({
  observe: async (read) => ({facts: await read(readMiddlewares)}),

  evaluate: ({facts}) => {
    const libraries = libraryIds(facts).map(({middleware, validates}): Target =>
      validates ? held(middleware, expected, `the validator of ${middleware.name}`) : missed(middleware, expected, 'validator=None'),
    )
    const own = facts.middlewares.flatMap(({bindings, sets}) =>
      [...bindings, ...sets.filter(({header}) => isIdHeader(header))]
        .filter(({headers}) => headers.some(isIdHeader))
        .map((one): Target =>
          one.checked === null
            ? missed(one, expected, `${one.headers.filter(isIdHeader).join(', ')} is used as it comes`)
            : held(one.checked, expected, 'it is checked'),
        ),
    )
    const targets = [...libraries, ...own, ...unreadTargets('code that can be read', facts)]
    // Whether an id is taken over at all is the business of logging.correlation-id-propagation.
    if (targets.length === 0) return notApplicable('NO_INCOMING_ID')
    return concludeTargets([...new Map(targets.map((one) => [JSON.stringify(one), one])).values()], {
      pass: 'INCOMING_ID_CHECKED',
      fail: 'INCOMING_ID_UNCHECKED',
    })
  },
})
