import {dotted, expressionsIn, expressionsInBody, statementsIn} from '../python/syntax.ts'
import type {Reached} from './reached-functions.ts'
import type {Place} from './settings.ts'

/** `what`: the attribute that is asked, or that the user is looked up; `function`: in which it stands. */
export type Recheck = Place & {what: string; function: string}

/** Where a function finds a user to be blocked, or looks one up and refuses those who are not there. */
export const rechecksIn = ({node, scope}: Reached): Recheck[] => {
  const found = [...statementsIn(node.body)].flatMap((one) =>
    one.kind === 'if' && [...statementsIn(one.branches.flatMap(({body}) => body))].some(({kind}) => kind === 'raise')
      ? one.branches.flatMap(({test}) =>
          [...expressionsIn(test)].flatMap((part) =>
            part.kind === 'attribute' &&
            /^(?:is_)?(?:active|disabled|blocked|revoked|deactivated|enabled|locked)(?:_at)?$|^(?:token|session)_version$/.test(part.name)
              ? [{file: scope.module.path, line: part.line, what: part.name, function: node.name}]
              : [],
          ),
        )
      : [],
  )
  const isGuard = /user|principal|identity|account|claims|auth/i.test(node.name)
  const looks = [...expressionsInBody(node.body)].find(
    (one) =>
      one.kind === 'call' &&
      /(?:session|db|repo\w*|users?|crud|store)\.(?:\w+\.)*(?:get|scalar|scalars|execute|first|get_\w+|find_\w+|query)$/i.test(
        dotted(one.callee) ?? '',
      ),
  )
  const refuses = [...statementsIn(node.body)].some(
    (one) =>
      one.kind === 'if' &&
      one.branches.some(
        ({test, body}) =>
          /^(?:not|None)/.test(test.kind === 'unary' ? test.op : test.kind === 'compare' ? 'None' : '') &&
          [...statementsIn(body)].some(({kind}) => kind === 'raise'),
      ),
  )
  if (isGuard && looks !== undefined && refuses)
    found.push({file: scope.module.path, line: looks.line, what: 'the user is looked up', function: node.name})
  return found
}
