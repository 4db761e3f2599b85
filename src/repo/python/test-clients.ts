import type {Reader} from '../files.ts'
import {parsePython} from './parse.ts'
import {importsOf} from './program.ts'

/** Who imports httpx: the code, or tests only (FastAPI's test client needs it). */
export type TestClients = {inCode: boolean; inTests: boolean}

const testPath = /(?:^|\/)(?:tests?|testing)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/

/** Whether httpx is there for the application or for its tests. */
export const readTestClients: Reader<TestClients> = async ({files}) => {
  const facts: TestClients = {inCode: false, inTests: false}
  for (const path of await files.list()) {
    if (!path.endsWith('.py')) continue
    const isTest = testPath.test(path)
    if (isTest ? facts.inTests : facts.inCode) continue
    const found = await files.text(path)
    if (found === undefined || 'unread' in found || !/httpx|testclient/i.test(found.text)) continue
    const imports = importsOf(await parsePython(found.text)).map(({module}) => module)
    if (isTest && imports.some((name) => /^httpx(?:\.|$)|\.testclient$/.test(name))) facts.inTests = true
    if (!isTest && imports.some((name) => /^httpx(?:\.|$)/.test(name))) facts.inCode = true
  }
  return facts
}
