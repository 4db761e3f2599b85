import {existsSync, readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {fileURLToPath} from 'node:url'
import {LineCounter, parseDocument, type Document} from 'yaml'
import {lineFinder} from '../config/place.ts'
import {QlogicError} from '../errors.ts'
import {problemsOf, stepOf, type Problem} from './integrity.ts'
import {checklistSchema, type Checklist, type ChecklistFile} from './schema.ts'

export type {Checklist, ChecklistItem, ChecklistPhase, ChecklistStep} from './schema.ts'

/** The same from src/ and from dist/. */
const written = fileURLToPath(new URL('../../checklist.yaml', import.meta.url))

/** Made by the build, because YAML of this size takes longer to parse than a command may take to start. */
const compiled = fileURLToPath(new URL('../checklist.json', import.meta.url))

/** Reads the checklist: the given file, or the package's own. What is wrong in it is told with its line. */
export const loadChecklist = (file?: string): Checklist => {
  if (file === undefined && existsSync(compiled)) {
    const document: unknown = JSON.parse(readFileSync(compiled, 'utf8'))
    return checklistOf(checklistSchema.parse(document))
  }
  const path = file ?? written
  return checklistOf(parseChecklist(readText(path), basename(path)))
}

/** Parses and checks the text of a checklist; `name` is how errors call it. */
export const parseChecklist = (text: string, name: string): ChecklistFile => {
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines})
  const [broken] = document.errors
  if (broken !== undefined) throw invalid(name, lines.linePos(broken.pos[0]).line, firstLine(broken.message), 0)

  const parsed = checklistSchema.safeParse(valueOf(document, name))
  const problems: readonly Problem[] = parsed.success ? problemsOf(parsed.data) : parsed.error.issues
  const [first] = problems
  if (!parsed.success || first !== undefined)
    throw invalid(name, lineFinder(document, lines)(first?.path ?? []), spoken(first), problems.length - 1)
  return parsed.data
}

const checklistOf = ({steps, phases, codes, items}: ChecklistFile): Checklist => {
  const first = new Set(steps.map(({id}) => id))
  return {
    steps,
    phases,
    codes,
    items: items.map((item) => {
      const step = stepOf(item.id)
      return {...item, step, part: first.has(step) ? 1 : 2}
    }),
  }
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new QlogicError('CHECKLIST_UNREADABLE', `${path} cannot be read`, {hint: 'install qlogic again: its checklist is missing', cause})
  }
}

/** Throws on a document whose aliases unfold without end. */
const valueOf = (document: Document, name: string): unknown => {
  try {
    return document.toJS()
  } catch (cause) {
    throw invalid(name, 1, cause instanceof Error ? firstLine(cause.message) : 'cannot be read', 0)
  }
}

const spoken = (problem: Problem | undefined): string =>
  problem === undefined ? 'cannot be read' : `${problem.path.map(String).join('.') || 'the file'}: ${problem.message}`

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message

const invalid = (name: string, line: number, message: string, more: number): QlogicError =>
  new QlogicError('CHECKLIST_INVALID', `${name}:${line}: ${message}${more > 0 ? ` (and ${more} more)` : ''}`, {
    hint: `correct ${name} at line ${line}`,
  })
