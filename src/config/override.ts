import {z} from 'zod'
import {environments} from './parameter.ts'

/** Why an item may be waived. */
export const waiverReasons = ['accepted-risk', 'compensating-control', 'false-positive', 'not-applicable-here', 'planned'] as const
export type WaiverReason = (typeof waiverReasons)[number]

const line = (expects: string, about: string) =>
  z
    .string({error: expects})
    .regex(/^[^\p{Cc}]*\S[^\p{Cc}]*$/u, {error: expects})
    .max(500, {error: `${expects}, of at most 500 characters`})
    .describe(about)
const date = (about: string) => z.iso.date({error: 'a date such as 2027-03-31'}).describe(about)

const shared = {
  item: z
    .string({error: 'the id of an item such as dns.cloud-armor'})
    .regex(/^[a-z][a-z0-9]*\.[a-z0-9]+(-[a-z0-9]+)*$/, {error: 'the id of an item such as dns.cloud-armor'})
    .describe('The item that it is laid over'),
  env: z
    .enum(environments, {error: `one of ${environments.join(', ')}`})
    .optional()
    .describe('The environment that it holds for; all of them without it'),
  note: line('a sentence', 'What a reader should know').optional(),
  ticket: line('a ticket such as OPS-12', 'Where the work or the decision is tracked').optional(),
  evidence: z
    .string({error: 'a link such as https://wiki.acme.example/review'})
    .regex(/^(https?|gs):\/\/\S{1,2000}$/, {error: 'a link such as https://wiki.acme.example/review'})
    .describe('Link to what proves it')
    .optional(),
}

const who = (about: string) => line('a person or team such as jane@acme.example', about)

/** An item that may stay as it is until a date, because somebody answers for it. */
export const waiver = z.strictObject({
  ...shared,
  kind: z.literal('waived').describe('The item may stay as it is until a date'),
  reason: z.enum(waiverReasons, {error: `one of ${waiverReasons.join(', ')}`}).describe('Why it may stay as it is'),
  owner: who('Who answers for it'),
  until: date('The last day on which it counts'),
})

/** A person's word that an item holds: who gives it, when, and a note or a link that shows it. */
export const attestation = z
  .strictObject({
    ...shared,
    kind: z.literal('attested').describe('A person confirms that the item holds'),
    author: who('Who confirms it').optional(),
    owner: who('The same as author').optional(),
    date: date('When it was confirmed'),
    until: date('The last day on which it counts').optional(),
  })
  .check(({value, issues}) => {
    const missing = (key: string, message: string) => issues.push({code: 'custom', path: [key], message, input: undefined})
    if (value.author === undefined && value.owner === undefined) missing('author', 'a person or team such as jane@acme.example')
    if (value.note === undefined && value.evidence === undefined) missing('note', 'a note, or a link under evidence')
  })

const kindExpects = 'waived or attested'

/** An entry of `overrides:`. */
export const override = z.discriminatedUnion('kind', [waiver, attestation], {
  error: `a mapping with item and kind, where kind is ${kindExpects}`,
})

export type Waiver = z.output<typeof waiver>
export type Attestation = z.output<typeof attestation>
/** A waiver or an attestation as it stands in qlogic.yaml; it is laid over a finding and never replaces it. */
export type Override = Waiver | Attestation

/** Who answers for an override: the owner of a waiver, the author of an attestation. */
export const ownerOf = (entry: Override): string => (entry.kind === 'attested' ? (entry.author ?? entry.owner ?? '') : entry.owner)
