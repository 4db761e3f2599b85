const units: Readonly<Record<string, number>> = {s: 1, min: 60, h: 3600, d: 86_400}

const amount = /^(?:up to |about )?(\d+)(?:\s*(s|min|h|d))?$/

/** How long a change takes, in seconds: the least and the most. */
export type Span = {least: number; most: number}

/**
 * Reads how long a change usually takes, as changes say it: `10-40 s`, `30 s - 3 min`, `10 s`, `5-15 min (up to 20 …)`. What stands behind a
 * bracket, comma or semicolon is a remark. Undefined for what says no time.
 */
export const spanOf = (takes: string): Span | undefined => {
  const [head = ''] = takes.split(/[(,;]/)
  const [from = '', to] = head.trim().split(/\s*[-–]\s*/)
  const last = amount.exec(to ?? from)
  const first = amount.exec(from)
  const unit = units[last?.[2] ?? '']
  if (first === null || last === null || unit === undefined) return undefined
  const most = Number(last[1]) * unit
  const upTo = to === undefined && from.startsWith('up to')
  return {least: upTo ? 0 : Number(first[1]) * (units[first[2] ?? ''] ?? unit), most}
}

/** `40 s`, `12 min`, `3 h`: whole units, rounded up. */
export const inWords = (seconds: number): string =>
  seconds < 100 ? `${Math.ceil(seconds)} s` : seconds < 100 * 60 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`

/** All one after the other; what says no time is left out. */
export const totalSpan = (all: readonly string[]): Span =>
  all.reduce<Span>(
    (sum, takes) => {
      const span = spanOf(takes)
      return span === undefined ? sum : {least: sum.least + span.least, most: sum.most + span.most}
    },
    {least: 0, most: 0},
  )
