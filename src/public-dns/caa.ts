const generic = /^\\# (\d+) ([0-9a-f\s]+)$/i

/**
 * A CAA record as text: `0 issue "pki.goog"`. Cloudflare answers with the generic form of RFC 3597 (`\# 15 00 05 69 73 …`): length, then
 * the bytes: flags, length of the tag, tag, value.
 */
export const caaText = (data: string): string => {
  const found = generic.exec(data)
  if (found === null) return data
  const bytes = Buffer.from((found[2] ?? '').replaceAll(/\s+/g, ''), 'hex')
  const flags = bytes[0] ?? 0
  const tag = bytes[1] ?? 0
  return `${flags} ${bytes.toString('latin1', 2, 2 + tag)} "${bytes.toString('latin1', 2 + tag)}"`
}
