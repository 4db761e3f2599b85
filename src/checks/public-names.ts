import type {Answer} from '../public-dns/public-dns.ts'

/** What the resolvers say together of addresses: all lead here, some do, none answers, or they lead elsewhere. */
export type Whereabouts = 'here' | 'partly' | 'nowhere' | 'elsewhere'

export const whereabouts = (answers: readonly Answer[], addresses: readonly string[]): Whereabouts => {
  const leads = ({records}: Answer) => records.length > 0 && records.every(({data}) => addresses.includes(data))
  if (answers.every(leads)) return 'here'
  if (answers.some(leads)) return 'partly'
  return answers.every(({records}) => records.length === 0) ? 'nowhere' : 'elsewhere'
}

/** `203.0.113.7`, or what each resolver says where they differ. */
export const told = (answers: readonly Answer[]): string => {
  const each = answers.map(({resolver, records, status}) => ({
    resolver,
    says:
      records.length === 0
        ? status === 'NOERROR'
          ? 'no record'
          : status
        : records
            .map(({data}) => data)
            .toSorted()
            .join(', '),
  }))
  const [first] = each
  if (first === undefined) return 'no record'
  return each.every(({says}) => says === first.says) ? first.says : each.map(({resolver, says}) => `${says} (${resolver})`).join('; ')
}

/** Every value that any resolver gave. */
export const valuesOf = (answers: readonly Answer[]): string[] => [
  ...new Set(answers.flatMap(({records}) => records.map(({data}) => data))),
]

/** The longest that resolvers say they keep it, in seconds. */
export const longestTtl = (answers: readonly Answer[]): number =>
  Math.max(0, ...answers.flatMap(({records}) => records.map(({ttl}) => ttl)))

const property = /^\d+\s+(\w+)\s+"?([^"]*)"?$/
/** How Google Trust Services is named in CAA records (https://pki.goog/faq). */
export const authority = 'pki.goog'

/** Whether CAA records admit Google: they do when none restricts who may issue (RFC 8659). */
export const admitsGoogle = (answers: readonly Answer[]): boolean => {
  const issuers = valuesOf(answers).flatMap((data) => {
    const [, tag, value] = property.exec(data) ?? []
    return tag?.toLowerCase() === 'issue' ? [(value ?? '').split(';')[0]?.trim().toLowerCase() ?? ''] : []
  })
  return issuers.length === 0 || issuers.includes(authority)
}

/** The addresses by which a domain mapping of Cloud Run is reached, which is a preview and not meant for production. */
const mappings = new Set(['216.239.32.21', '216.239.34.21', '216.239.36.21', '216.239.38.21'])
export const isDomainMapping = (answers: readonly Answer[]): boolean => valuesOf(answers).some((address) => mappings.has(address))

/** True when the public name servers are exactly those of the zone. */
export const isDelegated = (answers: readonly Answer[], nameServers: readonly string[]): boolean => {
  const wanted = nameServers.map((name) => name.replace(/\.$/, '').toLowerCase()).toSorted()
  return (
    wanted.length > 0 &&
    answers.every(
      ({records}) =>
        records
          .map(({data}) => data)
          .toSorted()
          .join() === wanted.join(),
    )
  )
}
