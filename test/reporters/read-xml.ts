import {XMLParser} from 'fast-xml-parser'
import {SyntaxValidator} from 'fast-xml-validator'
import {z} from 'zod'

/** An element as it was read. */
export type Element = {name: string; attributes: Readonly<Record<string, string>>; children: Element[]; text: string}

/** Exactly the characters that XML 1.0 allows (https://www.w3.org/TR/xml/#charsets); the parser lets others pass. */
const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
})

const node = z.record(z.string(), z.unknown())

/** Reads a document of one element. @throws for text that is no XML. */
export const readXml = (source: string): Element => {
  if (!allowed.test(source)) throw new Error('a character that XML 1.0 forbids')
  SyntaxValidator.validate(source)
  const [root, ...more] = elementsOf(parser.parse(source)).filter(({name}) => name !== '?xml')
  if (root === undefined || more.length > 0) throw new Error('not one element')
  return root
}

const elementsOf = (nodes: unknown): Element[] =>
  z
    .array(node)
    .parse(nodes)
    .flatMap((one) => {
      const name = Object.keys(one).find((key) => key !== ':@' && key !== '#text')
      if (name === undefined) return []
      const inner = z.array(node).parse(one[name])
      return [
        {
          name,
          attributes: z.record(z.string(), z.string()).parse(one[':@'] ?? {}),
          children: elementsOf(inner),
          text: inner.map((part) => (typeof part['#text'] === 'string' ? part['#text'] : '')).join(''),
        },
      ]
    })
