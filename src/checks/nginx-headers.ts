import {allIn, type NginxScope} from '../repo/nginx/nginx.ts'

/** A header that a scope really sends; `name` in lower case. */
export type SentHeader = {name: string; value: string; always: boolean; file: string; line: number}

/** The headers that are sent in a scope, inherited ones as nginx inherits them; also those of the headers-more module. */
export const headersIn = (scope: Pick<NginxScope, 'effective'>): SentHeader[] => [
  ...allIn(scope, 'add_header').map(({args: [name = '', value = '', always], file, line}) => ({
    name: name.toLowerCase(),
    value,
    always: always === 'always',
    file,
    line,
  })),
  ...allIn(scope, 'more_set_headers').flatMap(({args, file, line}) =>
    args.flatMap((text) => {
      const colon = text.indexOf(':')
      return colon > 0
        ? [{name: text.slice(0, colon).trim().toLowerCase(), value: text.slice(colon + 1).trim(), always: true, file, line}]
        : []
    }),
  ),
]

/** Whether headers may come from a file that is included but not in the repository. */
export const isOpen = (scopes: readonly NginxScope[], scope: NginxScope): boolean => {
  for (let at: NginxScope | undefined = scope; at !== undefined; at = at.parent === undefined ? undefined : scopes[at.parent]) {
    if (at.own.some(({name}) => name === 'include')) return true
    if (at.own.some(({name}) => name === 'add_header')) return false
  }
  return false
}

export type Header = {name: string; value: string}

/** The security headers that every page needs, and what each must say. Framing is refused by either of two. */
export const securityHeaders: readonly {title: string; isMet: (header: Header) => boolean}[] = [
  {
    title: 'X-Content-Type-Options: nosniff',
    isMet: ({name, value}) => name === 'x-content-type-options' && value.trim().toLowerCase() === 'nosniff',
  },
  {title: 'Referrer-Policy', isMet: ({name, value}) => name === 'referrer-policy' && value !== '' && value.toLowerCase() !== 'unsafe-url'},
  {
    title: 'frame-ancestors or X-Frame-Options',
    isMet: ({name, value}) =>
      (name === 'content-security-policy' && /(?:^|;)\s*frame-ancestors\s/i.test(value)) ||
      (name === 'x-frame-options' && /^(?:deny|sameorigin)$/i.test(value.trim())),
  },
]

const securityNames: ReadonlySet<string> = new Set([
  ...['x-content-type-options', 'referrer-policy', 'content-security-policy', 'x-frame-options', 'strict-transport-security'],
  ...['permissions-policy', 'cross-origin-opener-policy', 'cross-origin-embedder-policy', 'cross-origin-resource-policy'],
])
export const isSecurityHeader = ({name}: {name: string}): boolean => securityNames.has(name)
