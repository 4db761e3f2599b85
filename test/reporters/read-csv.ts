/** Reads RFC 4180 letter by letter: records end with CRLF, a quote stands only around a field or twice in one. Anything else is an error. */
export const readCsv = (source: string): string[][] => {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  const endField = () => {
    row.push(field)
    field = ''
    state = 'start'
  }
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at] ?? ''
    if (state === 'quoted') {
      if (sign !== '"') field += sign
      else if (source[at + 1] === '"') {
        field += '"'
        at += 1
      } else state = 'closed'
    } else if (sign === ',') endField()
    else if (sign === '\r' && source[at + 1] === '\n') {
      endField()
      rows.push(row)
      row = []
      at += 1
    } else if (sign === '\r' || sign === '\n') throw new Error(`a lone line break at ${at}`)
    else if (sign === '"' && state === 'start') state = 'quoted'
    else if (sign === '"' || state === 'closed') throw new Error(`a quote out of place at ${at}`)
    else {
      field += sign
      state = 'plain'
    }
  }
  if (state !== 'start' || field !== '' || row.length > 0) throw new Error('the last record is not ended')
  return rows
}
