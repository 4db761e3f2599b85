import type {Api} from '../api.ts'
import {answerTo, questionOf} from '../public-dns/answers.ts'

/** The public resolver dns.google, its JSON API (https://developers.google.com/speed/public-dns/docs/doh/json). */
const dnsGoogle: Api = {
  name: 'dns-google',
  title: 'Google Public DNS',
  errorStyle: 'status',
  routes: [
    {
      id: 'dns-google.resolve',
      method: 'GET',
      path: '/resolve',
      query: ['name', 'type', 'cd', 'ct', 'do', 'edns_client_subnet', 'random_padding'],
      handle: (request, world) => answerTo(world, questionOf(request), {resolver: 'dns.google', dotted: true, write: (_, data) => data}),
    },
  ],
}

export default dnsGoogle
