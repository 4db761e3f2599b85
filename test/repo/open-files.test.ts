import {mkdir, mkdtemp, open, rm, symlink, unlink, writeFile, chmod} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {execa} from 'execa'
import {afterEach, beforeEach, describe, expect, it, test} from 'vitest'
import type {Files} from '../../src/repo/files.ts'
import {openRepo} from '../../src/repo/open-repo.ts'
import {leftOutWarning} from '../../src/terminal/left-out.ts'

let dir = ''
let outside = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qlogic-files-'))
  outside = await mkdtemp(join(tmpdir(), 'qlogic-outside-'))
})
afterEach(async () => {
  await execa('chmod', ['-R', 'u+rwX', dir])
  await rm(dir, {recursive: true})
  await rm(outside, {recursive: true})
})

const put = async (path: string, content: string | Buffer = path): Promise<void> => {
  await mkdir(dirname(join(dir, path)), {recursive: true})
  await writeFile(join(dir, path), content)
}
const git = (...args: string[]) => execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {cwd: dir})
const files = async (root = dir): Promise<Files> => {
  const repo = await openRepo(root)
  if (repo === undefined) throw new Error('there is no folder')
  return repo.reading.files
}
const whyNot = async (found: Files, path: string) => {
  const read = await found.text(path)
  return read === undefined ? 'absent' : 'unread' in read ? read.unread.why : `read: ${read.text}`
}

describe.each([
  ['a work tree of git', true],
  ['a folder without git', false],
] as const)('%s', (_, tree) => {
  beforeEach(async () => {
    if (tree) await git('init', '-q', '-b', 'main')
  })

  it('is listed without what is ignored or generated, sorted', async () => {
    await put('.gitignore', 'ignored/\n*.log\n!keep.log\n/only-here.txt\n')
    await put('sub/.gitignore', 'local.*\n!local.py\n')
    for (const path of ['b.py', 'a/z.py', 'ignored/x.py', 'x.log', 'keep.log', 'sub/local.txt', 'sub/local.py', 'only-here.txt'])
      await put(path)
    for (const path of ['sub/only-here.txt', 'node_modules/x.py', '.venv/x.py', 'a/__pycache__/x.py', 'lib/site-packages/x.py'])
      await put(path)
    for (const path of ['env/pyvenv.cfg', 'env/lib/x.py', 'infra/.terraform/modules/x.tf']) await put(path)
    expect(await (await files()).list()).toEqual(
      ['.gitignore', 'a/z.py', 'b.py', 'keep.log', 'sub/.gitignore', 'sub/local.py', 'sub/only-here.txt'].sort(),
    )
    expect(await whyNot(await files(), 'ignored/x.py')).toBe('absent')
    expect(await whyNot(await files(), './a/../b.py')).toBe('read: b.py')
    expect(await (await files()).ignores('deep/er.log')).toBe(true)
  })

  it('with odd names is read: line ends, unicode, a dash, a quote, a space', async () => {
    const names = ['new\nline.py', 'ünï/çödé.py', '-rf.py', '"q".py', ' lead.py', 'tab\t.py', '*.py', 'A.py', 'a.py', '%s.py', ':(top)x.py']
    for (const name of names) await put(name)
    const found = await files()
    expect(await found.list()).toEqual(names.toSorted())
    for (const name of names) expect(await whyNot(found, name)).toBe(`read: ${name}`)
  })

  it('links to files within are read through; others are left out and said', async () => {
    await writeFile(join(outside, 'secret.py'), 'secret')
    await put('.gitignore', 'hidden.txt\n')
    await put('hidden.txt')
    await put('infra/backend.tf', 'terraform {}')
    await put('real/in.py')
    await mkdir(join(dir, 'infra/dev'))
    for (const [link, target] of [
      ['infra/dev/backend.tf', '../backend.tf'],
      ['out.py', join(outside, 'secret.py')],
      ['outdir', outside],
      ['loop', 'loop'],
      ['ping', 'pong'],
      ['pong', 'ping'],
      ['broken.py', 'nothing.py'],
      ['up', '..'],
      ['here', '.'],
      ['linked', 'real'],
      ['to-hidden.txt', 'hidden.txt'],
    ] as const)
      await symlink(target, join(dir, link))
    const found = await files()
    expect(await found.list()).toEqual(['.gitignore', 'infra/backend.tf', 'infra/dev/backend.tf', 'real/in.py'])
    expect(await whyNot(found, 'infra/dev/backend.tf')).toBe('read: terraform {}')
    expect(await whyNot(found, 'linked/in.py')).toBe('read: real/in.py')
    expect(await whyNot(found, 'here/here/linked/in.py')).toBe('read: real/in.py')
    expect(await whyNot(found, 'here/hidden.txt')).toBe('absent')
    expect(await whyNot(found, 'to-hidden.txt')).toBe('absent')
    expect(await whyNot(found, 'out.py')).toBe('a link that leads out of the repository')
    expect(await whyNot(found, 'outdir/secret.py')).toBe('a link that leads out of the repository')
    expect(await whyNot(found, '../x')).toBe('absent')
    expect(await whyNot(found, join(outside, 'secret.py'))).toBe('absent')
    expect(Object.fromEntries(found.leftOut().map(({path, why}) => [path, why.split(' ').slice(-3).join(' ')]))).toEqual({
      'out.py': 'of the repository',
      outdir: 'of the repository',
      up: 'of the repository',
      loop: 'that leads nowhere',
      ping: 'that leads nowhere',
      pong: 'that leads nowhere',
      'broken.py': 'that leads nowhere',
    })
  })

  it('a folder that became a link since it was listed is not followed', async () => {
    await put('a/x.py')
    await writeFile(join(outside, 'x.py'), 'secret')
    const found = await files()
    await found.list()
    await rm(join(dir, 'a'), {recursive: true})
    await symlink(outside, join(dir, 'a'))
    expect(await whyNot(found, 'a/x.py')).toBe('a link that leads out of the repository')
  })

  it('what is no text of at most 2 MB is left out, once asked for', async () => {
    const big = await open(join(dir, 'big.py'), 'w')
    await big.truncate(50 * 1024 * 1024)
    await big.close()
    await put('edge.py', ' '.repeat(2 * 1024 * 1024))
    await put('nul.py', 'a\0b')
    await put('latin.py', Buffer.from([0x61, 0xe9, 0x62]))
    await put('utf16.txt', Buffer.from('\uFEFFfastapi', 'utf16le'))
    await put('bom.py', '\uFEFFimport x\r\n')
    await put('empty.py', '')
    await execa('mkfifo', [join(dir, 'pipe.py')])
    const found = await files()
    expect(await found.list()).not.toContain('pipe.py')
    expect(found.leftOut()).toEqual([])
    expect(await whyNot(found, 'big.py')).toBe('too large')
    expect(await whyNot(found, 'big.py')).toBe('too large')
    expect(await whyNot(found, 'edge.py')).toMatch(/^read: {7}/)
    expect(await whyNot(found, 'nul.py')).toBe('binary')
    expect(await whyNot(found, 'latin.py')).toBe('not UTF-8')
    expect(await whyNot(found, 'utf16.txt')).toBe('UTF-16')
    expect(await whyNot(found, 'bom.py')).toBe('read: import x\r\n')
    expect(await whyNot(found, 'empty.py')).toBe('read: ')
    expect(await whyNot(found, 'pipe.py')).toBe('absent')
    await unlink(join(dir, 'empty.py'))
    expect(found.leftOut()).toEqual([
      {path: 'big.py', why: 'too large'},
      {path: 'nul.py', why: 'binary'},
      {path: 'latin.py', why: 'not UTF-8'},
      {path: 'utf16.txt', why: 'UTF-16'},
    ])
  })

  it('what lies too deep is said, and what should be there is not called absent', async () => {
    const deep = Array.from({length: 60}, (_, index) => `d${index}`).join('/')
    await put(`${deep}/x.py`)
    await put('shallow.py')
    const found = await files()
    expect(await found.list()).toEqual(['shallow.py'])
    expect(found.leftOut()).toMatchObject([{why: 'nested too deep'}])
    expect(await whyNot(found, `${deep}/x.py`)).toBe('nested too deep')
  })

  it('texts that do not fit are read again', async () => {
    const text = 'x'.repeat(2 * 1024 * 1024)
    const names = Array.from({length: 20}, (_, index) => `f${index}.txt`)
    for (const name of names) await put(name, text)
    const found = await files()
    for (const name of [...names, ...names]) expect(await found.text(name)).toEqual({text})
    const [one, other] = await Promise.all([found.text('f0.txt'), found.text('f0.txt')])
    expect(one).toBe(other)
  })

  // Everything is readable to root.
  it.skipIf(process.getuid?.() === 0)('folders and files that may not be read are said', async () => {
    await put('locked/x.py')
    await put('secret.py')
    await chmod(join(dir, 'locked'), 0)
    await chmod(join(dir, 'secret.py'), 0)
    const found = await files()
    await found.list()
    expect(await whyNot(found, 'locked/x.py')).toBe('unreadable')
    expect(await whyNot(found, 'secret.py')).toBe('unreadable')
  })
})

describe('a work tree of git', () => {
  it('is listed as it stands: deleted files are not, untracked ones are, submodules are not entered', async () => {
    await git('init', '-q', '-b', 'main')
    for (const path of ['gone.py', 'kept.py', 'dir/became.py']) await put(path)
    await put('ignored.py')
    await put('.gitignore', 'ignored.py\n')
    await git('add', '-A', '-f')
    await git('commit', '-q', '-m', 'x')
    await rm(join(dir, 'gone.py'))
    await rm(join(dir, 'kept.py'))
    await put('kept.py/now-a-folder.py')
    await put('new.py')
    await put('nested/inner.py')
    await execa('git', ['init', '-q'], {cwd: join(dir, 'nested')})
    // What is tracked belongs to the repository, ignored or not.
    expect(await (await files()).list()).toEqual(['.gitignore', 'dir/became.py', 'ignored.py', 'kept.py/now-a-folder.py', 'new.py'])
    expect(await (await files(join(dir, 'dir'))).list()).toEqual(['became.py'])
  })

  it('that git cannot read is read as a folder', async () => {
    await git('init', '-q', '-b', 'main')
    await put('.gitignore', '*.log\n')
    await put('x.log')
    await put('x.py')
    await rm(join(dir, '.git/HEAD'))
    const found = await files()
    expect(await found.list()).toEqual(['.gitignore', 'x.py'])
    expect(await found.ignores('y.log')).toBe(true)
  })
})

test('a pattern that would take for ever is passed over', async () => {
  await put('.gitignore', `${'*a'.repeat(30)}b\n`)
  await put('a'.repeat(200))
  expect(await (await files()).list()).toHaveLength(2)
})

test('the warning names a few, harmlessly', () => {
  expect(leftOutWarning([])).toBeUndefined()
  expect(leftOutWarning([{path: 'data/big\u001b[2J.py', why: 'too large'}])).toBe(
    'Warning: 1 file or folder was left out: data/big[2J.py (too large)',
  )
  const many = Array.from({length: 9000}, (_, index) => ({path: `f${index}`, why: 'binary' as const}))
  expect(leftOutWarning(many)).toMatch(/^Warning: 9000 files or folders were left out: f0 \(binary\), .*f4 \(binary\), and 8995 more$/)
})
