import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readBuildContexts} from '../../src/repo/docker/build-contexts.ts'
import {readCompose} from '../../src/repo/docker/compose.ts'
import {readDockerfiles} from '../../src/repo/docker/dockerfiles.ts'
import {readStartScripts} from '../../src/repo/docker/start-scripts.ts'
import {readEnvironmentImports} from '../../src/repo/environment-imports.ts'
import type {Reader} from '../../src/repo/files.ts'
import {readNginx} from '../../src/repo/nginx/nginx.ts'
import {containers} from '../repository/containers-texts.ts'
import {readingOf} from '../support/repository.ts'

/** A text with pieces taken out, put in and moved. */
const mutated = (text: string) =>
  fc
    .array(
      fc.record({
        at: fc.nat(text.length),
        length: fc.nat(40),
        put: fc.oneof(
          fc.string({unit: 'binary', maxLength: 12}),
          fc.constantFrom('{', '}', '"', '\\\n', '<<EOF\n', '${', '*a', '&a ', '\t', '\r\n', '\uFEFF', '- '),
        ),
      }),
      {maxLength: 6},
    )
    .map((changes) => changes.reduce((made, {at, length, put}) => made.slice(0, at) + put + made.slice(at + length), text))

const never = async (path: string, ...readers: readonly Reader<unknown>[]) => {
  const text = containers[path] ?? ''
  await fc.assert(
    fc.asyncProperty(mutated(text), async (change) => {
      const reading = readingOf({...containers, [path]: change})
      for (const reader of readers) {
        const facts = await reading.read(reader)
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
      }
    }),
    {numRuns: 100},
  )
}

test('a Dockerfile never throws', () => never('backend/Dockerfile', readDockerfiles, readStartScripts, readBuildContexts))
test('a compose file never throws', () => never('compose.yaml', readCompose))
test('an nginx configuration never throws', () => never('frontend/nginx/default.conf.template', readNginx))
test('TypeScript never throws', () => never('frontend/src/app/api.ts', readEnvironmentImports))
