import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readErrorHandling} from '../../src/repo/application/errors.ts'
import {readHealth} from '../../src/repo/application/health.ts'
import {readLogCalls} from '../../src/repo/application/log-calls.ts'
import {readLogging} from '../../src/repo/application/logging.ts'
import {readMiddlewares} from '../../src/repo/application/middlewares.ts'
import {readOutgoingCalls} from '../../src/repo/application/outgoing-calls.ts'
import {readTelemetry} from '../../src/repo/application/telemetry.ts'
import {texts} from '../repository/logging-texts.ts'
import {readingOf} from '../support/repository.ts'

const readers = [readLogging, readMiddlewares, readErrorHandling, readHealth, readTelemetry, readLogCalls, readOutgoingCalls]
const python = Object.keys(texts).filter((path) => path.endsWith('.py'))
const piece = fc.oneof(
  fc.string({unit: 'binary', maxLength: 8}),
  fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    ':',
    '\n',
    '\r\n',
    '    ',
    '\t',
    '"',
    "'",
    '"""',
    '#',
    '\\',
    '\0',
    '﻿',
    '\ud800',
    ' = ',
    'def ',
    'f"{',
    'lambda',
    '*',
    '**',
  ),
)
const mutation = fc.record({at: fc.nat(3000), cut: fc.nat(30), put: piece})

test('mutated source never throws: there are facts, or what could not be read', {timeout: 120_000}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...python), fc.array(mutation, {minLength: 1, maxLength: 4}), async (path, changes) => {
      const source = Object.entries(texts).find(([one]) => one === path)?.[1] ?? ''
      const text = changes.reduce((made, {at, cut, put}) => {
        const place = at % (made.length + 1)
        return made.slice(0, place) + put + made.slice(place + cut)
      }, source)
      const reading = readingOf({...texts, [path]: text})
      for (const reader of readers) {
        const facts: unknown = await reading.read<unknown>(reader)
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
      }
    }),
    {numRuns: 100},
  )
})
