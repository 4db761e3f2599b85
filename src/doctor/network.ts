import {diagnosis, type Diagnosis} from './diagnosis.ts'

const google = ['https://cloudresourcemanager.googleapis.com/$discovery/rest?version=v3', 'https://oauth2.googleapis.com/']
const proxies = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']

type Probe = {url: string; date: Date | undefined; why: string | undefined; ms: number}

const probe = async (url: string, signal: AbortSignal): Promise<Probe> => {
  const begun = performance.now()
  try {
    const reply = await fetch(url, {method: 'HEAD', redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(8000)])})
    const date = reply.headers.get('date')
    return {url, date: date === null ? undefined : new Date(date), why: undefined, ms: Math.round(performance.now() - begun)}
  } catch (error) {
    signal.throwIfAborted()
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return {url, date: undefined, why: cause instanceof Error ? cause.message : String(cause), ms: 0}
  }
}

const host = (url: string): string => new URL(url).host

/** Whether Google's APIs (or the simulator) answer, and whether this machine's clock agrees with theirs. */
export const examineNetwork = async (
  env: Readonly<Record<string, string | undefined>>,
  {endpoint, now, signal}: {endpoint: string | undefined; now: () => Date; signal: AbortSignal},
): Promise<Diagnosis[]> => {
  const probes = await Promise.all((endpoint === undefined ? google : [endpoint]).map((url) => probe(url, signal)))
  const lost = probes.filter(({why}) => why !== undefined)
  const proxy = proxies.find((name) => (env[name] ?? '') !== '')
  const reach =
    lost.length === 0
      ? diagnosis('network', 'ok', `${probes.map(({url, ms}) => `${host(url)} answers in ${ms} ms`).join(', ')}.`)
      : diagnosis(
          'network',
          proxy === undefined ? 'fail' : 'unknown',
          `${lost.map(({url, why}) => `${host(url)}: ${why ?? ''}`).join('; ')}${proxy === undefined ? '' : ` (asked directly; Google's clients go through ${proxy})`}.`,
          endpoint === undefined ? 'check the connection, DNS, and whether a firewall or proxy stands between' : 'qlogic sandbox start',
        )
  const date = probes.find((one) => one.date !== undefined)?.date
  if (date === undefined) return [reach, diagnosis('clock', 'unknown', 'Nobody could be asked for the time.')]
  const skew = Math.round((now().getTime() - date.getTime()) / 1000)
  // Google refuses tokens signed more than a few minutes off (https://developers.google.com/identity/protocols/oauth2/service-account).
  return [
    reach,
    Math.abs(skew) <= 60
      ? diagnosis('clock', 'ok', `The clock agrees with theirs within ${Math.max(1, Math.abs(skew))} s.`)
      : diagnosis(
          'clock',
          Math.abs(skew) > 240 ? 'fail' : 'note',
          `The clock is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}; sign-in fails when it is off by minutes.`,
          'sudo timedatectl set-ntp true',
        ),
  ]
}
