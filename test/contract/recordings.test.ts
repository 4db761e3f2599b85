import {describe, expect, it} from 'vitest'
import {loadApis} from '../../src/sandbox/registry.ts'
import {knownBy, knownDifferences} from './known-differences.ts'
import type {KnownDifference} from './known-differences.ts'
import {parseRecording} from './recording.ts'
import {replay, replayable} from './replay.ts'
import type {Difference} from './replay.ts'
import {readShared, recordingPaths, sharedExists, sharedMissing} from './shared.ts'

if (!sharedExists) console.log(sharedMissing)

describe.runIf(sharedExists)('the simulator answers as recorded', async () => {
  const apis = await loadApis()
  const seen = new Map<string, (KnownDifference | undefined)[]>()
  const recordings = recordingPaths().map((path) => ({path, exchanges: parseRecording(readShared(`recordings/${path}`))}))
  const paths = recordings.filter(({exchanges}) => replayable(exchanges, apis)).map(({path}) => path)
  let compared = 0
  const newDifferences = async (path: string): Promise<Difference[]> => {
    const {replayed, differences} = await replay(path, recordings.find((recording) => recording.path === path)?.exchanges ?? [], apis)
    compared += replayed
    seen.set(path, differences.map(knownBy))
    return differences.filter((difference) => !knownBy(difference))
  }

  it.each(paths)('%s', async (path) => {
    expect(await newDifferences(path)).toEqual([])
  })

  it('is compared in many exchanges, and every known difference still occurs', async () => {
    // Run by itself, this test replays everything.
    for (const path of paths) if (!seen.has(path)) await newDifferences(path)
    const all = recordings.reduce((sum, {exchanges}) => sum + exchanges.length, 0)
    console.log(
      `Compared ${compared} of ${all} recorded exchanges, in ${paths.length} of ${recordings.length} recordings; the others are about what is not simulated.`,
    )
    expect(compared).toBeGreaterThan(700)
    const needed = new Set([...seen.values()].flat())
    expect(knownDifferences.filter((known) => !needed.has(known))).toEqual([])
  })
})
