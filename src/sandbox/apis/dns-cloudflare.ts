import {MediaReply} from '../api.ts'
import type {Api} from '../api.ts'
import {answerTo, questionOf} from '../public-dns/answers.ts'

/**
 * CAA data in the generic form of RFC 3597, as Cloudflare's resolver gives it: length, then flags, length of the tag, tag and value in hex.
 * Since July 2026 some of its servers answer in presentation form instead; a client must read both.
 */
const generic = (type: string, data: string): string => {
  const [, flags, tag = '', value = ''] = (type === 'CAA' && /^(\d+) (\S+) "?([^"]*)"?$/.exec(data)) || []
  if (flags === undefined) return data
  const bytes = Buffer.concat([Buffer.from([Number(flags), tag.length]), Buffer.from(tag + value, 'latin1')])
  return `\\# ${bytes.length} ${bytes.toString('hex').replace(/..(?!$)/g, '$& ')}`
}

/** The public resolver cloudflare-dns.com, its JSON API (https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https). */
const dnsCloudflare: Api = {
  name: 'dns-cloudflare',
  title: 'Cloudflare DNS',
  errorStyle: 'status',
  routes: [
    {
      id: 'dns-cloudflare.query',
      method: 'GET',
      path: '/dns-query',
      query: ['name', 'type', 'cd', 'ct', 'do'],
      handle: (request, world) => {
        const reply = answerTo(world, questionOf(request), {resolver: 'cloudflare-dns.com', dotted: false, write: generic})
        return new MediaReply(Buffer.from(JSON.stringify(reply)), 'application/dns-json')
      },
    },
  ],
}

export default dnsCloudflare
