import {chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {executeFileRequest} from '../../src/repo/change-file.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qlogic-change-'))
  await mkdir(join(dir, 'app'))
})
afterEach(() => rm(dir, {recursive: true}))

const root = () => join(dir, 'app')
const append = (path: string, ...lines: string[]) => executeFileRequest(root(), {kind: 'file', path, append: lines})

describe('appending', () => {
  it.each([
    [undefined, 'a\nb\n'],
    ['', 'a\nb\n'],
    ['x', 'x\na\nb\n'],
    ['b\nx\n', 'b\nx\na\n'],
    ['x\r\ny', 'x\r\ny\r\na\r\nb\r\n'],
    ['a\r\nb\r\n', 'a\r\nb\r\n'],
    ['\uFEFFa\n', '\uFEFFa\nb\n'],
  ])('to %j gives %j, and again changes nothing', async (before, after) => {
    const path = join(root(), '.gitignore')
    if (before !== undefined) await writeFile(path, before)
    await append('.gitignore', 'a', 'b', 'a')
    expect(await readFile(path, 'utf8')).toBe(after)
    const {mtimeMs, ino} = await stat(path)
    await append('.gitignore', 'a', 'b')
    expect(await stat(path)).toMatchObject({mtimeMs, ino})
  })

  it('keeps other bytes, the mode, and makes folders', async () => {
    await writeFile(join(root(), 'latin'), Buffer.from([0xe9, 0x0a]))
    await chmod(join(root(), 'latin'), 0o640)
    await append('latin', 'a')
    expect([...(await readFile(join(root(), 'latin')))]).toEqual([0xe9, 0x0a, 0x61, 0x0a])
    expect((await stat(join(root(), 'latin'))).mode & 0o777).toBe(0o640)
    await append('new/folder/file', 'a')
    expect(await readFile(join(root(), 'new/folder/file'), 'utf8')).toBe('a\n')
  })
})

describe('nothing outside the root', () => {
  it.each([
    '../out',
    '/etc/out',
    'a/../../out',
    '',
    'a\0b',
    '.git/hooks/pre-commit',
    'sub/.GIT/config',
    '..\\out',
    'linked/file',
    'link',
    'dangling',
  ])('%j', async (path) => {
    await writeFile(join(dir, 'outside'), 'x')
    await mkdir(join(dir, 'elsewhere'))
    await symlink(join(dir, 'elsewhere'), join(root(), 'linked'))
    await symlink('../outside', join(root(), 'link'))
    await symlink('../not-there', join(root(), 'dangling'))
    await expect(append(path, 'a')).rejects.toMatchObject({code: 'PATH_OUTSIDE', exit: 2})
    await expect(executeFileRequest(root(), {kind: 'mode', path, mode: 0o600})).rejects.toMatchObject({code: 'PATH_OUTSIDE'})
    expect(await readFile(join(dir, 'outside'), 'utf8')).toBe('x')
  })

  it('a link within it is written through', async () => {
    await writeFile(join(root(), 'real'), '')
    await symlink('real', join(root(), 'alias'))
    await append('alias', 'a')
    expect(await readFile(join(root(), 'real'), 'utf8')).toBe('a\n')
  })
})

it('sets permissions of a file, and of nothing else', async () => {
  await writeFile(join(root(), 'key.json'), '{}', {mode: 0o644})
  await executeFileRequest(root(), {kind: 'mode', path: 'key.json', mode: 0o600})
  expect((await stat(join(root(), 'key.json'))).mode & 0o777).toBe(0o600)
  await mkdir(join(root(), 'folder'))
  for (const path of ['folder', 'none', '.'])
    await expect(executeFileRequest(root(), {kind: 'mode', path, mode: 0o600})).rejects.toMatchObject({code: 'NOT_A_FILE'})
})
