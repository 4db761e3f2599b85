import type {Node} from 'web-tree-sitter'
import type {IniFile} from '../ini.ts'
import {firstErrorLine, withTree} from '../tree-sitter.ts'
import {noDeclarations, type Declarations} from './pyproject.ts'
import {optionalGroup, type DependencyGroup} from './python-groups.ts'
import {parseRequirement} from './requirement.ts'

/** Dependencies of a setup.cfg: `install_requires` and extras. */
export const declarationsOfSetupCfg = ({sections}: IniFile): Declarations => {
  const found = noDeclarations()
  found.isProject = sections.some(({name}) => name === 'options' || name === 'metadata')
  const entries = (name: string) => sections.flatMap((section) => (section.name === name ? section.entries : []))
  const lists = [
    ...entries('options')
      .filter(({key}) => key === 'install_requires')
      .map((entry) => ({entry, group: 'runtime' as const})),
    ...entries('options.extras_require').map((entry) => ({entry, group: optionalGroup(entry.key)})),
  ]
  for (const {entry, group} of lists)
    for (const {text, line} of entry.lines) {
      if (text.startsWith('file:')) {
        for (const path of text.slice('file:'.length).split(',')) found.files.push({path: path.trim(), group, line})
      } else add(found, text, group, line)
    }
  const python = entries('options').find(({key}) => key === 'python_requires')
  if (python !== undefined) found.requiresPython = {specifier: python.value, line: python.line}
  return found
}

/** Dependencies of a setup.py that are literals in its call of `setup(...)`, or a name of the module that holds one; others are unread. */
export const declarationsOfSetupPy = (text: string): Promise<Declarations> =>
  withTree('python', text, (root) => {
    const found = noDeclarations()
    const wrong = firstErrorLine(root)
    if (wrong !== undefined) found.unread.push({line: wrong, why: 'not Python'})
    const call = root
      .descendantsOfType('call')
      .find((node) => /^(setuptools\.|core\.)?setup$/.test(node.childForFieldName('function')?.text ?? ''))
    found.isProject = call !== undefined
    const args = call?.childForFieldName('arguments')
    for (const argument of args?.namedChildren ?? []) {
      if (argument.type === 'dictionary_splat')
        found.unread.push({line: argument.startPosition.row + 1, why: 'arguments of setup() are only known at run time'})
      if (argument.type !== 'keyword_argument') continue
      const name = argument.childForFieldName('name')?.text
      const value = resolved(root, argument.childForFieldName('value'))
      if (name === 'install_requires') addList(found, value, 'runtime', argument)
      else if (name === 'tests_require') addList(found, value, 'dev', argument)
      else if (name === 'extras_require' && value?.type === 'dictionary') {
        for (const pair of value.namedChildren)
          if (pair.type === 'pair')
            addList(
              found,
              resolved(root, pair.childForFieldName('value')),
              optionalGroup(literal(pair.childForFieldName('key')) ?? '?'),
              pair,
            )
      } else if (name === 'extras_require') addList(found, undefined, 'optional:?', argument)
      else if (name === 'python_requires' && value !== undefined) {
        const specifier = literal(value)
        if (specifier !== undefined) found.requiresPython = {specifier, line: argument.startPosition.row + 1}
      }
    }
    return found
  })

const addList = (found: Declarations, list: Node | undefined, group: DependencyGroup, at: Node): void => {
  const items = list?.type === 'list' || list?.type === 'tuple' ? list.namedChildren.filter((item) => item.type !== 'comment') : undefined
  if (items === undefined) {
    found.unread.push({line: at.startPosition.row + 1, why: 'the dependencies are only known at run time'})
    return
  }
  for (const item of items) {
    const line = item.startPosition.row + 1
    const text = literal(item)
    if (text === undefined) found.unread.push({line, why: 'a dependency is only known at run time'})
    else add(found, text, group, line)
  }
}

const add = (found: Declarations, text: string, group: DependencyGroup, line: number): void => {
  if (text.trim() === '') return
  const requirement = parseRequirement(text)
  if (requirement === undefined) found.unread.push({line, why: 'not a requirement of PEP 508'})
  else found.declared.push({...requirement, group, line})
}

/** A name stands for what the module assigns to it, when it does so once. */
const resolved = (root: Node, value: Node | null): Node | undefined => {
  if (value?.type !== 'identifier') return value ?? undefined
  const assigned = root.namedChildren.flatMap((statement) => {
    const made = statement.type === 'expression_statement' ? statement.namedChildren[0] : undefined
    return made?.type === 'assignment' && made.childForFieldName('left')?.text === value.text ? [made.childForFieldName('right')] : []
  })
  return assigned.length === 1 ? (assigned[0] ?? undefined) : undefined
}

const literal = (node: Node | null | undefined): string | undefined => {
  if (node?.type !== 'string' || node.namedChildren.some((child) => child.type === 'interpolation')) return undefined
  return node.namedChildren.flatMap((child) => (child.type === 'string_content' ? [child.text] : [])).join('')
}
