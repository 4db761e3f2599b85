import {withTree} from '../tree-sitter.ts'
import {literal, type Word} from './words.ts'

/** A command that a Python script runs, as far as it can be read off: `subprocess.run([...])`, `os.system('...')`, Alembic called directly. */
export type ScriptCommand = {line: number; words: Word[]}

const maxFound = 50

/** Commands of a Python script that run others; a call of `alembic.command.upgrade` counts as the command that it stands for. */
export const readPythonScript = (text: string): Promise<ScriptCommand[]> =>
  withTree('python', text, (root) => {
    const alembic = /^\s*(?:from\s+alembic\b|import\s+alembic\b)/m.test(text)
    const found: ScriptCommand[] = []
    for (const call of root.descendantsOfType('call')) {
      if (found.length >= maxFound) break
      const callee = call.childForFieldName('function')?.text ?? ''
      const given = call.childForFieldName('arguments')?.namedChildren ?? []
      const line = call.startPosition.row + 1
      const strings = (node: (typeof given)[number] | undefined): string[] =>
        node === undefined
          ? []
          : node.type === 'string'
            ? [unquoted(node.text)]
            : node.namedChildren.flatMap((one) => (one.type === 'string' ? [unquoted(one.text)] : []))
      if (alembic && /^(?:alembic\.)?(?:command\.|alembic_command\.)?(upgrade|check)$/.test(callee)) {
        const verb = callee.split('.').at(-1) ?? ''
        found.push({line, words: ['alembic', verb, ...strings(given[1])].map(literal)})
      } else if (alembic && /\bconfig\.main$|^alembic_main$/.test(callee)) {
        const list = given.map((one) => (one.type === 'keyword_argument' ? one.childForFieldName('value') : one))[0]
        found.push({line, words: ['alembic', ...strings(list ?? undefined)].map(literal)})
      } else if (/^(?:subprocess\.)?(?:run|call|check_call|check_output|Popen)$/.test(callee) || callee === 'os.system') {
        const words = strings(given[0])
        const split = words.length === 1 ? (words[0] ?? '').split(/\s+/) : words
        if (split.length > 0) found.push({line, words: split.map(literal)})
      }
    }
    return found
  })

const unquoted = (text: string): string => text.replace(/^[A-Za-z]*("""|'''|"|')/, '').replace(/("""|'''|"|')$/, '')
