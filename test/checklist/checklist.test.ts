import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {loadChecklist, parseChecklist} from '../../src/checklist/checklist.ts'
import {placeholdersOf} from '../../src/checklist/fill.ts'
import {QlogicError} from '../../src/errors.ts'
import {parameters} from '../../src/config/parameters.ts'

const checklist = loadChecklist()
const text = readFileSync(new URL('../../checklist.yaml', import.meta.url), 'utf8')
const known = new Set([...Object.keys(parameters), 'projectNumber', 'runServices.backend', 'runServices.frontend'])

describe('checklist.yaml', () => {
  it('holds the ten steps, the eight phases in execution order, and 205 items', () => {
    expect(checklist.steps.map(({number}) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(checklist.phases.map(({letter}) => letter).join('')).toBe('ABDCEFGH')
    expect(checklist.items.filter(({part}) => part === 1)).toHaveLength(68)
    expect(checklist.items.filter(({part}) => part === 2)).toHaveLength(137)
  })

  it.each(checklist.items)('$id is well worded', (item) => {
    expect(item.title.length).toBeLessThan(70)
    expect(item.title).toMatch(/[^.?]$/)
    for (const words of [item.why, item.check, item.byHand ?? 'Fine.']) {
      expect(words).toMatch(/[.:]$/)
      expect(words).not.toMatch(/===|!==|&&|\|\||\bconfig\.(?!py)|\bseed\b/)
    }
    for (const url of [item.docs, item.console ?? item.docs]) expect(URL.canParse(url) && url.startsWith('https://')).toBe(true)
  })

  it.each(checklist.items.filter(({part}) => part === 1))('$id prints commands and a console page that can be filled', (item) => {
    expect(item.gcloud).not.toEqual([])
    for (const line of item.gcloud) expect(line).toMatch(/^(gcloud|openssl|printf) [^\n]+$/)
    for (const line of item.gcloud) expect(line).not.toMatch(/ delete\b|--force\b/)
    for (const line of [...item.gcloud, item.console ?? '']) for (const name of placeholdersOf(line)) expect(known).toContain(name)
    expect(item.permissions.apply.filter((permission) => permission.endsWith('.delete'))).toEqual([])
  })

  it('says what every item of PART 1 needs to be observed, down to the project', () => {
    const needs = new Map(checklist.items.map((item) => [item.id, item.needs]))
    const reaches = (id: string): boolean => id === 'project.exists' || (needs.get(id) ?? []).some(reaches)
    const free = checklist.items.filter((item) => item.part === 1 && !reaches(item.id)).map(({id}) => id)
    expect(free).toEqual([
      'project.key-file-secure',
      'registry.docker-auth',
      'compute.option-chosen',
      'cicd.branch-deployment',
      'cicd.github-secret',
    ])
  })
})

describe('a broken checklist', () => {
  const complaint = (broken: string): string => {
    try {
      parseChecklist(broken, 'checklist.yaml')
    } catch (error) {
      if (error instanceof QlogicError) return error.message
      throw error
    }
    return ''
  }
  const lineOf = (source: string, wanted: string): number => source.slice(0, source.indexOf(wanted)).split('\n').length
  const changed = (from: string, to: string): [broken: string, line: number] => {
    expect(text).toContain(from)
    return [text.replace(from, to), lineOf(text, from)]
  }

  it.each([
    ['an unknown severity', 'severity: high', 'severity: huge', /severity/],
    ['an id that is there twice', 'id: network.psa-range', 'id: network.psa-connection', /network\.psa-connection is there twice/],
    [
      'a need that does not exist',
      'needs: [database.instance-exists]',
      'needs: [database.instance]',
      /needs database\.instance, which cannot be/,
    ],
    ['an item that needs itself', 'needs: [state.bucket]', 'needs: [state.versioning]', /needs state\.versioning, which cannot be/],
    ['a step that nobody declared', 'id: network.psa-range', 'id: net.psa-range', /belongs to no step or phase/],
    ['a mode of the other part', 'mode: patch', 'mode: decision', /no mode of PART 2/],
    [
      'an artefact for what a person does',
      'mode: patch\n    artefact: config',
      'mode: manual\n    artefact: config',
      /an artefact goes with/,
    ],
    ['a patch of no artefact', 'mode: patch\n    artefact: config', 'mode: patch', /an artefact goes with/],
    ['an artefact that nobody emits', 'artefact: config', 'artefact: configuration', /artefact/],
    ['a question as title', 'title: The project exists and is active', 'title: Does the project exist?', /title/],
    ['a key that nobody knows', 'title: The project exists and is active', 'titel: The project exists and is active', /titel|title/],
    ['a command that is none', '- gcloud projects describe {projectId}', '- rm -rf {projectId}', /starts with gcloud/],
    ['plain http', 'docs: https://cloud.google.com/resource-manager', 'docs: http://cloud.google.com/resource-manager', /docs/],
  ])('with %s is refused', (_name, from, to, expected) => {
    const [broken] = changed(from, to)
    expect(complaint(broken)).toMatch(/^checklist\.yaml:\d+: /)
    expect(complaint(broken)).toMatch(expected)
  })

  it('names the line', () => {
    const [broken, line] = changed('severity: low', 'severity: huge')
    expect(complaint(broken)).toMatch(new RegExp(`^checklist\\.yaml:${line}: items\\.\\d+\\.severity`))
  })

  it('with a circle is refused with the way round', () => {
    const [broken] = changed('after: [project.exists]', 'after: [project.exists, project.apis-enabled]')
    expect(complaint(broken)).toMatch(
      /circle: .*project\.billing-linked → project\.apis-enabled|circle: .*project\.apis-enabled → project\.billing-linked/,
    )
  })

  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['a list', '- a\n- b\n'],
    ['half a map', 'schemaVersion: 1\nsteps: [\n'],
    ['a key twice', 'schemaVersion: 1\nschemaVersion: 1\n'],
    ['tabs', 'schemaVersion:\n\t- 1\n'],
    ['a later version', 'schemaVersion: 2\n'],
    ['a prototype', '__proto__: {schemaVersion: 1}\n'],
    ['an unknown alias', 'schemaVersion: *one\n'],
    [
      'aliases without end',
      `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]\n`,
    ],
  ])('of %s is refused with a line', (_name, broken) => {
    expect(complaint(broken)).toMatch(/^checklist\.yaml:\d+: /)
  })

  const folder = mkdtempSync(join(tmpdir(), 'qlogic-checklist-'))
  afterAll(() => rmSync(folder, {recursive: true}))

  it('is named as it is called, and one that is missing is said to be', () => {
    const file = join(folder, 'mine.yaml')
    writeFileSync(file, 'schemaVersion: 1\n')
    expect(() => loadChecklist(file)).toThrow(/^mine\.yaml:1: /)
    expect(() => loadChecklist(join(folder, 'none.yaml'))).toThrow(/cannot be read/)
  })
})
