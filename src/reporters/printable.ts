// Control characters, bidirectional overrides and line breaks of another system's text could redraw or forge what the user reads.
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Text from outside (resource names, API messages, file content) made harmless for a terminal: one line, no control characters. */
export const printable = (text: string): string => text.toWellFormed().replaceAll(/\s+/g, ' ').replaceAll(unprintable, '')

/** The first `most` characters of a text; what is left out is said. */
export const clip = (text: string, most: number): string => {
  if (text.length <= most) return text
  const kept = text.slice(0, most)
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}… (${text.length - most} more characters)`
}

/** Breaks `text` at spaces into lines of at most `width` columns; a longer word stands alone. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines
}

/** `text` wrapped and indented by `indent` columns; the first line too. */
export const block = (text: string, indent: number, columns: number): string =>
  wrap(text, Math.max(20, columns - indent))
    .map((line) => ' '.repeat(indent) + line)
    .join('\n')
