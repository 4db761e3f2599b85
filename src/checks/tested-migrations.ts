import type {Place, WorkflowFacts} from '../repo/workflows/facts.ts'
import type {TestMigrations} from '../repo/workflows/test-migrations.ts'
import {textOf} from '../repo/workflows/words.ts'
import {allActs, hasFlag, wordsOf, type Act} from './pipeline-acts.ts'
import {lacking} from './pipeline-branches.ts'
import {held, missed, type Target} from './targets.ts'

const upgrades = 'alembic upgrade head against a PostgreSQL in CI'
const checks = 'alembic check after it'

const isAlembic = (act: Act, verb: string): boolean => wordsOf(act)[0] === 'alembic' && wordsOf(act).includes(verb)

/** Whether a PostgreSQL runs beside a job: as its service, started by a step, or by the tests themselves. */
export const hasPostgres = (act: Act, acts: readonly Act[]): boolean =>
  act.job.services.some(({image}) => /postgres|postgis|timescale|pgvector/i.test(textOf(image))) ||
  acts.some((one) => one.job === act.job && startsPostgres(one))

const startsPostgres = (act: Act): boolean => {
  const words = wordsOf(act).map((word) => word ?? '…')
  if (/postgres/i.test(act.step.uses?.action ?? '')) return true
  if (act.command?.container !== undefined && /postgres|postgis/i.test(act.command.container)) return true
  return (
    (words[0] === 'docker' && words.includes('compose') && (words.includes('up') || words.includes('run'))) ||
    /^(pg_ctl|pg_ctlcluster)$/.test(words[0] ?? '') ||
    (words[0] === 'service' && words[1] === 'postgresql')
  )
}

/** What CI does with the migrations: by commands, or inside the tests that it runs. */
export const testedTargets = (facts: WorkflowFacts, tests: TestMigrations, alembic: Place): Target[] => {
  const acts = allActs(facts).filter(({run}) =>
    ['push', 'pull_request', 'pull_request_target', 'merge_group', 'build', 'schedule'].includes(run.event.name),
  )
  const sound = (act: Act): boolean => act.command?.tolerated === undefined && !act.step.tolerated && !act.job.tolerated
  const ofTests = acts.find((act) => wordsOf(act)[0] === 'pytest' && sound(act))
  const [inTests, checkInTests] = [tests.upgrades[0], tests.checks[0]]
  const whole = ofTests !== undefined && hasFlag(ofTests, '--test-alembic') ? ofTests : undefined
  const upgraded = acts.filter((act) => isAlembic(act, 'upgrade'))
  const upgrade = upgraded.find((act) => sound(act) && hasPostgres(act, acts))
  const place = facts.workflows[0] ?? alembic
  const first: Target =
    upgrade !== undefined
      ? held(upgrade.place, upgrades, upgrade.text)
      : whole !== undefined
        ? held(whole.place, upgrades, whole.text)
        : ofTests !== undefined && inTests !== undefined
          ? held(inTests, upgrades, `the tests run it (${ofTests.place.file}:${ofTests.place.line})`)
          : upgraded[0] === undefined
            ? lacking(facts, place, upgrades, 'nothing runs the migrations')
            : missed(
                upgraded[0].place,
                upgrades,
                sound(upgraded[0])
                  ? `${upgraded[0].text} without a PostgreSQL beside it`
                  : `${upgraded[0].text}: its failure is passed over`,
              )
  const checked = acts.filter((act) => isAlembic(act, 'check') || wordsOf(act)[0] === 'alembic-autogen-check')
  const check = checked.find((act) => sound(act) && hasPostgres(act, acts))
  const second: Target =
    check !== undefined
      ? held(check.place, checks, check.text)
      : whole !== undefined
        ? held(whole.place, checks, whole.text)
        : ofTests !== undefined && checkInTests !== undefined
          ? held(checkInTests, checks, 'the tests compare')
          : checked[0] === undefined
            ? lacking(facts, upgrade?.place ?? place, checks, 'nothing compares the models with the migrated database')
            : missed(
                checked[0].place,
                checks,
                sound(checked[0]) ? `${checked[0].text} without a PostgreSQL beside it` : `${checked[0].text}: its failure is passed over`,
              )
  return [first, second]
}
