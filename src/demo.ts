import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Listener} from './engine/event.ts'
import type {PlannedChange} from './engine/change.ts'
import {newConfigText, writeConfigFile} from './config/write-config.ts'
import {onExit} from './cleanup.ts'
import {monthlyCost} from './reporters/plan.ts'
import {writeDemoRepository} from './demo-repository.ts'
import type {DemoOutcome} from './reporters/demo.ts'
import {openRun, type Run} from './run-context.ts'
import {performAct} from './perform-act.ts'
import {setUp} from './setup.ts'

/** What the demo tells and asks on its way. In a terminal each stage waits for Enter; elsewhere nothing waits. */
export type DemoStage = {
  begin: (step: string, why: string) => Promise<void>
  plan: (changes: readonly PlannedChange[]) => Promise<void>
  /** Tells what a person did, here and there in between. */
  person: (told: string) => Promise<void>
  listen: Listener
}

/** What at Google only a person could do, before the step that needs it. */
const acts: Readonly<Record<string, readonly string[]>> = {
  compute: ['push-images'],
  monitoring: ['delegate-domain'],
  cicd: ['require-reviewers'],
}

/** The whole walk on a simulator of its own in a temporary folder, which is removed afterwards unless `keep`. */
export const runDemo = async ({stage, signal, keep}: {stage: DemoStage; signal: AbortSignal; keep: boolean}): Promise<DemoOutcome> => {
  const folder = await mkdtemp(join(tmpdir(), 'qlogic-demo-'))
  if (!keep) onExit(() => rm(folder, {recursive: true, force: true}))
  await writeConfigFile(
    join(folder, 'qlogic.yaml'),
    newConfigText({
      environments: {
        prod: {
          projectId: 'qlogic-demo',
          parent: 'organizations/100000000001',
          domain: 'qlogic.acme.example',
          dnsZone: 'qlogic-acme-example',
          notificationEmail: 'ops@acme.example',
          githubRepo: 'acme/q-logic',
        },
      },
    }),
  )
  await writeDemoRepository(folder)
  const startedAt = new Date()
  const run = await openRun({cwd: folder, env: 'prod', sandbox: true, insecureEndpoint: false, signal, listen: stage.listen})
  const applied = new Map<string, PlannedChange>()
  let left: readonly PlannedChange[] = []
  const walk = async (names: readonly string[]) => {
    const outcome = await walkSteps(run, names, {stage, signal})
    for (const change of outcome.applied) applied.set(change.id, change)
    left = outcome.left
  }
  for (const {id, why} of run.checklist.steps) {
    for (const act of acts[id] ?? []) await stage.person(await performAct(run, act))
    await stage.begin(`setup ${id}`, why)
    await walk([id])
  }
  // A step can finish what an earlier one had to leave: the certificate is active only now, so the services can be closed to the world.
  await stage.begin('setup', 'What could not be done before something of a later step was there.')
  await walk([])
  const words = (await run.select([])).filter(({part}) => part === 1)
  const report = await run.report(words, await run.observe(words.map((word) => word.id)), startedAt)
  return {
    report,
    applied: [...applied.values()],
    left,
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    apiCalls: run.transport.calls,
    monthlyUsd: monthlyCost([...applied.values()]),
    folder,
  }
}

/** The demo says yes to what is asked for by itself too, but for what would change this machine instead of the simulated cloud. */
const isOfTheCloud = ({request}: PlannedChange): boolean => request.kind !== 'program' && request.kind !== 'docker-helper'

const walkSteps = async (run: Run, names: readonly string[], {stage, signal}: {stage: DemoStage; signal: AbortSignal}) =>
  setUp({
    run,
    words: (await run.select(names)).filter(({part}) => part === 1),
    command: 'qlogic demo',
    dryRun: false,
    signal,
    dialogue: {
      listen: stage.listen,
      show: () => Promise.resolve(),
      confirm: async (changes, round) => {
        if (round === 0) await stage.plan(changes)
        return true
      },
      consent: (change) => Promise.resolve(isOfTheCloud(change)),
      remark: () => undefined,
    },
  })
