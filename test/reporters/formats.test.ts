import {spawnSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {exitCodeOf, type Report} from '../../src/reporters/report.ts'
import {formats, reporters, type Format} from '../../src/reporters/reporters.ts'
import {drawing, hostileTexts, item, report, reportOf, reportWith} from './fixed-report.ts'
import {readCsv} from './read-csv.ts'
import {readXml, type Element} from './read-xml.ts'

const files: Readonly<Record<Exclude<Format, 'json'>, string>> = {
  table: 'verify-formats.table.txt',
  junit: 'verify.junit.xml',
  sarif: 'verify.sarif',
  markdown: 'verify.md',
  github: 'verify.github.txt',
  csv: 'verify.csv',
}

const drawn = (format: Format, of: Report, failOnWarn = false): string => reporters[format](of, {...drawing, failOnWarn})

describe('every format', () => {
  it('is there, the table first', () => {
    expect(formats).toEqual(['table', 'json', 'junit', 'sarif', 'markdown', 'github', 'csv'])
  })

  it.each(Object.entries(files))('%s of a fixed report is as it was', async (name, file) => {
    const format = formats.find((one) => one === name) ?? 'json'
    await expect(drawn(format, report)).toMatchFileSnapshot(`../snapshots/${file}`)
  })

  it.each(formats.filter((format) => format !== 'github'))('%s loses no item', (format) => {
    for (const {id, title} of report.items) expect(drawn(format, report)).toContain(format === 'table' ? title : id)
  })

  it.each(formats.filter((format) => format !== 'json'))('%s lets nothing from outside draw, and breaks no line for it', (format) => {
    const text = drawn(format, reportWith(hostileTexts))
    expect(text.replaceAll('\r\n', '\n')).not.toMatch(/(?!\n)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u)
    expect(text).not.toMatch(/^(::stop-commands|::error::forged|# heading|lines)/m)
  })

  it.each(formats)('%s is written of no item, and of one thousand places', (format) => {
    expect(drawn(format, reportOf([]))).not.toBe('')
    const many = Array.from({length: 1000}, (_, index) => ({file: `a/${index}.py`, line: index, expected: 'x', actual: 'y'}))
    expect(drawn(format, reportOf([item('config.a', 'fail', {evidence: many})]))).toContain('config.a')
  })
})

const below = (element: Element, name: string): Element[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => below(child, name)),
]

describe('junit', () => {
  const inside = (one: Element | undefined) => one?.children.map(({name}) => name)
  const cases = (of: Report, failOnWarn = false) => {
    const root = readXml(drawn('junit', of, failOnWarn))
    return {root, byName: new Map(below(root, 'testcase').map((one) => [one.attributes['name'] ?? '', one]))}
  }

  it('tells failures, errors and what was skipped apart', () => {
    const {byName} = cases(report)
    expect(Object.fromEntries([...byName].map(([name, one]) => [name, inside(one)]))).toEqual({
      'project.exists': [],
      'network.vpc': ['failure'],
      'network.psa-connection': ['skipped'],
      'dns.domain': ['failure'],
      'dns.cloud-armor': ['skipped'],
      'cicd.branch-deployment': ['system-out'],
      'state.bucket': ['error'],
      'config.no-default-secrets': ['failure'],
      'containers.docker-non-root-user': ['failure'],
      'containers.compose-db-port-not-exposed': ['system-out'],
      'config.pool-budget': ['error'],
      'containers.nginx-hsts': ['skipped'],
    })
    expect(inside(cases(report, true).byName.get('containers.compose-db-port-not-exposed'))).toEqual(['failure'])
  })

  it('counts what it lists, in all and in every suite', () => {
    const {root} = cases(report)
    for (const suite of [root, ...below(root, 'testsuite')]) {
      const count = (name: string) => String(below(suite, name).length)
      expect(suite.attributes).toMatchObject({
        tests: count('testcase'),
        failures: count('failure'),
        errors: count('error'),
        skipped: count('skipped'),
      })
    }
  })

  it('fails exactly when the exit code says so', () => {
    const statuses = ['pass', 'fail', 'warn', 'manual', 'unknown', 'blocked', 'not_applicable'] as const
    const kinds = ['', 'waived', 'attested', 'void'] as const
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...statuses), fc.constantFrom(...kinds))), fc.boolean(), (found, failOnWarn) => {
        const made = reportOf(
          found.map(([status, kind], index) =>
            item(
              `config.i-${index}`,
              status,
              kind === ''
                ? {}
                : {
                    override: {
                      kind: kind === 'void' ? 'waived' : kind,
                      reason: '',
                      owner: 'o',
                      until: '',
                      note: '',
                      stillNeeded: true,
                      valid: kind !== 'void',
                      remark: '',
                    },
                  },
            ),
          ),
        )
        const {failures, errors} = cases(made, failOnWarn).root.attributes
        expect(exitCodeOf(made.items, failOnWarn)).toBe(failures !== '0' ? 1 : errors !== '0' ? 3 : 0)
      }),
    )
  })

  it('can be read whatever stands in the repository', () => {
    fc.assert(fc.property(fc.string({unit: 'binary'}), (text) => void readXml(drawn('junit', reportWith([text])))))
    expect(cases(reportWith(hostileTexts)).byName.size).toBe(hostileTexts.length)
  })
})

describe('csv', () => {
  const header = ['file', 'line', 'expected', 'actual', 'item'] as const
  const rows = (of: Report) => {
    const [names = [], ...read] = readCsv(drawn('csv', of))
    for (const row of read) expect(row).toHaveLength(names.length)
    return read.map((row) => Object.fromEntries(header.map((name) => [name, row[names.indexOf(name)] ?? ''])))
  }

  it('has a row for each piece of evidence, and one for an item without', () => {
    expect(rows(report).map((row) => row['item'])).toEqual(
      report.items.flatMap(({id, evidence}) => Array.from({length: Math.max(1, evidence.length)}, () => id)),
    )
    expect(rows(report)).toContainEqual({
      item: 'containers.docker-non-root-user',
      file: 'frontend app/Dockerfile',
      line: '12',
      expected: 'USER other than root',
      actual: 'no USER',
    })
  })

  it('holds no cell that a spreadsheet would run or refuse', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({unit: 'binary'}), fc.constantFrom(...hostileTexts)), (text) => {
        for (const cell of readCsv(drawn('csv', reportWith([text]))).flat()) {
          expect(cell).not.toMatch(/^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/)
          expect(cell.length).toBeLessThan(32_767)
        }
      }),
    )
  })
})

describe('github', () => {
  const commands = (of: Report, failOnWarn = false) =>
    drawn('github', of, failOnWarn)
      .split('\n')
      .map((line) => {
        const {level, properties, message} =
          /^::(?<level>error|warning|notice) (?<properties>[^:]*)::(?<message>.*)$/.exec(line)?.groups ?? {}
        expect(level, line).toBeDefined()
        const undone = (text: string) => text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0A', '\n').replaceAll('%25', '%')
        const pairs = (properties ?? '')
          .split(',')
          .map((pair) => [pair.slice(0, pair.indexOf('=')), undone(pair.slice(pair.indexOf('=') + 1))] as const)
        const named = new Map(pairs)
        return {level, file: named.get('file'), line: named.get('line'), title: named.get('title'), message: undone(message ?? '')}
      })

  it('annotates every open item at its first place, the worst first, and sums up', () => {
    const read = commands(report)
    expect(read.map(({level}) => level)).toEqual(['error', 'error', 'error', 'error', 'warning', 'warning', 'warning', 'notice'])
    expect(read[0]).toMatchObject({
      file: 'backend/app/core/config.py',
      line: '31',
      title: 'No secret has a usable default (config.no-default-secrets, critical)',
    })
    expect(read.at(-1)?.message).toBe('acme-prod, prod: not ready; 1 of 12 items hold, 7 open.')
    expect(commands(report, true).filter(({level}) => level === 'error')).toHaveLength(5)
  })

  it('names what GitHub does not show', () => {
    const read = commands(reportOf(Array.from({length: 23}, (_, index) => item(`config.i-${index}`, index < 12 ? 'fail' : 'warn'))))
    expect(read.at(-1)?.message).toMatch(/ 3 more: config\.i-10, config\.i-11, config\.i-22$/)
  })

  it('is one command per line whatever stands in the repository', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        expect(commands(reportWith([text]))).toHaveLength(2)
      }),
    )
    expect(commands(reportWith(hostileTexts))).toHaveLength(hostileTexts.length + 1)
  })

  it('names the file below the checkout', () => {
    expect(reporters.github(report, {...drawing, below: 'services/app'})).toContain('file=services/app/compose.yaml,line=9,')
  })
})

describe('markdown', () => {
  it('links what is open to its line, the worst first', () => {
    const text = drawn('markdown', report)
    expect(text).toContain(
      '[frontend app/Dockerfile:12](https://github.com/acme/q-logic/blob/0123456789abcdef0123456789abcdef01234567/frontend%20app/Dockerfile#L12)',
    )
    expect(text.indexOf('No secret has')).toBeLessThan(text.indexOf('Containers do not run'))
  })

  it('shows text from outside as text', () => {
    const text = drawn('markdown', reportWith(hostileTexts))
    expect(text.replaceAll(/<\/?(details|summary)>/g, '')).not.toContain('<')
    expect(text.replaceAll(/\\./g, '')).not.toMatch(/\]\((?!https:\/\/github\.com\/acme\/[^\s()]*\))/)
    expect(text).not.toMatch(/(?<!github\.com.*)(https?:\/\/|www\.)evil/)
    expect(text).not.toMatch(/(^|\W)@\w/)
    let columns = 0
    for (const line of text.replaceAll(/\\./g, '').split('\n')) {
      if (!line.startsWith('|')) columns = 0
      else if (columns === 0) columns = line.split('|').length
      else expect(line.split('|')).toHaveLength(columns)
    }
  })

  it('fits a step summary, and says what did not', () => {
    const long = 'é"<|'.repeat(200)
    const items = Array.from({length: 300}, (_, index) =>
      item(`config.i-${index}`, 'fail', {
        message: long,
        evidence: Array.from({length: 30}, (_unused, line) => ({file: `${long}.py`, line, expected: long, actual: long})),
      }),
    )
    const text = drawn('markdown', reportOf(items))
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024)
    expect(text).toMatch(/\d+ more open items did not fit here/)
    for (const {id} of items) expect(text).toContain(`\`${id}\``)
  })
})

const python = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!python)('Python’s own readers', () => {
  const read = (program: string, input: string): string => {
    const ran = spawnSync('python3', ['-c', program], {input, encoding: 'utf8', maxBuffer: 1 << 28})
    expect(ran.stderr).toBe('')
    return ran.stdout.trim()
  }

  it('read the XML', () => {
    const program = 'import sys,xml.etree.ElementTree as e;print(len(list(e.fromstring(sys.stdin.buffer.read()).iter("testcase"))))'
    expect(read(program, drawn('junit', reportWith(hostileTexts)))).toBe(String(hostileTexts.length))
  })

  it('read the CSV', () => {
    const program =
      'import sys,csv,io;r=list(csv.reader(io.TextIOWrapper(sys.stdin.buffer,encoding="utf-8",newline=""),strict=True));print(len(r),*sorted(set(map(len,r))))'
    expect(read(program, drawn('csv', reportWith(hostileTexts)))).toBe(`${hostileTexts.length * 2 + 1} 22`)
  })
})
