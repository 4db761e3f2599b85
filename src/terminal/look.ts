import type {Look} from '../reporters/style.ts'

/** How to draw on a stream: coloured and as wide as a terminal, plain and 80 columns wide anywhere else. */
export const lookOf = ({isTTY, columns}: {isTTY?: boolean; columns?: number}): Look => ({
  color: isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
  columns: Math.min(Math.max(columns ?? 80, 40), 120),
})
