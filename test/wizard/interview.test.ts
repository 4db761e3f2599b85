import {describe, expect, test} from 'vitest'
import {answerLine} from '../../src/wizard/asker.ts'
import {flagAsker} from '../../src/terminal/flag-asker.ts'
import {interviewed, type Interview} from '../../src/wizard/interview.ts'
import {questions, type Answers, type Known} from '../../src/wizard/questions.ts'
import {refuseWrongFlags} from '../../src/wizard/configure.ts'
import {QlogicError} from '../../src/errors.ts'
import {scriptedAsker, type Move} from './scripted-asker.ts'

const nothing: Interview = {asked: [], answers: {}}
const account = '01A2B3-C4D5E6-F70819'
const facts: Known = {billingAccounts: [{id: account, name: 'My Billing Account'}], githubRepo: undefined, sandbox: true}

/** One interview by a script. `kept` is what was remembered after each answer. */
const play = async (
  script: readonly (readonly [string, Move])[],
  {from = nothing, given = {}, known = facts}: {from?: Interview; given?: Answers; known?: Known} = {},
) => {
  const {asker, asked, told, left} = scriptedAsker(script)
  const kept: Interview[] = []
  const end = await interviewed(from, {
    asker,
    given,
    known: () => Promise.resolve(known),
    remember: (now) => Promise.resolve(void kept.push(now)),
  })
  expect(left).toEqual([])
  return {end, asked, told, kept}
}

const untilDomain: [string, Move][] = [
  ['environment', 'prod'],
  ['Id of the Google Cloud project', 'acme-qlogic-prod'],
  ['Billing account', account],
  ['Region', 'us-central1'],
  ['run on', 'cloud-run'],
  ['reach the database', 'direct'],
]

describe('the interview', () => {
  test('asks everything once, in order, and answers with what was said', async () => {
    const {end} = await play([
      ...untilDomain,
      ['Domain', 'qlogic.acme.example'],
      ['answers for that domain', 'qlogic-acme-example'],
      ['E-mail', 'ops@acme.example'],
      ['builds and deploys', 'github-actions'],
      ['GitHub repository', 'acme/q-logic'],
    ])
    expect(end?.answers).toEqual({
      env: 'prod',
      projectId: 'acme-qlogic-prod',
      billingAccount: account,
      region: 'us-central1',
      compute: 'cloud-run',
      vpcAccess: 'direct',
      domain: 'qlogic.acme.example',
      dnsZone: 'qlogic-acme-example',
      notificationEmail: 'ops@acme.example',
      ci: 'github-actions',
      githubRepo: 'acme/q-logic',
    })
  })

  test('what may wait is skipped, and what follows from it is not asked', async () => {
    const {end, asked} = await play([
      ...untilDomain,
      ['Domain', 'skip'],
      ['E-mail', 'skip'],
      ['builds and deploys', 'cloud-build'],
      ['GitHub repository', 'skip'],
    ])
    expect(end?.answers).not.toHaveProperty('domain')
    expect(asked.map(({flag}) => flag)).not.toContain('--dns-zone')
  })

  test('on GKE nobody is asked how Cloud Run reaches the database, in dev nobody for a domain', async () => {
    const {end} = await play([
      ['environment', 'dev'],
      ['Id of the Google Cloud project', 'acme-qlogic-dev'],
      ['Billing account', ''],
      ['Region', 'us-central1'],
      ['run on', 'gke-autopilot'],
      ['E-mail', 'skip'],
      ['builds and deploys', 'github-actions'],
      ['GitHub repository', 'skip'],
    ])
    expect(end?.answers).toEqual({
      env: 'dev',
      projectId: 'acme-qlogic-dev',
      region: 'us-central1',
      compute: 'gke-autopilot',
      ci: 'github-actions',
    })
  })

  test('goes back to the question before, as often as one likes, and forgets its answer', async () => {
    const {end, told} = await play([
      ['environment', '<'],
      ['environment', 'prod'],
      ['Id of the Google Cloud project', 'acme-qlogic-pord'],
      ['Billing account', account],
      ['Region', '<'],
      ['Billing account', '<'],
      ['Id of the Google Cloud project', 'acme-qlogic-prod'],
      ...untilDomain.slice(2),
      ['Domain', 'skip'],
      ['E-mail', 'ops@acme.example'],
      ['builds and deploys', 'github-actions'],
      ['GitHub repository', 'skip'],
    ])
    expect(end?.answers.projectId).toBe('acme-qlogic-prod')
    expect(told).toEqual(['  This is the first question.'])
  })

  test('left in the middle it goes on from what was remembered', async () => {
    const first = await play([...untilDomain.slice(0, 3), ['Region', 'q']])
    expect(first.end).toBeUndefined()
    const from = first.kept.at(-1) ?? nothing
    expect(from).toEqual({
      asked: ['env', 'projectId', 'billingAccount'],
      answers: {env: 'prod', projectId: 'acme-qlogic-prod', billingAccount: account},
    })
    const second = await play(
      [
        ...untilDomain.slice(3),
        ['Domain', 'skip'],
        ['E-mail', 'skip'],
        ['builds and deploys', 'github-actions'],
        ['GitHub repository', 'skip'],
      ],
      {from},
    )
    expect(second.end?.answers).toMatchObject({projectId: 'acme-qlogic-prod', region: 'us-central1'})
  })

  test('what flags gave is not asked, and decides what else is', async () => {
    const given = {env: 'prod', projectId: 'acme-qlogic-prod', compute: 'gke-autopilot', domain: 'qlogic.acme.example'}
    const {end, asked} = await play(
      [
        ['Billing account', account],
        ['Region', 'europe-west3'],
        ['answers for that domain', ''],
        ['E-mail', 'skip'],
        ['builds and deploys', 'github-actions'],
        ['GitHub repository', 'skip'],
      ],
      {given},
    )
    expect(end?.answers).toMatchObject({...given, region: 'europe-west3'})
    expect(asked.at(2)?.choices?.map(({value}) => value)).toEqual(['', 'qlogic-acme-example'])
  })
})

describe('every question', () => {
  const full: Answers = {env: 'prod', projectId: 'acme-qlogic-prod', compute: 'cloud-run', domain: 'qlogic.acme.example'}

  test.each(questions.map((question) => [question.flag, question] as const))(
    '%s says on ? why it matters, in two sentences or more',
    (_, {explain}) => {
      expect(explain.split(/[.?!:;] /).length).toBeGreaterThanOrEqual(2)
      expect(explain).toMatch(/\.$/)
    },
  )

  test.each(questions.map((question) => [question.flag, question] as const))('%s fits one line of 80 columns', (_, {message, choices}) => {
    expect(message.length).toBeLessThan(56)
    const lines = choices?.(full, facts) ?? []
    const width = Math.max(0, ...lines.map(({name}) => name.length))
    for (const {about = ''} of lines) expect(width + about.length).toBeLessThanOrEqual(74)
  })

  test('suggests a project named after the owner of the repository, and the repository', async () => {
    const {asked} = await play(
      [
        ['environment', 'staging'],
        ['Id of the Google Cloud project', 'q'],
      ],
      {
        known: {...facts, githubRepo: 'Acme/q-logic'},
      },
    )
    expect(asked.at(-1)?.fallback).toBe('acme-qlogic-staging')
  })

  test('without a billing account that one may see, its number is asked for, and may wait', async () => {
    const {asked} = await play([...untilDomain.slice(0, 2), ['Billing account', 'q']], {known: {...facts, billingAccounts: []}})
    expect(asked.at(-1)).toMatchObject({optional: true})
    expect(asked.at(-1)?.choices).toBeUndefined()
    expect(asked.at(-1)?.check?.('12')).toContain('01A2B3-C4D5E6-F70819')
  })
})

describe('an answer is told with its flag', () => {
  const region = {message: 'Region: where?', flag: '--region', explain: 'Because.', choices: [{value: 'us-east1', name: 'the east'}]}
  test.each([
    [region, {kind: 'answer', value: 'us-east1'}, 'Region: where? the east (--region us-east1)'],
    [
      {...region, choices: [{value: '', name: 'nowhere', flag: 'without --region'}]},
      {kind: 'answer', value: ''},
      'Region: where? nowhere (without --region)',
    ],
    [{message: 'Project', flag: '--project', explain: ''}, {kind: 'answer', value: 'acme'}, 'Project: acme (--project acme)'],
    [{message: 'Domain', flag: '--domain', explain: ''}, {kind: 'skip'}, 'Domain: later (--domain)'],
    [region, {kind: 'back'}, undefined],
  ] as const)('%#', (question, answer, line) => expect(answerLine(question, answer)).toBe(line))
})

describe('where nobody can be asked', () => {
  const asked = (given: Answers) => {
    const told: string[] = []
    return interviewed(nothing, {
      asker: flagAsker((line) => void told.push(line)),
      given,
      known: () => Promise.resolve(facts),
      remember: () => Promise.resolve(),
    }).then((end) => ({end, told}))
  }

  test('defaults stand and are told; the project has to be given', async () => {
    const {end, told} = await asked({projectId: 'acme-qlogic-prod'})
    expect(end?.answers).toMatchObject({env: 'prod', region: 'us-central1', compute: 'cloud-run', ci: 'github-actions'})
    expect(end?.answers).not.toHaveProperty('domain')
    expect(told).toContain('Which environment? prod (--env prod), the default')
    await expect(asked({})).rejects.toMatchObject({code: 'ANSWER_MISSING', hint: 'give --project', exit: 2})
  })

  test.each([
    ['region', 'Frankfurt', '--region: expected a region such as us-central1, found "Frankfurt".'],
    ['projectId', 'X', '--project: '],
    ['compute', 'vm', '--compute: '],
    ['notificationEmail', 'ops', '--notification-email: '],
  ])('a wrong flag is one sentence: %s', (name, value, says) => {
    const refused = () => refuseWrongFlags({[name]: value})
    expect(refused).toThrow(QlogicError)
    expect(refused).toThrow(says)
  })
})
