import {readFile} from 'node:fs/promises'
import {join} from 'node:path'

type Rule = {pattern: RegExp; negated: boolean; foldersOnly: boolean}

/** What git would say from the .gitignore files of a folder that is not under git. A path that ends in / is a folder. */
export async function ignoredByFiles(root: string, path: string): Promise<boolean> {
  const parts = path.replace(/\/$/, '').split('/')
  const files: {depth: number; rules: readonly Rule[]}[] = []
  for (let depth = 0; depth < parts.length; depth += 1) {
    files.push({depth, rules: await rulesOf(join(root, ...parts.slice(0, depth), '.gitignore'))})
    const isFolder = depth + 1 < parts.length || path.endsWith('/')
    const verdict = files
      .flatMap(({depth: from, rules}) => rules.map((rule) => ({rule, relative: parts.slice(from, depth + 1).join('/')})))
      .findLast(({rule, relative}) => (isFolder || !rule.foldersOnly) && rule.pattern.test(relative))
    // Below an ignored folder nothing can be taken back.
    if (verdict !== undefined && !verdict.rule.negated) return true
  }
  return false
}

async function rulesOf(file: string): Promise<Rule[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split(/\r?\n/).flatMap((line): Rule[] => {
    const trimmed = line.replace(/(?<!\\)\s+$/, '')
    if (trimmed === '' || trimmed.startsWith('#')) return []
    const negated = trimmed.startsWith('!')
    const body = trimmed.replace(/^!/, '').replace(/^\\(?=[!#])/, '')
    const glob = body.replace(/\/$/, '')
    const anchored = glob.includes('/')
    const pattern = compiled(`${anchored ? '' : '**/'}${glob.replace(/^\//, '')}`)
    return pattern === undefined ? [] : [{pattern, negated, foldersOnly: body.endsWith('/')}]
  })
}

function compiled(glob: string): RegExp | undefined {
  const source = glob.replaceAll(/\*\*\/|\/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|[^]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '/**') return '/.*'
    if (token.startsWith('*')) return '[^/]*'
    if (token === '?') return '[^/]'
    if (token.startsWith('[') && token.length > 1) return token.replace(/^\[!/, '[^')
    return (token.length === 2 ? token.slice(1) : token).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
  try {
    return new RegExp(`^${source}$`)
  } catch {
    return undefined
  }
}
