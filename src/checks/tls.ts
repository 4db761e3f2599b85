import type {SslPolicy} from '../gcp/cloud.ts'

const versions = ['TLS_1_2', 'TLS_1_3']
const profiles = ['MODERN', 'RESTRICTED', 'FIPS_202205']

/** TLS 1.2 or newer with modern ciphers (CIS GCP 3.9). */
export const isStrong = ({minTlsVersion, profile}: SslPolicy): boolean =>
  versions.includes(minTlsVersion ?? '') && profiles.includes(profile ?? '')
