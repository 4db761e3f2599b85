import {describe, expect, it} from 'vitest'
import {checkoutOf} from '../../src/github/checkout.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
const actions = {
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKSPACE: '/workspace/q-logic',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/q-logic',
  GITHUB_SHA: commit,
}

describe('the checkout of a workflow', () => {
  it.each<[string, Record<string, string>, string, {below: string; blob: string}]>([
    ['is nowhere else', {...actions, GITHUB_ACTIONS: ''}, '/workspace/q-logic', {below: '', blob: ''}],
    ['shows the commit', actions, '/workspace/q-logic', {below: '', blob: `https://github.com/acme/q-logic/blob/${commit}`}],
    [
      'knows a folder in it',
      actions,
      '/workspace/q-logic/services/app',
      {below: 'services/app', blob: `https://github.com/acme/q-logic/blob/${commit}`},
    ],
    ['shows nothing of a folder outside', actions, '/srv/other', {below: '', blob: ''}],
    ['takes no strange server', {...actions, GITHUB_SERVER_URL: 'javascript:alert(1)'}, '/workspace/q-logic', {below: '', blob: ''}],
    ['takes no strange repository', {...actions, GITHUB_REPOSITORY: 'acme/q) [x](y'}, '/workspace/q-logic', {below: '', blob: ''}],
  ])('%s', (_name, env, root, expected) => {
    expect(checkoutOf(env, {root, commit: ''})).toEqual(expected)
  })

  it('is not asked without a repository', () => {
    expect(checkoutOf(actions, undefined)).toEqual({below: '', blob: ''})
  })
})
