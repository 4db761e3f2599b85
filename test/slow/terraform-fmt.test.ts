import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterAll, describe, expect, test} from 'vitest'
import {formatOf} from '../../src/repo/terraform/format.ts'
import {terraformTexts} from '../support/terraform.ts'
import {samples} from '../support/terraform-samples.ts'

const environment = {...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1'}
const there = spawnSync('terraform', ['version'], {env: environment}).status === 0
const folder = mkdtempSync(join(tmpdir(), 'qlogic-fmt-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

/** What the real terraform says of texts: would it change them, or can it not read them. */
const realVerdicts = (texts: readonly string[]): ('formatted' | 'unformatted' | 'invalid')[] => {
  const run = mkdtempSync(join(folder, 'run-'))
  const names = texts.map((_, index) => `${index}.tf`)
  texts.forEach((text, index) => writeFileSync(join(run, `${index}.tf`), text))
  const check = (of: readonly string[]) =>
    spawnSync('terraform', ['fmt', '-check', '-no-color', ...of], {cwd: run, env: environment, encoding: 'utf8', maxBuffer: 1 << 28})
  // It lists what it would change only when it can read everything.
  const broken = new Set([...check(names).stderr.matchAll(/on (\d+)\.tf line/g)].map(([, index]) => index))
  const {stdout} = check(names.filter((name) => !broken.has(name.replace('.tf', ''))))
  const changed = new Set(stdout.split('\n').map((line) => line.replace('.tf', '')))
  return texts.map((_, index) => (broken.has(String(index)) ? 'invalid' : changed.has(String(index)) ? 'unformatted' : 'formatted'))
}

const ours = (text: string): 'formatted' | 'unformatted' | undefined => {
  const result = formatOf(text)
  return result === undefined ? undefined : result === 'as it should be' ? 'formatted' : 'unformatted'
}

const formattedByTerraform = (text: string): string =>
  execFileSync('terraform', ['fmt', '-'], {input: text, env: environment, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore']})

describe.skipIf(!there)('the judgement of the format agrees with terraform fmt', () => {
  const texts = [
    ...Object.entries(terraformTexts)
      .filter(([path]) => path.endsWith('.tf'))
      .map(([, text]) => text),
    ...samples,
  ]

  test('on samples as they are, and as terraform writes them', () => {
    const all = [...texts, ...samples.map(formattedByTerraform)]
    const real = realVerdicts(all)
    for (const [index, text] of all.entries()) {
      if (real[index] === 'invalid') throw new Error(`a sample is not Terraform: ${text}`)
      expect([ours(text), formatOf(text), text]).toEqual([real[index], expect.anything(), text])
    }
  })

  test('on samples with changed spaces, lines and brackets', {timeout: 120_000}, () => {
    const mutations = fc.sample(
      fc.tuple(
        fc.constantFrom(...texts, ...samples.map(formattedByTerraform)),
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.constantFrom(' ', '  ', '\t', '\n', '', '\r\n', ' # x', '(', '[', '-', '"', '{', '}', '=', ',', '!', '${', '/* c */'),
          ),
          {minLength: 1, maxLength: 3},
        ),
        fc.boolean(),
      ),
      {numRuns: 800, seed: 7},
    )
    const made = mutations.map(([text, edits, remove]) =>
      edits.reduce((changed, [at, piece]) => {
        // Edits near blanks are those that formatting is about.
        const blanks = [...changed.matchAll(/[ \n]/g)].map(({index}) => index)
        const place = blanks[at % Math.max(1, blanks.length)] ?? 0
        return changed.slice(0, place) + piece + changed.slice(place + (remove ? 1 : 0))
      }, text),
    )
    const real = realVerdicts(made)
    const differing = made.flatMap((text, index) =>
      real[index] === 'invalid' || ours(text) === real[index]
        ? []
        : [{real: real[index], ours: ours(text) ?? 'undecided', found: formatOf(text), text}],
    )
    // A false alarm is never acceptable; what cannot be decided is.
    expect(differing.filter((one) => one.ours !== 'undecided').slice(0, 3)).toEqual([])
    expect(differing.length).toBeLessThan(made.length / 100)
  })
})
