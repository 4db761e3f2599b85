import {fail} from '../../engine/finding.ts'
import {readDockerfiles} from '../../repo/docker/dockerfiles.ts'
import {readLandmarks} from '../../repo/landmarks.ts'
import {allIn, readNginx, settingIn, type NginxScope} from '../../repo/nginx/nginx.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {balancerHeaders, type BalancerHeader} from '../balancer-headers.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {cachingOf, hashedFiles} from '../nginx-caching.ts'
import {headersIn, isOpen, securityHeaders} from '../nginx-headers.ts'
import {contentScopes, sitesOf, type Served} from '../nginx-locations.ts'
import {concludeTargets, dynamic, held, missed, undecided, unreadable, type Target} from '../targets.ts'

const named = ({kind, modifier, path}: NginxScope): string =>
  kind === 'server' ? 'server' : ['location', modifier, path].filter((part) => part !== '').join(' ')

const headers = ({server}: Served, balanced: readonly BalancerHeader[]): Target[] =>
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

const compression = ({server}: Served): Target => {
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

const caching = (served: Served): Target[] => {
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

export default defineRepositoryItem({
  observe: async (read) => ({
    ...{
      nginx: await read(readNginx),
      docker: await read(readDockerfiles),
      terraform: await read(readTerraform),
      landmarks: await read(readLandmarks),
    },
  }),

  evaluate: ({nginx, docker, terraform, landmarks}) => {
    const sites = sitesOf(nginx)
    if (sites.length === 0 && nginx.unread.length === 0) {
      if (landmarks.hosting !== null) return dynamic(`the frontend is served by what ${landmarks.hosting} describes, which is not read`)
      const stage = docker.dockerfiles
        .flatMap(({file, stages}) => stages.map((one) => ({file, line: one.line, text: one.text})))
        .find(({text}) => text.includes('nginx'))
      const place = stage ?? {file: landmarks.frontend ?? landmarks.root ?? 'nginx.conf', line: 1}
      return fail('NGINX_NOT_CONFIGURED', [
        {file: place.file, line: place.line, expected: 'a configuration of nginx for the frontend', actual: 'none'},
      ])
    }
    const balanced = balancerHeaders(terraform)
    const targets = sites.flatMap((site) => [...headers(site, balanced), compression(site), ...caching(site)])
    const open = nginx.unread.map((place) => unreadable(place, 'an nginx configuration'))
    return concludeTargets([...targets, ...open], {
      pass: 'NGINX_CONFIGURED',
      fail: 'NGINX_CONFIGURED_BADLY',
      partly: 'NGINX_CONFIGURED_PARTLY',
    })
  },
})
