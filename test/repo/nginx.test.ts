import {describe, expect, test} from 'vitest'
import {allIn, readNginx, type NginxScope} from '../../src/repo/nginx/nginx.ts'
import {parseNginx} from '../../src/repo/nginx/nginx-text.ts'
import {scopeFor} from '../../src/checks/nginx-locations.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const facts = (texts: Texts) => readingOf(texts).read(readNginx)
const scopes = async (text: string): Promise<NginxScope[]> => (await facts({'nginx.conf': text})).configs[0]?.servers[0]?.scopes ?? []
const headers = (found: readonly NginxScope[]) => found.map((scope) => allIn(scope, 'add_header').map(({args}) => args[0]))

describe('the text', () => {
  test('blocks, quotes, comments, escapes, variables, lines', () => {
    expect(parseNginx('a "b ; c" \'d\' e\\;f; # x\r\nlocation ~ "\\.js{2}$" {\n  set $x ${Y}/${z};\n}\n')).toEqual({
      directives: [
        {name: 'a', args: ['b ; c', 'd', 'e\\;f'], line: 1},
        {name: 'location', args: ['~', '\\.js{2}$'], line: 2, block: [{name: 'set', args: ['$x', '${Y}/${z}'], line: 3}]},
      ],
    })
  })

  test.each([
    ['a b\n}', 1, 'a directive without ";"'],
    ['a {\n b;', 1, 'a block that does not end'],
    ['a;\n}', 2, '"}" without a block'],
    ['a "b', 1, 'a quote that does not end'],
    ['a\nb', 1, 'a directive without ";"'],
    [';', 1, '";" without a directive'],
    ['{{ x }};', 1, '"{" without a directive'],
  ])('%j is none', (text, line, why) => {
    expect(parseNginx(text).error).toEqual({line, why})
  })
})

describe('inheritance', () => {
  const server = (inner: string) => `http { add_header A 1; server { ${inner} location / { } location /own { add_header B 1; } } }`
  test('a scope that declares none has those around it, one that declares some has only those', async () => {
    expect(headers(await scopes(server('')))).toEqual([['A'], ['A'], ['B']])
    expect(headers(await scopes(server('add_header S 1;')))).toEqual([['S'], ['S'], ['B']])
  })
  test('add_header_inherit', async () => {
    expect(headers(await scopes(server('add_header_inherit merge;')))).toEqual([['A'], ['A'], ['A', 'B']])
    expect(headers(await scopes(server('add_header_inherit off;')))).toEqual([[], [], ['B']])
  })
  test('proxy_pass and try_files stay where they stand', async () => {
    const [, location] = await scopes('server { try_files $uri =404; gzip on; location / { proxy_pass http://x; location /in { } } }')
    expect(location?.effective.map(({name}) => name)).toEqual(['gzip', 'proxy_pass'])
  })
})

describe('includes', () => {
  test('by where the Dockerfile copies them', async () => {
    const {configs, unread} = await facts({
      'web/Dockerfile':
        'FROM nginx\nCOPY conf/site.conf /etc/nginx/conf.d/default.conf\nCOPY conf/head.inc.conf /etc/nginx/snippets/headers.conf\n',
      'web/conf/site.conf': 'server {\n  include snippets/headers.conf;\n  include mime.types;\n}\n',
      'web/conf/head.inc.conf': 'add_header A 1;\n',
    })
    expect(unread).toEqual([])
    expect(configs).toMatchObject([
      {file: 'web/conf/site.conf', template: false, placedBy: ['web/Dockerfile'], included: ['web/conf/head.inc.conf']},
    ])
    expect(allIn(configs[0]?.servers[0]?.scopes[0] ?? {effective: []}, 'add_header')).toEqual([
      {name: 'add_header', args: ['A', '1'], file: 'web/conf/head.inc.conf', line: 1},
    ])
  })

  test('a file that includes itself ends, and one that is not there stays', async () => {
    const {configs} = await facts({'nginx/a.conf': 'server { include a.conf; include gone.conf; }', 'nginx/b.conf': 'include b.conf;'})
    expect(configs[0]?.servers[0]?.scopes[0]?.own.map(({name, args}) => [name, ...args])).toEqual([
      ['include', 'a.conf'],
      ['include', 'gone.conf'],
    ])
  })

  test('a configuration in a heredoc of a Dockerfile', async () => {
    const {configs} = await facts({Dockerfile: 'FROM nginx\nCOPY <<EOF /etc/nginx/conf.d/default.conf\nserver {\n  listen 8080;\n}\nEOF\n'})
    expect(configs).toMatchObject([{file: 'Dockerfile', servers: [{line: 3}], placedBy: ['Dockerfile']}])
  })

  test('files of other programs are passed over, broken ones of nginx are said', async () => {
    expect(await facts({'postgresql.conf': "listen_addresses = '*'\n", 'x.conf': 'server {\n  listen 80\n}\n'})).toEqual({
      configs: [],
      unread: [{file: 'x.conf', line: 2, why: 'a directive without ";"'}],
    })
  })
})

test('which location answers', async () => {
  const [first] = (
    await facts({
      'nginx.conf':
        'server { location = /a { } location / { } location /api/ { } location ^~ /static/ { } location ~* \\.(js|css)$ { } location /deep/ { location ~ \\.js$ { } } }',
    })
  ).configs
  const server = first?.servers[0]
  if (server === undefined) throw new Error('no server')
  const found = ['/a', '/b', '/api/x', '/static/a.js', '/x.JS', '/deep/a.js'].map(
    (uri) => `${scopeFor(server, uri)?.modifier} ${scopeFor(server, uri)?.path}`,
  )
  expect(found).toEqual(['= /a', ' /', ' /api/', '^~ /static/', '~* \\.(js|css)$', '~ \\.js$'])
})
