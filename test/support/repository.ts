import {createReading, type Files, type Reading} from '../../src/repo/files.ts'

/** A repository in memory: text by path. */
export type Texts = Readonly<Record<string, string>>

/** Files that are nowhere but in a test. `ignored`: paths that .gitignore keeps out; they are not listed. */
export const filesOf = (texts: Texts, ignored: readonly string[] = []): Files => ({
  list: () =>
    Promise.resolve(
      Object.keys(texts)
        .filter((path) => !ignored.includes(path))
        .sort(),
    ),
  text: (path) => {
    const text = Object.hasOwn(texts, path) ? texts[path] : undefined
    return Promise.resolve(text === undefined ? undefined : {text})
  },
  leftOut: () => [],
  ignores: (path) => Promise.resolve(ignored.includes(path)),
})

export const readingOf = (texts: Texts, ignored?: readonly string[]): Reading => createReading(filesOf(texts, ignored))

/** Takes the indentation of the first line off every line, so that a file can stand indented in a test. */
export const file = (strings: TemplateStringsArray, ...values: unknown[]): string => {
  const text = String.raw({raw: strings.raw}, ...values).replace(/^\n/, '')
  const indent = /^[ ]*/.exec(text)?.[0].length ?? 0
  return text
    .split('\n')
    .map((line) => (line.slice(0, indent).trim() === '' ? line.slice(indent) : line))
    .join('\n')
}
