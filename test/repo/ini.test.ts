import {expect, test} from 'vitest'
import {iniEntry, parseIni, readIni} from '../../src/repo/ini.ts'
import {readingOf} from '../support/repository.ts'

test('sections, both signs, both comments, values that go on', () => {
  const {sections, problems} = parseIni(
    [
      '# comment',
      '; comment',
      '[alembic]',
      'script_location = %(here)s/alembic',
      'SQLAlchemy.URL: postgresql://u:p@h/db?x=1 ; no comment',
      'version_locations =',
      '    a',
      '    # skipped',
      '',
      '\tb = c',
      'empty =',
      '[post_write_hooks]',
      'hooks = ruff',
    ].join('\r\n'),
  )
  expect(problems).toEqual([])
  expect(sections).toEqual([
    {
      name: 'alembic',
      line: 3,
      entries: [
        {key: 'script_location', value: '%(here)s/alembic', line: 4, lines: [{text: '%(here)s/alembic', line: 4}]},
        {
          key: 'sqlalchemy.url',
          value: 'postgresql://u:p@h/db?x=1 ; no comment',
          line: 5,
          lines: [{text: 'postgresql://u:p@h/db?x=1 ; no comment', line: 5}],
        },
        {
          key: 'version_locations',
          value: 'a\nb = c',
          line: 6,
          lines: [
            {text: 'a', line: 7},
            {text: 'b = c', line: 10},
          ],
        },
        {key: 'empty', value: '', line: 11, lines: []},
      ],
    },
    {name: 'post_write_hooks', line: 12, entries: [{key: 'hooks', value: 'ruff', line: 13, lines: [{text: 'ruff', line: 13}]}]},
  ])
})

test('what configparser refuses', () => {
  expect(parseIni('a = 1\n[s]\nalone\n= x\nk = 1\nK : 2\n').problems).toEqual([
    {line: 1, why: 'not in a section'},
    {line: 3, why: 'neither a section nor a value'},
    {line: 4, why: 'a value without a name'},
    {line: 6, why: 'k stands in [s] twice'},
  ])
})

test('files of a repository, and what [DEFAULT] gives', async () => {
  const {files, unread} = await readingOf({
    'backend/alembic.ini': '[DEFAULT]\nx = 1\n[alembic]\ny = 2\n',
    'setup.cfg': '[options]\n',
    'tox.ini': 'broken',
    'x.cfg': '[a]\n',
  }).read(readIni)
  expect(files.map(({file}) => file)).toEqual(['backend/alembic.ini', 'setup.cfg', 'tox.ini'])
  expect(unread).toEqual([{file: 'tox.ini', line: 1, why: 'not in a section'}])
  const [alembic] = files
  if (alembic === undefined) throw new Error('no alembic.ini')
  expect([iniEntry(alembic, 'alembic', 'Y')?.line, iniEntry(alembic, 'alembic', 'x')?.line, iniEntry(alembic, 'none', 'x')]).toEqual([
    4,
    2,
    undefined,
  ])
})
