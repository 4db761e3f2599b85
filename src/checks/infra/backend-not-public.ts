import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Resource, type Root, type Value} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, made} from '../terraform-resources.ts'
import {apiServices, nameOf, runWorkloads, type RunWorkload} from '../terraform-services.ts'
import {allRefs, described, isOpen, textOf, textsOf, valueAt, valuesAt} from '../terraform-values.ts'

const grants = ['member', 'binding', 'policy'].flatMap((kind) => [
  `google_cloud_run_v2_service_iam_${kind}`,
  `google_cloud_run_service_iam_${kind}`,
])
const expected = 'no invoker grant for allUsers, or the load balancer with Cloud Armor as the only way in'

/** Whom a grant names, those of a policy document included. */
const membersOf = (root: Root, grant: Resource): Value[] => {
  const {body} = grant
  const documents = root.resources.filter(({type, address}) => type === 'google_iam_policy' && allRefs(body).includes(address))
  return [
    ...valuesAt(body, 'member'),
    ...valuesAt(body, 'members'),
    ...documents.flatMap((one) => valuesAt(one.body, 'binding', 'members')),
  ]
}

const concerns = (grant: Resource, {resource, name}: RunWorkload): boolean => {
  const service = valueAt(grant.body, 'name') ?? valueAt(grant.body, 'service')
  if (service === undefined) return false
  const text = textOf(service)?.split('/').at(-1)
  return allRefs(service).includes(resource.address) || (text !== undefined && text === textOf(name))
}

const isEverybody = (text: string): boolean => text === 'allUsers' || text === 'allAuthenticatedUsers'

const judge = (service: RunWorkload): Target => {
  const {root, resource} = service
  const ingress = valueAt(resource.body, 'ingress') ?? valueAt(resource.body, 'metadata', 'annotations', 'run.googleapis.com/ingress')
  const own = made(root, ...grants).filter((grant) => concerns(grant, service))
  const members = own.flatMap((grant) => membersOf(root, grant).map((member) => ({grant, member})))
  const unchecked = valueAt(resource.body, 'invoker_iam_disabled')
  const everybody = members.find(({member}) => textsOf(member).some(isEverybody))
  const open = members.find(({member}) => isOpen(member) && !allRefs(member).some((ref) => /google_service_account|google_iap/.test(ref)))
  if (everybody === undefined && textOf(unchecked) !== 'true') {
    if (open !== undefined) return undecided(open.member, expected, described(open.member))
    return held(resource, expected, `${nameOf(service)} admits nobody without an account`)
  }
  const place = everybody?.member ?? unchecked ?? resource
  const actual = everybody === undefined ? 'invoker_iam_disabled = true' : `allUsers may invoke ${nameOf(service)}`
  const way = textOf(ingress)?.toUpperCase().replaceAll('-', '_')
  if (ingress !== undefined && way === undefined) return undecided(ingress, expected, described(ingress))
  if (way === 'INGRESS_TRAFFIC_INTERNAL_ONLY' || way === 'INTERNAL')
    return held(ingress ?? resource, expected, 'it takes traffic from inside only')
  if (way !== 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER' && way !== 'INTERNAL_AND_CLOUD_LOAD_BALANCING')
    return missed(place, expected, `${actual}, and it takes traffic from everywhere`)
  const armor = made(root, 'google_compute_backend_service', 'google_compute_region_backend_service').find(
    ({body}) => valueAt(body, 'security_policy') !== undefined,
  )
  const module = root.calls.find(
    ({folder, source, args}) => folder === null && /lb-http/.test(source ?? '') && valuesAt(args, 'security_policy').length > 0,
  )
  if (armor !== undefined || module !== undefined)
    return held(ingress ?? resource, expected, `the load balancer only, with ${armor?.address ?? 'a security policy'}`)
  const layered = root.calls.some(({folder, source}) => folder === null && /lb-http/.test(source ?? ''))
  return layered
    ? undecided(place, expected, 'whether the load balancer has Cloud Armor is not known')
    : missed(place, expected, `${actual}, and no backend service has a security_policy`)
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const services = terraform.roots.flatMap((root) => apiServices(runWorkloads({roots: [root]})))
    if (services.length === 0) return notApplicable('NO_API_SERVICE')
    return concludeTerraform(services.map(judge), {pass: 'API_GUARDED', fail: 'API_PUBLIC'})
  },
})
