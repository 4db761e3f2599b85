import {withoutBraces} from '../repo/docker/interpolation.ts'
import {environmentIn} from '../repo/docker/stages.ts'
import {listeningOf, type Listening} from './container-ports.ts'
import type {DeployedImage} from './deployed-images.ts'
import {healthProbeOf, stageHas, type Probe} from './health-probes.ts'
import {servesPath, type PathFacts} from './served-paths.ts'
import {held, missed, undecided, type Target} from './targets.ts'

type Place = {file: string; line: number}

/** `given`: what the image's own PORT is, for a check that asks there. */
const askedPort = (place: Place, probe: Probe, listening: Listening | undefined, given: number | undefined): Target => {
  const {followsPort} = probe
  const port = probe.port ?? (followsPort ? given : undefined)
  const expected =
    listening === undefined ? 'the port that is listened on' : `port ${listening.followsPort ? 'PORT' : listening.ports.join(', ')}`
  const actual = followsPort ? `PORT${port === undefined ? '' : ` (${port})`}` : `port ${port ?? 'of a variable'}`
  if (listening === undefined || (port === undefined && !followsPort)) return undecided(place, expected, actual)
  const isSame = followsPort
    ? listening.followsPort || (port !== undefined && listening.ports.includes(port))
    : port !== undefined && listening.ports.includes(port)
  if (isSame) return held(place, expected, actual)
  // Where PORT has no value in the image, what the platform will send is not in the repository.
  return listening.followsPort && listening.ports.length === 0 ? undecided(place, expected, actual) : missed(place, expected, actual)
}

/** Whether an image has a health check that can work: its program is there, its port is listened on, its path is served. */
export const healthTargets = (image: DeployedImage, facts: PathFacts & Parameters<typeof listeningOf>[1]): Target[] => {
  const {dockerfile, stage} = image
  const probe = healthProbeOf(image, facts.scripts)
  const expected = 'a HEALTHCHECK in the deployed stage'
  if (probe === undefined) return [missed({file: dockerfile.file, line: stage.line}, expected, 'none')]
  const place = {file: dockerfile.file, line: probe.instruction.line}
  if (probe.none) return [missed(place, expected, 'HEALTHCHECK NONE')]
  const needed = [...new Set([...(probe.needsShell ? ['sh'] : []), probe.program])].filter((name) => name !== '')
  const programs = needed.map((name): Target => {
    const has = stageHas(image, name)
    const wanted = `${name} in the image`
    return has === undefined
      ? undecided(place, wanted, 'not known to be there')
      : has
        ? held(place, wanted, 'there')
        : missed(place, wanted, 'not there')
  })
  const own = probe.probes.filter(({host}) => /^(?:localhost|127\.|0\.0\.0\.0|\[::1\]|\$)/.test(host))
  const asked = own.length > 0 ? own : probe.probes
  const isKnown = asked.length > 0 || /^(?:pg_isready|redis-cli|valkey-cli|mysqladmin)$/.test(probe.program)
  const listening = listeningOf(image, facts)
  const set = Number(environmentIn(dockerfile, stage).findLast(({name}) => name === 'PORT')?.value)
  const given = Number.isInteger(set) && set > 0 ? set : undefined
  return [
    ...programs,
    ...(isKnown ? [] : [undecided(place, 'an address that is served', withoutBraces(probe.instruction.text).slice(0, 80))]),
    ...asked.flatMap((one) => [askedPort(place, one, listening, given), servesPath(image, one.path, place, facts)]),
  ]
}
