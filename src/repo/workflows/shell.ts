import type {Node} from 'web-tree-sitter'
import type {Unread} from '../files.ts'
import {firstErrorLine, withTree} from '../tree-sitter.ts'
import {folderAfter} from './paths.ts'
import {optionsAfter, type ShellCommand, type ShellOptions, type ShellReading} from './shell-facts.ts'
import {caseArms, ifArms, type Arm} from './shell-branches.ts'
import {isTest, testOf} from './shell-tests.ts'
import {argumentsIn, holders, withArguments, wordOf} from './shell-words.ts'
import {literalOf, oneOf, textOf, type Word} from './words.ts'

const maxDepth = 120
const maxCommands = 2000

type Around = {tolerated?: string | undefined; conditional: boolean; last: boolean; depth: number}

/** The simple commands of a shell text, in their order, with the folder and the variables that they see. Nothing is run. */
export const readShell = async (text: Word, options: ShellOptions): Promise<ShellReading> => {
  const {source, hold} = holders(text)
  return withTree('bash', source.replaceAll('\r', ''), (root) => walkShell(root, hold, options))
}

const walkShell = (root: Node, hold: readonly Word[], options: ShellOptions): ShellReading => {
  const commands: ShellCommand[] = []
  const unread: Unread[] = []
  const functions = new Map<string, Node>()
  let {directory, errexit, pipefail} = options
  let variables: Record<string, Word> = {...options.variables}
  let previous: (string | undefined)[] = []
  let ended = false
  const line = (node: Node) => options.lineOf(node.startPosition.row)
  const error = firstErrorLine(root)
  if (error !== undefined) unread.push({file: options.file, line: options.lineOf(error - 1), why: 'not understood as a shell command'})

  const assign = (name: string, value: Word, conditional: boolean) => {
    const before = variables[name]
    variables[name] = conditional && before !== undefined ? oneOf(`$${name}`, [before, value]) : value
  }
  const assignment = (node: Node, around: Around): [string, Word] | undefined => {
    const name = node.childForFieldName('name')?.text
    const value = node.childForFieldName('value')
    if (name === undefined) return undefined
    if (value !== null) substitutions(value, around)
    return [name, value === null ? [] : word(value)]
  }
  const word = (node: Node): Word => wordOf(node, hold, variables)
  /** Commands in `$(…)` run too. */
  const substitutions = (node: Node, around: Around): void => {
    if (around.depth > maxDepth) return
    if (node.type === 'command_substitution' || node.type === 'process_substitution') return isolated(node, around)
    for (const child of node.namedChildren) substitutions(child, {...around, depth: around.depth + 1})
  }
  const isolated = (node: Node, around: Around): void => {
    const kept = {directory, variables, errexit, pipefail, ended}
    variables = {...variables}
    statements(node.namedChildren, around)
    ;({directory, variables, errexit, pipefail, ended} = kept)
  }
  const statements = (nodes: readonly Node[], around: Around): void => {
    const own = nodes.filter(({type}) => type !== 'comment')
    for (const [place, node] of own.entries()) {
      if (ended) return
      const last = around.last && place === own.length - 1
      const background = node.nextSibling?.type === '&'
      const tolerated =
        around.tolerated ??
        (background ? 'it runs in the background' : !last && !errexit ? 'what comes after it runs all the same' : undefined)
      walk(node, {...around, tolerated, last, depth: around.depth + 1})
    }
  }
  const walk = (node: Node, around: Around): void => {
    if (ended || commands.length >= maxCommands) return
    if (around.depth > maxDepth) {
      unread.push({file: options.file, line: line(node), why: 'shell nested too deep'})
      return
    }
    const deeper = {...around, depth: around.depth + 1}
    switch (node.type) {
      case 'command':
        return command(node, deeper)
      case 'variable_assignment': {
        const made = assignment(node, deeper)
        if (made !== undefined) assign(...made, around.conditional)
        return
      }
      case 'declaration_command':
        for (const child of node.namedChildren)
          if (child.type === 'variable_assignment') walk(child, {...deeper, tolerated: 'export hides its failure'})
        return
      case 'list':
        return list(node, deeper)
      case 'pipeline': {
        const parts = node.namedChildren
        for (const [place, part] of parts.entries())
          walk(part, {
            ...deeper,
            tolerated: around.tolerated ?? (!pipefail && place < parts.length - 1 ? 'the pipe hides its failure' : undefined),
          })
        return
      }
      case 'negated_command':
        for (const child of node.namedChildren) walk(child, {...deeper, tolerated: 'its failure is turned around'})
        return
      case 'if_statement':
        return arms(ifArms(node, word), deeper)
      case 'case_statement':
        return arms(caseArms(node, word), {...deeper, last: false})
      case 'for_statement': {
        const name = node.childForFieldName('variable')?.text
        const values = node.childrenForFieldName('value').map(word)
        if (name !== undefined) variables[name] = oneOf(`$${name}`, values)
        const body = node.childForFieldName('body')
        if (body !== null) statements(body.namedChildren, {...deeper, last: false})
        return
      }
      case 'while_statement': {
        const body = node.childForFieldName('body')
        for (const condition of node.childrenForFieldName('condition')) walk(condition, {...deeper, tolerated: 'it is only asked'})
        if (body !== null) statements(body.namedChildren, {...deeper, conditional: true})
        return
      }
      case 'function_definition': {
        const name = node.childForFieldName('name')?.text
        const body = node.childForFieldName('body')
        if (name !== undefined && body !== null) functions.set(name, body)
        return
      }
      case 'subshell':
        return isolated(node, deeper)
      case 'redirected_statement':
        return redirected(node, deeper)
      case 'test_command':
      case 'comment':
        return
      default:
        // An ERROR node, a program, a compound statement: what is in it runs one after the other.
        statements(node.namedChildren, deeper)
    }
  }
  const list = (node: Node, around: Around): void => {
    const [left, right] = [node.namedChildren[0], node.namedChildren.at(-1)]
    const or = node.children.some(({type}) => type === '||')
    if (left === undefined || right === undefined) return
    const stops = or && /^\W*(?:[^]*[;&{(\n]\s*)?(?:exit|return)\s+[1-9$]|^false\b/.test(right.text)
    const tolerated =
      around.tolerated ??
      (or && !stops
        ? `|| ${right.text.split('\n')[0]?.slice(0, 40) ?? ''}`
        : !or && !around.last
          ? 'a failure before && does not stop the script'
          : undefined)
    walk(left, {...around, tolerated, last: !or && around.last})
    const decided = isTest(left) ? testOf(left, word) : undefined
    if (decided === or) return
    walk(right, {...around, conditional: around.conditional || or || (isTest(left) && decided === undefined)})
  }
  const arms = (all: readonly Arm[], around: Around): void => {
    for (const {asks, body, certain} of all) {
      for (const asked of asks) if (!isTest(asked)) walk(asked, {...around, tolerated: 'it is only asked'})
      statements(body, {...around, conditional: around.conditional || !certain})
    }
  }
  const redirected = (node: Node, around: Around): void => {
    const body = node.childForFieldName('body')
    const from = commands.length
    if (body !== null) walk(body, around)
    for (const redirect of node.childrenForFieldName('redirect')) {
      const heredoc = redirect.namedChildren.find(({type}) => type === 'heredoc_body')
      const target = redirect.childForFieldName('destination')
      const last = commands.at(-1)
      if (last !== undefined && commands.length > from) {
        if (heredoc !== undefined) commands[commands.length - 1] = {...last, input: wordOf(heredoc, hold, variables)}
        if (target !== null && redirect.type === 'file_redirect')
          for (let place = from; place < commands.length; place += 1) {
            const one = commands[place]
            if (one !== undefined) commands[place] = {...one, addsTo: textOf(word(target))}
          }
      }
      for (const child of redirect.namedChildren) if (['pipeline', 'list', 'command'].includes(child.type)) walk(child, around)
    }
  }
  const command = (node: Node, around: Around): void => {
    const env: Record<string, Word> = {}
    const words: Word[] = []
    let input: Word | undefined
    for (const child of node.namedChildren) {
      if (child.type === 'variable_assignment') {
        const made = assignment(child, around)
        if (made !== undefined) env[made[0]] = made[1]
      } else if (/^"?\$\{?@\}?"?$/.test(child.text)) words.push(...(argumentsIn(variables) ?? [word(child)]))
      else if (child.type === 'command_name') words.push(word(child.namedChildren[0] ?? child))
      else if (child.type === 'herestring_redirect') input = child.namedChildren[0] ? word(child.namedChildren[0]) : undefined
      else if (!child.type.endsWith('_redirect')) {
        substitutions(child, around)
        words.push(word(child))
      }
    }
    const name = literalOf(words[0])
    const first = words[1] === undefined ? undefined : literalOf(words[1])
    const body = name === undefined ? undefined : functions.get(name)
    if (name === 'set') {
      ;({errexit, pipefail} = optionsAfter(
        words.slice(1).map((one) => literalOf(one) ?? ''),
        {errexit, pipefail},
      ))
      return
    }
    if (name === 'shift') {
      const own = argumentsIn(variables)
      if (own !== undefined) variables = withArguments(variables, own.slice(first === undefined ? 1 : Number(first) || 1))
      return
    }
    if (name === 'cd' || name === 'pushd') {
      if (name === 'pushd') previous = [...previous, directory]
      directory = first === undefined || directory === undefined ? undefined : folderAfter(directory, first)
      return
    }
    if (name === 'popd') {
      directory = previous.at(-1)
      previous = previous.slice(0, -1)
      return
    }
    if (name === 'exit') {
      ended = !around.conditional
      return
    }
    if (body !== undefined && name !== undefined && around.depth < maxDepth / 2) {
      functions.delete(name)
      const own = argumentsIn(variables)
      variables = withArguments(variables, words.slice(1))
      statements(body.namedChildren, {...around, depth: around.depth + 10})
      variables = withArguments(variables, own ?? [])
      if (own === undefined) delete variables['#']
      functions.set(name, body)
      return
    }
    if (words.length === 0) return
    commands.push({
      line: line(node),
      words,
      env,
      ...(directory === undefined ? {} : {directory}),
      ...(around.tolerated === undefined ? {} : {tolerated: around.tolerated}),
      conditional: around.conditional,
      ...(input === undefined ? {} : {input}),
    })
  }
  statements(root.namedChildren, {conditional: false, last: true, depth: 0})
  return {commands, variables, unread}
}
