import {expect, test} from 'vitest'
import {firstErrorLine, withTree} from '../../src/repo/tree-sitter.ts'

test('the first line that is not of the language', async () => {
  expect(await withTree('python', 'x = 1\n', firstErrorLine)).toBeUndefined()
  expect(await withTree('python', 'x = 1\n\ny = )\nz = (\n', firstErrorLine)).toBe(3)
  expect(await withTree('terraform', 'resource "a" "b" {\n  c = \n}\n', firstErrorLine)).toBe(2)
  expect(await withTree('bash', 'a\nb )\n', firstErrorLine)).toBe(2)
})

test('a tree as deep as the text is long', async () => {
  expect(await withTree('python', `${'-'.repeat(50_000)}e x`, firstErrorLine)).toBe(1)
})

test('a text on which the parser would be busy for minutes is an error from its first line', {timeout: 30_000}, async () => {
  const start = performance.now()
  expect(await withTree('python', 'a\\\n'.repeat(20_000), firstErrorLine)).toBe(1)
  expect(performance.now() - start).toBeLessThan(15_000)
  // The parser is as new afterwards.
  expect(await withTree('python', 'x = 1\n', (root) => root.toString())).toBe(
    '(module (expression_statement (assignment left: (identifier) right: (integer))))',
  )
})
