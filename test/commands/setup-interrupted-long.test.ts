import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {qlogic, startQlogic} from '../support/cli.ts'
import {makeFolder, removeFolder} from '../support/folder.ts'
import {isLocked, journalOf} from '../support/records.ts'
import {openSimulator, type Answered, type Cloud} from '../support/simulator.ts'
import {openWalked, walkOnce, type Base, type ChosenParameters} from '../support/walked-cloud.ts'

let kept: string
let stateOf: (base: Base) => Promise<string>

beforeAll(async () => {
  kept = await makeFolder()
  stateOf = walkOnce(kept)
}, 60_000)

afterAll(() => removeFolder(kept))

/** Resolves with the first answer that is one of these, from now on. */
const answerTo = (cloud: Cloud, is: (request: Answered) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const stop = cloud.onRequest((request) => {
      if (!is(request)) return
      stop()
      resolve()
    })
  })

const made = (method: string, path: RegExp) => (request: Answered) =>
  request.method === method && path.test(request.path) && request.status < 300

type Creation = {
  what: string
  step: string
  item: string
  from: Base
  parameters: ChosenParameters
  insert: (request: Answered) => boolean
  operation: RegExp
}

const creations: readonly Creation[] = [
  {
    what: 'the database instance',
    step: 'database',
    item: 'database.instance-exists',
    from: 'network',
    parameters: {},
    insert: made('POST', /\/sqladmin\/.*\/instances(\?|$)/),
    operation: /\/sqladmin\/.*\/operations\/([^/?]+)/,
  },
  {
    what: 'the cluster',
    step: 'compute',
    item: 'compute.gke-autopilot',
    from: 'network',
    parameters: {compute: 'gke-autopilot'},
    insert: made('POST', /\/container\/.*\/clusters(\?|$)/),
    operation: /\/container\/.*\/operations\/([^/?]+)/,
  },
]

/** As `stateFile` names it; operations take so long that every Ctrl-C of a test comes in their middle. */
const slowly = async (base: string, parameters: ChosenParameters, operationTimeMs: number) => {
  const walked = await openWalked(base, () => new Date(), parameters)
  await walked.cloud.close()
  return {folder: walked.folder, cloud: await openSimulator({stateFile: `${walked.folder}/cloud.json`, operationTimeMs})}
}

const operationsAsked = (cloud: Cloud, operation: RegExp): Set<string> =>
  new Set(cloud.requests.flatMap(({method, path}) => (method === 'GET' ? (operation.exec(path)?.[1] ?? []) : [])))

describe.concurrent('Ctrl-C in the middle of creating', {timeout: 120_000}, () => {
  test.each(creations)(
    '$what: it goes on at Google, and the next run waits for it',
    async ({step, item, from, parameters, ...creation}) => {
      const {cloud, folder} = await slowly(await stateOf(from), parameters, 2500)
      const env = {QLOGIC_API_ENDPOINT: cloud.url}
      const inserts = () => cloud.requests.filter(creation.insert).length

      const running = startQlogic(['setup', step, '--yes'], {cwd: folder, env})
      await answerTo(cloud, creation.insert)
      await answerTo(cloud, ({path}) => creation.operation.test(path))
      running.kill('SIGINT')
      const {exitCode, stderr} = await running
      expect(exitCode, stderr).toBe(130)
      expect((await journalOf(folder)).at(-1)?.kind).toBe('interrupted')
      expect(isLocked(folder)).toBe(false)
      expect(inserts()).toBe(1)
      const begun = operationsAsked(cloud, creation.operation)
      expect(begun.size).toBe(1)

      const again = await qlogic(['setup', step, '--yes'], {cwd: folder, env})
      expect(again.exit, again.stderr).toBe(0)
      expect(inserts()).toBe(1)
      expect(operationsAsked(cloud, creation.operation)).toEqual(begun)
      expect((await qlogic(['verify', item], {cwd: folder, env})).exit).toBe(0)
    },
  )
})
