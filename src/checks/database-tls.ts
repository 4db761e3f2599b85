import type {DatabaseUrl, Engines, TlsOption} from '../repo/application/engines.ts'

/** One way to the database: the application's or that of its migrations. */
export type Connection = {
  file: string
  line: number
  migration: boolean
  connector: boolean
  made: readonly DatabaseUrl[]
  tls: readonly TlsOption[]
}

/** The connections that code makes. A migration that takes its URL from an option has that option's URL. */
export const connectionsIn = ({engines, options}: Pick<Engines, 'engines' | 'options'>): Connection[] =>
  engines.flatMap(({file, line, migration, connector, url, tls}): Connection[] => {
    const made = url.option && url.made.length === 0 ? options.flatMap((one) => one.made) : url.made
    const [first] = url.option ? options : []
    return [
      {
        ...(first === undefined ? {file, line} : {file: first.file, line: first.line}),
        migration,
        connector,
        made,
        tls: [...tls, ...made.flatMap((one) => one.tls)],
      },
    ]
  })

/** The driver of a URL by its scheme; SQLAlchemy takes psycopg2 where none is named. */
export const driverOf = (made: readonly Pick<DatabaseUrl, 'driver'>[]): string | undefined => {
  const drivers = made.flatMap(({driver}) => driver ?? [])
  // A file of SQLite may stand in for tests and laptops.
  const named = drivers.find((driver) => !driver.startsWith('sqlite')) ?? drivers[0]
  return named === undefined ? undefined : (named.split('+')[1] ?? (/^postgres/.test(named) ? 'psycopg2' : named))
}

/** What a driver is told to use TLS with, and what it refuses: https://docs.sqlalchemy.org/en/20/dialects/postgresql.html */
export const tlsKeysOf = (driver: string): {right: string; wrong: string} =>
  driver === 'asyncpg' || driver === 'pg8000' ? {right: 'ssl', wrong: 'sslmode'} : {right: 'sslmode', wrong: 'ssl'}
