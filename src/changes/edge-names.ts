import {createHash} from 'node:crypto'
import type {Config} from '../config/parameters.ts'

/** Names of the parts of an environment's load balancer that no parameter gives. */
export const edgeNames = ({env}: Pick<Config, 'env'>) => ({
  address: `qlogic-${env}-lb-ip`,
  backendGroup: `qlogic-${env}-backend-neg`,
  frontendGroup: `qlogic-${env}-frontend-neg`,
  backendService: `qlogic-${env}-backend-bs`,
  frontendService: `qlogic-${env}-frontend-bs`,
  urlMap: `qlogic-${env}-urlmap`,
  httpsProxy: `qlogic-${env}-https`,
  httpsRule: `qlogic-${env}-https-fr`,
  redirectMap: `qlogic-${env}-redirect`,
  httpProxy: `qlogic-${env}-http`,
  httpRule: `qlogic-${env}-http-fr`,
  tlsPolicy: `qlogic-${env}-tls`,
  armorPolicy: `qlogic-${env}-armor`,
})

/** `name` with a suffix that tells it from another of the kind: groups and certificates cannot be changed, only made anew. At most 63. */
export const renamed = (name: string, content: string): string =>
  `${name.slice(0, 54)}-${createHash('sha256').update(content).digest('hex').slice(0, 8)}`
