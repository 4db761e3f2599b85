import type {Reader, Unread} from './files.ts'

/** `value` is as it stands there: nothing is interpolated, quotes stay. Lines of a value that goes on are joined by line ends. */
export type IniEntry = {key: string; value: string; line: number; lines: {text: string; line: number}[]}
export type IniSection = {name: string; line: number; entries: IniEntry[]}
export type IniFile = {file: string; sections: IniSection[]}
export type IniFacts = {files: IniFile[]; unread: Unread[]}

const maxFiles = 200

/**
 * Every `*.ini`, `setup.cfg`, `.flake8` and `.coveragerc`, as Python's configparser takes it: keys in lower case, `=` or `:`, comments by
 * `#` or `;` at the beginning of a line, a value goes on in the lines that are indented deeper than its key.
 */
export const readIni: Reader<IniFacts> = async ({files}) => {
  const facts: IniFacts = {files: [], unread: []}
  const paths = (await files.list()).filter((path) => /(^|\/)([^/]+\.ini|setup\.cfg|\.flake8|\.coveragerc)$/i.test(path))
  for (const file of paths.slice(0, maxFiles)) {
    const read = await files.text(file)
    if (read === undefined) continue
    if ('unread' in read) facts.unread.push(read.unread)
    else {
      const {sections, problems} = parseIni(read.text)
      facts.files.push({file, sections})
      facts.unread.push(...problems.map((problem) => ({file, ...problem})))
    }
  }
  facts.unread.push(...paths.slice(maxFiles).map((file) => ({file, line: 1, why: 'too many ini files'})))
  return facts
}

/** An entry of a file; of one that is not in the section, what `[DEFAULT]` gives. */
export const iniEntry = (file: IniFile, section: string, key: string): IniEntry | undefined => {
  const find = (name: string) =>
    file.sections.filter((one) => one.name === name).flatMap(({entries}) => entries.filter((entry) => entry.key === key.toLowerCase()))
  return find(section).at(-1) ?? (file.sections.some(({name}) => name === section) ? find('DEFAULT').at(-1) : undefined)
}

/** The sections of a text, and the lines that configparser would refuse. */
export const parseIni = (text: string): {sections: IniSection[]; problems: {line: number; why: string}[]} => {
  const sections: IniSection[] = []
  const problems: {line: number; why: string}[] = []
  const seen = new Set<string>()
  let entry: IniEntry | undefined
  let indent = 0
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1
    const trimmed = raw.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    const depth = raw.length - raw.trimStart().length
    if (entry !== undefined && depth > indent) {
      entry.lines.push({text: trimmed, line})
      continue
    }
    indent = depth
    entry = undefined
    const header = /^\[([^\]]+)\]/.exec(trimmed)?.[1]
    const section = sections.at(-1)
    if (header !== undefined) sections.push({name: header, line, entries: []})
    else if (section === undefined) problems.push({line, why: 'not in a section'})
    else {
      const at = trimmed.search(/[=:]/)
      const key = (at === -1 ? trimmed : trimmed.slice(0, at)).trimEnd().toLowerCase()
      const value = at === -1 ? '' : trimmed.slice(at + 1).trim()
      if (at === -1) problems.push({line, why: 'neither a section nor a value'})
      else if (key === '') problems.push({line, why: 'a value without a name'})
      else if (seen.has(`${section.name}\n${key}`)) problems.push({line, why: `${key} stands in [${section.name}] twice`})
      if (key === '') continue
      seen.add(`${section.name}\n${key}`)
      entry = {key, value, line, lines: value === '' ? [] : [{text: value, line}]}
      section.entries.push(entry)
    }
  }
  for (const {entries} of sections) for (const one of entries) one.value = one.lines.map((part) => part.text).join('\n')
  return {sections, problems}
}
