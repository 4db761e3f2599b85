import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {fillLine, placeholdersOf} from '../../src/checklist/fill.ts'

const printed = (line: string): string => execFileSync('sh', ['-c', line], {encoding: 'utf8'})

describe('fillLine', () => {
  it('fills what it knows and leaves the rest', () => {
    expect(fillLine('gcloud x {projectId} --region={region} {other}', {projectId: 'acme-prod', region: 'us-central1'})).toBe(
      'gcloud x acme-prod --region=us-central1 {other}',
    )
    expect(fillLine('gcloud x {toString} {__proto__}', {})).toBe('gcloud x {toString} {__proto__}')
  })

  it('does not fill a filled value again', () => {
    expect(fillLine('gcloud {a}', {a: '{b}', b: 'no'})).toBe("gcloud '{b}'")
  })

  it('quotes for the place that a value stands in', () => {
    const values = {name: "Q-Logic's app"}
    expect(fillLine('gcloud --name={name}', values)).toBe(`gcloud --name='Q-Logic'\\''s app'`)
    expect(fillLine(`gcloud --name='the {name}'`, values)).toBe(`gcloud --name='the Q-Logic'\\''s app'`)
    expect(fillLine('gcloud --name="the {name}"', {name: '$(x) `y` "z" \\'})).toBe('gcloud --name="the \\$(x) \\`y\\` \\"z\\" \\\\"')
  })

  it('reaches the shell’s program as it was, whatever it holds', () => {
    const value = fc.string({unit: 'binary-ascii', maxLength: 20}).filter((text) => !text.includes('\0'))
    const places = ["printf '%s' {v}", `printf '%s' 'a{v}b'`, `printf '%s' "a{v}b"`, `printf '%s' "it's \\"{v}"`]
    fc.assert(
      fc.property(value, fc.constantFrom(...places), (v, line) => {
        const expected = line === places[0] ? v : line === places[3] ? `it's "${v}` : `a${v}b`
        return printed(fillLine(line, {v})) === expected
      }),
      {numRuns: 150},
    )
  })

  it('encodes in a link', () => {
    expect(fillLine('https://x.example/{a}?project={b}', {a: 'a/b c', b: 'p&q=1'})).toBe('https://x.example/a%2Fb%20c?project=p%26q%3D1')
  })

  it('makes every command of the checklist one that a shell can parse', () => {
    const lines = loadChecklist().items.flatMap(({gcloud}) => gcloud)
    const filled = lines.map((line) => fillLine(line, Object.fromEntries(placeholdersOf(line).map((name) => [name, "o'k {x}"]))))
    for (const line of filled) expect(() => execFileSync('bash', ['-nc', line])).not.toThrow()
  })
})
