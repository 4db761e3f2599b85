import type {Resource} from '../../repo/terraform/terraform.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import type {Target} from '../targets.ts'
import {concludeTerraform, everywhere, made, placeFor, presence} from '../terraform-resources.ts'
import {attributeTarget, textOf, valueAt} from '../terraform-values.ts'

const network = /terraform-google-modules\/network\/google|cloud-foundation-fabric.*net-vpc/
const privateAccess = /private_service_access|net-vpc/

/** The provider's default is a network that makes a subnet in every region by itself. */
const custom = (resource: Resource): Target =>
  attributeTarget(
    resource,
    ['auto_create_subnetworks'],
    'a network with auto_create_subnetworks = false',
    (text) => text === 'false',
    'true',
  )

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const place = placeFor(terraform, /net|vpc/, 'infra/modules/networking/main.tf')
    // Private Service Connect reaches the database without a peering.
    const psc = everywhere(terraform).some((root) =>
      made(root, 'google_sql_database_instance').some(
        ({body}) => textOf(valueAt(body, 'settings', 'ip_configuration', 'psc_config', 'psc_enabled')) === 'true',
      ),
    )
    const targets = [
      ...presence(terraform, {types: ['google_compute_network'], modules: network, expected: 'a network', place, judge: custom}),
      ...presence(terraform, {types: ['google_compute_subnetwork'], modules: network, expected: 'a subnet', place}),
      ...presence(terraform, {
        types: [
          'google_compute_firewall',
          'google_compute_network_firewall_policy',
          'google_compute_network_firewall_policy_with_rules',
          'google_compute_firewall_policy',
          'google_compute_region_network_firewall_policy',
        ],
        modules: /terraform-google-modules\/network\/google|net-vpc-firewall|firewall-rules/,
        expected: 'firewall rules',
        place,
      }),
    ]
    if (psc) return concludeTerraform(targets, codes)
    targets.push(
      ...presence(terraform, {
        types: ['google_compute_global_address'],
        where: ({body}) => textOf(valueAt(body, 'purpose')) === 'VPC_PEERING',
        modules: privateAccess,
        expected: 'a range for private services',
        place,
      }),
      ...presence(terraform, {
        types: ['google_service_networking_connection'],
        modules: privateAccess,
        expected: 'a connection for private services',
        place,
      }),
    )
    return concludeTerraform(targets, codes)
  },
})

const codes = {pass: 'NETWORK_MODULE', fail: 'NETWORK_MODULE_ABSENT', partly: 'NETWORK_MODULE_INCOMPLETE'}
