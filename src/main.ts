import {Config, flush, run} from '@oclif/core'
import {dispose} from './cleanup.ts'
import {asQlogicError, renderError} from './error-report.ts'
import {EXIT} from './errors.ts'

/**
 * Runs one command line to its end and sets the exit code. Every error ends here, in one rendering; `root` is the URL of package.json.
 */
export const main = async (argv: string[], {root}: {root: string}): Promise<void> => {
  if (argv.includes('--no-color') || isSet(process.env['QLOGIC_NO_COLOR'])) process.env['NO_COLOR'] = '1'
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit()
      throw error
    })
  quietMetadataLookup(argv.includes('--verbose'))
  try {
    await run(argv.length === 0 ? ['--help'] : argv, root)
    await flush()
  } catch (error) {
    const interrupted = process.exitCode === EXIT.interrupted
    const known = asQlogicError(error, await commandsNear(error, root))
    if (!interrupted) process.exitCode = known === undefined ? 0 : known.exit
    if (known !== undefined) renderError(known, {json: await wantsJson(argv), verbose: argv.includes('--verbose'), cause: error})
  } finally {
    await dispose()
  }
}

/** Every command there is, where a word was none of them; read only then. */
const commandsNear = async (error: unknown, root: string): Promise<string[]> => {
  if (!(error instanceof Error) || !/command .+ not found/i.test(error.message)) return []
  return (await Config.load(root)).commandIDs.map((id) => id.replaceAll(':', ' '))
}

/** Google's library warns of a metadata server that a laptop does not have; the report says already that there is no credential. */
const quietMetadataLookup = (verbose: boolean): void => {
  process.removeAllListeners('warning')
  process.on('warning', ({name, message}) => {
    if (name !== 'MetadataLookupWarning' || verbose) process.stderr.write(`${name}: ${message}\n`)
  })
}

const isSet = (value: string | undefined): boolean => value !== undefined && ['1', 'true', 'yes'].includes(value.toLowerCase())

/**
 * True when stdout is promised to be one document, which for an error is JSON: with --json, and with any --format but the table
 * (contract). Read from argv, because the command line may be what is wrong.
 */
const wantsJson = async (argv: readonly string[]): Promise<boolean> => {
  const given = argv.flatMap((word, index) =>
    word.startsWith('--format=') ? [word.slice('--format='.length)] : word === '--format' ? [argv[index + 1] ?? 'table'] : [],
  )
  if (argv.includes('--json') || isSet(process.env['QLOGIC_JSON'])) return true
  const format = given.at(-1) ?? process.env['QLOGIC_FORMAT'] ?? 'table'
  if (format === 'table') return false
  const {formats} = await import('./reporters/reporters.ts')
  return formats.some((known) => known === format)
}
