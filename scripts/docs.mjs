// What is written from the code and from checklist.yaml, so that it cannot say anything else: docs/checklist.md, the JSON schema of
// qlogic.yaml, and the table of commands in README.md. With --check nothing is written, and a stale file is named.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {fileURLToPath} from 'node:url'
import {format, resolveConfig} from 'prettier'
import {checklistPage} from './checklist-page.mjs'

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
if (!existsSync(file('dist/.built'))) {
  console.error('There is no dist/ to read the commands and items from.\n  → npm run build')
  process.exit(2)
}
const {loadChecklist} = await import('../dist/checklist/checklist.js')
const {builtItems} = await import('../dist/load-items.js')
const {configSchema} = await import('../dist/config/schema.js')

/** Each command with the first sentence of its help, topics left out. */
const commandTable = () => {
  const {pages} = JSON.parse(readFileSync(file('dist/help.json'), 'utf8'))
  const rows = Object.entries(pages).flatMap(([name, page]) => {
    const usage = /^ {2}\$ (qlogic .*?)(?: \[--|\n|$)/m.exec(page)?.[1] ?? ''
    return name === '' || usage.endsWith(' COMMAND') ? [] : [`| \`${usage}\` | ${page.slice(0, page.indexOf('\n'))} |`]
  })
  return ['| command | what it does |', '|---|---|', ...rows.sort()].join('\n')
}

const readme = async () => {
  const path = file('README.md')
  const text = readFileSync(path, 'utf8')
  const block = /(<!-- commands -->)[^]*(<!-- commandsstop -->)/
  if (!block.test(text)) throw new Error('README.md has no <!-- commands --> … <!-- commandsstop -->')
  const written = text.replace(block, (_, start, end) => `${start}\n\n${commandTable()}\n\n${end}`)
  return format(written, {...(await resolveConfig(path)), filepath: path})
}

const documents = {
  'docs/checklist.md': checklistPage(loadChecklist(file('checklist.yaml')), builtItems()),
  'schemas/qlogic.schema.json': `${JSON.stringify(configSchema(), undefined, 2)}\n`,
  'README.md': await readme(),
}

const stale = Object.entries(documents).filter(([path, text]) => !existsSync(file(path)) || readFileSync(file(path), 'utf8') !== text)
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what the code says.`)
  if (stale.length > 0) console.error('  → npm run build && npm run docs')
  process.exitCode = stale.length > 0 ? 1 : 0
} else
  for (const [path, text] of stale) {
    mkdirSync(dirname(file(path)), {recursive: true})
    writeFileSync(file(path), text)
    console.log(`${path} is written.`)
  }
