import {notApplicable} from '../../engine/finding.ts'
import {readNginx, settingIn, type NginxConfig, type NginxDirective, type NginxScope} from '../../repo/nginx/nginx.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedConfigs} from '../nginx-locations.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'

const expected = 'a backend out of the environment, or resolved at run time'

/** A name without a dot is known to compose or Kubernetes only; an address, localhost and whole names are found at start. */
const isLocalName = (address: string): boolean => {
  const host = address.replace(/^[a-z]+:\/\//, '').replace(/[:/].*$/, '')
  return !/^(?:localhost|unix|\d{1,3}(?:\.\d{1,3}){3})$|[.[$]/.test(host) && host !== ''
}

/** `${API_UPSTREAM}`: put in before nginx starts. nginx's own variables are written small. */
const isFromEnvironment = (text: string): boolean => /\$\{[A-Z][A-Z0-9_]*\}|\$[A-Z][A-Z0-9_]*\b/.test(text)

const address = (place: NginxDirective, text: string, config: NginxConfig): Target => {
  const shown = text.slice(0, 80)
  if (isFromEnvironment(text))
    return config.template ? held(place, expected, shown) : missed(place, expected, `${shown}, and nothing puts the variable in`)
  return isLocalName(text) ? missed(place, expected, `${shown}, a name that only compose knows`) : held(place, expected, shown)
}

const judge = (config: NginxConfig, scope: NginxScope, pass: NginxDirective): Target[] => {
  const [text = ''] = pass.args
  const host = text.replace(/^[a-z]+:\/\//, '').replace(/[:/].*$/, '')
  const group = config.upstreams.find(({name}) => name === host)
  if (group !== undefined) return group.servers.map(({address: to, ...place}) => address({...pass, ...place}, to, config))
  if (!text.includes('$') || isFromEnvironment(text.replace(/\$[a-z]\w*/g, ''))) return [address(pass, text, config)]
  if (!/\$\{?[a-z]/.test(host)) return [address(pass, text, config)]
  // A variable is resolved with each request, and only with a resolver.
  const resolver = settingIn(scope, 'resolver')
  return [resolver === undefined ? missed(pass, expected, `${text} without a resolver`) : held(pass, expected, `${text} with a resolver`)]
}

export default defineRepositoryItem({
  observe: async (read) => ({nginx: await read(readNginx)}),

  evaluate: ({nginx}) => {
    // What only a compose file mounts is never started anywhere else.
    const deployed = deployedConfigs(nginx).filter(({placedBy}) => placedBy.length === 0 || placedBy.some((file) => !/\.ya?ml$/.test(file)))
    const targets = deployed.flatMap((config) =>
      config.servers.flatMap(({scopes}) =>
        scopes.flatMap((scope) =>
          scope.own.filter(({name}) => /^(?:proxy|grpc|uwsgi|fastcgi)_pass$/.test(name)).flatMap((pass) => judge(config, scope, pass)),
        ),
      ),
    )
    if (targets.length === 0 && nginx.unread.length === 0) return notApplicable('UPSTREAM_NONE')
    return concludeTargets([...targets, ...nginx.unread.map((place) => unreadable(place, expected))], {
      pass: 'UPSTREAM_FOUND',
      fail: 'UPSTREAM_FIXED',
    })
  },
})
