import type {Reading} from '../files.ts'
import {iniEntry, readIni, type IniFile} from '../ini.ts'
import {entryAt, stringAt, stringsAt} from '../packages/located.ts'
import {parseToml} from '../packages/toml.ts'
import type {Place} from './settings.ts'

/** `sqlalchemy.url` in an ini file: where it stands, and whether a percent sign in it is doubled. */
export type IniUrl = Place & {percent: 'none' | 'doubled' | 'single'}

/** Where a configuration says that an environment of Alembic lies, and its revisions. */
export type AlembicLocation = Place & {location: string; versions: readonly string[]; recursive: boolean; url?: IniUrl}

/** The folder of a file: '' for the root. */
export const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/')
export const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** A path as it is written in a configuration, from the folder of that. */
const placed = (folder: string, written: string, files: readonly string[]): string => {
  const text = written.trim().replaceAll('%(here)s', '.').replaceAll('\\', '/')
  const isPackage = /^[\w.]+:[\w/.]+$/.test(text)
  const path = isPackage ? `${(text.split(':')[0] ?? '').replaceAll('.', '/')}/${text.split(':')[1] ?? ''}` : text
  const joined = normal(`${folder}/${path}`)
  // A package may stand below `src/`, and a path may be meant from another folder than that of the file.
  const there = (place: string) => files.some((file) => file.startsWith(`${place}/`))
  if (there(joined)) return joined
  const others = [
    normal(`${folder}/src/${path}`),
    normal(path),
    ...(isPackage ? files.filter((file) => file.endsWith(`/${path}/env.py`)).map(folderOf) : []),
  ]
  return others.find(there) ?? joined
}

const normal = (path: string): string => {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

/** Every location that an ini file or a pyproject.toml gives; what several say of one location is one. */
export const locations = async ({files, read}: Reading): Promise<AlembicLocation[]> => {
  const ini = await read(readIni)
  const all = await files.list()
  const found: AlembicLocation[] = []
  const add = (one: AlembicLocation): void => {
    const known = found.findIndex(({location}) => location === one.location)
    if (known === -1) found.push(one)
    else if (found[known]?.url === undefined && one.url !== undefined) found[known] = {...found[known], ...one}
  }
  for (const file of ini.files)
    for (const {name} of file.sections) {
      const entry = iniEntry(file, name, 'script_location')
      if (entry === undefined || name === 'DEFAULT') continue
      const folder = folderOf(file.file)
      const location = placed(folder, entry.value, all)
      const versions = versionFolders(file, name).map((one) => placed(folder, one, all))
      const url = iniEntry(file, name, 'sqlalchemy.url')
      add({
        file: file.file,
        line: entry.line,
        location,
        versions: versions.length === 0 ? [below(location, 'versions')] : versions,
        recursive: /^(?:true|1|yes|on)$/i.test(iniEntry(file, name, 'recursive_version_locations')?.value ?? ''),
        ...(url === undefined || url.value === '' ? {} : {url: {file: file.file, line: url.line, percent: percentIn(url.value)}}),
      })
    }
  for (const path of all.filter((one) => /(?:^|\/)pyproject\.toml$/.test(one)).slice(0, 100)) {
    const text = await files.text(path)
    if (text === undefined || !('text' in text) || !text.text.includes('tool.alembic')) continue
    const parsed = await parseToml(text.text)
    if (!('value' in parsed)) continue
    const entry = entryAt(parsed.value, 'tool', 'alembic', 'script_location')
    const script = stringAt(parsed.value, 'tool', 'alembic', 'script_location')
    if (entry === undefined || script === undefined) continue
    const location = placed(folderOf(path), script, all)
    const versions = stringsAt(parsed.value, 'tool', 'alembic', 'version_locations').map(({value}) => placed(folderOf(path), value, all))
    add({
      file: path,
      line: entry.line,
      location,
      versions: versions.length === 0 ? [below(location, 'versions')] : versions,
      recursive: false,
    })
  }
  return found
}

const percentIn = (url: string): IniUrl['percent'] => {
  const rest = url.replaceAll(/%\(\w+\)s/g, '')
  return !rest.includes('%') ? 'none' : rest.replaceAll('%%', '').includes('%') ? 'single' : 'doubled'
}

const separators: Readonly<Record<string, RegExp>> = {os: /[:;]/, ':': /:/, ';': /;/, space: /\s+/, newline: /\n/}

const versionFolders = (file: IniFile, section: string): string[] => {
  const value = iniEntry(file, section, 'version_locations')?.value ?? ''
  const named = iniEntry(file, section, 'path_separator')?.value ?? iniEntry(file, section, 'version_path_separator')?.value ?? ''
  return value
    .split(separators[named] ?? /[\s,]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
