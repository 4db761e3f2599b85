import type {Reader} from '../files.ts'
import type {Place} from './facts.ts'
import {readPythonScript} from './python-scripts.ts'
import {literalOf} from './words.ts'

/** Where tests run Alembic themselves, or compare the models with the database. */
export type TestMigrations = {upgrades: Place[]; checks: Place[]}

const maxFiles = 200

export const readTestMigrations: Reader<TestMigrations> = async ({files}) => {
  const facts: TestMigrations = {upgrades: [], checks: []}
  const paths = (await files.list()).filter(
    (path) => /(^|\/)(conftest|test_[^/]*|[^/]*_test)\.py$/.test(path) || /(^|\/)tests?\/.*\.py$/.test(path),
  )
  for (const file of paths.slice(0, maxFiles)) {
    const read = await files.text(file)
    if (read === undefined || !('text' in read) || !read.text.includes('alembic')) continue
    for (const {words, line} of await readPythonScript(read.text)) {
      const [name, verb] = words.map((word) => literalOf(word))
      if (name !== 'alembic') continue
      if (verb === 'upgrade') facts.upgrades.push({file, line})
      if (verb === 'check') facts.checks.push({file, line})
    }
    const compares = read.text.split('\n').findIndex((line) => /^\s*(?:\w+\s*=\s*|assert\s+(?:not\s+)?)?compare_metadata\(/.test(line))
    if (compares >= 0) facts.checks.push({file, line: compares + 1})
  }
  return facts
}
