import {headersIn} from './nginx-headers.ts'
import {scopeFor, valueFor, type Served} from './nginx-locations.ts'
import {settingIn} from '../repo/nginx/nginx.ts'

/** What a browser is told about keeping an answer. `seconds` is absent where nothing is said. */
export type Caching = {file: string; line: number; text: string; immutable: boolean; fresh: boolean; seconds?: number; known: boolean}

/** What nginx says about caching the file at a path (Cache-Control and `expires` together). */
export const cachingOf = ({config, server}: Served, uri: string): Caching => {
  const scope = scopeFor(server, uri)
  if (scope === undefined)
    return {file: server.file, line: server.line, text: 'a location that cannot be followed', immutable: false, fresh: false, known: false}
  const expires = settingIn(scope, 'expires')
  const controls = headersIn(scope).filter(({name}) => name === 'cache-control')
  const values = controls.map(({value}) => valueFor(config, value, uri))
  const expiry = expires === undefined ? '' : valueFor(config, expires.args.join(' '), uri)
  const place = controls.at(-1) ?? expires ?? scope
  const known = expiry !== undefined && values.every((value) => value !== undefined)
  const said = [...values.flatMap((value) => value ?? []), controlOf(expiry ?? '')]
    .filter((value) => value !== '')
    .join(', ')
    .toLowerCase()
  const fresh = /\bno-(?:cache|store)\b|\bmax-age=0\b/.test(said)
  const ages = [...said.matchAll(/\b(?:max-age)=(\d{1,12})/g)].map(([, age]) => Number(age))
  return {
    file: place.file,
    line: place.line,
    text: said === '' ? 'no Cache-Control' : said,
    immutable: /\bimmutable\b/.test(said),
    fresh,
    ...(ages.length > 0 && {seconds: Math.max(...ages)}),
    known,
  }
}

const units: Readonly<Record<string, number>> = {s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000, y: 31_536_000}

/** The Cache-Control that `expires` makes: https://nginx.org/en/docs/http/ngx_http_headers_module.html#expires */
const controlOf = (expires: string): string => {
  const text = expires.replace(/^modified\s+/, '')
  if (text === '' || text === 'off') return ''
  if (text === 'max') return 'max-age=315360000'
  if (text === 'epoch' || text.startsWith('-')) return 'no-cache'
  const seconds = [...text.matchAll(/(\d{1,9})\s*(s|m(?!s)|h|d|w|M|y)?/g)].reduce(
    (sum, [, amount, unit = 's']) => sum + Number(amount) * (units[unit] ?? 1),
    0,
  )
  return `max-age=${seconds}`
}

/** Names as builders hash them: Angular's two, and Vite's. */
export const hashedFiles = ['/main-4QJYJ5ZK.js', '/main.3f2a1b9c8d7e6f50.js', '/assets/index-DiwrgTda.js', '/static/js/main.073c9b0a.js']
