#!/usr/bin/env node
// From the sources, without a build: Node strips the types, and oclif is told to look for the commands there.
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {settings} from '@oclif/core'
import {main} from '../src/main.ts'

settings.enableAutoTranspile = false
const root = fileURLToPath(new URL('..', import.meta.url))
const pjson = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
await main(process.argv.slice(2), {root: {root, pjson: {...pjson, oclif: {...pjson.oclif, commands: './src/commands'}}}})
