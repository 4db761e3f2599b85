import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readAccounts} from '../../src/repo/application/accounts.ts'
import {readApiDocs} from '../../src/repo/application/api-docs.ts'
import {readOwnership} from '../../src/repo/application/ownership.ts'
import {readSecurity} from '../../src/repo/application/security.ts'
import {readUploadRoutes} from '../../src/repo/application/upload-routes.ts'
import {readTokenStorage} from '../../src/repo/frontend/token-storage.ts'
import {local} from '../repository/auth-texts.ts'
import {readingOf} from '../support/repository.ts'

const good = {
  ...local,
  'frontend/src/app/store.ts':
    "const KEY = 'token'\nexport class Store {\n  put(k: string, v: string) { localStorage.setItem(k, v) }\n}\nlocalStorage.setItem(KEY, 'x')\n",
}
const paths = Object.keys(good).filter((path) => /\.(?:py|ts)$/.test(path))

const mutations = fc.array(
  fc.record({
    path: fc.constantFrom(...paths),
    at: fc.nat(2000),
    length: fc.nat(80),
    put: fc.oneof(
      fc.constant(''),
      fc.string({unit: 'binary', maxLength: 20}),
      fc.constantFrom('(', '"""', '\n    ', 'Depends(', ']', ': ', 'lambda *a: ', '{'),
    ),
  }),
  {minLength: 1, maxLength: 6},
)

test('mutated sources give facts or say what could not be read', async () => {
  await fc.assert(
    fc.asyncProperty(mutations, async (changes) => {
      const texts: Record<string, string> = {...good}
      for (const {path, at, length, put} of changes) {
        const text = texts[path] ?? ''
        const place = at % (text.length + 1)
        texts[path] = text.slice(0, place) + put + text.slice(place + length)
      }
      const {read} = readingOf(texts)
      const facts = [
        await read(readSecurity),
        await read(readAccounts),
        await read(readOwnership),
        await read(readUploadRoutes),
        await read(readApiDocs),
        await read(readTokenStorage),
      ]
      for (const one of facts) {
        expect(Array.isArray(one.unread)).toBe(true)
        expect(JSON.parse(JSON.stringify(one))).toEqual(one)
      }
    }),
    {numRuns: 60},
  )
}, 60_000)
