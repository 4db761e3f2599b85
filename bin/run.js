#!/usr/bin/env node
import {readFileSync} from 'node:fs'
import module from 'node:module'

// Everything up to the import of main.js must run on old Nodes and load nothing: `--version` and `--help` are answered from files.
const here = (path) => new URL(`../${path}`, import.meta.url)
const manifest = JSON.parse(readFileSync(here('package.json'), 'utf8'))
const wanted = manifest.engines.node.replace('>=', '')
const older = (a, b) => a.localeCompare(b, 'en', {numeric: true}) < 0

if (older(process.versions.node, wanted)) {
  console.error(`qlogic needs Node ${wanted} or newer, and this is Node ${process.versions.node}: install a newer Node and run it again.`)
  process.exitCode = 2
} else {
  const argv = process.argv.slice(2)
  const answer = shortcut(argv)
  if (answer !== undefined) process.stdout.write(answer)
  else {
    module.enableCompileCache?.()
    const {main} = await import('../dist/main.js')
    await main(argv, {root: here('package.json').href})
  }
}

/** `--version`, and the help of a command or topic as it was rendered by the build. Anything else is oclif's. */
function shortcut(argv) {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) return `qlogic ${manifest.version}\n`
  const words = argv.filter((word, place) => word !== '--help' && word !== '-h' && !(place === 0 && word === 'help'))
  if (words.length === argv.length && argv.length > 0) return undefined
  if (words.some((word) => word.startsWith('-'))) return undefined
  try {
    const {version, pages} = JSON.parse(readFileSync(here('dist/help.json'), 'utf8'))
    const page = pages[words.join(' ')]
    return version === manifest.version && page !== undefined ? page : undefined
  } catch {
    return undefined
  }
}
