import {allIn, settingIn, type NginxScope} from '../repo/nginx/nginx.ts'
import type {BalancerHeader} from './balancer-headers.ts'
import {cachingOf, hashedFiles} from './nginx-caching.ts'
import {headersIn, isOpen, securityHeaders} from './nginx-headers.ts'
import {contentScopes, type Served} from './nginx-locations.ts'
import {held, missed, undecided, type Target} from './targets.ts'

const named = ({kind, modifier, path}: NginxScope): string =>
  kind === 'server' ? 'server' : ['location', modifier, path].filter((part) => part !== '').join(' ')

/** Whether every scope that serves content really sends each security header, with errors too. */
export const headerTargets = ({server}: Served, balanced: readonly BalancerHeader[]): Target[] =>
  contentScopes(server).flatMap((scope) =>
    securityHeaders.map(({title, isMet}) => {
      const expected = `${named(scope)}: ${title}`
      const sent = headersIn(scope).filter(isMet)
      const always = sent.find((header) => header.always)
      const atBalancer = balanced.find(isMet)
      if (always !== undefined) return held(always, expected, 'sent')
      if (atBalancer !== undefined) return held(atBalancer, expected, 'sent by the load balancer')
      if (isOpen(server.scopes, scope)) return undecided(scope, expected, 'an included file that is not in the repository')
      return sent[0] === undefined ? missed(scope, expected, 'not sent') : missed(sent[0], expected, 'without always, so not with errors')
    }),
  )

const types = [/^(?:application|text)\/(?:x-)?javascript$|^\*$/, /^text\/css$|^\*$/, /^application\/json$|^\*$/]

/** Whether scripts, styles and JSON are compressed. */
export const compressionTarget = ({server}: Served): Target => {
  const [top] = server.scopes
  const scope = contentScopes(server).find((one) => one.kind === 'location') ?? top
  const expected = 'gzip on, gzip_types with scripts, styles and JSON'
  if (scope === undefined) return undecided(server, expected, 'no scope')
  for (const name of ['gzip', 'brotli']) {
    const on = settingIn(scope, name)
    if (on?.args[0] !== 'on') continue
    const listed = allIn(scope, `${name}_types`).flatMap(({args}) => args)
    const lacks = types.some((type) => !listed.some((one) => type.test(one)))
    return lacks
      ? missed(
          settingIn(scope, `${name}_types`) ?? on,
          expected,
          listed.length === 0 ? `${name} on for HTML only` : listed.join(' ').slice(0, 80),
        )
      : held(on, expected, `${name} on`)
  }
  const ready = ['gzip_static', 'brotli_static'].flatMap((name) => settingIn(scope, name) ?? []).find(({args}) => args[0] !== 'off')
  if (ready !== undefined) return undecided(ready, expected, `${ready.name}, if the build compresses the files`)
  return missed(settingIn(scope, 'gzip') ?? server, expected, 'no compression')
}

const month = 2_592_000

/** Whether index.html is asked for anew, and hashed files are kept for long. */
export const cachingTargets = (served: Served): Target[] => {
  const index = cachingOf(served, '/index.html')
  const forIndex = 'index.html: no-cache'
  const hashed = hashedFiles.map((uri) => cachingOf(served, uri))
  const long = hashed.find(({seconds = 0, fresh}) => seconds >= month && !fresh)
  const [first = index] = hashed
  const forHashed = 'hashed files: cached for long'
  return [
    !index.known
      ? undecided(index, forIndex, index.text)
      : index.fresh
        ? held(index, forIndex, index.text)
        : missed(index, forIndex, index.text),
    long !== undefined
      ? held(long, forHashed, long.text)
      : hashed.some(({known}) => !known)
        ? undecided(first, forHashed, first.text)
        : missed(first, forHashed, first.text),
  ]
}
