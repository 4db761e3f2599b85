import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readTerraformFormat} from '../../src/repo/terraform/format.ts'
import {readTerraform} from '../../src/repo/terraform/terraform.ts'
import {readingOf} from '../support/repository.ts'
import {samples} from '../support/terraform-samples.ts'
import {terraformTexts} from '../support/terraform.ts'

const good = [...Object.values(terraformTexts), ...samples].filter((text) => text.length > 20)

const slice = fc.tuple(fc.nat(10_000), fc.nat(200))
const mutated = fc
  .tuple(
    fc.constantFrom(...good),
    fc.array(fc.tuple(fc.constantFrom('delete', 'insert', 'swap'), slice, slice, fc.string({maxLength: 20})), {minLength: 1, maxLength: 4}),
  )
  .map(([text, edits]) =>
    edits.reduce((made, [how, [from, length], [other], piece]) => {
      const at = from % (made.length + 1)
      const to = Math.min(made.length, at + length)
      if (how === 'delete') return made.slice(0, at) + made.slice(to)
      if (how === 'insert') return made.slice(0, at) + piece + made.slice(at)
      return (
        made.slice(to) + made.slice(at, to) + made.slice(0, at) + made.slice(other % (made.length + 1), (other % (made.length + 1)) + 10)
      )
    }, text),
  )
const noise = fc.oneof(
  fc.string({unit: 'binary', maxLength: 300}),
  fc
    .array(fc.constantFrom('{', '}', '[', '"', '${', '%{', '<<EOT\n', 'EOT\n', 'a', '=', '\n', '(', '.', '*', 'for', '?', ':'), {
      maxLength: 80,
    })
    .map((parts) => parts.join('')),
)

test('whatever stands in the files, there are facts or it is said what could not be read', {timeout: 60_000}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({arbitrary: mutated, weight: 4}, {arbitrary: noise, weight: 1}),
      fc.constantFrom('main.tf', 'x.tf.json', 'terraform.tfvars', 'backend.hcl'),
      async (text, name) => {
        const reading = readingOf({...terraformTexts, [`infra/environments/dev/${name}`]: text, [`infra/modules/compute/${name}`]: text})
        const facts = await reading.read(readTerraform)
        const format = await reading.read(readTerraformFormat)
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
        expect(facts.folders.length).toBeGreaterThan(5)
        expect(format.formatted.length).toBeGreaterThan(5)
      },
    ),
    {numRuns: 120},
  )
})
