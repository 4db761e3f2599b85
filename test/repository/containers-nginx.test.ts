import inheritance from '../../src/checks/containers/nginx-add-header-inheritance.ts'
import bodySize from '../../src/checks/containers/nginx-body-size.ts'
import cachePolicy from '../../src/checks/containers/nginx-cache-policy.ts'
import csp from '../../src/checks/containers/nginx-csp-strict.ts'
import headersGzipCache from '../../src/checks/containers/nginx-headers-gzip-cache.ts'
import hsts from '../../src/checks/containers/nginx-hsts.ts'
import upstream from '../../src/checks/containers/nginx-upstream-env.ts'
import {containers} from './containers-texts.ts'
import {judgeRepository, type RepositoryRow} from './judge-repository.ts'

const site = 'frontend/nginx/default.conf.template'
const snippet = 'frontend/nginx/security-headers.conf'
const nginx = (change: string | readonly [string, string]): NonNullable<RepositoryRow['change']> => ({[site]: change})
const headers = (change: string | readonly [string, string]): NonNullable<RepositoryRow['change']> => ({[snippet]: change})
const none = {[site]: undefined, [snippet]: undefined}
const broken = nginx('server {\n  listen 80\n}\n')
const plain = nginx('server {\n  listen 80;\n  root /usr/share/nginx/html;\n  location / {\n    try_files $uri /index.html;\n  }\n}\n')
const always = 'add_header X-Content-Type-Options nosniff always;'
const balancer = {
  'infra/main.tf': `resource "google_compute_backend_bucket" "web" {\n  name = "web"\n  custom_response_headers = [\n    "X-Content-Type-Options: nosniff",\n    "Referrer-Policy: no-referrer",\n    "X-Frame-Options: DENY",\n  ]\n}\n`,
}
const cached = '  location ~* \\.(js|css)$ {\n    expires 1y;\n    add_header Cache-Control "public, immutable";\n  }\n'

/** A server of port 80 that answers the issuer of certificates and sends all else to https, before the site's own. */
const redirecting = (challenge: string) =>
  nginx(
    `server {\n  listen 80;\n  location ${challenge} {\n    root /var/lib/issuer;\n  }\n  location / {\n    return 301 https://$host$request_uri;\n  }\n}\n${containers[site] ?? ''}`,
  )
const challenges = ['/.well-known/acme-challenge/', '^~ /.well-known/', '~ ^/\\.well-known/acme-challenge/']

judgeRepository('containers.nginx-headers-gzip-cache', headersGzipCache, containers, [
  {when: 'all is sent', is: 'pass', code: 'NGINX_CONFIGURED', at: [`${snippet}:1`, `${site}:11`, `${site}:29`]},
  {
    when: 'headers stand in an included snippet',
    trap: 'headers in an included snippet',
    is: 'pass',
    code: 'NGINX_CONFIGURED',
    at: [`${snippet}:2`],
  },
  {
    when: 'lines end as in Windows',
    change: nginx((containers[site] ?? '').replaceAll('\n', '\r\n')),
    is: 'pass',
    code: 'NGINX_CONFIGURED',
    at: [`${site}:11`],
  },
  {when: 'there is no configuration', change: none, is: 'fail', code: 'NGINX_NOT_CONFIGURED', at: ['frontend/Dockerfile:8']},
  {
    when: 'another server serves the site',
    change: {...none, 'frontend/Caddyfile': ':8080\nfile_server\n'},
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC', at: [`${site}:2`]},
  {when: 'it is the plain one', change: plain, is: 'fail', code: 'NGINX_CONFIGURED_BADLY', at: [`${site}:4`]},
  {
    when: 'a location adds its own and loses the others',
    trap: 'headers at server level but a location with its own add_header Cache-Control drops them all (after!)',
    change: nginx(['    include /etc/nginx/security-headers.conf;\n    add_header', '    add_header']),
    is: 'fail',
    code: 'NGINX_CONFIGURED_PARTLY',
    at: [`${site}:27`],
  },
  {
    when: 'the location merges them, as nginx 1.29.3 can',
    change: nginx(['    include /etc/nginx/security-headers.conf;\n    add_header', '    add_header_inherit merge;\n    add_header']),
    is: 'pass',
    code: 'NGINX_CONFIGURED',
  },
  {
    when: 'only HTML is compressed',
    trap: 'gzip on without gzip_types (only text/html)',
    change: nginx(['  gzip_types text/css application/javascript application/json image/svg+xml;\n', '']),
    is: 'fail',
    code: 'NGINX_CONFIGURED_PARTLY',
    at: [`${site}:11`],
  },
  {
    when: 'a header is not sent with errors',
    trap: 'add_header without `always`',
    change: headers([always, 'add_header X-Content-Type-Options nosniff;']),
    is: 'fail',
    code: 'NGINX_CONFIGURED_PARTLY',
    at: [`${snippet}:1`],
  },
  {
    when: 'brotli compresses',
    trap: 'brotli instead of gzip',
    change: nginx(['  gzip on;\n  gzip_types', '  brotli on;\n  brotli_types']),
    is: 'pass',
    code: 'NGINX_CONFIGURED',
    at: [`${site}:11`],
  },
  {
    when: 'the load balancer sends the headers',
    trap: 'headers set at the LB via TF',
    change: {...headers(['add_header X', '# add_header X']), ...balancer},
    is: 'pass',
    code: 'NGINX_CONFIGURED',
    at: ['infra/main.tf:4'],
  },
  {when: 'the snippet is not in the repository', change: {[snippet]: undefined}, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {
    when: 'the whole nginx.conf is here',
    change: {
      ...nginx((containers[site] ?? '').replace('gzip on;\n', '').replace(/gzip_types[^\n]*\n/, '')),
      'frontend/nginx/nginx.conf': 'events {}\nhttp {\n  gzip on;\n  gzip_types *;\n  include /etc/nginx/conf.d/*.conf;\n}\n',
    },
    is: 'pass',
    code: 'NGINX_CONFIGURED',
    at: ['frontend/nginx/nginx.conf:3'],
  },
  {
    when: 'assets are cached by their ending',
    change: nginx([
      '  location / {',
      '  location ~* \\.(js|css)$ {\n    include /etc/nginx/security-headers.conf;\n    add_header Cache-Control "public, max-age=31536000, immutable";\n  }\n  location / {',
    ]),
    is: 'pass',
    code: 'NGINX_CONFIGURED',
  },
  {
    when: 'another configuration is for development',
    change: {'frontend/nginx.dev.conf': 'server {\n  root /x;\n}\n'},
    is: 'pass',
    code: 'NGINX_CONFIGURED',
  },
  ...challenges.map((path) => ({
    when: `another server only redirects and answers ${path}`,
    change: redirecting(path),
    is: 'pass' as const,
    code: 'NGINX_CONFIGURED',
  })),
])

judgeRepository('containers.nginx-add-header-inheritance', inheritance, containers, [
  {when: 'the location includes them again', is: 'pass', code: 'HEADERS_KEPT', at: [`${snippet}:1`]},
  {
    when: 'it does not',
    change: nginx(['    include /etc/nginx/security-headers.conf;\n    add_header', '    add_header']),
    is: 'fail',
    code: 'HEADERS_LOST',
    at: [`${site}:28`],
  },
  {
    when: 'a location for scripts does not',
    change: nginx(['  location / {', `${cached}  location / {`]),
    is: 'fail',
    code: 'HEADERS_LOST',
    at: [`${site}:29`],
  },
  {
    when: 'no location adds any',
    change: nginx(['    include /etc/nginx/security-headers.conf;\n    add_header Cache-Control $cache_control always;\n', '']),
    is: 'pass',
    code: 'HEADERS_KEPT',
  },
  {when: 'there are none', change: plain, is: 'not_applicable', code: 'HEADERS_NOT_DECLARED'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  ...challenges.map((path) => ({
    when: `another server only redirects and answers ${path}`,
    change: redirecting(path),
    is: 'pass' as const,
    code: 'HEADERS_KEPT',
  })),
])

judgeRepository('containers.nginx-body-size', bodySize, containers, [
  {when: 'it is larger', is: 'pass', code: 'BODY_SIZE', at: [`${site}:10`]},
  {
    when: 'it is nginx’s own',
    change: nginx(['  client_max_body_size 51m;\n', '']),
    is: 'fail',
    code: 'BODY_SIZE_SMALL',
    at: [`${site}:19`],
  },
  {when: 'it is smaller', change: nginx(['51m', '20M']), is: 'fail', code: 'BODY_SIZE_SMALL', at: [`${site}:10`]},
  {when: 'it is unlimited', change: nginx(['51m', '0']), is: 'pass', code: 'BODY_SIZE'},
  {
    when: 'the location has its own',
    change: nginx(['    set $up', '    client_max_body_size 1g;\n    set $up']),
    is: 'pass',
    code: 'BODY_SIZE',
    at: [`${site}:22`],
  },
  {when: 'the environment says it', change: nginx(['51m', '${MAX_BODY}']), is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
  {when: 'nothing is passed on', change: plain, is: 'not_applicable', code: 'BODY_SIZE_NO_PROXY'},
  {when: 'no setting limits uploads', change: {'backend/app/config.py': undefined}, is: 'not_applicable', code: 'BODY_SIZE_NO_UPLOAD'},
])

const pass = '    resolver 127.0.0.11 valid=30s;\n    set $up ${API_UPSTREAM};\n    proxy_pass $up;'
judgeRepository('containers.nginx-upstream-env', upstream, containers, [
  {when: 'a variable with a resolver', is: 'pass', code: 'UPSTREAM_FOUND', at: [`${site}:23`]},
  {
    when: 'a name of compose',
    change: nginx([pass, '    proxy_pass http://backend:8000/api/;']),
    is: 'fail',
    code: 'UPSTREAM_FIXED',
    at: [`${site}:21`],
  },
  {
    when: 'a name of compose in an upstream block',
    change: nginx(['server {', 'upstream api {\n  server backend:8000;\n}\nserver {']),
    is: 'pass',
    code: 'UPSTREAM_FOUND',
  },
  {
    when: 'that block is used',
    change: nginx(
      (containers[site] ?? '')
        .replace(pass, '    proxy_pass http://api;')
        .replace('server {', 'upstream api {\n  server backend:8000;\n}\nserver {'),
    ),
    is: 'fail',
    code: 'UPSTREAM_FIXED',
    at: [`${site}:7`],
  },
  {when: 'the template has it', change: nginx([pass, '    proxy_pass ${API_UPSTREAM};']), is: 'pass', code: 'UPSTREAM_FOUND'},
  {when: 'no resolver', change: nginx(['    resolver 127.0.0.11 valid=30s;\n', '']), is: 'fail', code: 'UPSTREAM_FIXED'},
  {when: 'a public name', change: nginx([pass, '    proxy_pass https://api.example.com;']), is: 'pass', code: 'UPSTREAM_FOUND'},
  {when: 'nothing is passed on', change: plain, is: 'not_applicable', code: 'UPSTREAM_NONE'},
  {when: 'it cannot be parsed', change: broken, is: 'unknown', code: 'UNKNOWN_DYNAMIC'},
])

judgeRepository('containers.nginx-csp-strict', csp, containers, [
  {when: 'it is strict', is: 'pass', code: 'CSP_STRICT', at: [`${snippet}:4`]},
  {
    when: 'inline scripts run',
    change: headers(["script-src 'self'", "script-src 'self' 'unsafe-inline'"]),
    is: 'fail',
    code: 'CSP_WEAK',
    at: [`${snippet}:4`],
  },
  {when: 'forms go anywhere', change: headers(["form-action 'self'; ", '']), is: 'fail', code: 'CSP_WEAK'},
  {
    when: 'a nonce makes inline scripts harmless',
    change: headers(["script-src 'self'", "script-src 'self' 'nonce-$request_id' 'unsafe-inline'"]),
    is: 'pass',
    code: 'CSP_STRICT',
  },
  {
    when: 'the environment says which scripts',
    change: headers(["script-src 'self'", "script-src 'self' ${SCRIPTS}"]),
    is: 'unknown',
    code: 'UNKNOWN_DYNAMIC',
  },
  {when: 'there is none', change: plain, is: 'not_applicable', code: 'CSP_NONE'},
])

judgeRepository('containers.nginx-hsts', hsts, containers, [
  {when: 'a year', is: 'pass', code: 'HSTS', at: [`${snippet}:3`]},
  {when: 'a day', change: headers(['max-age=31536000', 'max-age=86400']), is: 'fail', code: 'HSTS_MISSING', at: [`${snippet}:3`]},
  {when: 'none', change: plain, is: 'fail', code: 'HSTS_MISSING', at: [`${site}:4`]},
  {
    when: 'the obsolete header',
    change: headers([always, `${always}\nadd_header X-XSS-Protection "1; mode=block" always;`]),
    is: 'fail',
    code: 'HSTS_PARTLY',
    at: [`${snippet}:2`],
  },
  {
    when: 'the obsolete header switched off',
    change: headers([always, `${always}\nadd_header X-XSS-Protection 0 always;`]),
    is: 'pass',
    code: 'HSTS',
  },
  {when: 'there is no site', change: none, is: 'not_applicable', code: 'HSTS_NO_SITE'},
  ...challenges.map((path) => ({
    when: `another server only redirects and answers ${path}`,
    change: redirecting(path),
    is: 'pass' as const,
    code: 'HSTS',
  })),
  {
    when: 'a server of port 80 that serves files beside .well-known',
    change: nginx(
      'server {\n  listen 80;\n  root /srv;\n  location /.well-known/acme-challenge/ {\n    root /var/lib/issuer;\n  }\n  location / {\n    try_files $uri /index.html;\n  }\n}\n',
    ),
    is: 'fail',
    code: 'HSTS_MISSING',
    at: [`${site}:7`],
  },
])

judgeRepository('containers.nginx-cache-policy', cachePolicy, containers, [
  {when: 'only hashed names are frozen', is: 'pass', code: 'CACHE_POLICY', at: [`${site}:29`]},
  {
    when: 'every image is frozen',
    change: nginx([
      '  location / {',
      '  location ~* \\.(js|css|png|ico)$ {\n    expires 1y;\n    add_header Cache-Control "public, immutable";\n  }\n  location / {',
    ]),
    is: 'fail',
    code: 'CACHE_POLICY_WRONG',
    at: [`${site}:29`],
  },
  {when: 'index.html may be kept', change: plain, is: 'fail', code: 'CACHE_POLICY_WRONG', at: [`${site}:4`]},
  {when: 'there is no site', change: none, is: 'not_applicable', code: 'CACHE_NO_SITE'},
  {
    when: 'a map by content type',
    change: nginx(
      'map $sent_http_content_type $expires {\n  default off;\n  text/html epoch;\n}\nserver {\n  root /srv;\n  expires $expires;\n}\n',
    ),
    is: 'pass',
    code: 'CACHE_POLICY',
    at: [`${site}:7`],
  },
  ...challenges.map((path) => ({
    when: `another server only redirects and answers ${path}`,
    change: redirecting(path),
    is: 'pass' as const,
    code: 'CACHE_POLICY',
  })),
])
