import type {Reader, Unread} from '../files.ts'

type Place = {file: string; line: number}

/** A value that is put into a storage of the browser. `token`: by its key or its name it is a token of access. */
export type Stored = Place & {storage: 'localStorage' | 'sessionStorage'; key: string; token: boolean; via: string}

export type TokenStorage = {
  /** The files of the frontend that were looked at. */
  files: readonly string[]
  stored: readonly Stored[]
  /** Code that handles tokens otherwise, so that there is something to judge. */
  handled: readonly (Place & {what: string})[]
  unread: readonly Unread[]
}

/** A node of Babel's tree, as far as it is looked into. */
type Node = {type: string; [key: string]: unknown}

const maxFiles = 4000

/** What the frontend keeps in the storage of the browser, also through services of its own that wrap it. */
export const readTokenStorage: Reader<TokenStorage> = async ({files}) => {
  const all = (await files.list()).filter(
    (path) =>
      /\.(?:ts|tsx|js|jsx|mjs|vue)$/.test(path) &&
      !/(?:^|\/)(?:dist|build|node_modules|coverage|e2e|cypress)\/|\.(?:spec|test|stories|d|config)\.\w+$|\.min\.js$/.test(path),
  )
  const found: {files: string[]; stored: Stored[]; handled: (Place & {what: string})[]; unread: Unread[]} = {
    files: all.slice(0, maxFiles),
    stored: [],
    handled: [],
    unread: [],
  }
  const trees: {path: string; tree: Node}[] = []
  const {parse} = await import('@babel/parser')
  for (const path of all.slice(0, maxFiles)) {
    const read = await files.text(path)
    if (read === undefined) continue
    if ('unread' in read) {
      found.unread.push(read.unread)
      continue
    }
    if (!/localStorage|sessionStorage|[tT]oken|setItem|firebase/.test(read.text)) continue
    const text = path.endsWith('.vue') ? scriptOf(read.text) : read.text
    try {
      const tree: unknown = parse(text, {
        sourceType: 'unambiguous',
        errorRecovery: true,
        plugins: ['typescript', 'decorators', ...(/x$/.test(path) ? ['jsx' as const] : [])],
      })
      if (isNode(tree)) trees.push({path, tree})
    } catch {
      found.unread.push({file: path, line: 1, why: 'this is not valid TypeScript'})
    }
  }
  const wrappers = new Map<string, 'localStorage' | 'sessionStorage'>()
  for (const {tree} of trees) for (const [name, storage] of wrappersIn(tree)) wrappers.set(name, storage)
  const shared = new Map(trees.flatMap(({tree}) => [...constantsIn(tree)]))
  for (const {path, tree} of trees) {
    const own = constantsIn(tree)
    const constants: Constants = {get: (name) => own.get(name) ?? shared.get(name)}
    for (const {node, around} of nodesIn(tree)) {
      const put = storing(node, constants, wrappers)
      if (put !== undefined && !(put.isOwn && around.some((name) => wrappers.has(name))))
        found.stored.push({file: path, line: lineOf(node), storage: put.storage, key: put.key, token: put.token, via: put.via})
      const name = node.type === 'CallExpression' ? calleeOf(node) : ''
      if (/(?:getIdToken|signInWith\w+|inMemoryPersistence)$/.test(name)) found.handled.push({file: path, line: lineOf(node), what: name})
      if (node.type === 'StringLiteral' && node['value'] === 'Authorization')
        found.handled.push({file: path, line: lineOf(node), what: 'Authorization'})
      if (
        (node.type === 'ObjectProperty' || node.type === 'ClassProperty') &&
        /^Authorization$|token$/i.test(nameOf(node['key'], constants))
      )
        found.handled.push({file: path, line: lineOf(node), what: nameOf(node['key'], constants)})
    }
  }
  return found
}

const scriptOf = (text: string): string => {
  const start = text.indexOf('<script')
  const from = start < 0 ? -1 : text.indexOf('>', start)
  const to = from < 0 ? -1 : text.indexOf('</script', from)
  return to < 0 ? '' : '\n'.repeat(text.slice(0, from + 1).split('\n').length - 1) + text.slice(from + 1, to)
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** Every node of a tree, with the names of the functions around it. */
function* nodesIn(tree: Node): Generator<{node: Node; around: readonly string[]}> {
  const stack: {node: Node; around: readonly string[]; depth: number}[] = [{node: tree, around: [], depth: 0}]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    yield at
    if (at.depth > 400) continue
    const own = /Function|Method/.test(at.node.type)
      ? nameOf(at.node['key'] ?? at.node['id'], new Map())
      : at.node.type === 'VariableDeclarator' || at.node.type === 'ClassProperty'
        ? nameOf(at.node['id'] ?? at.node['key'], new Map())
        : ''
    const around = own === '' ? at.around : [...at.around, own]
    for (const [key, value] of Object.entries(at.node)) {
      if (key === 'loc' || key === 'tokens' || key === 'errors' || /[cC]omments$/.test(key)) continue
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) stack.push({node: child, around, depth: at.depth + 1})
    }
  }
}

const lineOf = ({loc}: Node): number => {
  const start = typeof loc === 'object' && loc !== null && 'start' in loc ? loc.start : undefined
  return typeof start === 'object' && start !== null && 'line' in start && typeof start.line === 'number' ? start.line : 1
}

const textAt = (node: unknown, key: string): string => {
  const value = isNode(node) ? node[key] : undefined
  return typeof value === 'string' ? value : ''
}

type Constants = {get(name: string): string | undefined}

/** The name or text that a node is. */
const nameOf = (node: unknown, constants: Constants): string => {
  if (!isNode(node)) return ''
  if (node.type === 'StringLiteral') return textAt(node, 'value')
  if (node.type === 'Identifier' || node.type === 'PrivateName')
    return constants.get(textAt(node, 'name')) ?? textAt(node['id'] ?? node, 'name')
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression')
    return constants.get(nameOf(node['property'], new Map())) ?? nameOf(node['property'], new Map())
  if (/^TS(?:As|NonNull|Satisfies)Expression$/.test(node.type)) return nameOf(node['expression'], constants)
  return ''
}

const dottedOf = (node: unknown): string => {
  if (!isNode(node)) return ''
  if (node.type === 'ThisExpression') return 'this'
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression')
    return `${dottedOf(node['object'])}.${nameOf(node['property'], new Map())}`
  if (node.type === 'CallExpression') return `${dottedOf(node['callee'])}()`
  return nameOf(node, new Map())
}

const calleeOf = (node: Node): string => dottedOf(node['callee'])
const argumentsOf = (node: Node): Node[] => {
  const list = node['arguments']
  return Array.isArray(list) ? list.filter(isNode) : []
}

/** Names that stand for a text: `const TOKEN_KEY = 'access_token'`, also fields of classes. */
const constantsIn = (tree: Node): Map<string, string> => {
  const found = new Map<string, string>()
  for (const {node} of nodesIn(tree)) {
    if (!['VariableDeclarator', 'ClassProperty', 'ClassPrivateProperty', 'ObjectProperty', 'TSEnumMember'].includes(node.type)) continue
    const value = node['init'] ?? node['value'] ?? node['initializer']
    const name = nameOf(node['id'] ?? node['key'], new Map())
    if (isNode(value) && value.type === 'StringLiteral' && name !== '') found.set(name, textAt(value, 'value'))
  }
  return found
}

const storageOf = (dotted: string): 'localStorage' | 'sessionStorage' | undefined =>
  /(?:^|\.)localStorage$/.test(dotted) ? 'localStorage' : /(?:^|\.)sessionStorage$/.test(dotted) ? 'sessionStorage' : undefined

const isToken = (text: string): boolean =>
  /token|jwt|bearer|\bauth\b|access|credential/i.test(text) && !/csrf|xsrf|push|fcm|device|accessib/i.test(text)

/** Functions that hand their own parameters on to a storage. */
const wrappersIn = (tree: Node): Map<string, 'localStorage' | 'sessionStorage'> => {
  const found = new Map<string, 'localStorage' | 'sessionStorage'>()
  for (const {node, around} of nodesIn(tree)) {
    if (node.type !== 'CallExpression') continue
    const callee = calleeOf(node)
    const storage = callee.endsWith('.setItem') ? storageOf(callee.slice(0, -'.setItem'.length)) : undefined
    const [key] = argumentsOf(node)
    const name = around.at(-1)
    if (
      storage !== undefined &&
      key?.type === 'Identifier' &&
      name !== undefined &&
      /^[a-z]/.test(textAt(key, 'name')) &&
      !isToken(textAt(key, 'name'))
    )
      found.set(name, storage)
  }
  return found
}

const storing = (
  node: Node,
  constants: Constants,
  wrappers: ReadonlyMap<string, 'localStorage' | 'sessionStorage'>,
): {storage: 'localStorage' | 'sessionStorage'; key: string; token: boolean; via: string; isOwn: boolean} | undefined => {
  if (node.type === 'CallExpression' || node.type === 'OptionalCallExpression') {
    const callee = calleeOf(node)
    const last = callee.split('.').at(-1) ?? ''
    const own = last === 'setItem' ? storageOf(callee.slice(0, -'.setItem'.length)) : undefined
    const storage = own ?? (callee.includes('.') || wrappers.has(callee) ? wrappers.get(last) : undefined)
    const [key, value] = argumentsOf(node)
    if (storage === undefined || key === undefined) return undefined
    const name = nameOf(key, constants)
    return {
      storage,
      key: name,
      token: isToken(name) || (value !== undefined && isToken(dottedOf(value))),
      via: callee,
      isOwn: own !== undefined,
    }
  }
  if (node.type !== 'AssignmentExpression') return undefined
  const target = node['left']
  const storage = isNode(target) && target.type === 'MemberExpression' ? storageOf(dottedOf(target['object'])) : undefined
  if (storage === undefined) return undefined
  const name = nameOf(isNode(target) ? target['property'] : undefined, constants)
  return {storage, key: name, token: isToken(name), via: storage, isOwn: true}
}
