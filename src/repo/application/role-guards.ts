import {definitionsIn, parameterDependencies, type Application} from './fastapi.ts'
import {freshState} from './guard-state.ts'
import {split, type Trials} from './guard-trials.ts'
import type {Value} from './guard-values.ts'
import {createStatuses} from './raised-statuses.ts'
import type {Place} from './settings.ts'

/** A function or class that by its name lets only some roles through; `refuses`: it does, when tried. */
export type RoleGuard = Place & {name: string; refuses: boolean; answers: readonly number[]}

/** What is named for roles, tried with the first role alone. */
export const roleGuardsIn = ({names, subjects, interpreter, tryAll}: Trials, handlers: Application['exceptionHandlers']): RoleGuard[] => {
  const statuses = createStatuses(names, handlers)
  const found: RoleGuard[] = []
  const [subject] = subjects
  for (const module of names.program.modules) {
    if (module.isTest || subject === undefined || found.length > 60) continue
    for (const {node, scope} of definitionsIn(names, module)) {
      const isNamed = /role|admin|permission|guard|allowed|^only|^require/i.test(node.name) && scope.within.length === 0
      if (!isNamed || (node.kind === 'class' && names.member({node, scope}, '__call__')?.kind !== 'function')) continue
      const value: Value = node.kind === 'class' ? {is: 'class', ref: {node, scope}} : {is: 'function', node, scope, env: undefined}
      const isGuard = node.kind === 'function' && parameterDependencies(names, node, scope).length > 0
      const outcome = tryAll({path: undefined, method: 'GET'}, statuses, 6000, (run) => {
        if (isGuard) return split(interpreter.inject(value, freshState(), run))
        const role: Value = {is: 'constant', value: subject.role.value, name: subject.role.name}
        const isList =
          (node.kind === 'function' ? node : undefined)?.params.some(
            ({annotation, kind}) => kind === 'plain' && annotation?.kind === 'subscript',
          ) === true
        return split(
          interpreter
            .apply(value, [isList ? {is: 'list', items: [role], open: false} : role], new Map(), freshState(), run)
            .flatMap((made) =>
              made.raised || !['function', 'object', 'depends', 'partial'].includes(made.value.is)
                ? [made]
                : interpreter.inject(made.value, made.state, run),
            ),
        )
      })
      if (outcome.asked.role)
        found.push({
          file: scope.module.path,
          line: node.line,
          name: node.name,
          refuses: outcome.allowed.length > 0 && outcome.allowed.length < subjects.length,
          answers: outcome.refusals,
        })
    }
  }
  return found
}
