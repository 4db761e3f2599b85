import {artifactregistry} from './methods/artifactregistry.ts'
import {billingbudgets} from './methods/billingbudgets.ts'
import {cloudbilling} from './methods/cloudbilling.ts'
import {cloudbuild} from './methods/cloudbuild.ts'
import {cloudresourcemanager} from './methods/cloudresourcemanager.ts'
import {compute} from './methods/compute.ts'
import {container} from './methods/container.ts'
import {dns} from './methods/dns.ts'
import {iam} from './methods/iam.ts'
import {logging} from './methods/logging.ts'
import {monitoring} from './methods/monitoring.ts'
import {orgpolicy} from './methods/orgpolicy.ts'
import {run} from './methods/run.ts'
import {secretmanager} from './methods/secretmanager.ts'
import {servicenetworking} from './methods/servicenetworking.ts'
import {serviceusage} from './methods/serviceusage.ts'
import {sqladmin} from './methods/sqladmin.ts'
import {storage} from './methods/storage.ts'
import {vpcaccess} from './methods/vpcaccess.ts'
import type {Method, Methods} from './methods/method.ts'

export type {Method} from './methods/method.ts'

/** By Google's method id. Those of an API with an installed client are sent through it (client-writes.ts), the others as they stand here. */
export const methods: Methods = {
  ...artifactregistry,
  ...billingbudgets,
  ...cloudbilling,
  ...cloudbuild,
  ...cloudresourcemanager,
  ...compute,
  ...container,
  ...dns,
  ...iam,
  ...logging,
  ...monitoring,
  ...orgpolicy,
  ...run,
  ...secretmanager,
  ...servicenetworking,
  ...serviceusage,
  ...sqladmin,
  ...storage,
  ...vpcaccess,
}

const placeholder = /\{(\+?)(\w+)\}/g

/** The real path of a call. @throws Error (a bug of the planner) that names the parameter that is missing. */
export const pathOf = (id: string, method: Method, params: Readonly<Record<string, string>>): string =>
  method.path.replace(placeholder, (_, plus: string, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`${id} needs the parameter ${name}`)
    return plus === '' ? encodeURIComponent(value) : value
  })

/** The query parameters among `params`. @throws Error (a bug of the planner) for one that the method does not take. */
export const queryOf = (id: string, method: Method, params: Readonly<Record<string, string>>): Record<string, string> => {
  const inPath = [...method.path.matchAll(placeholder)].map((match) => match[2])
  const query: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    if (inPath.includes(name)) continue
    if (method.query?.includes(name)) query[name] = value
    else if (name !== 'project') throw new Error(`${id} takes no parameter ${name}`)
  }
  return query
}
