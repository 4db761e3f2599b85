import {expect, test} from 'vitest'
import {openRepositoryObserver} from '../src/observe-repository.ts'
import {context} from './checks/judge.ts'
import {openFolder} from './support/folder.ts'
import {writeVariant} from './support/variants.ts'
import {afterwards} from './support/afterwards.ts'
import {dispose} from '../src/cleanup.ts'

afterwards(dispose)

test('what an item observes comes back as plain data, and what was left out can be asked for', async () => {
  const folder = await openFolder()
  await writeVariant('sample-app', folder)
  const observer = openRepositoryObserver(folder)
  expect(await observer.leftOut()).toEqual([])
  expect(await observer.observe('config.cors-env-parses', context())).toMatchObject({
    settings: {classes: [{name: 'Settings', file: 'backend/app/core/config.py', line: 4}]},
  })
  expect(await observer.leftOut()).toEqual([])
})

test('a fault is an error of that item alone', async () => {
  const folder = await openFolder()
  await writeVariant('sample-app', folder)
  const observer = openRepositoryObserver(folder)
  await expect(observer.observe('config.no-such-item', context())).rejects.toThrow('has no code')
  await expect(observer.observe('project.exists', context())).rejects.toThrow('nothing but the repository')
  expect(await observer.observe('config.cors-env-parses', context())).toBeDefined()
})

test('a folder that is not there is an error, and nothing waits for it', async () => {
  await expect(openRepositoryObserver('/nowhere/at/all').observe('config.cors-env-parses', context())).rejects.toThrow('no app repository')
})
