import {describe, expect, test} from 'vitest'
import {readCompose} from '../../src/repo/docker/compose.ts'
import {readDockerfiles} from '../../src/repo/docker/dockerfiles.ts'
import {readNginx} from '../../src/repo/nginx/nginx.ts'
import {readingOf} from '../support/repository.ts'

/** Files that are made to be slow end soon, and are said to be unread. */
describe('hostile files', () => {
  const soon = 3000
  test('stages without end', {timeout: soon}, async () => {
    const {unread} = await readingOf({
      Dockerfile: Array.from({length: 20_000}, (_, index) => `FROM s${index} AS s${index + 1}`).join('\n'),
    }).read(readDockerfiles)
    expect(unread).toMatchObject([{why: 'too many instructions for a Dockerfile'}])
  })
  test('variables upon variables', {timeout: soon}, async () => {
    const text = `FROM x\n${Array.from({length: 15_000}, (_, index) => `ENV A${index}=$A${index - 1}`).join('\n')}\n`
    expect((await readingOf({Dockerfile: text}).read(readDockerfiles)).dockerfiles).toHaveLength(1)
  })
  test('braces that do not close', {timeout: soon}, async () => {
    const {projects} = await readingOf({'compose.yaml': `services:\n  a:\n    image: "${'${A:-'.repeat(100_000)}"\n`}).read(readCompose)
    expect(projects[0]?.services[0]?.image?.value).toBeUndefined()
  })
  test('every location inherits everything', {timeout: soon}, async () => {
    const text = `server {\n${'gzip on;\n'.repeat(10_000)}${Array.from({length: 10_000}, (_, index) => `location /${index} { }\n`).join('')}}\n`
    expect((await readingOf({'nginx.conf': text}).read(readNginx)).unread).toMatchObject([
      {why: 'too many directives, included and inherited ones counted'},
    ])
  })
  test('includes that double', {timeout: soon}, async () => {
    const files = Array.from({length: 12}, (_, index): [string, string] => [
      `nginx/i${index}.conf`,
      `${`include i${index + 1}.conf;\n`.repeat(20)}gzip on;\n`,
    ])
    const {configs} = await readingOf({'nginx/nginx.conf': 'server { include i0.conf; }', ...Object.fromEntries(files)}).read(readNginx)
    expect(configs.length).toBeLessThanOrEqual(1)
  })
  test('nested deeper than anything', {timeout: soon}, async () => {
    const reading = readingOf({'compose.yaml': `services: ${'['.repeat(5000)}`, 'nginx.conf': `server {${'location / {'.repeat(5000)}`})
    expect((await reading.read(readCompose)).unread).toHaveLength(1)
    expect((await reading.read(readNginx)).unread).toHaveLength(1)
  })
})
