// After tsc: what is made once so that no command has to make it: the checklist as JSON, and every help page as text.
import {cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {Config, Help} from '@oclif/core'
import {parseChecklist} from '../dist/checklist/checklist.js'

const root = new URL('..', import.meta.url)

// tsc leaves what has outlived its source, and a file in dist/commands or dist/checks is a command or an item.
for (const path of readdirSync(new URL('dist', root), {recursive: true}))
  if (path.endsWith('.js') && !existsSync(new URL(`src/${path.replace(/\.js$/, '.ts')}`, root))) rmSync(new URL(`dist/${path}`, root))

// Nothing stays that is gone from the sources. npm packs no .gitignore, wherever it stands: it travels as _gitignore.
rmSync(new URL('dist/templates', root), {recursive: true, force: true})
cpSync(new URL('src/templates', root), new URL('dist/templates', root), {recursive: true})
for (const path of readdirSync(new URL('dist/templates', root), {recursive: true}))
  if (/(^|\/)\.gitignore$/.test(path))
    renameSync(new URL(`dist/templates/${path}`, root), new URL(`dist/templates/${path.replace(/\.gitignore$/, '_gitignore')}`, root))

const {version} = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

writeFileSync(
  new URL('dist/checklist.json', root),
  JSON.stringify(parseChecklist(readFileSync(new URL('checklist.yaml', root), 'utf8'), 'checklist.yaml')),
)

process.env.NO_COLOR = '1'
const config = await Config.load({root: root.pathname, ignoreManifest: true})
const pages = {}

/** What oclif prints on 80 columns without colour. */
const page = async (show) => {
  const lines = []
  const help = new Help(config, {stripAnsi: true, maxWidth: 80})
  help.log = (...text) => lines.push(text.join(' '))
  await show(help)
  return `${lines.join('\n').trimEnd()}\n`
}

// The platform in oclif's version line would be the build's, not the user's.
pages[''] = (await page((help) => help.showRootHelp())).replace(/VERSION\n.*\n/, `VERSION\n  qlogic ${version}\n`)
pages[''] +=
  '\nNew here? `qlogic wizard` leads you from nothing to ready, on a simulated cloud\nfirst if you like; `qlogic demo` shows the whole walk by itself.\n'
for (const topic of config.topics) pages[topic.name.replaceAll(':', ' ')] = await page((help) => help.showTopicHelp(topic))
for (const command of config.commands)
  if (!command.hidden) pages[command.id.replaceAll(':', ' ')] = await page((help) => help.showCommandHelp(command))

writeFileSync(new URL('dist/help.json', root), JSON.stringify({version, pages}))
writeFileSync(new URL('dist/.built', root), '')
