import {expect, test} from 'vitest'
import {inWords, spanOf, totalSpan} from '../../src/reporters/takes.ts'

test.each([
  ['10-40 s', 10, 40],
  ['30 s - 3 min', 30, 180],
  ['10 s', 10, 10],
  ['5-15 min (up to 20 for the first in a VPC)', 300, 900],
  ['up to 2 min', 0, 120],
  ['about 5 min', 300, 300],
  ['15 min - 24 h', 900, 86_400],
  ['1-3 s; serving after 3-10 min', 1, 3],
])('%s', (takes, least, most) => {
  expect(spanOf(takes)).toEqual({least, most})
})

test.each(['', 'a while', 'until a person answers'])('%s says no time', (takes) => {
  expect(spanOf(takes)).toBeUndefined()
})

test('what says no time is left out of the sum', () => {
  expect(totalSpan(['10-40 s', 'a while', '1-2 min'])).toEqual({least: 70, most: 160})
})

test.each([
  [5, '5 s'],
  [99, '99 s'],
  [100, '2 min'],
  [5999, '100 min'],
  [7000, '2 h'],
])('%d s in words', (seconds, words) => {
  expect(inWords(seconds)).toBe(words)
})
