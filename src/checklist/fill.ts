type Quote = '"' | "'" | undefined

const placeholder = /^\{([A-Za-z][\w.]*)\}/

/**
 * Fills the `{name}`s of a line. In a command a value is quoted for the shell as its place demands, in a link it is encoded;
 * a name without a value stays as it is.
 */
export const fillLine = (line: string, values: Readonly<Record<string, string>>): string =>
  line.startsWith('https://') ? fillLink(line, values) : fillCommand(line, values)

/** The names that a line asks for, each once. */
export const placeholdersOf = (line: string): string[] => [
  ...new Set([...line.matchAll(/\{([A-Za-z][\w.]*)\}/g)].flatMap(([, name]) => name ?? [])),
]

const valueFor = (values: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined

const fillLink = (line: string, values: Readonly<Record<string, string>>): string =>
  line.replaceAll(/\{([A-Za-z][\w.]*)\}/g, (whole, name: string) => {
    const value = valueFor(values, name)
    return value === undefined ? whole : encodeURIComponent(value)
  })

const fillCommand = (line: string, values: Readonly<Record<string, string>>): string => {
  let filled = ''
  let quote: Quote
  for (let at = 0; at < line.length; at += 1) {
    const [whole, name] = placeholder.exec(line.slice(at)) ?? []
    const value = name === undefined ? undefined : valueFor(values, name)
    if (whole !== undefined && value !== undefined) {
      filled += quoted(value, quote)
      at += whole.length - 1
    } else if (line[at] === '\\' && quote !== "'") {
      filled += line.slice(at, at + 2)
      at += 1
    } else {
      quote = quoteAfter(line[at] ?? '', quote)
      filled += line[at] ?? ''
    }
  }
  return filled
}

const quoteAfter = (character: string, quote: Quote): Quote => {
  if (character !== '"' && character !== "'") return quote
  if (quote === undefined) return character
  return quote === character ? undefined : quote
}

const quoted = (value: string, quote: Quote): string => {
  if (quote === "'") return value.replaceAll("'", `'\\''`)
  if (quote === '"') return value.replaceAll(/[\\"$`]/g, String.raw`\$&`)
  return /^[A-Za-z0-9_./:@=,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
