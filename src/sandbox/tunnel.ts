import type {IncomingMessage, RequestListener, Server} from 'node:http'
import {createServer} from 'node:https'
import type {Duplex} from 'node:stream'

/**
 * For clients that let an API's host be proxied but not replaced (gcloud has no endpoint override for service networking, billing budgets
 * and regional Cloud Run): the simulator is a proxy whose far end is itself. Nothing is ever forwarded: a tunnel to anything but
 * Google's APIs is refused. The certificate is made when the first tunnel is opened and lives in memory only. Answers a function that closes every tunnel.
 */
export const acceptTunnels = (server: Server, handle: RequestListener): (() => void) => {
  const sockets = new Set<Duplex>()
  let secure: ReturnType<typeof createServer> | undefined
  const open = async (): Promise<ReturnType<typeof createServer>> => {
    if (secure !== undefined) return secure
    const {generate} = await import('selfsigned')
    const {private: key, cert} = await generate([{name: 'commonName', value: '*.googleapis.com'}], {
      keySize: 2048,
      extensions: [{name: 'subjectAltName', altNames: [{type: 2, value: '*.googleapis.com'}]}],
    })
    secure ??= createServer({key, cert}, handle)
    return secure
  }
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    if (apiOf(request.url) === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
      return
    }
    open()
      .then((inner) => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        inner.emit('connection', socket)
      })
      .catch(() => socket.destroy())
  })
  return () => sockets.forEach((socket) => socket.destroy())
}

/** The name of the API behind a Google host, as the simulator's paths begin with: `us-central1-run.googleapis.com:443` → `run`. */
export const apiOf = (host: string | undefined): string | undefined =>
  /^(?:[a-z]+-[a-z]+[0-9]+-)?(?<api>[a-z]+)\.googleapis\.com(?::443)?$/.exec(host ?? '')?.groups?.['api']

/**
 * The region in a host: `us-central1-run.googleapis.com:443` → `us-central1`. gcloud puts it before whatever stands in an endpoint override,
 * so that `us-central1-127.0.0.1:8451` comes too, through the proxy; no resolver knows such a name.
 */
export const regionOf = (host: string | undefined): string | undefined =>
  /^(?<region>[a-z]+-[a-z]+[0-9]+)-(?:[a-z]+\.googleapis\.com|127\.0\.0\.1)(?::\d+)?$/.exec(host ?? '')?.groups?.['region']
