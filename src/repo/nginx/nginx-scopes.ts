/** A directive with its place; those of included files stand where they are included. */
export type NginxDirective = {name: string; args: string[]; file: string; line: number; block?: NginxDirective[]}

/** A server, a location or an `if` in one: what stands in it, and what holds in it. */
export type NginxScope = {
  kind: 'server' | 'location' | 'if' | 'limit_except'
  file: string
  line: number
  /** `location ~* \.js$`: modifier `~*`, path `\.js$`. */
  modifier: string
  path: string
  /** Number of the scope around it. */
  parent?: number
  /** What it declares itself, blocks left out. */
  own: NginxDirective[]
  /** What holds in it, inherited directives among them. */
  effective: NginxDirective[]
}

export type NginxServer = {file: string; line: number; scopes: NginxScope[]}

/** Handlers and rewriting belong to the block that they stand in; everything else is inherited. */
const notInherited: ReadonlySet<string> = new Set([
  ...['proxy_pass', 'fastcgi_pass', 'uwsgi_pass', 'grpc_pass', 'return', 'rewrite', 'set', 'try_files', 'alias', 'internal', 'stub_status'],
  ...['listen', 'server_name', 'deny_all', 'break', 'empty_gif', 'break', 'memcached_pass', 'scgi_pass'],
])

/** The scopes of a server block, the server first. `around`: what the http block declares. Ends when the budget of directives is used up. */
export const scopesOf = (server: NginxDirective, around: readonly NginxDirective[], budget: {left: number}): NginxScope[] => {
  const scopes: NginxScope[] = []
  const add = (block: NginxDirective, kind: NginxScope['kind'], above: readonly NginxDirective[], parent?: number): void => {
    if (budget.left < 0) return
    const inside = block.block ?? []
    const own = inside.filter((one) => one.block === undefined)
    const modified = /^(?:=|~\*?|\^~)$/.test(block.args[0] ?? '')
    const effective = effectiveIn(own, above)
    const index = scopes.length
    budget.left -= effective.length + 1
    scopes.push({
      kind,
      file: block.file,
      line: block.line,
      modifier: kind === 'location' && modified ? (block.args[0] ?? '') : '',
      path: kind === 'location' ? ((modified ? block.args[1] : block.args[0]) ?? '') : block.args.join(' '),
      ...(parent !== undefined && {parent}),
      own,
      effective,
    })
    for (const one of inside) {
      if (one.name === 'location') add(one, 'location', effective, index)
      else if (one.name === 'if') add(one, 'if', effective, index)
      else if (one.name === 'limit_except') add(one, 'limit_except', effective, index)
    }
  }
  add(server, 'server', effectiveIn(around, []))
  return scopes
}

/**
 * A directive is inherited from the level above unless the block declares one of that name itself: then it inherits none of them.
 * https://nginx.org/en/docs/http/ngx_http_headers_module.html (add_header), add_header_inherit since 1.29.3.
 */
const effectiveIn = (own: readonly NginxDirective[], above: readonly NginxDirective[]): NginxDirective[] => {
  const named = new Set(own.map(({name}) => name))
  const inheritance = (own.findLast(({name}) => name === 'add_header_inherit') ?? above.findLast(({name}) => name === 'add_header_inherit'))
    ?.args[0]
  const inherited = above.filter(({name}) => {
    if (notInherited.has(name) || name === 'include') return false
    if (name === 'add_header') return inheritance === 'merge' || (inheritance !== 'off' && !named.has(name))
    return !named.has(name)
  })
  return [...inherited, ...own]
}

/** What counts of a directive that is given once. */
export const settingIn = (scope: Pick<NginxScope, 'effective'>, name: string): NginxDirective | undefined =>
  scope.effective.findLast((one) => one.name === name)

export const allIn = (scope: Pick<NginxScope, 'effective'>, name: string): NginxDirective[] =>
  scope.effective.filter((one) => one.name === name)
