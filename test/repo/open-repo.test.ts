import {chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {execa} from 'execa'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {hasBackend} from '../../src/repo/discover-backend.ts'
import {gitState, openRepo} from '../../src/repo/open-repo.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qlogic-repo-'))
})
afterEach(() => rm(dir, {recursive: true}))

const git = (...args: string[]) => execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {cwd: dir})
const key = (id: string) =>
  JSON.stringify({
    type: 'service_account',
    private_key: `-----${id}-----`,
    private_key_id: id,
    client_email: `${id}@p.iam.gserviceaccount.com`,
  })
async function put(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(dir, path)), {recursive: true})
  await writeFile(join(dir, path), text)
  return path
}
const repo = async () => {
  const opened = await openRepo(dir)
  if (opened === undefined) throw new Error('there is no folder')
  return opened
}
const keys = async () =>
  (await (await repo()).keyFiles()).map(({path, where, keyId, ignored}) => `${where} ${path} ${keyId}${ignored ? ' ignored' : ''}`)

describe('a git work tree', () => {
  beforeEach(() => git('init', '-q', '-b', 'main'))
  const commit = async () => {
    await git('add', '-A')
    await git('commit', '-q', '-m', 'x')
  }

  it('shows keys that are tracked, were ever committed, or lie about', async () => {
    await put('.gitignore', 'secrets/\n')
    await put('tracked.json', key('k1'))
    await put('old/gone.json', key('k2'))
    await put('changed.json', '{}')
    await commit()
    await rm(join(dir, 'old'), {recursive: true})
    await put('changed.json', key('k3'))
    await commit()
    await put('changed.json', '{}')
    await commit()
    await git('checkout', '-q', '-b', 'side')
    await put('branch ü.json', key('k4'))
    await commit()
    await git('checkout', '-q', 'main')
    await put('secrets/deep/mine.json', key('k5'))
    await chmod(join(dir, 'secrets/deep/mine.json'), 0o600)
    await put('staged.json', key('k6'))
    await git('add', 'staged.json')
    await put('node_modules/x/test.json', key('k7'))
    await put('config.json', '{"type": "service_account"}')
    await put('broken.json', '{"private_key": ')
    expect((await keys()).sort()).toEqual([
      'history branch ü.json k4',
      'history changed.json k3',
      'history old/gone.json k2',
      'tracked staged.json k6',
      'tracked tracked.json k1',
      'worktree secrets/deep/mine.json k5 ignored',
    ])
    const files = await (await repo()).keyFiles()
    expect(files.find(({keyId}) => keyId === 'k5')).toEqual({
      path: 'secrets/deep/mine.json',
      where: 'worktree',
      keyId: 'k5',
      clientEmail: 'k5@p.iam.gserviceaccount.com',
      mode: 0o600,
      ignored: true,
    })
    expect(JSON.stringify(files)).not.toContain('-----')
  })

  it('of which the app is a folder is seen from that folder', async () => {
    await put('app/a.json', key('k1'))
    await put('other/b.json', key('k2'))
    await commit()
    await rm(join(dir, 'app/a.json'))
    await commit()
    await put('app/c.txt', '')
    expect((await (await openRepo(join(dir, 'app')))?.keyFiles())?.map(({path, where}) => `${where} ${path}`)).toEqual(['history a.json'])
  })

  it('tells what git ignores, also for what is not there', async () => {
    await put('.gitignore', '*.key\n.env*\n!.env.example\n')
    const opened = await repo()
    expect(await Promise.all(['a/b.key', '.env', '.env.example', 'x.json', ':(top)x.key'].map((path) => opened.ignores(path)))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
    await expect(opened.ignores('../x')).rejects.toMatchObject({code: 'PATH_OUTSIDE'})
  })

  it('tells commit and changes, and runs nothing that the repository names', async () => {
    expect(await gitState(dir)).toBeUndefined()
    await put('a.txt', 'a')
    await put('.gitattributes', '*.txt filter=evil\n')
    await commit()
    const evil = `touch ${join(dir, '.git/ran')}; cat`
    await git('config', 'filter.evil.clean', evil)
    await git('config', 'filter.ev=il.clean', evil)
    await git('config', 'filter.evil.required', 'true')
    await git('config', 'core.fsmonitor', evil)
    await put('a.txt', 'b')
    await put('.gitattributes', '*.txt filter=ev=il\n')
    const state = await gitState(dir)
    expect(state).toMatchObject({dirty: true, shallow: false})
    expect(state?.commit).toMatch(/^[0-9a-f]{40}$/)
    await keys()
    expect(await openRepo(join(dir, '.git/ran'))).toBeUndefined()
    await expect(execa('ls', [join(dir, '.git/ran')])).rejects.toThrow()
  })

  it('that git cannot read is an error, not an empty history', async () => {
    await rm(join(dir, '.git/HEAD'))
    await expect(keys()).rejects.toMatchObject({code: 'GIT_UNAVAILABLE'})
  })

  it('through what became a link is still judged', async () => {
    await put('keys/a.json', key('k1'))
    await commit()
    await rename(join(dir, 'keys'), join(dir, 'moved'))
    await symlink('moved', join(dir, 'keys'))
    expect((await keys()).sort()).toEqual(['tracked keys/a.json k1', 'worktree moved/a.json k1'])
  })
})

describe('a folder without git', () => {
  it('is searched, without following links', async () => {
    await put('.gitignore', '# keys\nkeys/*\n!keys/b.json\n/top.json\n**/deep/x?.json\nesc\\ aped[0-9].json\n')
    for (const path of ['keys/a.json', 'keys/b.json', 'top.json', 'sub/top.json', 'sub/deep/x1.json', 'esc aped1.json'])
      await put(path, key('k'))
    await symlink(tmpdir(), join(dir, 'out'))
    await symlink(join(dir, 'top.json'), join(dir, 'link.json'))
    expect((await keys()).sort()).toEqual([
      'worktree esc aped1.json k ignored',
      'worktree keys/a.json k ignored',
      'worktree keys/b.json k',
      'worktree sub/deep/x1.json k ignored',
      'worktree sub/top.json k',
      'worktree top.json k ignored',
    ])
    expect(await openRepo(join(dir, 'none'))).toBeUndefined()
    expect(await gitState(join(dir, 'none'))).toBeUndefined()
  })

  it('below an ignored folder nothing is taken back', async () => {
    await put('.gitignore', 'a/\n')
    await put('a/.gitignore', '!b.json\n')
    expect(await (await repo()).ignores('a/b.json')).toBe(true)
  })

  it.each([
    ['backend/requirements.txt', 'fastapi', true],
    ['backend/pyproject.toml', '', true],
    ['src/deep/main.py', 'import os\nfrom fastapi import FastAPI\n', true],
    ['node_modules/x/main.py', 'import fastapi\n', false],
    ['main.py', '# from fastapi\nimport fastapi_like\n', false],
  ])('with %s: a backend is there or not', async (path, text, there) => {
    await put(path, text)
    expect(await hasBackend(dir)).toBe(there)
  })
})
