import fc from 'fast-check'
import {expect, test} from 'vitest'
import {evaluate} from '../../src/repo/workflows/expressions.ts'
import {readWorkflows} from '../../src/repo/workflows/workflows.ts'
import {readingOf} from '../support/repository.ts'
import {checks, release, texts} from '../repository/pipeline-texts.ts'

const sources: Record<string, string> = {
  [checks]: texts[checks] ?? '',
  [release]: texts[release] ?? '',
  Makefile: 'V := x\na: b c\n\t@$(V) || true\n\t-make b\nb:\n\tcd x && $(MAKE) a\n',
  'scripts/x.sh':
    '#!/bin/bash\nset -euo pipefail\nfor i in a b; do\n  case $i in a) make a ;; *) exit 1 ;; esac\ndone\ncat <<EOF | bash -s\n$(ls)\nEOF\n',
  'cloudbuild.yaml': 'steps:\n  - name: bash\n    args: [-c, "make a && ./scripts/x.sh"]\n    waitFor: ["-"]\n',
}
const mutation = fc.record({
  path: fc.constantFrom(...Object.keys(sources)),
  at: fc.nat(3000),
  length: fc.nat(60),
  text: fc.oneof(
    fc.string({unit: 'binary', maxLength: 20}),
    fc.constantFrom(
      '${{',
      '}}',
      '$(',
      '"',
      "'",
      '\n',
      '\r\n',
      ': ',
      '- ',
      '`',
      '&&',
      '||',
      '<<EOF',
      '((',
      '{',
      '*x',
      '&x ',
      '\uE000',
      '\u0000',
    ),
  ),
})

test('mutated pipelines give facts or say what is unread', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, {minLength: 1, maxLength: 4}), async (mutations) => {
      const files: Record<string, string> = {
        ...sources,
        '.github/workflows/z.yml': 'on: push\njobs:\n  a:\n    steps:\n      - run: make a\n      - run: ./scripts/x.sh\n',
      }
      for (const {path, at, length, text} of mutations) {
        const before = files[path] ?? ''
        const from = before.length === 0 ? 0 : at % before.length
        files[path] = before.slice(0, from) + text + before.slice(from + length)
      }
      const found = await readingOf(files).read(readWorkflows)
      expect(JSON.parse(JSON.stringify(found))).toEqual(found)
    }),
    {numRuns: 100},
  )
}, 60_000)

test('any text is an expression or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .array(
            fc.constantFrom(
              '(',
              ')',
              '!',
              '&&',
              '||',
              '==',
              "'a'",
              'github.ref',
              'inputs.x',
              '[',
              ']',
              'always()',
              'contains(',
              ',',
              '1',
              '.',
              '*',
            ),
          )
          .map((all) => all.join(' ')),
      ),
      (text) => {
        evaluate(text, () => undefined)
      },
    ),
  )
})
