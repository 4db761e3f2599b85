import type {Api, Route} from './api.ts'

export type CompiledRoute = {route: Route; pattern: RegExp; names: string[]; weight: number}

/** A route of the API with the values that its path gives. */
export type Match = {route: Route; params: Record<string, string>}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

const compile = (route: Route): CompiledRoute => {
  const names: string[] = []
  const source = route.path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const name = /^\{([^}+]+)(\+?)\}$/.exec(part)
      if (!name) return escape(part)
      names.push(name[1] ?? '')
      return name[2] ? '(.+)' : '([^/:]+)'
    })
    .join('')
  const literal = route.path.replace(/\{[^}]+\}/g, '').length
  return {route, names, pattern: new RegExp(`^${source}$`), weight: literal - (route.path.includes('+}') ? 1000 : 0)}
}

/** The API's routes ready for matching: the one with the most literal text first, whatever the order in the file. */
export const compileRoutes = (api: Api): CompiledRoute[] => api.routes.map(compile).sort((a, b) => b.weight - a.weight)

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Finds the route of a path that is still percent-encoded, so that an encoded slash stays inside its segment. */
export const matchRoute = (routes: CompiledRoute[], method: string, path: string): Match | undefined => {
  const plain = path.replace(/%3A/gi, ':')
  for (const {route, pattern, names} of routes) {
    const found = route.method === method ? (pattern.exec(path) ?? pattern.exec(plain)) : null
    if (!found) continue
    const values = names.map((name, index): [string, string | undefined] => [name, decode(found[index + 1] ?? '')])
    const params: Record<string, string> = {}
    for (const [name, value] of values) if (value !== undefined) params[name] = value
    if (Object.keys(params).length === names.length) return {route, params}
  }
  return undefined
}
