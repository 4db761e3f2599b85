import {createHash} from 'node:crypto'
import type {JsonObject} from '../api.ts'

// A real certificate, so that clients can parse it: made once with openssl, its key thrown away. Nothing was signed with it.
const cert = `-----BEGIN CERTIFICATE-----
MIICdjCCAhugAwIBAgIUXGXg9GjHYlN7/pT++qNObSnnN1kwCgYIKoZIzj0EAwIw
gY8xLTArBgNVBC4TJDAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAw
MDE7MDkGA1UEAwwyR29vZ2xlIENsb3VkIFNRTCBTZXJ2ZXIgQ0Egb2YgdGhlIHFs
b2dpYyBzaW11bGF0b3IxFDASBgNVBAoMC0dvb2dsZSwgSW5jMQswCQYDVQQGEwJV
UzAeFw0yNjExMjIyMDQzNDJaFw0zNjExMTkyMDQzNDJaMIGPMS0wKwYDVQQuEyQw
MDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDAxOzA5BgNVBAMMMkdv
b2dsZSBDbG91ZCBTUUwgU2VydmVyIENBIG9mIHRoZSBxbG9naWMgc2ltdWxhdG9y
MRQwEgYDVQQKDAtHb29nbGUsIEluYzELMAkGA1UEBhMCVVMwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAASEkkOXfQwFUYrmAX9dhNIOn4JUcZ7quV+KvOML7/L8S9J9
uVdC2H9SteW6XZ7lZhOkirEPcQ2jYUooZ5qBHG0Yo1MwUTAdBgNVHQ4EFgQULOU6
Gh3BbOZ29pzr6duUyDl/AdYwHwYDVR0jBBgwFoAULOU6Gh3BbOZ29pzr6duUyDl/
AdYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAsIGSN2/VCkKn
LeEvE4eKccX/3k5Fw5Ah712H7eQgSvcCIQCdywhTwM6nkIrqH11ur+hrgO+ODcN/
C/jZKIIF9F4fwQ==
-----END CERTIFICATE-----
`

const years = (from: Date, count: number) =>
  new Date(Date.UTC(from.getUTCFullYear() + count, from.getUTCMonth(), from.getUTCDate())).toISOString()

/** The server CA of an instance, valid for ten years from when it was made. Its text is the same for every instance; the rest is the instance's. */
export const serverCa = (instance: string, id: string, now: Date): JsonObject => ({
  kind: 'sql#sslCert',
  certSerialNumber: '0',
  cert,
  commonName: `C=US,O=Google\\, Inc,CN=Google Cloud SQL Server CA,dnQualifier=${id}`,
  sha1Fingerprint: createHash('sha1').update(id).digest('hex'),
  instance,
  createTime: now.toISOString(),
  expirationTime: years(now, 10),
})
