import type {Reader} from '../files.ts'
import type {Place} from './settings.ts'

/** A place that says or does `alembic stamp`. `target`: the revision, where it is written. */
export type Stamp = Place & {target?: string}
export type Baseline = {stamps: readonly Stamp[]}

const maxFile = 400_000
const places =
  /(?:\.(?:md|mdx|rst|txt|adoc|sh|bash|ps1|py|ya?ml|toml|mk|just|cfg)|(?:^|\/)(?:Makefile|GNUmakefile|justfile|Justfile|Taskfile|README|RUNBOOK|Procfile|Dockerfile)[^/]*)$/i
const command = /\balembic\b[^\n#]{0,80}?\bstamp\b(?:[ \t]+(?:--?[\w-]+(?:[= ][^\s-]\S*)?[ \t]+){0,3})?[ \t]*["'`]?([\w.@<>{}$-]*)/i
const call = /\b(?:command|alembic\.command)\.stamp\(\s*[^,()\n]+,\s*(?:revision\s*=\s*)?["']([\w@.-]+)["']/
const anyCall = /\b(?:command|alembic\.command)\.stamp\(/

/** Every `alembic stamp` in documents, scripts and code: how a database that Alembic did not make gets its first revision. */
export const readBaseline: Reader<Baseline> = async ({files}) => {
  const stamps: Stamp[] = []
  for (const path of await files.list()) {
    if (!places.test(path) || /(?:^|\/)(?:tests?|changelog[^/]*)(?:\/|$)/i.test(path)) continue
    const read = await files.text(path)
    if (read === undefined || 'unread' in read || read.text.length > maxFile || !read.text.includes('stamp')) continue
    for (const [index, line] of read.text.split(/\r\n|\n|\r/).entries()) {
      if (!line.includes('stamp') || line.length > 2000) continue
      const found = path.endsWith('.py') ? pythonStamp(line) : (command.exec(line) ?? pythonStamp(line))
      if (found === null || /\b(?:TODO|FIXME|never|not|don't)\b/i.test(line)) continue
      const target = found[1]?.replace(/[.`'"]+$/, '')
      stamps.push({file: path, line: index + 1, ...(target === undefined || target === '' || /[<>{}$]/.test(target) ? {} : {target})})
    }
  }
  return {stamps}
}

const pythonStamp = (line: string): RegExpExecArray | null => {
  const code = line.trimStart().startsWith('#') ? '' : line
  return (
    call.exec(code) ?? anyCall.exec(code) ?? /["']alembic["'],\s*(?:["'][^"']*["'],\s*){0,4}["']stamp["'],\s*["']([\w@.-]+)["']/.exec(code)
  )
}
