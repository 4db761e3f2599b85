import type {Reader, Unread} from '../files.ts'
import {chainOf, type Running} from '../python/reach.ts'
import {blocksOf, dotted, expressionsIn, expressionsOf, type Expr, type Stmt} from '../python/syntax.ts'
import {readApplications} from './fastapi.ts'
import type {Place} from './settings.ts'

/** A call of `create_all` or a reference to it, in code that runs when an application starts. */
export type TableCreation = Place & {
  /** As it is written: `Base.metadata.create_all`. */
  name: string
  /** The code through which it is reached, outermost first. */
  chain: readonly (Place & {name: string})[]
  /** What must hold for it to run, as it is written. */
  guard?: Place & {text: string}
}

export type TableCreations = {
  applications: readonly (Place & {startup?: Place})[]
  creations: readonly TableCreation[]
  unread: readonly Unread[]
}

/** Where an application makes the tables of its models itself when it starts: `create_all`, called or handed on. */
export const readTableCreations: Reader<TableCreations> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const found = new Map<string, TableCreation>()
  const look = (running: Running, body: readonly Stmt[], guard: TableCreation['guard']): void => {
    const file = running.scope.module.path
    for (const statement of body) {
      if (statement.kind === 'function' || statement.kind === 'class') continue
      for (const top of expressionsOf(statement))
        for (const expr of expressionsIn(top)) {
          if (expr.kind !== 'attribute' || expr.name !== 'create_all') continue
          // A method of the repository with that name is reached by itself.
          const target = names.resolve(expr, running.scope)
          if (target?.kind === 'function') continue
          const key = `${file}:${expr.line}`
          if (!found.has(key))
            found.set(key, {
              file,
              line: expr.line,
              name: dotted(expr) ?? 'create_all',
              chain: chainOf(running),
              ...(guard === undefined ? {} : {guard}),
            })
        }
      if (statement.kind === 'if') {
        for (const branch of statement.branches) look(running, branch.body, {file, line: branch.test.line, text: written(branch.test)})
        look(running, statement.otherwise, guard)
      } else for (const block of blocksOf(statement)) look(running, block, guard)
    }
  }
  for (const {startup} of applications)
    for (const running of startup)
      if (!running.scope.module.isTest && !/(?:^|\/)env\.py$/.test(running.scope.module.path)) look(running, running.body, undefined)
  return {
    applications: applications.map(({file, line, lifespan}) => {
      const [first] = lifespan
      return {file, line, ...(first === undefined ? {} : {startup: {file: first.scope.module.path, line: first.node.line}})}
    }),
    creations: [...found.values()],
    unread,
  }
}

/** A condition in few words. */
const written = (expr: Expr): string => {
  if (expr.kind === 'compare')
    return expr.operands
      .map((operand, place) => `${written(operand)}${expr.ops[place] === undefined ? '' : ` ${expr.ops[place]} `}`)
      .join('')
  if (expr.kind === 'string') return `"${expr.value.slice(0, 30)}"`
  if (expr.kind === 'unary') return `${expr.op} ${written(expr.value)}`
  return dotted(expr) ?? 'a condition'
}
