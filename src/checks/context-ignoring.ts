import type {BuildContext} from '../repo/docker/build-contexts.ts'

type Pattern = {negated: boolean; expression: RegExp}

/** Whether the .dockerignore leaves a path out: patterns are from the context's root, the last that matches decides. */
export const leavesOut = ({patterns}: BuildContext, path: string): boolean => {
  const compiled = patterns.slice(0, 500).map(({text}) => patternOf(text))
  const parts = path.split('/')
  // A folder that is left out takes what lies in it along.
  const candidates = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  let out = false
  for (const {negated, expression} of compiled) if (candidates.some((one) => expression.test(one))) out = !negated
  return out
}

const patternOf = (text: string): Pattern => {
  const negated = text.startsWith('!')
  const plain = (negated ? text.slice(1) : text)
    .trim()
    .replace(/^\.?\/+/, '')
    .replace(/\/+$/, '')
    .slice(0, 300)
  const pieces = plain.split(/(\*\*\/?|\*|\?|\[[^\]]+\])/).map((piece) => {
    if (piece === '**/') return '(?:.*/)?'
    if (piece === '**') return '.*'
    if (piece === '*') return '[^/]*'
    if (piece === '?') return '[^/]'
    if (/^\[[\w^-]+\]$/.test(piece)) return piece
    return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return {negated, expression: expressionOf(pieces.join(''))}
}

const expressionOf = (source: string): RegExp => {
  try {
    // Neighbouring stars would make the expression slow.
    return new RegExp(`^${source.replace(/(?:\[\^\/\]\*){2,}/g, '[^/]*').replace(/(?:\.\*){2,}/g, '.*')}$`)
  } catch {
    return /^$/
  }
}

/** What does not belong into an image, with a path that stands for it; only what the context can hold. */
export const unwanted = ({holds}: BuildContext): {what: string; paths: string[]}[] => [
  {what: '.env files', paths: ['.env', '.env.production']},
  ...(holds.git ? [{what: '.git', paths: ['.git/config']}] : []),
  ...(holds.python ? [{what: '__pycache__', paths: ['__pycache__/a.pyc', 'app/__pycache__/a.pyc']}] : []),
  ...(holds.tests.length > 0 ? [{what: 'tests', paths: holds.tests.map((folder) => `${folder}/test_a.py`)}] : []),
  ...(holds.node
    ? [
        {what: 'node_modules', paths: ['node_modules/a/index.js']},
        {what: 'dist', paths: ['dist/index.html']},
      ]
    : []),
]
