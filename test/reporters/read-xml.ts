/** An element as it was read. */
export type Element = {name: string; attributes: Readonly<Record<string, string>>; children: Element[]; text: string}

const name = /^[A-Za-z_][\w.-]*/
/** Exactly the characters that XML 1.0 allows. */
const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u

const entities: Readonly<Record<string, string>> = {'&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'"}

const decoded = (text: string): string => {
  if (text.includes('<')) throw new Error(`< in text: ${text.slice(0, 80)}`)
  return text.replaceAll(/&[^;]*;?/g, (entity) => {
    const value = entities[entity]
    if (value === undefined) throw new Error(`no entity: ${entity.slice(0, 20)}`)
    return value
  })
}

/** A strict reader of the XML that we write: a declaration, elements, attributes, text, five entities. Anything else is an error. */
export const readXml = (source: string): Element => {
  if (!allowed.test(source)) throw new Error('a character that XML 1.0 forbids')
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!source.startsWith(declaration)) throw new Error('no declaration')
  let rest = source.slice(declaration.length)
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest)?.[0]
    if (found !== undefined) rest = rest.slice(found.length)
    return found
  }
  const element = (): Element => {
    if (take(/^</) === undefined) throw new Error(`no element: ${rest.slice(0, 40)}`)
    const made: Element = {name: take(name) ?? '', attributes: {}, children: [], text: ''}
    if (made.name === '') throw new Error('an element without a name')
    const attributes = new Map<string, string>()
    while (take(/^\s+/) !== undefined) {
      const key = take(name) ?? ''
      const value = take(/^="[^"]*"/)
      if (key === '' || value === undefined || attributes.has(key)) throw new Error(`no attribute: ${key} ${rest.slice(0, 40)}`)
      attributes.set(key, decoded(value.slice(2, -1)))
    }
    made.attributes = Object.fromEntries(attributes)
    if (take(/^\/>/) !== undefined) return made
    if (take(/^>/) === undefined) throw new Error(`not closed: ${rest.slice(0, 40)}`)
    for (;;) {
      made.text += decoded(take(/^[^<]+/) ?? '')
      if (rest.startsWith('</')) break
      made.children.push(element())
    }
    if (take(/^<\/[\w.-]+>/) !== `</${made.name}>`) throw new Error(`${made.name} is not ended`)
    return made
  }
  const root = element()
  if (rest.trim() !== '') throw new Error('text after the root')
  return root
}
