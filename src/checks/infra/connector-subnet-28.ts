import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Resource, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, everywhere, made} from '../terraform-resources.ts'
import {runWorkloads, type RunWorkload} from '../terraform-services.ts'
import {allRefs, attributeTarget, described, textOf, valueAt, valuesAt} from '../terraform-values.ts'

const dedicated = 'a subnet of its own with a /28 range'

const range = (connector: Resource, root: Root): Target => {
  const own = valueAt(connector.body, 'ip_cidr_range')
  if (own !== undefined) return attributeTarget(connector, ['ip_cidr_range'], 'a /28 range', (cidr) => cidr.endsWith('/28'))
  const name = valueAt(connector.body, 'subnet', 'name')
  if (name === undefined) return missed(connector, dedicated, 'neither subnet nor ip_cidr_range')
  const refs = allRefs(name)
  const subnet = made(root, 'google_compute_subnetwork').find(
    ({address, body}) => refs.includes(address) || (textOf(name) !== undefined && textOf(valueAt(body, 'name')) === textOf(name)),
  )
  if (subnet === undefined) return undecided(name, dedicated, `${described(name)}, which is not made here`)
  const shared = root.resources.find(
    ({body, type}) =>
      type !== 'google_vpc_access_connector' &&
      [...valuesAt(body, 'template', 'vpc_access', 'network_interfaces', 'subnetwork'), ...valuesAt(body, 'subnetwork')].some((one) =>
        allRefs(one).includes(subnet.address),
      ),
  )
  if (shared !== undefined) return missed(name, dedicated, `${subnet.address} is also used by ${shared.address}`)
  return attributeTarget(subnet, ['ip_cidr_range'], dedicated, (cidr) => cidr.endsWith('/28'))
}

/** The name becomes part of other names, where a hyphen takes two places. */
const name = (connector: Resource): Target =>
  attributeTarget(
    connector,
    ['name'],
    'a name of at most 20 characters, hyphens counted twice',
    (text) => text.length + text.split('-').length - 1 <= 20,
  )

const workload = ({resource, kind}: RunWorkload): Target[] => {
  const at = kind === 'job' ? ['template', 'template', 'vpc_access'] : ['template', 'vpc_access']
  const direct = valueAt(resource.body, ...at, 'network_interfaces')
  return direct === undefined ? [] : [held(direct, 'Direct VPC egress, or a connector with a /28 of its own', 'Direct VPC egress')]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const roots = everywhere(terraform)
    const connectors = roots.flatMap((root) => made(root, 'google_vpc_access_connector').map((connector) => ({root, connector})))
    const others =
      connectors.length > 0
        ? []
        : runWorkloads({roots}).flatMap(({resource}) => valuesAt(resource.body, 'template', 'vpc_access', 'connector'))
    const targets = [
      ...connectors.flatMap(({root, connector}) => [range(connector, root), name(connector)]),
      ...runWorkloads({roots}).flatMap(workload),
      ...others.map((one) => undecided(one, dedicated, `the connector ${described(one)} is not made here`)),
    ]
    if (targets.length === 0) return notApplicable('NO_VPC_ACCESS')
    return concludeTerraform(targets, {pass: 'VPC_ACCESS_FITS', fail: 'CONNECTOR_REFUSED'})
  },
})
