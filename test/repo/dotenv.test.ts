import {expect, test} from 'vitest'
import {dotenvKind, parseDotenv, readDotenv} from '../../src/repo/dotenv.ts'
import {readingOf} from '../support/repository.ts'

const none = {quote: null, exported: false, commentedOut: false, comment: null, comments: [], block: []}

test('assignments with quotes, export, comments', () => {
  const text = [
    '# -- Database --',
    '# Host of the server | str | required',
    'DB_HOST=localhost',
    'export DB_PORT = 5432   # the port',
    '',
    '# LOG_LEVEL=INFO',
    '#DEBUG="true" # optional',
    '## NAME is prose, and so is',
    '# TOKEN = the one from your provider',
    'URL=https://x.example/#fragment',
    "SINGLE='it # is' # said",
    'DOUBLE="a \\" b"',
    'EMPTY=',
    'HASH= # nothing',
    'KEYS=\'["a", "b"]\'',
    'CERT="-----BEGIN',
    'line two',
    '-----END"',
    'lower_case.dotted=1',
    'PASSED_ON',
  ].join('\r\n')
  const {assignments, problems} = parseDotenv(text)
  expect(problems).toEqual([])
  expect(assignments).toEqual([
    {
      ...none,
      key: 'DB_HOST',
      value: 'localhost',
      comments: ['-- Database --', 'Host of the server | str | required'],
      block: ['-- Database --', 'Host of the server | str | required'],
      line: 3,
    },
    {
      ...none,
      key: 'DB_PORT',
      value: '5432',
      exported: true,
      comment: 'the port',
      block: ['-- Database --', 'Host of the server | str | required'],
      line: 4,
    },
    {...none, key: 'LOG_LEVEL', value: 'INFO', commentedOut: true, line: 6},
    {...none, key: 'DEBUG', value: 'true', quote: '"', commentedOut: true, comment: 'optional', line: 7},
    {
      ...none,
      key: 'URL',
      value: 'https://x.example/#fragment',
      comments: ['NAME is prose, and so is', 'TOKEN = the one from your provider'],
      block: ['NAME is prose, and so is', 'TOKEN = the one from your provider'],
      line: 10,
    },
    ...[
      {key: 'SINGLE', value: 'it # is', quote: "'", comment: 'said', line: 11},
      {key: 'DOUBLE', value: 'a \\" b', quote: '"', line: 12},
      {key: 'EMPTY', value: '', line: 13},
      {key: 'HASH', value: '', comment: 'nothing', line: 14},
      {key: 'KEYS', value: '["a", "b"]', quote: "'", line: 15},
      {key: 'CERT', value: '-----BEGIN\nline two\n-----END', quote: '"', line: 16},
      {key: 'lower_case.dotted', value: '1', line: 19},
    ].map((row) => ({...none, block: ['NAME is prose, and so is', 'TOKEN = the one from your provider'], ...row})),
  ])
})

test('what is neither', () => {
  const {assignments, problems} = parseDotenv("a b c\nX=\"open\nY=1\n# Z='don't\n\n1=2\n")
  expect(assignments.map(({key, line}) => [key, line])).toEqual([
    ['Y', 3],
    ['Z', 4],
  ])
  expect(problems).toEqual([
    {line: 1, why: 'neither an assignment nor a comment'},
    {line: 2, why: 'a quote that is not closed'},
    {line: 6, why: 'neither an assignment nor a comment'},
  ])
})

test.each([
  ['.env.example', 'example'],
  ['backend/.env.sample', 'example'],
  ['env.example', 'example'],
  ['.env.template', 'example'],
  ['example.env', 'example'],
  ['.env.dist', 'example'],
  ['.env-example', 'example'],
  ['.env.production.example', 'example'],
  ['.ENV.EXAMPLE', 'example'],
  ['.env', 'real'],
  ['.env.production', 'real'],
  ['docker/db.env', 'real'],
  ['env.py', undefined],
  ['alembic/env.py', undefined],
  ['environment.example.ts', undefined],
  ['.env.example.md', undefined],
  ['env.example.ts', undefined],
  ['src/env', undefined],
  ['example.txt', undefined],
  ['.environment', undefined],
])('%s is %s', (path, kind) => {
  expect(dotenvKind(path)).toBe(kind)
})

test('examples are read, real ones are only said', async () => {
  const reading = readingOf({'.env.example': 'A=1\n', 'svc/env.template': 'B\n???\n', '.env': 'SECRET=1', 'svc/prod.env': 'X=2'})
  const asked: string[] = []
  const facts = await readDotenv({...reading, files: {...reading.files, text: (path) => (asked.push(path), reading.files.text(path))}})
  expect(asked).toEqual(['.env.example', 'svc/env.template'])
  expect(facts).toEqual({
    examples: [
      {file: '.env.example', folder: '', assignments: [{...none, key: 'A', value: '1', line: 1}]},
      {file: 'svc/env.template', folder: 'svc', assignments: []},
    ],
    real: [
      {file: '.env', folder: ''},
      {file: 'svc/prod.env', folder: 'svc'},
    ],
    unread: [{file: 'svc/env.template', line: 2, why: 'neither an assignment nor a comment'}],
  })
})
