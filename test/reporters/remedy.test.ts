import {existsSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {artefacts, emitted} from '../../src/checklist/artefacts.ts'
import {loadChecklist} from '../../src/checklist/checklist.ts'
import {dynamic} from '../../src/checks/targets.ts'
import {fail, manual, warn, type Finding} from '../../src/engine/finding.ts'
import {remedyOf, scaffoldSentence} from '../../src/reporters/remedy.ts'
import {buildReport} from '../../src/reporters/report.ts'

const checklist = loadChecklist()
const second = checklist.items.filter(({part}) => part === 2)

/** The hint of an item in a report of it alone. */
const hintOf = (id: string, finding: Finding): string | undefined => {
  const words = checklist.items.find((one) => one.id === id)
  if (words === undefined) throw new Error(`there is no ${id}`)
  const result = {id, finding, blockedBy: [], changes: [], expected: false, observedAt: new Date(0), durationMs: 0, built: true}
  return buildReport({
    version: '1.2.3',
    project: {id: 'acme-prod', number: ''},
    environment: 'prod',
    repo: null,
    identity: {principal: '', source: 'none'},
    startedAt: new Date(0),
    finishedAt: new Date(0),
    apiCalls: 0,
    items: [{words, result, override: undefined}],
    parameters: {},
    commonCodes: checklist.codes,
  }).items[0]?.hint
}

describe('the hint of an item of PART 2', () => {
  it.each(second)('$id says what to do by hand', ({byHand = ''}) => {
    expect(byHand.length).toBeGreaterThan(30)
    expect(byHand.length).toBeLessThan(220)
    expect(byHand).not.toMatch(/qlogic scaffold|the (shown )?patch\b/i)
  })

  it('names qlogic scaffold only for what it can do', () => {
    const docker = {id: 'containers.docker-healthcheck', mode: 'scaffold', artefact: 'docker', byHand: 'Add a HEALTHCHECK.'} as const
    expect(remedyOf(docker, new Set())).toBe('Add a HEALTHCHECK.')
    expect(remedyOf(docker, new Set(['docker']))).toBe('Add a HEALTHCHECK. qlogic scaffold docker writes it.')
    expect(scaffoldSentence({mode: 'patch', artefact: 'config'}, new Set(['config']))).toBe('qlogic scaffold config shows the patch.')
    expect(scaffoldSentence({mode: 'manual'}, new Set(artefacts))).toBe('')
  })

  it('names no command that does not exist', () => {
    const built = ['scaffold.ts', 'scaffold/index.ts'].some((file) => existsSync(new URL(`../../src/commands/${file}`, import.meta.url)))
    expect(emitted.size > 0).toBe(built)
  })

  it('is for a failure and a warning what is to be done', () => {
    for (const finding of [fail('X'), warn('X')])
      expect(hintOf('infra.fmt', finding)).toMatch(/^Run terraform fmt -recursive and commit what it changes\./)
  })

  it('leads from what only a person can do or tell to the attestation', () => {
    expect(hintOf('auth.object-level', manual('X'))).toMatch(
      /^Go through the listed routes.* Then: qlogic attest auth\.object-level --note "…"$/,
    )
    expect(hintOf('infra.fmt', dynamic('main.tf:1: x'))).toMatch(/qlogic explain infra\.fmt .*qlogic attest infra\.fmt --note "…"$/)
  })

  it('covers every artefact, so that none is left without an item', () => {
    expect(new Set(second.flatMap(({artefact}) => artefact ?? []))).toEqual(new Set(artefacts))
  })
})
