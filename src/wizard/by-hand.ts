import type {Config} from '../config/parameters.ts'

/** Which act of the simulator stands for what a person does for an item. */
const acts: Readonly<Record<string, string | ((config: Config) => string)>> = {
  'compute.run-services': 'push-images',
  'dns.domain-delegated': ({dnsZone}) => (dnsZone === null ? 'point-domain' : 'delegate-domain'),
  'dns.load-balancer': 'push-images',
}

/** The act of the simulator that does what a person would do for the item; undefined where there is none. */
export const byHandOf = (item: string, config: Config): string | undefined => {
  const act = acts[item]
  return typeof act === 'function' ? act(config) : act
}
