import type {Json} from '../../src/sandbox/api.ts'
import {parseJson} from './shared.ts'

/** One request and its answer, as recorded; placeholders such as `${projectId}` still stand in it. */
export type Exchange = {
  method: string
  host: string
  /** Path and query. */
  target: string
  body: Json | undefined
  status: number
  reply: Json | undefined
}

const requestLine = /^(GET|POST|PUT|PATCH|DELETE) https:\/\/([^/]+)(\/\S*)$/
const statusLine = /^(\d{3}) [A-Z]/

const bodyOf = (lines: string[]): Json | undefined => {
  const blank = lines.indexOf('')
  const text = blank === -1 ? '' : lines.slice(blank).join('\n').trim()
  return text === '' ? undefined : parseJson(text)
}

const parseExchange = (text: string): Exchange => {
  const lines = text.trim().split('\n')
  const [, method, host, target] = requestLine.exec(lines[0] ?? '') ?? []
  const split = lines.findIndex((line) => statusLine.test(line))
  const status = statusLine.exec(lines[split] ?? '')?.[1]
  if (method === undefined || host === undefined || target === undefined || status === undefined)
    throw new Error(`Not an exchange: ${lines[0] ?? ''}`)
  return {method, host, target, body: bodyOf(lines.slice(1, split)), status: Number(status), reply: bodyOf(lines.slice(split + 1))}
}

/**
 * Reads a recording: exchanges parted by `---`, each a request line, headers and a JSON body, then a status line, headers and a JSON body.
 * Throws for anything else, so that a recording is never half read.
 */
export const parseRecording = (text: string): Exchange[] => text.split('\n---\n').map(parseExchange)
