/** A reference to an image: `registry/name:tag@digest`. `name` has no registry and no `library/`. */
export type ImageName = {registry: string; name: string; tag?: string; digest?: string}

export const imageName = (text: string): ImageName => {
  const [whole = '', digest] = text.trim().toLowerCase().split('@')
  const slash = whole.lastIndexOf('/')
  const colon = whole.indexOf(':', slash + 1)
  const path = colon < 0 ? whole : whole.slice(0, colon)
  const [first = '', ...rest] = path.split('/')
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const inside = (hasRegistry ? rest.join('/') : path).replace(/^docker\/library\//, 'library/')
  // Mirrors of Docker Hub carry the official images under library/.
  const isOfficial = inside.startsWith('library/')
  const registry = hasRegistry && !isOfficial && !/^(?:index\.|registry-1\.)?docker\.io$/.test(first) ? first : ''
  const name = isOfficial ? inside.slice('library/'.length) : inside
  return {registry, name, ...(colon >= 0 && {tag: whole.slice(colon + 1)}), ...(digest !== undefined && {digest})}
}

/** Who an image starts as when nothing is said: `stepsDown` begins as root to prepare its data, and goes on as another. */
export type DefaultUser = 'root' | 'unprivileged' | 'stepsDown' | 'unknown'

const stepsDown = /^(?:postgres|redis|valkey\/valkey|mysql|mariadb|mongo|rabbitmq|postgis\/postgis|pgvector\/pgvector)$/

export const defaultUserOf = (text: string): DefaultUser => {
  const {registry, name, tag = ''} = imageName(text)
  const wolfi = registry === 'cgr.dev' || name.startsWith('chainguard/')
  if (/(?:^|[-_.])(?:nonroot|rootless|unprivileged)(?:$|[-_.])/.test(tag) || /nonroot|rootless|unprivileged/.test(name))
    return 'unprivileged'
  if (wolfi) return /(?:^|\/)(?:wolfi|chainguard)-base$/.test(name) ? 'root' : 'unprivileged'
  if (/^bitnami(?:legacy|secure)?\//.test(name)) return 'unprivileged'
  if (/redhat\.(?:com|io)$/.test(registry)) return /\/(?:python|nodejs|nginx|httpd)-\d+/.test(name) ? 'unprivileged' : 'root'
  if (registry === 'quay.io' && /^(?:sclorg|centos7?)\/(?:python|nodejs|nginx)-\d+/.test(name)) return 'unprivileged'
  if (registry === 'gcr.io' && name.startsWith('distroless/')) return 'root'
  if (registry === 'ghcr.io' && name === 'astral-sh/uv') return 'root'
  if (registry !== '') return 'unknown'
  if (stepsDown.test(name)) return 'stepsDown'
  // Docker's official images start as root unless they say otherwise.
  return !name.includes('/') || /^(?:tiangolo|nikolaik|oven|denoland)\//.test(name) ? 'root' : 'unknown'
}

const ofLanguage: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|\/)python(?:-\d+)?$/, /^(?:python(?:3(?:\.\d+)?)?|pip3?)$/],
  [/^tiangolo\//, /^python3?$/],
  [/^astral-sh\/uv$/, /^(?:python3?|uv)$/],
  [/(?:^|\/)(?:node|nodejs-\d+)$/, /^(?:node|npm|npx)$/],
  [/(?:^|\/)nginx(?:-unprivileged)?$/, /^nginx$/],
  [/^caddy$/, /^caddy$/],
  [/(?:^|\/)(?:postgres|postgis|pgvector)$/, /^(?:pg_isready|psql)$/],
  [/(?:^|\/)(?:redis|valkey)$/, /^(?:redis|valkey)-cli$/],
]

/** Whether a program is in an image: surely, surely not, or (undefined) not known. */
export const hasProgram = (text: string, program: string): boolean | undefined => {
  const {registry, name, tag = ''} = imageName(text)
  if (name === 'scratch') return false
  if (name.startsWith('distroless/')) return inDistroless(name, tag, program)
  if (ofLanguage.some(([image, programs]) => image.test(name) && programs.test(program))) return true
  const isTool = /^(?:sh|bash|curl|wget|nc|python3?|node)$/.test(program)
  if (registry === 'cgr.dev' || name.startsWith('chainguard/')) {
    if (/(?:^|-)dev$/.test(tag) || name.endsWith('-base')) return /^(?:sh|wget|nc)$/.test(program) ? true : undefined
    return isTool ? false : undefined
  }
  const isSlim = /(?:^|-)slim(?:-|$)/.test(tag)
  const isNginx = /^(?:nginx|nginxinc\/nginx-unprivileged|nginx\/nginx(?:-unprivileged)?)$/.test(name)
  if (/alpine/.test(tag) || name === 'alpine' || name === 'busybox') {
    if (/^(?:sh|wget|nc|busybox|grep|cat|test|ps|pgrep|kill|true|\[)$/.test(program)) return true
    if (program === 'curl') return isNginx && !isSlim
    return isTool ? false : undefined
  }
  if (/^(?:sh|bash|grep|cat|test|true|kill|\[)$/.test(program)) return true
  if (!isTool) return undefined
  if (isNginx) return program === 'curl'
  if (/^(?:debian|ubuntu|httpd|postgres|redis|mysql|mariadb)$/.test(name)) return false
  if (/^(?:python|node|ruby|golang)$/.test(name) || (name === 'astral-sh/uv' && /python|bookworm|trixie|debian/.test(tag))) {
    // The full images are built upon buildpack-deps, which has both.
    return !isSlim && (program === 'curl' || program === 'wget')
  }
  return name.startsWith('tiangolo/') ? !isSlim && (program === 'curl' || program === 'wget') : undefined
}

const inDistroless = (name: string, tag: string, program: string): boolean => {
  if (/debug/.test(tag) && /^(?:sh|wget|nc|busybox)$/.test(program)) return true
  return name.includes('python3') ? /^python(?:3(?:\.\d+)?)?$/.test(program) : name.includes('nodejs') && program === 'node'
}

const databases =
  /(?:^|[/_-])(?:postgres(?:ql)?|postgis|pgvector|timescaledb(?:-ha)?|mysql(?:-server)?|mariadb|mongo(?:db)?|redis|redis-stack(?:-server)?|valkey|cockroach|cassandra|clickhouse(?:-server)?|memcached|mssql\/server|neo4j|influxdb|percona|oracle-free|oracle-xe)$/

/** Images of databases and caches, whose ports are nobody's business outside. */
export const isDatabase = (text: string): boolean => databases.test(imageName(text).name)
