import type {openTerminal} from '../support/pty.ts'

export type Terminal = ReturnType<typeof openTerminal>

/** What is typed at a question. */
export type Rule = readonly [asked: RegExp, keys: string]

const source = (all: readonly RegExp[]): string => all.map((one) => `(?:${one.source})`).join('|')

/**
 * Answers questions as they come, by the first rule that fits, until `until` is shown; answers with where that was. A question counts
 * once: the next is looked for only after its answer stands there.
 */
export const play = async (
  terminal: Terminal,
  {rules, until, from = 0, answered}: {rules: readonly Rule[]; until: RegExp; from?: number; answered: (asked: string) => RegExp},
): Promise<number> => {
  const any = new RegExp(source([until, ...rules.map(([asked]) => asked)]), 'm')
  for (let at = from; ;) {
    const place = await terminal.waitFor(any, at)
    const shown = any.exec(terminal.text().slice(place - 1))?.[0] ?? ''
    const rule = rules.find(([asked]) => new RegExp(asked.source, 'm').test(shown))
    if (rule === undefined) return place + shown.length
    terminal.type(rule[1])
    at = await terminal.waitFor(answered(shown), place + shown.length - 1)
  }
}
