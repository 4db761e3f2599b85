/** Why a file of the repository, or everything below a folder, was not read. */
export type LeftOut = {
  path: string
  why:
    | 'too large'
    | 'binary'
    | 'not UTF-8'
    | 'UTF-16'
    | 'unreadable'
    | 'a link that leads out of the repository'
    | 'a link that leads nowhere'
    | 'too many files'
    | 'nested too deep'
}

/** A place that could not be read as what it should be: the file as a whole (line 1), or one value in it. */
export type Unread = {file: string; line: number; why: string}

/** What a file holds, or why that is not known. `text` is without a byte-order mark and keeps its line ends. */
export type FileText = {text: string} | {unread: Unread}

/** The files of the app repository, without those that belong to others (`.git`, `node_modules`, `.venv`, what .gitignore excludes). */
export type Files = {
  /** Paths from the root with `/`, sorted. */
  list(): Promise<readonly string[]>
  /** Reads a file, once, whoever asks; undefined where there is none. */
  text(path: string): Promise<FileText | undefined>
  /** What was passed over so far. */
  leftOut(): readonly LeftOut[]
  /** True when git (or the .gitignore) keeps the path out of the repository. */
  ignores(path: string): Promise<boolean>
}

/** Reads facts out of the repository: what stands there and where, no judgement. Facts are plain data, fit for JSON. */
export type Reader<Facts> = (reading: Reading) => Promise<Facts>

export type Reading = {
  files: Files
  /** Facts of another reader; each reader works at most once per run. */
  read: <Facts>(reader: Reader<Facts>) => Promise<Facts>
}

/** Runs readers over files, each at most once. */
export const createReading = (files: Files): Reading => {
  const done = new Map<unknown, Promise<unknown>>()
  const reading: Reading = {
    files,
    read: async <Facts>(reader: Reader<Facts>): Promise<Facts> => {
      const known = done.get(reader)
      // The map is keyed by the reader, so what it holds under a reader is that reader's promise.
      if (isPromiseOf<Facts>(known)) return known
      const made = reader(reading)
      done.set(reader, made)
      return made
    },
  }
  return reading
}

const isPromiseOf = <Facts>(value: unknown): value is Promise<Facts> => value instanceof Promise
