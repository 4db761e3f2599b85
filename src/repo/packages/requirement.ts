/** A requirement of PEP 508. Names are as PEP 503 writes them; `specifier` is '' where every version will do. */
export type Requirement = {
  name: string
  extras: string[]
  specifier: string
  marker: string | null
  /** Where it comes from, when not from a package index. */
  source: 'url' | 'path' | null
}

const maxLength = 4000

/** A package's name as PEP 503 compares it. */
export const normalName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

/** Reads `name[extra] >=1,<2 ; marker` or `name @ url`; undefined for what is neither. */
export const parseRequirement = (text: string): Requirement | undefined => {
  if (text.length > maxLength) return undefined
  const [, spelled, after = ''] = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)([^]*)$/.exec(text) ?? []
  if (spelled === undefined || !/[A-Za-z0-9]$/.test(spelled)) return undefined
  const [, listed, rest = ''] = /^\s*\[([^\]]*)\]([^]*)$/.exec(after) ?? [undefined, undefined, after]
  const extras = (listed ?? '')
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '')
  const base = {name: normalName(spelled), extras: extras.map(normalName)}
  const trimmed = rest.trim()
  if (trimmed.startsWith('@')) {
    const [address = '', marker] = trimmed
      .slice(1)
      .trim()
      .split(/\s+;\s*/, 2)
    return address === '' ? undefined : {...base, specifier: '', marker: marker?.trim() ?? null, source: sourceOf(address)}
  }
  const end = trimmed.indexOf(';')
  const versions = (end === -1 ? trimmed : trimmed.slice(0, end)).trim()
  const marker = end === -1 ? null : trimmed.slice(end + 1).trim()
  const specifier = specifierOf(versions.startsWith('(') && versions.endsWith(')') ? versions.slice(1, -1) : versions)
  return specifier === undefined ? undefined : {...base, specifier, marker, source: null}
}

const specifierOf = (versions: string): string | undefined => {
  if (versions.trim() === '') return ''
  const parts = versions
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (!parts.every((part) => /^(~=|===?|!=|<=|>=|<|>)\s*[^\s<>=!~;,]+$/.test(part))) return undefined
  return parts.map((part) => part.replace(/\s+/, '')).join(',')
}

/** A requirement that is only an address (`git+https://…#egg=name`, `./wheels/name-1.0-py3-none-any.whl`); undefined without a name in it. */
export const requirementOfAddress = (address: string): Requirement | undefined => {
  if (address.length > maxLength) return undefined
  const fragment = /[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?/.exec(address)
  const wheel = /([^/\\=]+)\.(?:whl|tar\.gz|zip)(?:[#?]|$)/.exec(address)?.[1]
  const name = fragment?.[1] ?? wheel?.split('-')[0]
  if (name === undefined || !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) return undefined
  const version = fragment === null ? /^[^-]+-(\d[^-]*)/.exec(wheel ?? '')?.[1] : undefined
  return {
    name: normalName(name),
    extras: (fragment?.[2] ?? '').split(',').flatMap((extra) => (extra.trim() === '' ? [] : [normalName(extra.trim())])),
    specifier: version === undefined ? '' : `==${version}`,
    marker: null,
    source: sourceOf(address),
  }
}

const sourceOf = (address: string): 'url' | 'path' =>
  /^(?!file:)[a-z][a-z0-9+.-]*:/i.test(address) || address.startsWith('git@') ? 'url' : 'path'

/** What a line of a requirements file says, with the number of its first line. */
export type RequirementLine =
  | {is: 'requirement'; line: number; requirement: Requirement; hashed: boolean}
  /** `-r` or `-c` with the path as it stands there. */
  | {is: 'include'; line: number; path: string; constraint: boolean}
  /** A package that is named by an address only, or the project itself (`-e .`). */
  | {is: 'unnamed'; line: number; path: string | null}
  | {is: 'wrong'; line: number}

/** Reads a requirements file as pip does: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export const parseRequirementLines = (text: string): RequirementLine[] =>
  joined(text).flatMap(({line, content}): RequirementLine[] => {
    const said = content.replace(/(^|\s)#[^]*$/, '').trim()
    if (said === '') return []
    const include = /^(?:-([rc])\s*|--(requirement|constraint)(?:\s+|\s*=\s*))(.+)$/.exec(said)
    if (include !== null) {
      const constraint = include[1] === 'c' || include[2] === 'constraint'
      return [{is: 'include', line, path: unquoted(include[3] ?? ''), constraint}]
    }
    const editable = /^(?:-e\s*|--editable(?:\s+|\s*=\s*))(.+)$/.exec(said)?.[1]
    if (editable === undefined && said.startsWith('-')) return []
    const hashed = /\s--hash[=\s]/.test(said)
    const body = (unquoted(editable ?? said).split(/\s--(?:hash|config-settings?|global-option|install-option)\b/)[0] ?? '').trim()
    if (body.length > maxLength) return [{is: 'wrong', line}]
    const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(body) || /^(?:\.{0,2}\/|\.{1,2}$|\.{1,2}\[|~\/|[A-Za-z]:\\|git@)/.test(body)
    const isFile = /\.(?:whl|tar\.gz|zip)$/.test(body) && !body.includes('@')
    if (editable !== undefined || isAddress || isFile) {
      const named = requirementOfAddress(body) ?? (editable === undefined ? undefined : parseRequirementWithUrl(body))
      if (named !== undefined) return [{is: 'requirement', line, requirement: named, hashed}]
      return [{is: 'unnamed', line, path: sourceOf(body) === 'path' ? body.replace(/\[[^\]]*\]$/, '') : null}]
    }
    const requirement = parseRequirement(body)
    return [requirement === undefined ? {is: 'wrong', line} : {is: 'requirement', line, requirement, hashed}]
  })

const parseRequirementWithUrl = (body: string): Requirement | undefined => (body.includes(' @ ') ? parseRequirement(body) : undefined)

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2')

/** Lines with those joined that end in a backslash; a comment line ends what it stands in. */
const joined = (text: string): {line: number; content: string}[] => {
  const rows: {line: number; parts: string[]}[] = []
  let open: {line: number; parts: string[]} | undefined
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const goesOn = raw.endsWith('\\') && !raw.trimStart().startsWith('#')
    const part = goesOn ? raw.slice(0, -1) : raw
    if (open === undefined) rows.push((open = {line: index + 1, parts: [part]}))
    else open.parts.push(part)
    if (!goesOn) open = undefined
  }
  return rows.map(({line, parts}) => ({line, content: parts.join(' ')}))
}
