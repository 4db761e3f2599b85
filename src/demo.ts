import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Listener} from './engine/event.ts'
import type {PlannedChange} from './engine/change.ts'
import {newConfigText, writeConfigFile} from './config/write-config.ts'
import {onExit} from './cleanup.ts'
import {monthlyCost} from './reporters/plan.ts'
import type {DemoOutcome} from './reporters/demo.ts'
import {openRun, type Run} from './run-context.ts'
import {setUp} from './setup.ts'

/** The steps that the demo walks: those that can be set up today. */
export const demoSteps = ['project', 'network', 'secrets', 'state'] as const

/** What the demo tells and asks on its way. In a terminal each stage waits for Enter; elsewhere nothing waits. */
export type DemoStage = {
  begin: (step: string, why: string) => Promise<void>
  plan: (changes: readonly PlannedChange[]) => Promise<void>
  listen: Listener
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
          notificationEmail: 'ops@acme.example',
        },
      },
    }),
  )
  const startedAt = new Date()
  const run = await openRun({cwd: folder, env: 'prod', sandbox: true, insecureEndpoint: false, signal, listen: stage.listen})
  const applied: PlannedChange[] = []
  const left: PlannedChange[] = []
  for (const step of demoSteps) {
    const outcome = await walk(run, step, {stage, signal})
    applied.push(...outcome.applied)
    left.push(...outcome.left)
  }
  const words = await run.select(demoSteps)
  const results = await run.observe(words.map((word) => word.id))
  const report = await run.report(words, results, startedAt)
  return {
    report,
    applied,
    left,
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    apiCalls: run.transport.calls,
    monthlyUsd: monthlyCost(applied),
    folder,
  }
}

const walk = async (run: Run, step: string, {stage, signal}: {stage: DemoStage; signal: AbortSignal}) => {
  const why = run.checklist.steps.find(({id}) => id === step)?.why ?? ''
  await stage.begin(step, why)
  return setUp({
    run,
    words: await run.select([step]),
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
      // What is asked for by itself is left, as `--yes` would leave it.
      consent: () => Promise.resolve(false),
      remark: () => undefined,
    },
  })
}
