import {describe, expect, test} from 'vitest'
import {environmentIn, environmentOfPath} from '../../src/repo/terraform/environments.ts'
import {readTerraform, type Root, type Value} from '../../src/repo/terraform/terraform.ts'
import {file, readingOf, type Texts} from '../support/repository.ts'

const read = (texts: Texts) => readingOf(texts).read(readTerraform)

/** A value as plain data: `?` for what is not known, with the pieces that are. */
const plain = (value: Value | undefined): unknown => {
  if (value === undefined) return undefined
  if (value.is === 'known') return value.value
  if (value.is === 'dynamic') return `?${(value.like ?? []).map((piece) => piece ?? '…').join('')}`
  if (value.is === 'list') return [...value.items.map(plain), ...(value.open === true ? ['…'] : [])]
  return Object.fromEntries(Object.entries(value.fields).map(([name, one]) => [name, plain(one)]))
}

/** The locals of a single root, evaluated, through a resource that holds them. */
const evaluated = async (locals: string, more = ''): Promise<unknown> => {
  const {roots, unread} = await read({'main.tf': `locals {\n  v = ${locals}\n}\nresource "x_y" "z" {\n  v = local.v\n}\n${more}`})
  expect(unread).toEqual([])
  return plain(roots[0]?.resources[0]?.body.fields['v'])
}

const addresses = (root: Root | undefined) => root?.resources.map(({address}) => address)

describe('expressions', () => {
  test.each([
    ['"a-${1 + 2}-b"', 'a-3-b'],
    ['"${"x"} ${true}"', 'x true'],
    ['"q\\"uo\\te $${no} %%{no}"', 'q"uo\te ${no} %{no}'],
    ['[1, "a", null, true]', [1, 'a', null, true]],
    ['{a = 1, "b" : 2, (upper("c")) = 3}', {a: 1, b: 2, C: 3}],
    ['-2 < 1 ? "yes" : "no"', 'yes'],
    ['!false && (1 == 1) || false', true],
    ['[for s in ["a", "b", ""] : upper(s) if s != ""]', ['A', 'B']],
    ['{for k, v in {a = 1, b = 2} : v => k}', {1: 'a', 2: 'b'}],
    ['{for v in ["x", "xy"] : substr(v, 0, 1) => v...}', {x: ['x', 'xy']}],
    ['[{a = 1}, {a = 2}][*].a', [1, 2]],
    ['{a = {b = ["c"]}}.a["b"][0]', 'c'],
    ['lookup({a = 1}, "b", "none")', 'none'],
    ['try({a = 1}.b, "other")', 'other'],
    ['coalesce("", null, "x")', 'x'],
    ['format("%s-%03d%%", "a", 7)', 'a-007%'],
    ['join("-", concat(["a"], ["b"]))', 'a-b'],
    ['merge({a = 1}, {a = 2, b = 3})', {a: 2, b: 3}],
    ['replace(lower("A_B"), "_", "-")', 'a-b'],
    ['toset(["b", "a", "b"])', ['b', 'a']],
    ['flatten([["a"], ["b", ["c"]]])', ['a', 'b', 'c']],
    ['length(keys({a = 1})) + min(2, 3)', 3],
    ['jsonencode({a = [1]})', '{"a":[1]}'],
    ['contains(["a"], "a") ? basename("x/y") : ""', 'y'],
    ['split(",", "a,b")[1]', 'b'],
    ['file("x")', '?'],
    ['"a-${file("x")}-b"', '?a-…-b'],
    ['data.x.y.z ? 1 : 1', 1],
    ['data.x.y.z ? 1 : 2', '?'],
    ['local.v', '?'],
    ['[file("x"), "a"]', ['?', 'a']],
    ['concat(["a"], data.x.y.z)', ['a', '…']],
  ])('%s', async (text, expected) => {
    expect(await evaluated(text)).toEqual(expected)
  })

  test('heredocs keep their text, and lose the shared indentation', async () => {
    expect(await evaluated('<<-EOT\n    one ${"1"}\n      two\n  EOT')).toBe('one 1\n  two\n')
    expect(await evaluated('<<EOT\r\n  one\r\nEOT\r')).toBe('  one\n')
  })

  test('types add what is optional', async () => {
    const variable = file`
      variable "in" {
        type    = object({a = optional(string, "x"), b = optional(number), c = map(object({d = optional(bool, true)}))})
        default = {c = {k = {}}}
      }
    `
    expect(await evaluated('var.in', variable)).toEqual({a: 'x', b: null, c: {k: {d: true}}})
  })
})

describe('modules', () => {
  const module = file`
    variable "name" {
      type = string
    }
    variable "size" {
      default = 1
    }
    resource "google_x" "y" {
      name = "n-${'$'}{var.name}"
      size = var.size
    }
    output "name" {
      value = google_x.y.name
    }
    output "id" {
      value = google_x.y.id
    }
  `

  test('arguments, defaults and outputs are followed, with where they came from', async () => {
    const {roots, folders} = await read({
      'tf/m/main.tf': module,
      'tf/live/main.tf':
        'module "a" {\n  source = "../m"\n  name = "one"\n}\nresource "google_z" "z" {\n  name = module.a.name\n  other = module.a.id\n}\n',
    })
    expect(folders.map(({folder, kind}) => [folder, kind])).toEqual([
      ['tf/live', 'root'],
      ['tf/m', 'module'],
    ])
    expect(addresses(roots[0])).toEqual(['module.a.google_x.y', 'google_z.z'])
    const [inner, outer] = roots[0]?.resources ?? []
    expect(plain(inner?.body)).toEqual({name: 'n-one', size: 1})
    expect(inner?.body.fields['name']).toMatchObject({file: 'tf/m/main.tf', line: 8})
    expect(plain(outer?.body)).toEqual({name: 'n-one', other: '?'})
    expect(outer?.body.fields['other']?.refs).toEqual(['module.a.google_x.y', 'module.a'])
  })

  test('each instance is made, and none where the count is 0', async () => {
    const {roots} = await read({
      'm/main.tf': module,
      'main.tf': file`
        module "a" {
          source   = "./m"
          for_each = {x = "1", y = "2"}
          name     = each.value
        }
        module "b" {
          source = "./m"
          count  = 0
          name   = "b"
        }
        resource "google_c" "c" {
          count = 2
          name  = "c${'$'}{count.index}"
        }
        resource "google_d" "d" {
          for_each = module.a
          name     = "${'$'}{each.key}-${'$'}{each.value.name}"
        }
        resource "google_e" "e" {
          count = data.x.y.z
        }
      `,
    })
    expect(addresses(roots[0])).toEqual([
      'module.a["x"].google_x.y',
      'module.a["y"].google_x.y',
      'google_c.c[0]',
      'google_c.c[1]',
      'google_d.d["x"]',
      'google_d.d["y"]',
      'google_e.e',
    ])
    expect(roots[0]?.resources.map(({body}) => plain(body.fields['name']))).toEqual(['n-1', 'n-2', 'c0', 'c1', 'x-n-1', 'y-n-2', undefined])
    expect(roots[0]?.resources.map(({maybe}) => maybe)).toEqual([false, false, false, false, false, false, true])
    expect(roots[0]?.calls.map(({name, count}) => [name, count])).toEqual([
      ['a', 2],
      ['b', 0],
    ])
  })

  test('modules that take from each other, and a module that calls itself, come to an end', async () => {
    const {roots} = await read({
      'm/main.tf': `${module}module "self" {\n  source = "../m"\n  name = "x"\n}\n`,
      'main.tf': 'module "a" {\n  source = "./m"\n  name = module.b.name\n}\nmodule "b" {\n  source = "./m"\n  name = module.a.id\n}\n',
    })
    expect(addresses(roots[0])).toEqual(['module.a.google_x.y', 'module.b.google_x.y'])
    expect(roots[0]?.resources.map(({body}) => plain(body.fields['name']))).toEqual(['?n-n-…', '?n-…'])
  })

  test('what is missing is said', async () => {
    const {roots} = await read({
      'm/main.tf': module,
      'main.tf': 'module "a" {\n  source = "./m"\n}\nmodule "b" {\n  source = "./gone"\n}\nvariable "v" {}\n',
    })
    expect(roots[0]?.calls.map(({missing, folder}) => [missing, folder])).toEqual([
      [['name'], 'm'],
      [[], null],
    ])
    expect(roots[0]?.variables).toMatchObject([{name: 'v', from: 'nowhere'}])
  })
})

describe('roots', () => {
  const main = 'variable "tier" {}\nresource "google_x" "y" {\n  tier = var.tier\n}\n'
  const tiers = async (texts: Texts) =>
    (await read(texts)).roots.map((root) => [root.environment, plain(root.resources[0]?.body.fields['tier'])])

  test('a folder for each environment', async () => {
    expect(
      await tiers({
        'iac/production/main.tf': main,
        'iac/production/terraform.tfvars': 'tier = "big"\n',
        'iac/dev-eu/main.tf': main,
        'iac/dev-eu/x.auto.tfvars.json': '{"tier": "small"}',
      }),
    ).toEqual([
      ['dev', 'small'],
      ['prod', 'big'],
    ])
  })

  test('one folder, and a variable file for each environment', async () => {
    expect(
      await tiers({
        'tf/main.tf': main,
        'tf/env/prod.tfvars': 'tier = "big"\n',
        'tf/env/stage/terraform.tfvars': 'tier = "mid"\n',
        'tf/common.tfvars': 'tier = "none"\n',
      }),
    ).toEqual([
      ['prod', 'big'],
      ['staging', 'mid'],
    ])
  })

  test('one folder, and a map by workspace', async () => {
    const byWorkspace =
      'locals {\n  tiers = {dev = "s", prod = "b"}\n}\nresource "google_x" "y" {\n  tier = local.tiers[terraform.workspace]\n}\n'
    expect(await tiers({'tf/main.tf': byWorkspace})).toEqual([
      ['dev', 's'],
      ['prod', 'b'],
    ])
    expect((await read({'tf/main.tf': byWorkspace})).roots.map(({assumed}) => assumed)).toEqual([true, true])
  })

  test('one folder whose variable says which it is', async () => {
    const texts = {'tf/main.tf': `${main}variable "environment" {}\n`, 'tf/terraform.tfvars': 'environment = "production"\ntier = "b"\n'}
    expect(await tiers(texts)).toEqual([['prod', 'b']])
  })

  test('modules, examples and what Terraform keeps for itself are no roots', async () => {
    const {roots, unused} = await read({'modules/a/main.tf': main, 'examples/x/main.tf': main, 'x/.terraform/modules/y/main.tf': main})
    expect([roots.length, unused.map(({folder}) => folder)]).toEqual([0, ['modules/a']])
  })

  test.each([
    ['non-prod', undefined],
    ['pre-prod', 'staging'],
    ['prod_eu', 'prod'],
    ['product', undefined],
  ])('%s', (name, environment) => {
    expect(environmentIn(name)?.environment).toBe(environment)
    expect(environmentOfPath(`infra/${name}/x`)?.environment).toBe(environment)
  })
})

test('the JSON syntax says the same', async () => {
  const {roots} = await read({
    'main.tf.json': JSON.stringify({
      variable: {name: {default: 'n'}},
      resource: {google_x: {y: {name: '${var.name}-${upper("a")}', block: [{inner: 1}], count: 1}}},
      terraform: {
        required_version: '>= 1.11',
        backend: {gcs: {bucket: 'b'}},
        required_providers: {google: {source: 'hashicorp/google', version: '~> 7'}},
      },
    }),
  })
  expect(roots[0]?.resources.map(({address, body}) => [address, plain(body)])).toEqual([
    ['google_x.y[0]', {name: 'n-A', block: [{inner: 1}]}],
  ])
  expect(roots[0]?.backends.map(({type, body}) => [type, plain(body)])).toEqual([['gcs', {bucket: 'b'}]])
  expect(roots[0]?.requiredProviders).toMatchObject([{name: 'google', source: 'hashicorp/google', constraint: '~> 7'}])
})

test('dynamic blocks are unrolled, and say so when they cannot be', async () => {
  const block = (over: string) =>
    `resource "google_x" "y" {\n  dynamic "env" {\n    for_each = ${over}\n    iterator = it\n    content {\n      name = it.key\n      value = it.value\n    }\n  }\n  env {\n    name = "last"\n  }\n}\n`
  const {roots} = await read({'a/main.tf': block('{A = 1}'), 'b/main.tf': block('data.x.y.z')})
  expect(roots.map(({resources}) => plain(resources[0]?.body))).toEqual([
    {env: [{name: 'A', value: 1}, {name: 'last'}]},
    {env: [{name: '?', value: '?'}, {name: 'last'}, '…']},
  ])
})

test('a broken file is named, and what is around the fault stands', async () => {
  const {roots, unread} = await read({
    'main.tf': 'resource "google_x" "y" {\n  a = 1\n}\nresource "google_b" "c" {\n  a = = 2\n}\n',
    'deep.tf': `a = ${'['.repeat(2000)}`,
    'bad.tf.json': '{"a": ',
  })
  expect(unread.map(({file: name, line, why}) => [name, line, why])).toEqual([
    ['bad.tf.json', 1, 'it is not valid JSON'],
    ['deep.tf', 1, 'nested too deep'],
    ['main.tf', 5, 'it is not valid Terraform'],
  ])
  expect(addresses(roots[0])).toContain('google_x.y')
})
